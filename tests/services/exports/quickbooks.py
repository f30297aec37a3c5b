"""QuickBooks Online: reports and lists, exported as CSV."""


def _lines(*lines: str, mark: str = "") -> bytes:
    return (mark + "\n".join(lines) + "\n").encode()


def aging_detail() -> bytes:
    """A/R Aging Detail: by how late items are, with a sum below each group; the moment of export stands at the end."""
    return _lines(
        "A/R Aging Detail,,,,,,",
        '"Harbor Street Joinery, Inc.",,,,,,',
        '"As of December 31, 2025",,,,,,',
        ",,,,,,",
        "Date,Transaction type,Num,Customer full name,Due date,Amount,Open balance",
        "91 or more days past due,,,,,,",
        '08/14/2025,Invoice,1042,"Brightwater Cafe, LLC",09/13/2025,"1,284.50",784.50',
        'Total for 91 or more days past due,,,,,"$1,284.50",$784.50',
        "31 - 60 days past due,,,,,,",
        '10/16/2025,Invoice,1071,Okonkwo Dental Group,11/15/2025,"12,640.00","12,640.00"',
        "11/20/2025,Credit Memo,CM-9,Okonkwo Dental Group,11/20/2025,-640.25,-640.25",
        'Total for 31 - 60 days past due,,,,,"$11,999.75","$11,999.75"',
        "Current,,,,,,",
        "12/22/2025,Invoice,1090,Lakeside:Boathouse,01/21/2026,95.00,95.00",
        '12/23/2025,Payment,5521,"Brightwater Cafe, LLC",12/23/2025,-50.00,-50.00',
        "Total for Current,,,,,$45.00,$45.00",
        'TOTAL,,,,,"$13,329.25","$12,829.25"',
        ",,,,,,",
        '"Friday, January 2, 2026 09:15 AM GMT-08:00",,,,,,',
    )


def open_invoices() -> bytes:
    """Open Invoices: the customer stands in a line of its own above the invoices, and in no column."""
    return _lines(
        "Open Invoices,,,,,,",
        '"Harbor Street Joinery, Inc.",,,,,,',
        '"As of December 31, 2025",,,,,,',
        ",,,,,,",
        ",Date,Transaction type,Num,Terms,Due date,Open balance",
        '"Brightwater Cafe, LLC",,,,,,',
        ",08/14/2025,Invoice,1042,Net 30,09/13/2025,784.50",
        ",12/23/2025,Payment,5521,,12/23/2025,-50.00",
        '"Total for Brightwater Cafe, LLC",,,,,,$734.50',
        "Okonkwo Dental Group,,,,,,",
        ',10/16/2025,Invoice,1071,Net 30,11/15/2025,"12,640.00"',
        ",11/20/2025,Credit Memo,CM-9,,11/20/2025,-640.25",
        'Total for Okonkwo Dental Group,,,,,,"$11,999.75"',
        'TOTAL,,,,,,"$12,734.25"',
        ",,,,,,",
        '"Friday, January 2, 2026 09:16 AM GMT-08:00",,,,,,',
    )


def invoice_list() -> bytes:
    """Sales, Invoices, Export: what is paid was left off there; amounts carry the sign of their currency."""
    return _lines(
        "Date,Type,No.,Customer,Memo,Due date,Balance,Total,Status",
        '08/14/2025,Invoice,1042,"Brightwater Cafe, LLC",,09/13/2025,$784.50,"$1,284.50",Overdue 110 days',
        '10/16/2025,Invoice,1071,Okonkwo Dental Group,"Cabinets, 2nd floor",11/15/2025,"$12,640.00","$12,640.00",'
        "Overdue 47 days",
        "12/28/2025,Invoice,1093,Okonkwo Dental Group,,01/27/2026,$0.01,$0.01,Due later",
        mark="\ufeff",
    )


def payments() -> bytes:
    """Transaction List by Date, of payments alone."""
    return _lines(
        "Transaction List by Date,,,,,,,",
        '"Harbor Street Joinery, Inc.",,,,,,,',
        '"December 1-31, 2025",,,,,,,',
        ",,,,,,,",
        "Date,Transaction type,Num,Posting,Name,Memo/Description,Account full name,Amount",
        '12/15/2025,Payment,5507,Y,"Brightwater Cafe, LLC",Inv 1042 in part,Undeposited Funds,500.00',
        '12/19/2025,Payment,20251219-A,Y,Okonkwo Dental Group,,Checking,"12,000.00"',
        'TOTAL,,,,,,,"$12,500.00"',
        ",,,,,,,",
        '"Friday, January 2, 2026 09:20 AM GMT-08:00",,,,,,,',
    )
