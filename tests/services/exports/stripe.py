"""Stripe: invoices, credit notes and payments, exported from the dashboard."""


def _lines(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def invoices() -> bytes:
    """Invoices with the status open: moments in UTC, currencies in small letters, and ids of Stripe's own."""
    return _lines(
        "id,Amount Due,Billing,Closed,Currency,Customer,Date (UTC),Due Date (UTC),Number,Paid,Subscription,Subtotal,"
        "Total Discount Amount,Applied Coupons,Tax,Tax Percent,Total,Amount Paid,Status,Customer Name,Customer Email",
        "in_1PkQ2eLkdIwHu7ix,250.00,send_invoice,FALSE,usd,cus_QaT3vJ9,2025-10-07 14:05,2025-11-06 14:05,7B21A4C0-0004,"
        "FALSE,,250.00,0.00,,0.00,,250.00,0.00,open,Quill Labs,ap@quill.example",
        "in_1PnZ7yLkdIwHu7aa,1190.00,send_invoice,FALSE,eur,cus_RbU8kM2,2025-11-30 23:59,2025-12-30 23:59,90C3F1D2-0011"
        ',FALSE,sub_1Pm,1000.00,0.00,,190.00,19.00,1190.00,0.00,open,"Atelier Noë, SARL",compta@noe.example',
        "in_1PqB4tLkdIwHu7bb,5000,send_invoice,FALSE,jpy,cus_ScV1nP5,2025-12-24 00:00,2026-01-23 00:00,A0B1C2D3-0001,"
        "FALSE,,5000,0,,0,,5000,0,open,日本商事,keiri@nihon.example",
    )


def credit_notes() -> bytes:
    """Credit notes; the invoice they belong to is there by its number."""
    return _lines(
        "id,Credit Note Number,Invoice Number,Customer,Amount,Currency,Created (UTC),Reason",
        "cn_1PrC5uLkdIwHu7cc,7B21A4C0-0004-CN-01,7B21A4C0-0004,cus_QaT3vJ9,50.00,usd,2025-12-02 08:30,duplicate",
    )


def payments() -> bytes:
    """The itemized report of payments: gross is what the customer paid, net what is left of it after fees."""
    return _lines(
        "balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,description,customer_id,"
        "customer_email,customer_name,charge_id,invoice_id,invoice_number",
        "txn_3PsD6v,2025-12-05 10:11:12,usd,200.00,6.10,193.90,charge,Payment for Invoice,cus_QaT3vJ9,ap@quill.example,"
        "Quill Labs,ch_3PsD6v,in_1PkQ2eLkdIwHu7ix,7B21A4C0-0004",
        "txn_3PtE7w,2026-01-02 23:30:00,eur,190.00,2.90,187.10,charge,Subscription,cus_RbU8kM2,compta@noe.example,"
        '"Atelier Noë, SARL",ch_3PtE7w,,',
    )
