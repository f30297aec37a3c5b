"""Names of customers beside their numbers, for those who may see them: that they were shown is recorded first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from infra.disclosures import CONTACT, Disclose
from infra.encryption import Encryption
from projections.escalation import listing
from projections.escalation.view import NAME as ESCALATION
from services.snapshots import Snapshots

ERASED = "(erased)"


class Names:
    """They are those of today, whatever day a list is of."""

    def __init__(self, snapshots: Snapshots, encryption: Callable[[], Encryption], disclose: Disclose):
        self._snapshots, self._encryption, self._disclose = snapshots, encryption, disclose

    def of(self, purpose: str, customers: Iterable[str]) -> dict[str, str]:
        """By customer, of those who have one or had one before their data was erased; one disclosure for all."""
        asked = {*customers}
        with self._snapshots.at(None, ESCALATION) as (_, ask):
            [encrypted] = ask(listing.encrypted_contacts(sorted(asked)))
        contacts = self._encryption().readable_contacts(dict(encrypted)) if encrypted else {}
        names = {customer: contact["name"] for customer, contact in contacts.items() if contact.get("name")}
        self._disclose(purpose, names, CONTACT)
        return names | dict.fromkeys(self._encryption().destroyed(asked), ERASED)

    def beside(self, purpose: str, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Rows about customers with a `name` after the `customer`."""
        names = self.of(purpose, (row["customer"] for row in rows if row["customer"]))
        return [_with_name(row, names.get(row["customer"], "")) for row in rows]


def _with_name(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for key, value in row.items():
        named[key] = value
        if key == "customer":
            named["name"] = name
    return named
