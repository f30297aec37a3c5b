"""The names of columns that files come with."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.files.table import LeftOut, Table
from infra.files.tabular import Unreadable
from services.importing.kinds.credit_notes import CreditNotes
from services.importing.kinds.history import History
from services.importing.kinds.invoices import Invoices
from services.importing.kinds.payments import Payments
from services.importing.options import Options
from services.importing.reading.column_names import CREDITS, INSTEAD, KNOWN, MONEY_IN, OPEN_AMOUNTS, STANDS_IN, normal
from services.importing.reading.columns import placed

KINDS = sorted(KNOWN)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Fällig am", "FAELLIG AM", "fällig_am:", "Fa\u0308llig-am", " Fällig  am "], "faelligam"),
        (["Straße", "STRASSE", "strasse"], "strasse"),
        (["Beløp", "BELOEP", "beloep"], "beloep"),
        (["Utestående", "utestaaende"], "utestaaende"),
        (["Date (UTC)", "date utc", "Date\u00a0(UTC)"], "dateutc"),
        (["Invoice No.", "invoice-no", "*InvoiceNo"], "invoiceno"),
        (["S/H", "s h", "S/H "], "sh"),
        (["Coördinator", "coordinator"], None),
        (["Geïnd", "GEIND", "geind"], "geind"),
        (["\ufeffNumber", "number"], "number"),
        (["", "--", "#"], ""),
    ],
)
def test_a_name_is_the_same_in_other_capitals_with_other_marks_and_with_umlauts_spelled_out(names, expected):
    if expected is None:
        # An o with two dots is the German umlaut, whatever the language of the file.
        assert normal(names[0]) == "cooerdinator" != normal(names[1])
    else:
        assert {normal(name) for name in names} == {expected}


@given(st.text())
def test_what_is_normal_stays_as_it_is(name):
    assert normal(normal(name)) == normal(name)


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_stands_under_one_field_and_is_in_normal_form(kind):
    names = Counter(name for names in KNOWN[kind].values() for name in names)
    assert [name for name, times in names.items() if times > 1] == []
    assert [name for name in names if normal(name) != name] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_known_by_its_own_name(kind):
    assert [field for field, names in KNOWN[kind].items() if normal(field) not in names] == []


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("invoices", Invoices().fields(Options())),
        ("history", History().fields(Options())),
        ("credit_notes", CreditNotes().fields(Options())),
        ("payments", Payments.fields(None, Options())),  # type: ignore[arg-type]
    ],
)
def test_every_field_that_can_be_imported_has_names(kind, fields):
    assert set(fields) <= set(KNOWN[kind])


def test_what_is_still_open_comes_before_the_total_but_in_a_history():
    amounts = KNOWN["invoices"]["amount"]
    assert amounts.index("amountdue") < amounts.index("total")
    assert amounts.index("saldo") < amounts.index("betrag")
    assert KNOWN["history"]["amount"].index("total") < KNOWN["history"]["amount"].index("amountdue")
    assert set(amounts) > OPEN_AMOUNTS


def test_credits_and_what_serves_for_a_field_are_names_of_the_same_form():
    assert [name for name in CREDITS if normal(name) != name] == []
    assert MONEY_IN < CREDITS
    fields = {field for kind in KNOWN.values() for field in kind}
    assert all({field, *others} <= fields for field, others in (*STANDS_IN.items(), *INSTEAD.items()))


# Head lines of programs


def taken(kind: str, head: str, mapped: Mapping[str, str] = {}) -> dict[str, str]:
    """Field -> column of a file with that head line, of which nothing is needed."""
    columns = tuple(head.split("|"))
    table = Table(Path("file"), "", 1, "utf-8", ",", columns, iter(()), lambda: iter(()), 1, LeftOut())
    found = placed(table, dict.fromkeys(KNOWN[kind], False), KNOWN[kind], mapped)
    return {field: columns[at] for field, at in found.at.items()}


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            "Customer|Name 1|Street|Postal Code|City|Country/Region Key|Language Key|Telephone 1|E-Mail Address",
            "customer name street postal_code city country language phone email",
        ),
        (
            "Debitor|Name 1|Straße|Postleitzahl|Ort|Länderschlüssel|Zahlungsbedingung|Kreditlimit|Sachbearbeiter",
            "customer name street postal_code city country terms limit collector",
        ),
        ("Customer full name|Phone numbers|Email|Full name|Bill address", "name phone email - address"),
        (
            "*ContactName|AccountNumber|EmailAddress|FirstName|POAddressLine1|POCity|POPostalCode|POCountry|PhoneNumber",
            "name - email - street city postal_code country phone",
        ),
        ("id|Description|Email|Name|Created (UTC)|Currency", "customer - email name - currency"),
        ("Display Name|Phone|Email|Salesperson|City|Country", "name phone email - city country"),
        (
            "Konto|Name (Adressattyp Unternehmen)|Straße|Postleitzahl|Ort|E-Mail",
            "customer name street postal_code city email",
        ),
        (
            "Kunden-Nr.|Firma|Straße|PLZ|Ort|Telefon|E-Mail|Zahlungsziel",
            "customer name street postal_code city phone email terms",
        ),
        (
            "Debiteurcode|Naam|Adres|Postcode|Plaats|Land|Telefoon|E-mail",
            "customer name address postal_code city country phone email",
        ),
        (
            "Kundenr|Navn|Adresse|Postnr|Poststed|E-post|Tlf.|Kredittgrense",
            "customer name address postal_code city email phone limit",
        ),
    ],
)
def test_lists_of_customers_are_known(head, expected):
    found = taken("customers", head)
    fields = dict(zip(expected.split(), head.split("|"), strict=True))
    fields.pop("-", None)
    # Some programs know a customer by name alone.
    assert found == {"customer": fields.get("name"), **fields}


def test_a_name_of_ones_own_comes_before_usual_ones_and_what_is_mapped_before_both():
    head = "number|Invoice No.|Beleg"
    assert taken("invoices", head)["number"] == "number"
    assert taken("invoices", head, {"number": "Beleg"})["number"] == "Beleg"


def test_in_other_capitals_it_comes_after_better_ones():
    assert taken("invoices", "Amount|Open balance")["amount"] == "Open balance"
    assert taken("payments", "Number|Reconciled Invoices/Number")["number"] == "Reconciled Invoices/Number"
    assert taken("payments", "Number|Memo")["number"] == "Number"


def test_two_columns_that_could_be_the_same_are_refused_by_both_names():
    with pytest.raises(Unreadable, match="Invoice Number and Invoice No., and both could be number"):
        taken("invoices", "Invoice Number|Invoice No.")


def test_an_id_of_the_program_gives_way_to_a_number():
    assert taken("payments", "invoice_id|invoice_number")["number"] == "invoice_number"
