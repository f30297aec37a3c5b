"""The code beside an account number that a banking app reads (EPC069-12, GiroCode): a transfer in euro, filled in."""

from decimal import Decimal
from io import BytesIO

from segno.helpers import make_epc_qr

EURO, MOST_MINOR = "EUR", 999_999_999_99
LONGEST_NAME, LONGEST_TEXT = 70, 140


def payment_code(*, name: str, iban: str, bic: str, currency: str, minor: int, reference: str) -> str | None:
    """As SVG; None for what no such code can say: another currency, no account, nothing to pay."""
    if currency != EURO or not iban or not 0 < minor <= MOST_MINOR:
        return None
    code = make_epc_qr(
        name=name[:LONGEST_NAME],
        iban=iban,
        amount=Decimal(minor).scaleb(-2),
        text=reference[:LONGEST_TEXT],
        bic=bic or None,
        encoding="utf-8",
    )
    svg = BytesIO()
    code.save(svg, kind="svg", border=0, xmldecl=False, nl=False)
    return svg.getvalue().decode()
