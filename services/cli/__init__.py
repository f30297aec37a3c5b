"""`receivables`: the command line."""

import typer

from services.cli import audit, customer, demo, doctor, imports, invoice, receipt, reports, views

app = typer.Typer(
    help="What customers owe, what was promised and done about it, as of any day. Start with `receivables demo`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(imports.app, name="import")
app.add_typer(invoice.app, name="invoice")
app.add_typer(customer.app, name="customer")
app.add_typer(receipt.app, name="receipt")
app.add_typer(audit.app, name="audit")
app.add_typer(views.app, name="views")
app.command()(reports.aging)
app.command()(reports.risk)
app.command()(reports.metrics)
app.command()(reports.restatement)
app.command()(reports.provisions)
app.command()(reports.forecast)
app.command()(demo.demo)
app.command()(doctor.doctor)
