"""Roles: which commands whoever has one may give, where nothing else is set."""

from services.catalogue import customers, invoices, receipts

# Another program's: what arises in its own trade, and nothing that decides how debtors are pursued.
SERVICE: frozenset[str] = frozenset(
    command.name
    for command in (
        invoices.ISSUE,
        invoices.CREDIT,
        invoices.DISPUTE,
        invoices.RESOLVE,
        receipts.RECORD,
        customers.REGISTER,
        customers.TERMS,
        customers.LIMIT,
    )
)
