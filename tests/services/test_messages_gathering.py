"""The content of messages out of the ledger: amounts as they stand now, and the rest of the account beside them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from domain import customer as customers
from domain import invoice as invoices
from domain.contact import About, Planned, contact_stream, fail, hand_over, send
from domain.entry import Cause, invoice_stream
from domain.invoice.facts import Reminded
from domain.terms import Instalment, Share
from services.messages.content import Sum
from services.messages.gathering import Wanted
from tests.services.desk import ask_customer, set_contact_of

DUE, ON = date(2026, 2, 4), date(2026, 2, 20)


@pytest.fixture
def gather(app):
    def gather(*numbers, customer="acme", **more):
        asked = {"step": "second_reminder", "tone": "firm", "on": ON} | more
        return app.gathering.content(customer, "main", [invoice_stream(number, "main") for number in numbers], **asked)

    return gather


def remind(app, number, on, *, level=1, contact=None):
    """As the ladder records it, with the contact it is of, or as a person notes it."""
    stream = invoice_stream(number, "main")
    fact = Reminded(f"step {on}", "email", None, level, contact, 1 if contact else None)
    app.ledger.change(
        [stream], lambda invoice: {stream: [fact]}, on=on, cause=Cause("ann", f"{number} {on} {contact}"), content=None
    )


def plan(app, number, on, *, outcome=None):
    """A contact planned that day, and how it ended if it was handed over."""
    stream, invoice = contact_stream("main", on, "email", 1, "acme"), invoice_stream(number, "main")
    about = About(invoice, "friendly_reminder", 1, 1, DUE, "EUR", 1, 1)
    planned = Planned("message", "main", "acme", "friendly_reminder", "friendly", "en", "general", 1, (about,), "email")
    decisions: list[Callable[..., Any]] = [lambda contact: [planned]]
    if outcome:
        sent: dict[str, Any] = {
            "channel": "email",
            "message_id": "<a@b>",
            "sha256": "0",
            "invoices": (invoice,),
            "texts": "0",
        }
        decisions += [lambda contact: hand_over(contact, on, **sent), outcome]
    for number_of, decide in enumerate(decisions):
        app.ledger.change(
            [stream],
            lambda contact, decide=decide: {stream: decide(contact)},
            on=on,
            cause=Cause("messenger", f"{stream} {number_of}"),
            content=None,
        )
    return stream


def test_an_invoice_is_shown_as_it_stands_with_what_was_paid_and_credited(desk, gather):
    desk.issue("R-1", 100_00, due_on=DUE, reference="RF18539007547034")
    desk.receive("B-1", 30_00, invoices=["R-1"])
    desk.ask(invoices.credit, "R-1", credit_note="C-1", amount_minor=10_00)
    [line] = gather("R-1").lines
    assert (line.number, line.issued_on, line.due_on, line.days_overdue) == ("R-1", date(2026, 1, 5), DUE, 16)
    assert (line.total_minor, line.paid_minor, line.open_minor, line.demanded_minor) == (100_00, 40_00, 60_00, 60_00)
    assert (line.currency, line.reference, line.step, line.level) == ("EUR", "RF18539007547034", "second_reminder", 0)


def test_what_is_disputed_is_open_and_not_demanded(desk, gather):
    desk.issue("R-1", 100_00, due_on=DUE)
    desk.ask(invoices.dispute, "R-1", reason_code="quality", amount_minor=25_00)
    [line] = gather("R-1").lines
    assert (line.open_minor, line.disputed_minor, line.demanded_minor) == (100_00, 25_00, 75_00)


def test_of_instalments_those_that_are_due_are_demanded(desk, gather):
    desk.issue("R-1", 100_00, instalments=[Instalment(DUE, 40_00), Instalment(DUE + timedelta(days=60), 60_00)])
    [line] = gather("R-1").lines
    assert (line.due_on, line.open_minor, line.demanded_minor) == (DUE, 100_00, 40_00)


def test_what_is_not_due_yet_is_only_mentioned_beside_what_is_overdue(desk, gather):
    desk.issue("R-1", 100_00, due_on=DUE)
    desk.issue("R-2", 10_00, due_on=ON)
    desk.issue("R-3", 5_00, due_on=ON - timedelta(days=1))
    content = gather("R-1", "R-2", "R-3")
    assert [line.number for line in content.lines] == ["R-1", "R-3"]
    assert content.totals == (Sum("EUR", 105_00),)
    assert [line.number for line in content.also_open] == ["R-2"]


def test_a_notice_asks_for_what_is_not_due_yet(desk, gather):
    desk.issue("R-1", 100_00, due_on=ON + timedelta(days=3))
    assert gather("R-1", step="notice_3", tone="friendly").totals == (Sum("EUR", 100_00),)


def test_a_charge_is_named_beside_the_invoice(desk, gather):
    desk.issue("R-1", 100_00, due_on=DUE)
    desk.ask(invoices.charge_fee, "R-1", amount_minor=5_00, basis="reminder", on=date(2026, 2, 10))
    [line] = gather("R-1").lines
    assert (line.total_minor, line.charges_minor, line.paid_minor, line.open_minor) == (100_00, 5_00, 0, 105_00)


def test_the_statement_has_the_rest_of_the_account_and_nothing_of_others(desk, gather):
    desk.issue("R-0", 10_00)
    desk.receive("B-1", 17_00, customer="acme")
    for number, debtor in (("R-1", "acme"), ("R-2", "acme"), ("R-3", "other")):
        desk.issue(number, 10_00, debtor=debtor, due_on=DUE)
    desk.issue("R-4", 10_00, entity="branch", due_on=DUE)
    desk.issue("R-5", 10_00, due_on=DUE - timedelta(days=3))
    desk.issue("R-6", 10_00, due_on=DUE)
    desk.ask(invoices.place, "R-6", agency="Acme Collect", commission_basis_points=100, on=date(2026, 2, 10))
    content = gather("R-1")
    assert [line.number for line in content.lines] == ["R-1"]
    assert [line.number for line in content.also_open] == ["R-5", "R-2"]
    assert content.unapplied == (Sum("EUR", 7_00),)


def test_an_invoice_that_was_paid_meanwhile_drops_out_and_none_left_is_refused(desk, gather, refused):
    for number in ("R-1", "R-2"):
        desk.issue(number, 10_00, due_on=DUE)
    desk.receive("B-1", 10_00, invoices=["R-1"])
    assert [line.number for line in gather("R-1", "R-2").lines] == ["R-2"]
    with refused("nothing_open"):
        gather("R-1")


def test_the_debtor_is_decrypted_and_after_an_erasure_nobody(app, desk, gather):
    desk.issue("R-1", 10_00, due_on=DUE)
    contact = {"name": "Ann & Co", "email": "ann@example.org", "phone": "+49 1", "address": "Weg 1, 10115 Berlin"}
    set_contact_of(app, "acme", contact, on=DUE, cause=desk.cause())
    debtor = gather("R-1").debtor
    assert (debtor.number, debtor.name, debtor.email, debtor.phone) == ("acme", "Ann & Co", "ann@example.org", "+49 1")
    assert debtor.address == ("Weg 1", "10115 Berlin")
    app.encryption.destroy("acme")
    assert gather("R-1").debtor.name == ""


def test_an_address_of_several_lines_keeps_them(app, desk, gather):
    desk.issue("R-1", 10_00, due_on=DUE)
    set_contact_of(app, "acme", {"address": "Weg 1, Hof 2\n10115 Berlin\n"}, on=DUE, cause=desk.cause())
    assert gather("R-1").debtor.address == ("Weg 1, Hof 2", "10115 Berlin")


def test_language_and_whether_it_is_a_consumer_come_from_the_terms(app, desk, gather):
    desk.issue("R-1", 10_00, due_on=DUE)
    assert gather("R-1").language == "en"
    ask_customer(
        app,
        customers.agree_terms,
        "acme",
        schedule=[Share(30, 10_000)],
        language="nl",
        is_consumer=True,
        on=DUE,
        cause=desk.cause(),
    )
    content = gather("R-1")
    assert (content.language, content.debtor.is_consumer) == ("nl", True)
    assert gather("R-1", language="de").language == "de"


def test_reminders_are_those_that_left_and_did_not_come_back(app, desk, gather):
    desk.issue("R-1", 10_00, due_on=DUE)
    desk.issue("R-2", 10_00, due_on=DUE)
    sent, failed, waiting = date(2026, 2, 9), date(2026, 2, 12), date(2026, 2, 20)
    assert (gather("R-1").reminders_sent, gather("R-1").first_reminded_on) == (0, None)
    remind(app, "R-1", date(2026, 2, 1), level=0)
    remind(app, "R-1", date(2026, 2, 7))
    for number in ("R-1", "R-2"):
        remind(app, number, sent, contact=contact_stream("main", sent, "email", 1, "acme"))
    plan(app, "R-1", sent, outcome=lambda contact: send(contact, attempt=1))
    remind(app, "R-1", failed, contact=plan(app, "R-1", failed, outcome=lambda it: fail(it, attempt=1, code="550")))
    remind(app, "R-1", waiting, contact=plan(app, "R-1", waiting))
    content = gather("R-1", "R-2")
    assert (content.reminders_sent, content.first_reminded_on) == (2, date(2026, 2, 7))
    assert (gather("R-2").reminders_sent, gather("R-2").first_reminded_on) == (1, sent)


def test_who_writes_is_in_the_creditors_file_of_the_entity(desk, gather, tmp_path):
    desk.issue("R-1", 10_00, due_on=DUE)
    assert gather("R-1").creditor.name == "main"
    (tmp_path / "creditors.toml").write_text('[main]\nname = "Nordwind GmbH"\n', encoding="utf-8")
    assert gather("R-1").creditor.name == "Nordwind GmbH"


def test_many_contents_are_read_with_as_many_queries_as_one(app, desk, monkeypatch):
    for number in range(6):
        desk.issue(f"R-{number}", 10_00, debtor=f"C-{number % 3}", due_on=DUE)
        set_contact_of(app, f"C-{number % 3}", {"name": f"Firm {number}"}, on=DUE, cause=desk.cause())
    app.bring_views_up_to_date()
    wanted = [
        Wanted(f"C-{n % 3}", "main", (invoice_stream(f"R-{n}", "main"),), "due_today", "friendly", ON) for n in range(6)
    ]
    asked = 0
    connection = app.pool.connection

    def counted(*how):
        nonlocal asked
        asked += 1
        return connection(*how)

    monkeypatch.setattr(app.pool, "connection", counted)
    [first] = app.gathering.contents(wanted[:1])
    alone = asked
    contents = app.gathering.contents(wanted)
    assert asked == 2 * alone
    assert contents[0] == first
    assert [content.lines[0].number for content in contents] == [f"R-{n}" for n in range(6)]
    assert [content.debtor.number for content in contents] == [f"C-{n % 3}" for n in range(6)]
    assert [[line.number for line in content.also_open] for content in contents[:2]] == [["R-3"], ["R-4"]]
