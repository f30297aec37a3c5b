"""Numbers that begin anew with each year: in the ledger an invoice is then `2026/17`, by the year of its issue."""

from collections.abc import Sequence
from datetime import date

from domain.entry import invoice_stream
from domain.invoice import Invoice
from domain.notes import NUMBER_OF_YEAR, Note
from services.importing.book import Book

# How many years before its own money and credit notes are looked for.
BACK = 3


def number_of_year(number: str, issued_on: date) -> str:
    return f"{issued_on.year}/{number}"


def may_be(number: str, on: date) -> tuple[str, ...]:
    """The numbers in the ledger that somebody may mean on a day, the newest first; the number itself may be one."""
    return (*(f"{on.year - back}/{number}" for back in range(BACK + 1)), number)


def meant(numbers: Sequence[str], entity: str, book: Book) -> str:
    """The newest that is open, else the newest there is; all of them have been opened."""
    states: dict[str, Invoice] = {
        number: state for number in numbers if (state := book.state(invoice_stream(number, entity)))
    }
    still_open = (number for number, state in states.items() if state.open_minor)
    return next(still_open, next(iter(states), numbers[0]))


def note_of_year(number: str, found: str) -> Note:
    return Note(NUMBER_OF_YEAR, f"invoice {number} is {found} in the ledger")
