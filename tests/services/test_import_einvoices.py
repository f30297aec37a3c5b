"""Electronic invoices on their way into the ledger: what is owed, by whom, and the file that says so."""

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from domain.credit_note import CreditNote
from domain.customer import Customer
from domain.entry import credit_note_stream, customer_stream, invoice_stream
from domain.invoice import Invoice
from domain.terms import Discount, Instalment
from infra.files.tabular import Unreadable
from infra.log.bulk import MovedOn
from infra.post.archive import Archive
from services.answers.imported import import_answer
from services.assembly import App
from services.importing import Options, Summary, book
from services.personal_data import readable
from tests.einvoices import FEB_4, cii, pdf, tag, ubl
from tests.services.desk import erase_customer
from tests.services.filing import INVOICES, Filing, counts
from tests.services.terminal import Terminal


class Inbox:
    """A folder of files as they came."""

    def __init__(self, app: App, folder: Path):
        self.app, self.folder = app, folder
        folder.mkdir()

    def put(self, **files: bytes) -> None:
        for name, data in files.items():
            (self.folder / f"{name}.{'pdf' if data.startswith(b'%PDF') else 'xml'}").write_bytes(data)

    def load(self, *files: bytes, **options: Any) -> Summary:
        self.put(**{f"{chr(ord('a') + n)}": data for n, data in enumerate(files)})
        return self.app.imports.invoices(self.folder, Options(actor="ann the accountant", **options))

    def invoice(self, number: str = "R-1") -> Invoice:
        found = self.app.ledger.state(invoice_stream(number, "main"))
        assert isinstance(found, Invoice)
        return found

    def note(self, number: str) -> CreditNote:
        found = self.app.ledger.state(credit_note_stream(number, "main"))
        assert isinstance(found, CreditNote)
        return found


@pytest.fixture
def inbox(app: App, tmp_path: Path) -> Inbox:
    return Inbox(app, tmp_path / "inbox")


def notes(summary: Summary, *, but: str = "not_kept") -> list[tuple[int, str, str]]:
    return [tuple(each) for each in summary.notes if each.code != but]  # type: ignore[misc]


def archived(app: App) -> list[Path]:
    return [path for path in (app.settings.home / "archive").rglob("*") if path.is_file()]


# What is owed


def test_the_claim_of_an_invoice_is_owed_from_its_day_until_its_due_day(inbox):
    summary = inbox.load(ubl())
    assert counts(summary) == (1, 1, 0, 0)
    assert summary.totals == (("EUR", 119_00, 1),)
    issued = inbox.invoice().issued
    assert (issued.customer, issued.currency, issued.total_minor, issued.tax_minor) == ("C-1", "EUR", 119_00, 19_00)
    assert (issued.issued_on, issued.instalments) == (date(2026, 1, 5), (Instalment(date(2026, 2, 4), 119_00),))
    assert (issued.reference, issued.purchase_order) == ("RF18 R1", "PO-7")


def test_the_same_invoice_as_ubl_as_cii_and_within_a_pdf_is_one(inbox):
    summary = inbox.load(ubl(), cii(), pdf({"factur-x.xml": cii()}))
    assert counts(summary) == (3, 1, 2, 0)
    message = "R-1 is there already with another document: this file is not archived"
    assert notes(summary) == [
        (2, "not_archived", f"b.xml: {message}"),
        (3, "not_archived", f"c.pdf: {message}"),
    ]


def test_what_was_prepaid_is_no_part_of_the_claim_and_is_said(inbox):
    summary = inbox.load(ubl(prepaid="59.50", due="59.50"))
    assert (inbox.invoice().issued.total_minor, inbox.invoice().issued.tax_minor) == (59_50, 9_50)
    message = (
        "a.xml: 59.50 EUR was paid before (BT-113): the claim is the 59.50 EUR due (BT-115), with 9.50 EUR of the tax "
        "(BT-110)"
    )
    assert notes(summary) == [(1, "prepaid", message)]


def test_a_due_day_that_only_the_terms_tell_is_that_of_the_terms(inbox):
    inbox.load(ubl(due_on=None, terms="Zahlbar sofort ohne Abzug."), ubl("R-2", due_on=None, terms="Net 14 days"))
    assert inbox.invoice().items[0].due_on == date(2026, 1, 5)
    assert inbox.invoice("R-2").items[0].due_on == date(2026, 1, 19)


def test_the_due_day_of_its_own_comes_before_the_terms(inbox):
    inbox.load(ubl(terms="Net 14 days"))
    assert inbox.invoice().items[0].due_on == date(2026, 2, 4)


def test_without_either_the_customers_terms_hold_and_what_could_not_be_read_is_said(inbox, desk):
    desk.app.commands.run("customer.register", {"customer": "C-1"}, desk.cause())
    terms = {"customer": "C-1", "schedule": [{"days": 10, "percent": "100"}], "discounts": []}
    desk.app.commands.run("customer.terms", terms, desk.cause())
    summary = inbox.load(ubl(due_on=None, terms="As agreed"))
    assert inbox.invoice().items[0].due_on == date(2026, 1, 15)
    message = "a.xml: the terms of payment (BT-20) say more than could be read; it is due by the customer's terms"
    assert notes(summary) == [(1, "terms_not_read", message)]


def test_early_payment_discounts_are_offered_as_the_invoice_says(inbox):
    coded = ubl(terms="#SKONTO#TAGE=14#PROZENT=2.25#\n")
    fields = FEB_4 + (
        "<ram:ApplicableTradePaymentDiscountTerms><ram:BasisPeriodMeasure unitCode='DAY'>7</ram:BasisPeriodMeasure>"
        "<ram:CalculationPercent>3</ram:CalculationPercent></ram:ApplicableTradePaymentDiscountTerms>"
    )
    assert notes(inbox.load(coded, cii("R-2", terms=fields))) == []
    assert inbox.invoice().issued.discounts == (Discount(date(2026, 1, 19), 2_68),)
    assert inbox.invoice("R-2").issued.discounts == (Discount(date(2026, 1, 12), 3_57),)


def test_an_invoice_in_parts_is_due_in_parts(inbox):
    def part(day: str, amount: str) -> str:
        due = FEB_4.replace("20260204", day)
        partial = f"<ram:PartialPaymentAmount>{amount}</ram:PartialPaymentAmount>"
        return f"<ram:SpecifiedTradePaymentTerms>{due}{partial}</ram:SpecifiedTradePaymentTerms>"

    summary = inbox.load(
        cii(terms=part("20260204", "60") + part("20260304", "59")), cii("R-2", terms=part("20260204", "60"))
    )
    assert inbox.invoice().issued.instalments == (
        Instalment(date(2026, 2, 4), 60_00),
        Instalment(date(2026, 3, 4), 59_00),
    )
    assert [each.code for each in summary.first_rejects] == ["bad_schedule"]


# Credit notes


def test_a_credit_note_lessens_the_invoice_it_names_though_it_lies_before_it(inbox):
    credit = ubl("CN-1", root="CreditNote", type_code="381", issued_on="2026-01-07", preceding=("R-1",))
    summary = inbox.load(credit, ubl())
    assert counts(summary) == (2, 2, 0, 0)
    assert summary.totals == (("EUR", 0, 2),)
    assert inbox.invoice().open_minor == 0
    issued = inbox.note("CN-1").issued
    assert issued and (issued.amount_minor, issued.tax_minor, issued.invoice) == (119_00, 19_00, "R-1")
    assert issued.document == sha256(credit).hexdigest()


def test_a_credit_note_that_names_none_is_on_account_of_the_customer(inbox):
    inbox.load(ubl("CN-1", root="CreditNote", type_code="381"))
    note = inbox.note("CN-1")
    assert (note.customer, note.unallocated_minor) == ("C-1", 119_00)


def test_a_credit_note_about_several_invoices_is_on_account_and_says_so(inbox):
    summary = inbox.load(ubl("CN-1", root="CreditNote", type_code="381", preceding=("R-1", "R-2")))
    message = "a.xml: it is about R-1, R-2 (BT-25), which stays as it is: credit or void what this replaces"
    assert notes(summary) == [(1, "corrects", message)]
    assert inbox.note("CN-1").unallocated_minor == 119_00


def test_an_invoice_below_zero_is_a_credit_note(inbox):
    sums: dict[str, Any] = {"lines": ("-100.00",), "net": "-100.00", "tax": "-19.00", "gross": "-119.00"}
    summary = inbox.load(ubl("R-9", type_code="384", due="-119.00", **sums))
    assert (summary.totals, inbox.note("R-9").unallocated_minor) == ((("EUR", -119_00, 1),), 119_00)


def test_a_corrected_invoice_leaves_the_one_before_it_and_says_so(inbox):
    summary = inbox.load(ubl(), ubl("R-2", type_code="384", preceding=("R-1",)))
    assert (inbox.invoice().open_minor, inbox.invoice("R-2").open_minor) == (119_00, 119_00)
    message = "b.xml: it corrects R-1 (BT-25), which stays as it is: credit or void what this replaces"
    assert notes(summary) == [(2, "corrects", message)]


# Whose it is


def test_a_customer_without_an_identifier_is_known_by_the_vat_number_and_else_by_the_name(inbox):
    summary = inbox.load(ubl(identifier=None), ubl("R-2", identifier=None, vat=None))
    assert inbox.invoice().issued.customer == "DE123456789"
    assert inbox.invoice("R-2").issued.customer == "Acme GmbH"
    assert [(row, code) for row, code, _ in notes(summary)] == [(1, "customer_by_vat"), (2, "customer_by_name")]


def test_what_customers_are_known_by_is_said_for_all(inbox):
    summary = inbox.load(ubl(), ubl("R-2", vat=None), customer_from="vat")
    assert inbox.invoice().issued.customer == "DE123456789"
    assert [(each.field, each.code) for each in summary.first_rejects] == [("BT-48", "missing")]


def test_a_new_customer_has_the_contact_of_the_invoice_and_a_known_one_keeps_theirs(inbox):
    inbox.load(ubl())
    known = {
        "name": "Acme GmbH",
        "email": "ap@acme.example",
        "phone": "040 1234",
        "address": "Hafenweg 3\n20457 Hamburg",
    }
    assert inbox.app.customers.contact("C-1") == known
    account = inbox.app.ledger.state(customer_stream("C-1"))
    assert isinstance(account, Customer)
    inbox.load(ubl("R-2", name="Acme AG"))
    assert inbox.app.customers.contact("C-1") == known


def test_another_account_than_ones_own_is_said(inbox):
    (inbox.app.settings.home / "creditors.toml").write_text('[main]\nname = "Us"\niban = "DE02120300000000202051"\n')
    means = tag("cac:PaymentMeans", tag("cac:PayeeFinancialAccount", "<cbc:ID>{}</cbc:ID>"))
    own, other = means.format("DE02 1203 0000 0000 2020 51"), means.format("NL57RABO0107307510")
    summary = inbox.load(ubl(more=own), ubl("R-2", more=other), ubl("R-3"), ubl("R-4", more=own + other))
    message = "b.xml: it is to be paid to NL57RABO0107307510 (BT-84), and the account in creditors.toml is "
    assert notes(summary) == [(2, "other_account", message + "DE02120300000000202051")]


# The file


def test_the_file_is_archived_by_its_hash_and_named_by_the_fact(inbox):
    data = pdf({"factur-x.xml": cii()})
    inbox.load(data)
    issued = inbox.invoice().issued
    assert issued.document == sha256(data).hexdigest()
    assert inbox.app.archive.get("C-1", issued.document) == data
    [kept] = archived(inbox.app)
    assert data not in kept.read_bytes()


def test_the_file_goes_with_the_customers_key(inbox, desk, refused):
    inbox.load(ubl(issued_on="2010-01-05", due_on=None))
    erase_customer(inbox.app, "C-1", on=date(2026, 1, 5), cause=desk.cause())
    with refused("not_kept"):
        inbox.app.documents.of_invoice("R-1", "main")
    assert readable(inbox.app.ledger, inbox.app.encryption, inbox.app.archive).lost == {}


def test_a_file_whose_customers_key_was_lost_is_missed(inbox):
    inbox.load(ubl(), ubl("CN-1", root="CreditNote", type_code="381"))
    with inbox.app.pool.connection() as conn:
        conn.execute("delete from ledger.personal_keys")
    # The contact, the invoice and the credit note.
    assert readable(inbox.app.ledger, inbox.app.encryption, inbox.app.archive).lost == {"C-1": 3}


def test_whoever_gets_the_file_is_on_record(inbox):
    inbox.load(ubl(), ubl("CN-1", root="CreditNote", type_code="381"))
    assert inbox.app.documents.of_invoice("R-1", "main") == ubl()
    assert inbox.app.documents.of_credit_note("CN-1", "main") == ubl("CN-1", root="CreditNote", type_code="381")
    seen = [(each.purpose, each.data, each.subjects) for each in inbox.app.disclosures.select()]
    assert seen == [
        ("credit note document", ["document"], ["C-1"]),
        ("invoice document", ["document"], ["C-1"]),
    ]


def test_what_was_typed_or_came_in_a_table_has_no_file(inbox, desk, refused):
    desk.issue("R-7", 100_00)
    with refused("no_document"):
        inbox.app.documents.of_invoice("R-7", "main")
    with refused("not_issued"):
        inbox.app.documents.of_invoice("R-8", "main")
    assert inbox.app.disclosures.select() == []


def test_a_file_that_changes_while_it_is_read_stops_the_import_and_nothing_is_recorded(inbox, monkeypatch):
    kept = Archive.put_files

    def changed(self: Archive, files: Any) -> None:
        (inbox.folder / "a.xml").write_bytes(ubl("R-2"))
        kept(self, files)

    monkeypatch.setattr(Archive, "put_files", changed)
    with pytest.raises(Unreadable, match="changed while it was read"):
        inbox.load(ubl())
    assert inbox.app.ledger.head().position == 0


# As rows of a table


def test_an_invoice_due_before_its_day_is_refused_unless_that_is_accepted(inbox):
    summary = inbox.load(ubl(due_on="2026-01-04"))
    assert [(each.code, each.field) for each in summary.first_rejects] == [("due_before_issue", "due_on")]
    assert counts(inbox.load(accepts_due_before_issue=True)) == (1, 1, 0, 0)
    assert inbox.invoice().items[0].due_on == date(2026, 1, 4)


def test_numbers_that_begin_anew_each_year_are_those_of_their_year_here_too(inbox):
    credit = ubl("CN-1", root="CreditNote", type_code="381", issued_on="2026-01-07", preceding=("R-1",))
    summary = inbox.load(credit, ubl(), is_number_per_year=True)
    assert counts(summary) == (2, 2, 0, 0)
    assert (inbox.invoice("2026/R-1").open_minor, inbox.note("2026/CN-1").unallocated_minor) == (0, 0)
    assert [code for _, code, _ in notes(summary)] == ["number_of_year"]


# Again, and dry


def test_a_folder_again_adds_nothing_and_its_new_files_are_added(inbox):
    inbox.load(ubl(), ubl("CN-1", root="CreditNote", type_code="381"))
    position, files = inbox.app.ledger.head().position, len(archived(inbox.app))
    again = inbox.load()
    assert (counts(again), again.notes) == ((2, 0, 2, 0), ())
    assert (inbox.app.ledger.head().position, len(archived(inbox.app))) == (position, files)
    inbox.put(c=ubl("R-2"))
    assert counts(inbox.load()) == (3, 1, 2, 0)


def test_an_invoice_of_a_table_is_the_same_with_a_file_and_another_content_is_refused(inbox, app, tmp_path):
    Filing(app, tmp_path).load("invoices", INVOICES + "C-1,R-1,2026-01-05,2026-02-04,119.00,EUR\n")
    same: dict[str, Any] = {"reference": None, "tax": None, "gross": "119.00", "net": None, "lines": ()}
    data = ubl(**same).replace(b"<cac:OrderReference><cbc:ID>PO-7</cbc:ID></cac:OrderReference>", b"")
    summary = inbox.load(data, ubl())
    assert counts(summary) == (2, 0, 1, 1)
    message = "a.xml: R-1 is there already without a document: this file is not archived"
    assert notes(summary) == [(1, "not_archived", message)]
    assert summary.first_rejects[0].code == "number_taken"


def test_a_dry_run_checks_and_archives_nothing(inbox):
    summary = inbox.load(ubl(), ubl("R-2", due="1.00"), dry_run=True)
    assert counts(summary) == (2, 1, 0, 1)
    assert (inbox.app.ledger.head().position, archived(inbox.app), summary.reject_file) == (0, [], None)
    with inbox.app.pool.connection() as conn:
        assert conn.execute("select count(*) from ledger.personal_keys").fetchone() == (0,)


def test_files_decided_again_because_others_were_faster_are_said_and_kept_once(inbox, monkeypatch):
    recorded, tried = book.Book.commit, []

    def commit(self: book.Book) -> None:
        tried.append(self)
        if len(tried) == 1:
            raise MovedOn([])
        recorded(self)

    monkeypatch.setattr(book.Book, "commit", commit)
    summary = inbox.load(ubl(identifier=None))
    assert (counts(summary), len(archived(inbox.app))) == ((1, 1, 0, 0), 1)
    assert [each.code for each in summary.notes] == ["customer_by_vat", "not_kept"]


# A folder


def test_what_is_wrong_with_a_file_costs_that_file_alone_and_is_listed_with_its_name(inbox):
    bad = {
        "c": ubl("R-3", due="120.00"),
        "d": b"<Invoice>",
        "e": pdf({}),
        "f": ubl("R-6", issued_on="2031-01-05", due_on=None),
    }
    inbox.put(**bad)
    summary = inbox.load(ubl(), ubl("R-2"))
    assert counts(summary) == (6, 2, 0, 4)
    assert [(each.line, each.field, each.code) for each in summary.first_rejects] == [
        (3, "BT-115", "sums_contradict"),
        (4, "", "not_xml"),
        (5, "", "pdf_without_invoice"),
        (6, "BT-2", "day_is_ahead"),
    ]
    assert summary.first_rejects[0].message == "c.xml: BT-115 is 120.00, but BT-112 - BT-113 + BT-114 is 119.00"
    assert summary.reject_file == inbox.folder.parent / "inbox.rejects.csv"
    head, first, *_ = summary.reject_file.read_text("utf-8-sig").splitlines()
    assert head == "row,field,code,reason,origin,file"
    assert first.startswith("3,BT-115,sums_contradict,") and first.endswith(",c.xml")
    assert len(archived(inbox.app)) == 2


def test_what_else_lies_in_a_folder_is_named_and_left_alone(inbox):
    for name in ("sums.csv", "notes.txt"):
        (inbox.folder / name).write_text(INVOICES)
    summary = inbox.load(ubl())
    assert counts(summary) == (1, 1, 0, 0)
    assert notes(summary) == [(0, "left_alone", "left alone, as neither XML nor PDF: notes.txt, sums.csv")]


def test_what_the_ledger_does_not_keep_is_one_note_a_file(inbox):
    delivery = "<cac:Delivery><cbc:ActualDeliveryDate>2026-01-04</cbc:ActualDeliveryDate></cac:Delivery>"
    summary = inbox.load(ubl(more=delivery))
    message = "a.xml: only in the document itself: BG-25 lines (InvoiceLine, 2 times); BG-13 delivery (Delivery)"
    assert notes(summary, but="") == [(1, "not_kept", message)]
    assert import_answer(summary)["notes"] == [{"row": 1, "code": "not_kept", "message": message}]


def test_each_fact_says_which_file_it_came_from(inbox):
    inbox.load(ubl())
    [entry] = inbox.app.ledger.facts(invoice_stream("R-1", "main"))
    assert entry.cause.command_id == f"import:{sha256(ubl()).hexdigest()[:16]}:1"
    assert (entry.cause.actor, entry.cause.reason) == ("ann the accountant", "import of inbox")


def test_two_names_of_one_customer_are_said(inbox):
    summary = inbox.load(ubl(), ubl("R-2", name="Zenith AG"))
    message = "b.xml: customer C-1 is called Zenith AG here, and Acme GmbH before"
    assert notes(summary) == [(2, "name_differs", message)]


# On the command line


def test_a_file_is_imported_shown_and_given_out_again(terminal: Terminal, tmp_path: Path):
    data = pdf({"factur-x.xml": cii("R/1")})
    (tmp_path / "one.pdf").write_bytes(data)
    (tmp_path / "two.xml").write_bytes(ubl("R-2"))
    said = terminal.run("import", "invoices", tmp_path / "one.pdf").stdout
    assert "1 file read: 1 imported, 0 already there, 0 rejected" in said
    assert "control total: 119.00 EUR in 1 file\n" in said
    terminal.run("import", "invoices", tmp_path / "two.xml", "--customer-from", "vat")
    assert terminal.json("invoice", "show", "R/1")["document"] == sha256(data).hexdigest()
    assert sha256(data).hexdigest() in terminal.run("invoice", "show", "R/1").stdout
    terminal.run("invoice", "document", "R/1", "--output", tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == data
    assert terminal.run("invoice", "document", "R-2").stdout_bytes == ubl("R-2")
    assert terminal.json("invoice", "show", "R-2")["customer"] == "DE123456789"


def test_rejected_files_end_with_1_and_say_what_to_do(terminal: Terminal, tmp_path: Path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.xml").write_bytes(ubl(due="1.00"))
    said = terminal.run("import", "invoices", tmp_path / "in", exits=1).stdout
    assert "  one.xml: BT-115 is 1.00, but BT-112 - BT-113 + BT-114 is 119.00\n" in said
    assert "Import them again once they are corrected" in said


def test_only_invoices_ask_what_customers_are_known_by(terminal: Terminal, tmp_path: Path):
    (tmp_path / "p.csv").write_text("number,amount,value_on\n")
    terminal.run("import", "payments", tmp_path / "p.csv", "--customer-from", "vat", exits=2)
