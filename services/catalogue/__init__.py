"""The catalogue of commands: every door gives commands out of it, by name or by value."""

from services.catalogue import contacts, credit_notes, customers, invoices, policies, receipts, texts
from services.catalogue.command import Command

CATALOGUE: dict[str, Command[...]] = {
    command.name: command
    for command in (
        *invoices.COMMANDS, *customers.COMMANDS, *receipts.COMMANDS, *contacts.COMMANDS, *policies.COMMANDS,
        *texts.COMMANDS, *credit_notes.COMMANDS,
    )
}  # fmt: skip
