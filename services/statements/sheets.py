"""A statement as sheets, in the words of a language: tables to look at, or one table for a workbook."""

from collections.abc import Iterable, Mapping

from infra.files.sheets import AMOUNT, COUNT, DAY, Column, Sheet
from services.answers.statement import AccountAnswer, StatementReport
from services.report_sheets import known_notes, plain_sheet

Labels = Mapping[str, str]


def statement_sheet(report: StatementReport, labels: Labels) -> Sheet:
    """One table: of each account the balance brought forward, the entries, the balance, and then what is open of it.

    The entity is named where there are several.
    """
    columns = [
        Column(labels["currency"]),
        Column(labels["date"], DAY),
        Column(labels["entry"]),
        Column(labels["invoice"]),
        Column(labels["due"], DAY),
        Column(labels["days"], COUNT),
        Column(labels["amount"], AMOUNT),
        Column(labels["balance"], AMOUNT),
    ]
    owed = [(each["entity"], row) for each in report["accounts"] for row in _rows(report, each, labels)]
    if len({entity for entity, _ in owed}) > 1:
        columns = [Column(labels["entity"]), *columns]
        owed = [(entity, [entity, *row]) for entity, row in owed]
    return Sheet(_title(report, labels), _notes(report), tuple(columns), [row for _, row in owed])


def account_sheets(report: StatementReport, labels: Labels) -> Iterable[Sheet]:
    """To look at: the entries of each account, and its open items; where there are none, that alone."""
    for account in report["accounts"]:
        name = f"{account['entity']}, {account['currency']}"
        yield _entries(report, account, labels, f"{_title(report, labels)}: {name}")
        yield _open_items(account, labels, f"{labels['open_items']}: {name}")
    if not report["accounts"]:
        yield Sheet(_title(report, labels), (labels["nothing_open"],), (), ())


def _entries(report: StatementReport, account: AccountAnswer, labels: Labels, title: str) -> Sheet:
    columns = (
        Column(labels["date"], DAY),
        Column(labels["entry"]),
        Column(labels["invoice"]),
        Column(labels["amount"], AMOUNT),
        Column(labels["balance"], AMOUNT),
    )
    opening = [report["from"], labels["brought_forward"], "", "", account["opening"]]
    rows = [
        [each["day"], _entry(each["what"], labels), each["number"], each["amount"], each["balance"]]
        for each in account["movements"]
    ]
    closing = [report["as_of"], labels["balance"], "", "", account["closing"]]
    return Sheet(title, _notes(report), columns, [opening, *rows], [closing])


def _open_items(account: AccountAnswer, labels: Labels, title: str) -> Sheet:
    columns = {
        "number": Column(labels["invoice"]),
        "issued_on": Column(labels["invoice_date"], DAY),
        "due_on": Column(labels["due"], DAY),
        "days_past_due": Column(labels["days"], COUNT),
        "open": Column(labels["open"], AMOUNT),
        "disputed": Column(labels["also_disputed"].capitalize(), AMOUNT, is_spare=True),
    }
    sums = [[labels["in_all"], "", "", "", account["closing"], ""]] if account["items"] else []
    notes = [f"{labels['on_account']}: {account['unapplied']} {account['currency']}."] * bool(account["on_account"])
    return plain_sheet(title, notes, columns, account["items"], sums)


def _rows(report: StatementReport, account: AccountAnswer, labels: Labels) -> Iterable[list[str]]:
    currency = account["currency"]
    yield [currency, report["from"], labels["brought_forward"], "", "", "", "", account["opening"]]
    for line in account["movements"]:
        entry = _entry(line["what"], labels)
        yield [currency, line["day"], entry, line["number"], "", "", line["amount"], line["balance"]]
    yield [currency, report["as_of"], labels["balance"], "", "", "", "", account["closing"]]
    for item in account["items"]:
        due = [item["due_on"], str(item["days_past_due"])]
        entry = f"{labels['open']}, {labels['factored']}" if item["is_factored"] else labels["open"]
        yield [currency, item["issued_on"], entry, item["number"], *due, item["open"], ""]
    for left in account["on_account"]:
        number = left["document"] if left["is_credit_note"] else ""
        yield [currency, left["day"], labels["on_account"], number, "", "", left["amount"], ""]


def _entry(what: str, labels: Labels) -> str:
    return labels[f"entry_{what}"]


def _title(report: StatementReport, labels: Labels) -> str:
    return f"{labels['statement_as_of']} {report['as_of']}"


def _notes(report: StatementReport) -> tuple[str, ...]:
    """Whose it is, and as known when."""
    who = filter(None, (report["customer"], report["name"], *report["address"]))
    return (f"{', '.join(who)}.", *known_notes(report))
