"""Roles: which commands whoever has one may give, where nothing else is set."""

from services.catalogue import credit_notes, customers, invoices, receipts

# Another program's: what arises in its own trade, and nothing that takes back what was recorded, moves money to another
# entity or decides how debtors are pursued.
SERVICE: frozenset[str] = frozenset(
    command.name
    for command in (
        invoices.ISSUE,
        invoices.CREDIT,
        invoices.DISPUTE,
        invoices.RESOLVE,
        credit_notes.ISSUE,
        receipts.RECORD,
        customers.REGISTER,
        customers.TERMS,
        customers.LIMIT,
    )
)
