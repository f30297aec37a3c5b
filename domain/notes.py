"""Notes: what was taken although it may not be what was meant, said to whoever gave it; nothing is refused by one."""

from typing import NamedTuple

# Money that names or comes from somebody or something it cannot simply go to.
UNKNOWN_INVOICE = "unknown_invoice"
UNKNOWN_CUSTOMER = "unknown_customer"
CURRENCY_DIFFERS = "currency_differs"
OTHER_ENTITY = "other_entity"
OTHER_CUSTOMER = "other_customer"
ALREADY_PAID = "already_paid"
WRITTEN_OFF = "written_off"
VOIDED = "voided"
FACTORED = "factored"
OVER_OPEN = "over_open"
ON_ACCOUNT = "on_account"

# Effective on another day than one may think, and what is no longer paid because of it.
EFFECTIVE_LATER = "effective_later"
DISPLACED = "displaced"

# What a file changed of a customer who was there, and a limit that may be meant as none.
UPDATED = "updated"
NO_CREDIT = "no_credit"

# A customer's number that is given with another name.
NAME_DIFFERS = "name_differs"

# What an electronic invoice says beyond what the ledger keeps, and by what its customer is known.
CUSTOMER_BY_VAT = "customer_by_vat"
CUSTOMER_BY_NAME = "customer_by_name"
PREPAID = "prepaid"
CORRECTS = "corrects"
OTHER_ACCOUNT = "other_account"
TERMS_NOT_READ = "terms_not_read"
NOT_KEPT = "not_kept"
NOT_ARCHIVED = "not_archived"
LEFT_ALONE = "left_alone"

# Read from a file otherwise than it stands there, as somebody asked for.
ROUNDED = "rounded"
NUMBER_OF_YEAR = "number_of_year"


class Note(NamedTuple):
    """`code` is stable and part of the interface, `message` is for people: one sentence without a full stop.

    `about` is the number of what was named and is not there.
    """

    code: str
    message: str
    about: str = ""
