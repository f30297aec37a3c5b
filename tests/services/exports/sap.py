"""SAP: the line items of customers, from the classic list (FBL5N) and from the app of S/4HANA."""

from datetime import date
from decimal import Decimal

from tests.services.exports.workbooks import Cell, workbook


def line_items_with_tabs() -> bytes:
    """FBL5N, saved as text with tabs by a user whose numbers and days are German, in the code page of the desktop.

    The list has lines above and below its head line, an empty first column, and sums by customer and of all.
    """
    head = (
        "\tSt\tAccount\tCoCd\tDocumentNo\tType\tDoc. Date\tNet due dt\tAmount in doc. curr.\tCurr."
        "\tAmt in loc.cur.\tLCurr\tReference\tText"
    )
    rows = [
        _item("100041", "1800000231", "RV", "12.09.2025", "12.10.2025", "11.900,00 ", "EUR", "90004711", "Kühlanlage"),
        _item("100041", "1800000307", "RV", "30.10.2025", "29.11.2025", "1.190,50 ", "EUR", "90004902", "Wartung"),
        _item("100041", "1600000012", "DG", "04.11.2025", "04.11.2025", "238,00-", "EUR", "90004711", "Gutschrift"),
        "\t*\t100041\t\t\t\t\t\t          12.852,50 \tEUR\t          12.852,50 \tEUR\t\t",
        _item(
            "100077", "1800000288", "RV", "17.10.2025", "16.11.2025", "4.500,00 ", "USD", "90004888", "", "3.872,63 "
        ),
        _item("100077", "1400000093", "DZ", "02.12.2025", "02.12.2025", "1.000,00-", "USD", "WIRE 8812", "", "860,58-"),
        "\t*\t100077\t\t\t\t\t\t           3.500,00 \tUSD\t           3.012,05 \tEUR\t\t",
        "\t**\t\t\t\t\t\t\t\t\t          15.864,55 \tEUR\t\t",
    ]
    lines = ["02.01.2026\t\t\t\tDynamic List Display\t\t\t\t\t\t\t\t\t1", "", head, "", *rows, ""]
    return "\r\n".join(lines).encode("cp1252")


def _item(
    account: str,
    document: str,
    kind: str,
    on: str,
    due: str,
    amount: str,
    currency: str,
    reference: str,
    text: str,
    local: str = "",
) -> str:
    cells = ("", "@5C\\QOpen@", account, "1000", document, kind, on, due, f"{amount:>20}", currency)
    return "\t".join((*cells, f"{local or amount:>20}", "EUR", reference, text))


def line_items_unconverted() -> bytes:
    """FBL5N, saved unconverted: a page of bars and rules, by a user whose numbers and days are American."""
    rule = "-" * 98
    head = "|  |St|Account   |DocumentNo|Type|Doc. Date |Net due dt|   Amount in DC|Curr.|Reference       |"
    return "\r\n".join(
        [
            "01/02/2026                      Dynamic List Display                                      1",
            rule,
            head,
            rule,
            "|  |  |2000113   |1800000416|RV  |09/12/2025|10/12/2025|     10,000.00 |USD  |90007001        |",
            "|  |  |2000113   |1800000431|RV  |10/31/2025|11/30/2025|        999.99 |USD  |90007019        |",
            "|  |  |2000113   |1600000044|DG  |11/14/2025|11/14/2025|        250.00-|USD  |90007001        |",
            "|* |  |2000113   |          |    |          |          |     10,749.99 |USD  |                |",
            rule,
            "|  |  |2000208   |1800000502|DR  |12/05/2025|01/04/2026|         75.10 |USD  |MAN-12          |",
            "|* |  |2000208   |          |    |          |          |         75.10 |USD  |                |",
            rule,
            "|**|  |          |          |    |          |          |     10,825.09 |USD  |                |",
            rule,
            "",
        ]
    ).encode()


def manage_customer_line_items() -> bytes:
    """The app Manage Customer Line Items, exported as a spreadsheet; codes of customers are numbers there."""
    head: tuple[Cell, ...] = (
        "Company Code",
        "Customer",
        "Customer Name",
        "Journal Entry",
        "Journal Entry Type",
        "Journal Entry Date",
    )
    head += ("Net Due Date", "Amount (Tran Cur.)", "Transaction Currency", "Reference", "Days in Arrears")
    rows: list[tuple[Cell, ...]] = [
        head,
        _entry(
            10100001, "Südwind Anlagenbau AG", "9400000123", "RV", date(2025, 9, 12), date(2025, 10, 12), "23800.00"
        ),
        _entry(10100001, "Südwind Anlagenbau AG", "9400000188", "RV", date(2025, 11, 28), date(2025, 12, 28), "0.99"),
        _entry(10100001, "Südwind Anlagenbau AG", "1600000007", "DG", date(2025, 12, 1), date(2025, 12, 1), "-1190.00"),
        _entry(10100045, "Ferry & Sons Ltd", "9400000191", "RV", date(2025, 12, 30), date(2026, 1, 29), "1234.56"),
    ]
    return workbook(rows, sheet="SAPUI5 Export", days="yyyy-mm-dd", hidden="Export Settings")


def _entry(customer: int, name: str, entry: str, kind: str, on: date, due: date, amount: str) -> tuple[Cell, ...]:
    arrears = max(0, (date(2026, 1, 2) - due).days)
    return "1010", customer, name, entry, kind, on, due, Decimal(amount), "EUR", f"90{entry[-6:]}", arrears


def incoming_payments() -> bytes:
    """The same app with journal entries of the type DZ: what customers paid stands below zero."""
    head: tuple[Cell, ...] = (
        "Company Code",
        "Customer",
        "Journal Entry",
        "Journal Entry Type",
        "Posting Date",
        "Amount (Tran Cur.)",
    )
    head += ("Transaction Currency", "Invoice Reference", "Reference")
    first, second = Decimal("-23800.00"), Decimal("-500.00")
    rows: list[tuple[Cell, ...]] = [
        head,
        ("1010", 10100001, "1400000311", "DZ", date(2025, 12, 29), first, "EUR", "9400000123", "CAMT 2025-12-29"),
        ("1010", 10100045, "1400000312", "DZ", date(2026, 1, 2), second, "EUR", None, "CAMT 2026-01-02"),
    ]
    return workbook(rows, sheet="SAPUI5 Export", days="yyyy-mm-dd")
