"""The names of columns that files come with."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.importing.column_names import CREDITS, KNOWN, OPEN_AMOUNTS, STANDS_IN, normal
from services.importing.credit_notes import CreditNotes
from services.importing.history import History
from services.importing.invoices import Invoices
from services.importing.options import Options
from services.importing.payments import Payments

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


def test_credits_and_stand_ins_are_names_of_the_same_form():
    assert [name for name in CREDITS if normal(name) != name] == []
    fields = {field for kind in KNOWN.values() for field in kind}
    assert all({field, *others} <= fields for field, others in STANDS_IN.items())
