"""The code beside an account number that a banking app reads (EPC069-12, GiroCode): a transfer in euro, filled in."""

from decimal import Decimal
from io import BytesIO

from segno.helpers import make_epc_qr

EURO, MOST_MINOR = "EUR", 999_999_999_99
# In signs, and in bytes: both together must leave room for the rest of a code of 331 bytes.
LONGEST_NAME, LONGEST_TEXT = 70, 140
NAME_BYTES, TEXT_BYTES = 90, 150


def payment_code(*, name: str, iban: str, bic: str, currency: str, minor: int, reference: str) -> str | None:
    """As SVG; None for what no such code can say: another currency, no account, nothing to pay."""
    if currency != EURO or not iban or not 0 < minor <= MOST_MINOR:
        return None
    code = make_epc_qr(
        name=_cut(name, LONGEST_NAME, NAME_BYTES),
        iban=iban,
        amount=Decimal(minor).scaleb(-2),
        text=_cut(reference, LONGEST_TEXT, TEXT_BYTES),
        bic=bic or None,
        encoding="utf-8",
    )
    svg = BytesIO()
    code.save(svg, kind="svg", border=0, xmldecl=False, nl=False)
    return svg.getvalue().decode()


def _cut(text: str, signs: int, most: int) -> str:
    return text[:signs].encode()[:most].decode(errors="ignore")
