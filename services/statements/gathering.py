"""Statements out of the views and the log: of one customer, or of all of them, a page of customers at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.customer import Customer, encrypted_contacts
from domain.customer.account import require_customer
from domain.entry import customer_stream
from domain.money import exponent, readable
from domain.refusal import Refused
from infra.disclosures import CONTACT, Disclose
from infra.encryption import Encryption
from infra.log.ledger import Ledger
from infra.texts.locales import DEFAULT_LANGUAGE, language_of
from projections.open_items import drill_down, statement
from projections.open_items.asking import Part
from services.messages.gathering import address_lines
from services.rollforward import DoesNotTieOut
from services.snapshots import Ask, AsOfPosition, Snapshots, answer, require_day, require_named
from services.statements.content import Account, Statement, accounts

VIEW = "open_items"
# How many customers are read at once.
PAGE = 500
MONTHS = 3


@dataclass(frozen=True, slots=True)
class Run:
    """Statements of many customers, as known at one position; `pages` reads on as it is asked for more."""

    as_known: AsOfPosition
    customers: int
    pages: Iterator[list[Statement]]


class Statements:
    """Asked of the views over the log: a reporting database has no facts."""

    def __init__(self, ledger: Ledger, snapshots: Snapshots, encryption: Callable[[], Encryption], disclose: Disclose):
        self._ledger, self._snapshots, self._encryption, self._disclose = ledger, snapshots, encryption, disclose

    def statement(
        self,
        customer: str,
        as_of: date,
        first: date | None = None,
        *,
        entity: str | None = None,
        currency: str | None = None,
    ) -> tuple[AsOfPosition, Statement]:
        """From the first day, by default that of the month two months before, to `as_of`.

        Refuses `not_registered`, `bad_period`, `bad_day`, `unknown_entity` and `unknown_currency`.
        """
        first = _period(as_of, first, currency)
        require_customer(self._ledger.state(customer_stream(customer)))
        with self._snapshots.at(None, VIEW) as (as_known, ask):
            part = Part(as_of=as_of, entity=entity, currency=currency)
            found = _accounts(ask, part, first, [customer], as_known.position)
            if not found[customer]:
                require_named(ask, entity=entity)
        [made] = self._made(found, first, as_of)
        return as_known, made

    def all(
        self,
        as_of: date,
        first: date | None = None,
        *,
        entity: str | None = None,
        currency: str | None = None,
        only_open: bool = False,
    ) -> Run:
        """Of all with whom there was anything since the first day, or only of those of whom anything is open.

        Refuses as `statement` does.
        """
        first = _period(as_of, first, currency)
        with self._snapshots.at(None, VIEW) as (as_known, ask):
            part = Part(as_of=as_of, entity=entity, currency=currency, known_at=as_known.position)
            customers = answer(ask, statement.customers(part, first, only_open=only_open))
            if not customers:
                require_named(ask, entity=entity)
        return Run(as_known, len(customers), self._pages(part, first, customers, as_known.position))

    def _pages(self, part: Part, first: date, customers: Sequence[str], position: int) -> Iterator[list[Statement]]:
        for start in range(0, len(customers), PAGE):
            with self._snapshots.at(None, VIEW) as (_, ask):
                found = _accounts(ask, part, first, customers[start : start + PAGE], position)
            yield self._made(found, first, part.as_of)

    def _made(self, found: Mapping[str, tuple[Account, ...]], first: date, as_of: date) -> list[Statement]:
        """With name and address of each, which is on record before anybody sees them."""
        states = self._ledger.states(map(customer_stream, found))
        customers: dict[str, Customer | None] = {each: states[customer_stream(each)] for each in found}
        encrypted = encrypted_contacts(customers)
        contacts = self._encryption().contacts(encrypted) if encrypted else {}
        made = [_statement(each, customers[each], contacts.get(each, {}), found[each], first, as_of) for each in found]
        self._disclose("customer statement", [each.customer for each in made if each.is_personal], CONTACT)
        return made


def first_day(as_of: date) -> date:
    """Of the month two months before: a quarter, of which the last month may have just begun."""
    month = as_of.year * 12 + as_of.month - MONTHS
    return date(month // 12, month % 12 + 1, 1)


def _period(as_of: date, first: date | None, currency: str | None) -> date:
    first = first_day(require_day(as_of)) if first is None else require_day(first)
    if first > as_of:
        raise Refused("bad_period", f"the statement begins on {first}, after its last day {as_of}")
    if currency is not None:
        exponent(currency)
    return first


def _accounts(
    ask: Ask, part: Part, first: date, customers: Sequence[str], position: int
) -> dict[str, tuple[Account, ...]]:
    """By customer, in their order; four questions, however many customers."""
    openings = _by_customer(answer(ask, statement.openings(part, first, customers)))
    booked = _by_customer(answer(ask, statement.booked(part, first, customers, position)))
    items = _by_customer(answer(ask, drill_down.items(part, customers)))
    on_account = _by_customer(answer(ask, statement.on_account(part, customers)))
    found = {}
    for each in customers:
        begins = [((opening.entity, opening.currency), opening.open_minor) for opening in openings.get(each, ())]
        found[each] = accounts(begins, booked.get(each, ()), items.get(each, ()), on_account.get(each, ()))
        _require_tied(each, found[each])
    return found


def _require_tied(customer: str, found: Iterable[Account]) -> None:
    for each in found:
        if each.difference_minor:
            amount = readable(each.difference_minor, each.currency)
            raise DoesNotTieOut(f"the statement of {customer} does not tie out: no fact explains {amount} of it")


def _statement(
    number: str,
    customer: Customer | None,
    contact: Mapping[str, str],
    found: tuple[Account, ...],
    first: date,
    as_of: date,
) -> Statement:
    terms = customer.terms if customer else None
    language = language_of(terms.language) if terms else DEFAULT_LANGUAGE
    address = address_lines(contact.get("address", ""))
    return Statement(number, first, as_of, language, contact.get("name", ""), address, found)


def _by_customer(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.customer, []).append(row)
    return found
