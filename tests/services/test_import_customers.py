"""Files of customers: new ones are registered, what a later file says otherwise is set anew and named, and no more."""

from datetime import date
from typing import Any

import pytest

from domain.customer import assign_collector
from domain.customer.facts import CollectorAssigned, ContactSet, CreditLimitSet, Registered, TermsAgreed
from domain.entry import Cause, customer_stream
from domain.terms import EarlyDiscount, Share
from infra.files.table import NoRow
from services.answers.imported import import_answer
from services.catalogue.customers import LIMIT, TERMS
from services.importing import Summary, loading
from tests.services.desk import ask_customer, erase_customer, give
from tests.services.filing import ANN_1, INVOICES, Filing
from tests.services.terminal import Terminal

COLUMNS = "name,email,phone,street,postal_code,city,language,country,consumer,terms,limit,currency,collector,reason"
HEADER = f"customer,{COLUMNS}\n"
ACME = (
    'acme,Acme Ltd,pay@acme.example,+44 1,High St 1,AB1 2CD,Leeds,English,United Kingdom,no,2/10 net 30,"5,000.00",GBP,'
)
ACME += "eve,as agreed\n"
BOLT = "bolt,Bolt BV,,,,,,nl,NL,,30eom,,,,\n"
TODAY = date(2026, 1, 5)
ADDRESS = "High St 1, AB1 2CD Leeds"


class Load:
    """load(rows, **options) -> (new, updated, already there, rejected); the whole summary is `said`."""

    said: Summary

    def __init__(self, filing: Filing):
        self.filing = filing

    def __call__(self, rows: str, **options: Any) -> tuple[int, ...]:
        self.said = said = self.filing.load("customers", HEADER + rows, **options)
        counted = (said.imported, said.updated or 0, said.already_there, said.rejected)
        assert said.read == sum(counted)
        return counted


@pytest.fixture
def filing(app, tmp_path):
    return Filing(app, tmp_path)


@pytest.fixture
def load(filing):
    return Load(filing)


def row(customer="acme", **values):
    """A row that says nothing else."""
    return ",".join([customer, *(str(values.get(name, "")) for name in COLUMNS.split(","))]) + "\n"


def notes(load):
    return [(note.row, note.code, note.message) for note in load.said.notes]


def rejects(load):
    return [(reject.line, reject.field, reject.code) for reject in load.said.first_rejects]


def contact_of(app, customer="acme"):
    state = app.ledger.state(customer_stream(customer))
    return app.encryption.decrypt(customer, state.encrypted_contact) if state.encrypted_contact else None


def test_a_line_of_sums_is_no_customer_but_one_who_is_called_so_is(load, app):
    text = row(limit="100") + row("Total", limit="100") + row("Total", name="Total SE")
    assert load(text, currency="EUR") == (2, 0, 0, 0)
    assert load.said.left_out.first[NoRow.TOTAL] == [3]
    assert contact_of(app, "Total") == {"name": "Total SE"}
    assert load(row("Summe", phone="4917012345")) == (1, 0, 0, 0)
    assert load(row("Sum", limit="100", currency="EUR", reason="agreed")) == (0, 0, 0, 1)
    assert rejects(load) == [(2, "name", "missing")]


def test_a_row_is_a_customer_with_terms_contact_limit_and_collector(load, filing, app):
    assert load(ACME + BOLT) == (2, 0, 0, 0)
    contact = app.ledger.state(customer_stream("acme")).encrypted_contact
    assert filing.facts(customer_stream("acme")) == [
        (Registered("acme", "GB"), TODAY),
        (TermsAgreed((Share(30, 10_000),), (EarlyDiscount(10, 200),), language="en"), TODAY),
        (ContactSet(contact), TODAY),
        (CreditLimitSet(5_000_00, "GBP"), TODAY),
        (CollectorAssigned("eve"), TODAY),
    ]
    assert contact_of(app) == {"name": "Acme Ltd", "email": "pay@acme.example", "phone": "+44 1", "address": ADDRESS}
    [*_, limit, collector] = app.ledger.facts(customer_stream("acme"))
    assert (limit.cause.reason, collector.cause.reason) == ("as agreed", "import of customers.csv")
    assert [type(fact).__name__ for fact, _ in filing.facts(customer_stream("bolt"))] == [
        "Registered",
        "TermsAgreed",
        "ContactSet",
    ]
    assert notes(load) == []


def test_the_same_file_again_changes_nothing_and_says_so(load):
    load(ACME + BOLT)
    position = load.said.position
    assert load(ACME + BOLT) == (0, 0, 2, 0)
    assert load.said.position == position
    assert import_answer(load.said) == {
        "read": 2,
        "imported": 0,
        "updated": 0,
        "already_there": 2,
        "rejected": 0,
        "reject_file": None,
        "position": position,
        "duplicates_skipped": 0,
        "possible_duplicates": 0,
        "totals": [],
        "notes": [],
    }


def test_a_second_file_changes_what_it_says_otherwise_and_names_it_without_personal_data(load, app, caplog):
    load(ACME + BOLT)
    changed = (
        ACME.replace("pay@", "ap@").replace("5,000.00", "6,000.00").replace("eve", "joe").replace("net 30", "net 45")
    )
    assert load(changed + BOLT) == (0, 1, 1, 0)
    assert notes(load) == [
        (
            2,
            "updated",
            "e-mail changed; terms net 30 days -> net 45 days; credit limit 5,000.00 GBP -> 6,000.00 GBP; "
            "collector eve -> joe",
        )
    ]
    assert contact_of(app) == {"name": "Acme Ltd", "email": "ap@acme.example", "phone": "+44 1", "address": ADDRESS}
    assert "acme.example" not in caplog.text + str(import_answer(load.said))


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"name": "Acme plc"}, "name changed"),
        ({"phone": "(none)"}, "phone removed"),
        ({"email": "(none)", "city": "York"}, "e-mail removed; address changed"),
        ({"language": "de-AT"}, "language en -> de-AT"),
        ({"consumer": "yes"}, "consumer no -> yes"),
        ({"limit": "0", "currency": "GBP"}, "credit limit 5,000.00 GBP -> 0.00 GBP"),
        ({"limit": "5000", "currency": "EUR"}, "credit limit 5,000.00 GBP -> 5,000.00 EUR"),
        ({"terms": "30:50 60:50"}, "terms net 30 days -> 50 % after 30 days, 50 % after 60 days"),
    ],
)
def test_what_a_row_leaves_empty_stays_as_it_is(load, app, said, message):
    load(ACME)
    before = app.ledger.state(customer_stream("acme"))
    assert load(row(**said)) == (0, 1, 0, 0)
    assert any(message in said for _, _, said in notes(load))
    after = app.ledger.state(customer_stream("acme"))
    if not {"language", "consumer", "terms"} & said.keys():
        assert after.terms == before.terms
    if "limit" not in said:
        assert after.limit == before.limit
    assert after.collector == "eve"
    assert load(row(**said)) == (0, 0, 1, 0)


def test_dashes_and_blanks_are_empty_cells(load):
    load(ACME)
    assert load("acme,-,\N{EM DASH},--, ,,,-,-,-,-,-,,-,\n") == (0, 0, 1, 0)


def test_one_who_came_with_an_invoice_gets_the_rest_and_the_country(load, filing, app):
    filing.load("invoices", INVOICES + ANN_1)
    assert load(row("ann", name="Ann", country="DE", limit=100, currency="EUR")) == (0, 1, 0, 0)
    assert notes(load) == [(2, "updated", "country none -> DE; name set; credit limit none -> 100.00 EUR")]
    assert app.ledger.state(customer_stream("ann")).registered.country == "DE"
    assert load(row("ann", country="FR")) == (0, 0, 0, 1)
    assert rejects(load) == [(2, "country", "number_taken")]


def test_terms_that_a_row_says_nothing_of_are_those_that_hold_without_any(load, app):
    load(row(language="nl"))
    assert app.ledger.state(customer_stream("acme")).terms == TermsAgreed((Share(30, 10_000),), language="nl")


def test_terms_a_file_knows_nothing_of_stay_and_so_does_a_policy_assigned_since(load, app):
    load(row())
    stream = customer_stream("acme")
    terms = TERMS(schedule=(Share(14, 10_000),), jurisdiction="DE", channel="letter", policy="no")
    give(app, stream, terms, on=TODAY, cause=Cause("ann", "terms"))
    app.commands.run("customer.policy", {"customer": "acme", "policy": "general"}, Cause("ann", "policy"))
    load(row(language="de"))
    found = app.ledger.state(stream).terms
    assert (found.jurisdiction, found.channel, found.policy, found.language) == ("DE", "letter", "general", "de")
    assert app.ledger.state(stream).policy == "general"
    app.commands.run("customer.policy", {"customer": "acme", "policy": "de"}, Cause("ann", "another"))
    assert load(row(language="de")) == (0, 0, 1, 0)
    assert found.schedule == (Share(14, 10_000),)


def test_the_same_limit_keeps_its_last_day_and_approval(load, app):
    load(row())
    limit = LIMIT(amount_minor=5_00, currency="EUR", until=date(2026, 12, 31), approval="board")
    give(app, customer_stream("acme"), limit, on=TODAY, cause=Cause("ann", "l", "as agreed"))
    assert load(row(limit="5.00", currency="EUR")) == (0, 0, 1, 0)
    assert app.ledger.state(customer_stream("acme")).limit.until == date(2026, 12, 31)


def test_a_limit_of_zero_is_taken_and_pointed_out(load):
    load(row(limit=0, currency="EUR"))
    assert [(line, code) for line, code, _ in notes(load)] == [(2, "no_credit")]
    load(row(limit=0, currency="EUR"))
    assert notes(load) == []


# Two rows about one customer


def test_two_rows_that_agree_or_complete_each_other_are_both_taken(load, app):
    assert load(row(name="Acme Ltd") + row(name="Acme Ltd") + row(phone="+44 1", limit=5, currency="EUR")) == (
        1,
        1,
        1,
        0,
    )
    assert contact_of(app) == {"name": "Acme Ltd", "phone": "+44 1"}
    assert notes(load) == [(4, "updated", "phone set; credit limit none -> 5.00 EUR")]


@pytest.mark.parametrize("options", [{}, {"dry_run": True}])
@pytest.mark.parametrize("chunk", [1, 5_000])
def test_a_row_that_contradicts_one_above_it_is_rejected_as_a_whole(load, app, monkeypatch, chunk, options):
    monkeypatch.setattr(loading, "CHUNK", chunk)
    assert load(ACME + row(email="other@acme.example", phone="+44 2") + row(collector="joe") + BOLT, **options) == (
        2,
        0,
        0,
        2,
    )
    assert rejects(load) == [(3, "email", "contradicts"), (4, "collector", "contradicts")]
    assert app.ledger.head().position == (0 if options else 8)


def test_a_rejected_row_contradicts_nobody(load):
    assert load(row(name="A", country="Atlantis") + row(name="B")) == (1, 0, 0, 1)


# What cannot be


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"email": "acme.example"}, "email", "not_an_email"),
        ({"email": "a@b.example; c@d.example"}, "email", "not_an_email"),
        ({"language": "xx"}, "language", "unknown_language"),
        ({"country": "Atlantis"}, "country", "unknown_country"),
        ({"country": "EU"}, "country", "unknown_country"),
        ({"limit": "-5", "currency": "EUR"}, "limit", "negative"),
        ({"limit": "5", "currency": "EURO"}, "currency", "unknown_currency"),
        ({"limit": "5"}, "currency", "missing"),
        ({"limit": "much", "currency": "EUR"}, "limit", "not_an_amount"),
        ({"terms": "2/10"}, "terms", "bad_schedule"),
        ({"terms": "someday"}, "terms", "bad_schedule"),
        ({"terms": "150/10 30"}, "terms", "bad_discount"),
        ({"consumer": "maybe"}, "consumer", "neither_yes_nor_no"),
        ({"collector": "(none)"}, "collector", "cannot_be_removed"),
        ({"name": "(none)"}, "name", "missing"),
        ({"name": "A" * 201}, "name", "too_long"),
    ],
)
def test_what_cannot_be_is_rejected_with_field_and_code_and_leaves_the_customer_as_it_was(load, app, said, field, code):
    load(row(name="Acme Ltd"))
    position = load.said.position
    assert load(row(**{"collector": "eve", **said})) == (0, 0, 0, 1)
    assert rejects(load) == [(2, field, code)]
    assert app.ledger.head().position == position


def test_a_reject_does_not_repeat_an_address(load):
    load(row(email="erika mustermann@home"))
    assert "erika" not in load.said.first_rejects[0].message


def test_a_customer_whose_data_was_erased_is_refused(load, app):
    load(ACME)
    erase_customer(app, "acme", on=TODAY, cause=Cause("ann", "e", "asked for"))
    assert load(row(limit=5, currency="EUR") + BOLT) == (1, 0, 0, 1)
    assert rejects(load) == [(2, "customer", "data_erased")]


def test_without_its_key_a_contact_is_not_taken_for_none(load, app):
    load(ACME)
    with app.pool.connection() as conn:
        conn.execute("delete from ledger.personal_keys")
    with pytest.raises(Exception, match="cannot be decrypted"):
        load(row(phone="+44 2"))
    assert load(row(collector="joe")) == (0, 1, 0, 0)


# As a whole


def test_a_dry_run_says_the_same_and_writes_nothing(load, app):
    assert load(ACME + BOLT + row(phone="+44 1"), dry_run=True) == (2, 0, 1, 0)
    assert app.ledger.head().position == 0
    with app.pool.connection() as conn:
        assert conn.execute("select count(*) from ledger.personal_keys").fetchone() == (0,)
    load(ACME)
    assert load(row(phone="+44 2"), dry_run=True) == (0, 1, 0, 0)
    assert notes(load) == [(2, "updated", "phone changed")]
    assert contact_of(app)["phone"] == "+44 1"


def test_a_dry_run_compares_a_contact_that_only_a_later_chunk_is_about(load, monkeypatch):
    load(ACME)
    monkeypatch.setattr(loading, "CHUNK", 1)
    assert load(row(collector="eve") + row(phone="+44 2"), dry_run=True) == (0, 1, 1, 0)
    assert notes(load) == [(3, "updated", "phone changed")]


def test_comparing_is_shown_to_nobody(load, app):
    load(ACME)
    load(row(phone="+44 2"))
    assert app.disclosures.select() == []


def test_a_chunk_is_read_and_encrypted_with_a_few_queries_however_many_customers(load, app, monkeypatch):
    load("".join(row(f"c{n}", name=f"Firm {n}") for n in range(300)))
    asked, wrapped = [], app.encryption._wrapped

    def counted(customers):
        asked.append(customers)
        return wrapped(customers)

    monkeypatch.setattr(app.encryption, "_wrapped", counted)
    assert load("".join(row(f"c{n}", name=f"Firm {n}", phone=f"+44 {n}") for n in range(300))) == (0, 300, 0, 0)
    assert len(asked) <= 3


def test_one_who_was_changed_meanwhile_is_compared_again(load, app, monkeypatch):
    load(ACME)
    record_many = app.ledger.record_many

    def overtaken(batches, read):
        monkeypatch.setattr(app.ledger, "record_many", record_many)
        ask_customer(
            app,
            assign_collector,
            "acme",
            on=TODAY,
            cause=Cause("bob", "meanwhile"),
            collector="joe",
        )
        return record_many(batches, read)

    monkeypatch.setattr(app.ledger, "record_many", overtaken)
    assert load(row(phone="+44 2", collector="joe")) == (0, 1, 0, 0)
    assert notes(load) == [(2, "updated", "phone changed")]


def test_it_is_typed_as_every_import_and_says_how_many_were_updated(terminal: Terminal, tmp_path):
    file = tmp_path / "customers.csv"
    file.write_text(HEADER + ACME + BOLT)
    assert (
        "2 rows read: 2 imported, 0 updated, 0 already there, 0 rejected"
        in terminal.run("import", "customers", file).stdout
    )
    file.write_text(HEADER + row(limit="6000.00") + row("bolt", email="nowhere"))
    result = terminal.run("import", "customers", file, "--currency", "GBP", exits=1)
    assert "2 rows read: 0 imported, 1 updated, 0 already there, 1 rejected" in result.stdout
    assert "row 2: credit limit 5,000.00 GBP -> 6,000.00 GBP" in result.stdout
    shown = terminal.json("customer", "show", "acme")
    assert (shown["limit"]["amount"], shown["contact"]["address"]) == ("6000.00", ADDRESS)
