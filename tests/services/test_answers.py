"""Every answer is plain data, whichever door sends it, and says at least what its shape names."""

from collections.abc import Iterator
from datetime import date

import pytest

from domain.entry import Cause, receipt_stream
from infra.settings import Settings
from services.answers.catalogue import catalogue_answer
from services.answers.diagnosis import diagnosis_answer
from services.answers.facts import page_answer
from services.answers.imported import import_answer
from services.answers.receipt import receipt_answer
from services.answers.recorded import recorded_answer
from services.answers.statement import statement_report
from services.answers.verification import verification_answer
from services.answers.views import comparison_answer, parked_answer, views_answer
from services.assembly import App
from services.catalogue import CATALOGUE
from services.doctor import examine
from services.importing import Options
from tests.services.desk import Desk

ISSUED, DUE, PAID, AS_OF = date(2026, 1, 5), date(2026, 1, 31), date(2026, 2, 3), date(2026, 2, 28)
PLAIN = (str, int, bool, type(None), list, dict)


def not_plain(answer: object, place: str = "") -> Iterator[str]:
    """Where something is that is no plain data, or a key that is no plain text."""
    if type(answer) not in PLAIN:
        yield f"{place}: {type(answer).__name__}"
    inner = answer.items() if isinstance(answer, dict) else enumerate(answer) if isinstance(answer, list) else ()
    for key, value in inner:
        if isinstance(answer, dict) and type(key) is not str:
            yield f"{place}: the key {key!r}"
        yield from not_plain(value, f"{place}.{key}")


@pytest.fixture
def busy(app: App, desk: Desk) -> App:
    """A ledger with an open, a disputed and a paid invoice, and a customer with a limit and terms."""
    for number in ("A-1", "A-2", "A-3"):
        desk.issue(number, 100_00, due_on=DUE)
    cause = Cause("kim", "c1")
    arguments = {"receipt": "P-1", "amount": "150", "currency": "EUR", "customer": "acme", "value_on": PAID}
    app.commands.run("receipt.record", arguments, cause)
    app.commands.run("invoice.dispute", {"number": "A-2", "reason_code": "price"}, Cause("kim", "c2"))
    limit = {"customer": "acme", "amount": "500", "currency": "EUR", "reason": "opening"}
    app.commands.run("customer.limit", limit, Cause("kim", "c3"))
    return app


def answers(app: App, database_url: str, home: Settings) -> dict[str, object]:
    page = app.audit.search(app.audit.asked())
    done = app.commands.run("invoice.dispute", {"number": "A-3", "reason_code": "price"}, Cause("kim", "c4"))
    source = home.home / "invoices.csv"
    source.write_text("customer,number,issued_on,due_on,amount,currency\nbolt,B-1,2026-01-05,2026-02-05,7,EUR\n")
    return {
        **{f"aging by {by}": app.reports.aging(AS_OF, by=by) for by in ("customer", "currency", "risk_class")},
        "items": app.reports.items(AS_OF, customer="acme"),
        "restatement": app.reports.restatement(AS_OF, app.clock()),
        "statement": statement_report(*app.statements.statement("acme", AS_OF)),
        "rollforward": app.rollforwards.rollforward(AS_OF, AS_OF),
        "risk": app.risk.risk(AS_OF),
        "metrics": app.metrics.metrics(AS_OF),
        "provisions": app.risk.provisions(AS_OF),
        "forecast": app.risk.forecast(AS_OF),
        "invoice": app.audit.state("A-2", as_of=AS_OF),
        "customer": app.customers.show("acme"),
        "receipt": receipt_answer(app.ledger.state(receipt_stream("P-1")), app.ledger.facts(receipt_stream("P-1"))),
        "facts": app.audit.show("A-1", with_receipts=True, decrypted=True),
        "page": page_answer(page.rows, page.next, page.position),
        "evidence": app.audit.evidence("A-1", as_of=AS_OF),
        "recorded": recorded_answer(done),
        "imported": import_answer(app.imports.invoices(source, Options())),
        "verification": verification_answer(app.audit.verify()),
        "views": views_answer(app.projector.lag()),
        "comparison": comparison_answer("audit", app.projector.compare("audit")),
        "parked": parked_answer("audit", app.projector.parked("audit")),
        "diagnosis": diagnosis_answer(examine(home, database_url=database_url)),
        "commands": catalogue_answer(CATALOGUE.values()),
    }


def test_an_answer_is_made_of_text_whole_numbers_and_lists_alone(busy, database_url, tmp_path):
    found = answers(busy, database_url, Settings(home=tmp_path))
    assert {name: [*not_plain(answer)] for name, answer in found.items() if [*not_plain(answer)]} == {}
    assert all(found.values())


def test_the_check_sees_what_is_not_plain():
    assert [*not_plain({"at": AS_OF, "shares": [1.5], 7: "seven"})] == [".at: date", ".shares.0: float", ": the key 7"]
