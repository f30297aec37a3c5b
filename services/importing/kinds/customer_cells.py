"""What the cells of a row say about a customer: each checked, and none of them needed."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from domain.customer.account import require_channel
from domain.refusal import Refused
from domain.written_terms import terms_of
from infra.codes import country_code, language_tag
from infra.post.address import deliverable
from services.importing.reading.cells import LONGEST_TEXT, Cells
from services.importing.tally import Money

CONTACT_PARTS = ("name", "email", "phone", "address")
LONGEST_ADDRESS = 500
LONGEST_COLLECTOR = 100
# What takes a part of the contact away. A dash says no more than an empty cell: many programs write it there.
NONE = "(none)"
REMOVED = ""
_DASHES = re.compile("[-\N{EN DASH}\N{EM DASH}]+")

Read = TypeVar("Read")


class Details(NamedTuple):
    """`contact` has its parts, those to be removed as REMOVED, and `terms` the arguments of the command.

    `names` are the fields that the row says something of.
    """

    country: str | None
    contact: Mapping[str, str]
    terms: Mapping[str, Any]
    limit: Money | None
    collector: str | None
    reason: str | None
    names: frozenset[str]


def details(cells: Cells) -> Details:
    country, contact, terms = _country(cells), _contact(cells), _terms(cells)
    limit, collector = _limit(cells), _text(cells, "collector", LONGEST_COLLECTOR)
    others = {"country": country, "limit": limit, "collector": collector}
    names = frozenset(
        (*contact, *map(_field_of, terms), *(name for name, value in others.items() if value is not None))
    )
    return Details(country, contact, terms, limit, collector, cells.text("reason"), names)


def _field_of(argument: str) -> str:
    """The field that an argument of the terms is read from."""
    return {"schedule": "terms", "discounts": "terms", "is_consumer": "consumer"}.get(argument, argument)


def _contact(cells: Cells) -> Mapping[str, str]:
    parts = {
        "name": _part(cells, "name"),
        "email": _email(cells),
        "phone": _part(cells, "phone"),
        "address": _address(cells),
    }
    return {part: value for part, value in parts.items() if value is not None}


def _terms(cells: Cells) -> Mapping[str, Any]:
    """Refuses `bad_schedule`, `bad_discount`, `unknown_language`, `unknown_channel` and `neither_yes_nor_no`."""
    found: dict[str, Any] = {}
    if text := _text(cells, "terms"):
        found |= _in_field("terms", terms_of, text)._asdict()
    if text := _text(cells, "language"):
        found["language"] = language_tag(text)
        if not found["language"]:
            raise Refused("unknown_language", f"{text[:20]!r} is no language such as en or German", "language")
    if _text(cells, "consumer"):
        found["is_consumer"] = cells.yes("consumer")
    if text := _text(cells, "channel"):
        found["channel"] = text.casefold()
        _in_field("channel", require_channel, found["channel"])
    return found


def _country(cells: Cells) -> str | None:
    text = _text(cells, "country")
    code = country_code(text) if text else None
    if text and not code:
        raise Refused("unknown_country", f"{text[:20]!r} is no country such as DE or Germany", "country")
    return code


def _limit(cells: Cells) -> Money | None:
    """A limit of zero is no credit at all; an empty cell says nothing."""
    if not _text(cells, "limit"):
        return None
    currency = cells.currency()
    minor = cells.amount("limit", currency)
    if minor < 0:
        raise Refused("negative", "a credit limit is zero or more", "limit")
    return currency, minor


def _email(cells: Cells) -> str | None:
    text = _part(cells, "email")
    if text and not deliverable(text):
        # Not said which: rejects are shown, and an address is personal.
        raise Refused("not_an_email", "it is no e-mail address such as billing@firm.example", "email")
    return text


def _address(cells: Cells) -> str | None:
    """In one cell, else put together; its lines end with commas, as letters expect them."""
    whole = _part(cells, "address", LONGEST_ADDRESS)
    if whole is not None:
        return whole
    street = _text(cells, "street")
    town = " ".join(filter(None, (_text(cells, "postal_code"), _text(cells, "city"))))
    return ", ".join(filter(None, (street, town))) or None


def _part(cells: Cells, field: str, longest: int = LONGEST_TEXT) -> str | None:
    text = cells.lines(field, longest)
    if text == NONE:
        return REMOVED
    return None if text is None or _DASHES.fullmatch(text) else text


def _in_field(field: str, read: Callable[[str], Read], text: str) -> Read:
    try:
        return read(text)
    except Refused as refusal:
        raise Refused(refusal.code, refusal.message, field) from None


def _text(cells: Cells, field: str, longest: int = LONGEST_TEXT) -> str | None:
    text = cells.text(field, longest)
    if text == NONE:
        raise Refused("cannot_be_removed", "a file takes away name, e-mail, phone and address alone", field)
    return None if text is None or _DASHES.fullmatch(text) else text
