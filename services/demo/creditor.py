"""Whose invoices the demonstration plays: a trading house that there is not, with the bank account of the textbooks."""

from pathlib import Path

from infra.creditors import FILE
from infra.files.wholefile import write_whole

_CREDITOR = """\
# The creditor of the demonstration. Put your own in its place: the keys are name, address, contact, email, phone,
# website, iban, bic, bank, tax_number, registration, footer; a table for each entity.

[{entity}]
name = "Nordlicht Handel GmbH"
address = ["Speicherstadt 12", "20457 Hamburg", "Deutschland"]
contact = "Accounts receivable"
email = "accounts@nordlicht.example"
phone = "+49 30 23125 100"
website = "nordlicht.example"
iban = "DE89370400440532013000"
bic = "COBADEFFXXX"
registration = "HRB 000000, Amtsgericht Hamburg"
footer = ["A demonstration: nobody owes this, and nobody is to pay it."]
"""


def introduce(home: Path, entity: str) -> bool:
    """Writes who the letters come from, where the home does not say; what it says is never touched."""
    return write_whole(home / FILE, _CREDITOR.format(entity=entity).encode())
