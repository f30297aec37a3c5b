"""Rows that are customers: who they are, where they are reached, on which terms, and how far they are trusted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

from domain.billing import NET_DAYS
from domain.customer import Customer
from domain.customer.facts import TermsAgreed
from domain.entry import customer_stream
from domain.notes import NO_CREDIT, UPDATED, Note
from domain.refusal import Refused
from domain.terms import WHOLE, Share
from projections.audit.difference.customers import difference
from projections.audit.difference.phrases import change, joined
from services.catalogue.customers import COLLECTOR, CONTACT, LIMIT, REGISTER, TERMS
from services.importing.book import Book, StreamRequest
from services.importing.kinds.customer_cells import CONTACT_PARTS, REMOVED, Details, details
from services.importing.options import Options
from services.importing.reading.cells import Cells, Place
from services.importing.reading.totals import says_sum

# How what changed of a contact is said: never what it is.
_SPOKEN = {"email": "e-mail"}


class CustomerRow(NamedTuple):
    at: Place
    customer: str
    account: str
    details: Details


class Customers:
    """A new customer is registered; of one who is there already, what the row says otherwise is set anew.

    What a row leaves empty stays as it is. Two rows of a file about one customer must not contradict each other. The
    contact of those who are there is decrypted to be compared, and shown to nobody.
    """

    def __init__(self) -> None:
        self._contacts: dict[str, Mapping[str, str]] = {}
        # By customer, the fields that each line of this file has said something of; the same few sets come again.
        self._said: dict[str, dict[int, frozenset[str]]] = {}
        self._names: dict[frozenset[str], frozenset[str]] = {}
        self._updated: set[int] = set()
        self._notes: list[Note] = []

    def fields(self, options: Options) -> Mapping[str, bool]:
        return {
            "customer": True,
            "name": False,
            "email": False,
            "phone": False,
            "address": False,
            "street": False,
            "postal_code": False,
            "city": False,
            "language": False,
            "country": False,
            "consumer": False,
            "channel": False,
            "terms": False,
            "limit": False,
            "currency": False,
            "collector": False,
            "reason": False,
        }

    def read(self, cells: Cells) -> CustomerRow:
        """Refuses `missing` for what may be a line of sums; whether it is one is decided where others are, too."""
        number, said = cells.key("customer"), details(cells)
        if said.names == {"limit"} and says_sum(number):
            raise Refused("missing", f"{number!r} may be a line of sums: a customer called so needs a name", "name")
        return CustomerRow(cells.place, number, customer_stream(number), said)

    def prepare(self, rows: Sequence[CustomerRow], book: Book) -> None:
        book.open(row.account for row in rows)
        if not book.is_dry:
            self._contacts = {}
        named = [row.customer for row in rows if row.details.contact and row.customer not in self._contacts]
        self._contacts |= book.contacts(named)
        book.encrypt_all([*self._new_contacts(rows)])

    def comes_last(self, row: CustomerRow) -> bool:
        return False

    def commands(self, row: CustomerRow, book: Book) -> Iterator[StreamRequest]:
        self._forget(row)
        before: Customer | None = book.state(row.account)
        if before and before.is_erased:
            raise Refused("data_erased", f"the personal data of customer {row.customer} was erased", "customer")
        contact = _merged(self._contacts.get(row.customer, {}), {})
        merged = _merged(contact, row.details.contact)
        for request, reason in _requests(row, before, contact, merged):
            yield StreamRequest(row.account, request, book.today, reason)
        after: Customer = book.state(row.account)
        self._take(row, before, after, contact, merged)
        if row.details.contact:
            self._contacts[row.customer] = merged

    def money(self, row: CustomerRow, book: Book) -> None:
        """A customer comes to nothing that could be added up."""

    def notes(self, row: CustomerRow) -> Sequence[Note]:
        return self._notes

    def updated(self) -> int:
        """How many rows changed what was there."""
        return len(self._updated)

    def _forget(self, row: CustomerRow) -> None:
        """What was kept of it when it was decided before, and another writer was faster."""
        self._updated.discard(row.at.line)
        self._said.get(row.customer, {}).pop(row.at.line, None)
        self._notes = []

    def _new_contacts(self, rows: Sequence[CustomerRow]) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Those that the rows will set, one after the other, so that all are encrypted at once."""
        known = dict(self._contacts)
        for row in rows:
            before = known.get(row.customer, {})
            after = known[row.customer] = _merged(before, row.details.contact)
            if after and after != before:
                yield row.customer, after

    def _take(
        self,
        row: CustomerRow,
        before: Customer | None,
        after: Customer,
        contact: Mapping[str, str],
        merged: Mapping[str, str],
    ) -> None:
        """Refuses `contradicts` when the row changes what one above it has said."""
        was, now = _values(before, contact), _values(after, merged)
        changed = {field for field in row.details.names if was[field] != now[field]}
        self._require_no_contradiction(row, changed)
        if before and changed:
            self._updated.add(row.at.line)
            self._notes.append(Note(UPDATED, joined(*_phrases(before, after, contact, merged))))
        if "limit" in changed and after.limit and not after.limit.amount_minor:
            message = (
                f"a limit of zero is no credit at all for customer {row.customer}; leave it empty where there is none"
            )
            self._notes.append(Note(NO_CREDIT, message))

    def _require_no_contradiction(self, row: CustomerRow, changed: set[str]) -> None:
        said = self._said.setdefault(row.customer, {})
        for line, names in said.items():
            # Those below are there when it is decided again.
            if line < row.at.line and (contradicted := sorted(changed & names)):
                message = f"row {line} of this file says otherwise of customer {row.customer}"
                raise Refused("contradicts", message, contradicted[0])
        said[row.at.line] = self._names.setdefault(row.details.names, row.details.names)


def _merged(contact: Mapping[str, str], given: Mapping[str, str]) -> Mapping[str, str]:
    """The contact with what a row says of it."""
    parts = {**contact, **given}
    return {part: parts[part] for part in CONTACT_PARTS if parts.get(part, REMOVED) != REMOVED}


def _requests(
    row: CustomerRow, known: Customer | None, contact: Mapping[str, str], merged: Mapping[str, str]
) -> Iterator[tuple[Any, str | None]]:
    """Each with the row's reason where it needs one."""
    details = row.details
    if known is None or details.country:
        yield REGISTER(country=details.country), None
    if not _are_agreed(known, details.terms):
        yield TERMS(**_terms(known, details.terms)), None
    if merged != contact:
        if not merged:
            raise Refused("missing", "nothing of the contact would be left, and none cannot be set", "name")
        yield CONTACT(**merged), None
    limit = known and known.limit
    if details.limit and not (limit and details.limit == (limit.currency, limit.amount_minor)):
        currency, minor = details.limit
        yield LIMIT(amount_minor=minor, currency=currency), details.reason
    if details.collector:
        yield COLLECTOR(collector=details.collector), None


def _are_agreed(known: Customer | None, given: Mapping[str, Any]) -> bool:
    terms = known and known.terms
    return not given or (terms is not None and all(getattr(terms, name) == value for name, value in given.items()))


def _terms(known: Customer | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Those in force with what the row says; without any, those that hold where none were agreed."""
    terms = (known and known.terms) or TermsAgreed((Share(NET_DAYS, WHOLE),))
    # A policy that was assigned since is not given up for that of the terms.
    policy = known.policy if known and terms.policy else None
    return {**{each.name: getattr(terms, each.name) for each in fields(terms)}, **given, "policy": policy}


def _values(known: Customer | None, contact: Mapping[str, str]) -> dict[str, object]:
    """By field, as far as rows may say it."""
    terms = known and known.terms
    limit = known and known.limit
    return {
        **{part: contact.get(part) for part in CONTACT_PARTS},
        "country": known and known.registered.country,
        "language": terms and terms.language,
        "consumer": terms and terms.is_consumer,
        "channel": terms and terms.channel,
        "terms": terms and (terms.schedule, terms.discounts),
        "limit": limit and (limit.currency, limit.amount_minor),
        "collector": known and known.collector,
    }


def _phrases(before: Customer, after: Customer, contact: Mapping[str, str], merged: Mapping[str, str]) -> Iterator[str]:
    yield change("country", before.registered.country, after.registered.country)
    for part in CONTACT_PARTS:
        was, now = contact.get(part), merged.get(part)
        if was != now:
            yield f"{_SPOKEN.get(part, part)} {'changed' if was and now else 'set' if now else 'removed'}"
    if after.terms and after.terms != before.terms:
        yield difference(before, after.terms, after)
    if after.limit and after.limit != before.limit:
        yield difference(before, after.limit, after)
    yield change("collector", before.collector, after.collector)
