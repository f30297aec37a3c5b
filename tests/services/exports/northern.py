"""Exact, Visma and Tripletex: Dutch and Norwegian head lines."""


def exact_open_items() -> bytes:
    """Exact, openstaande posten debiteuren: euro signs before amounts, days with dashes, a byte order mark."""
    lines = (
        "Openstaande posten debiteuren;;;;;;;",
        "Debiteurcode;Naam;Factuurnummer;Factuurdatum;Vervaldatum;Factuurbedrag;Openstaand bedrag;Valuta",
        '1042;"Fietsenmaker Daniëls";25700318;12-09-2025;12-10-2025;"€ 1.210,00";"€ 210,00";EUR',
        '1042;"Fietsenmaker Daniëls";25700355;30-11-2025;30-12-2025;"€ 60,50";"€ 60,50";EUR',
        '1077;"Bakkerij ’t Zand B.V.";25700361;15-12-2025;14-01-2026;"€ 12.345,67";"€ 12.345,67";EUR',
        '1077;"Bakkerij ’t Zand B.V.";25800012;20-12-2025;20-12-2025;"€ -121,00";"€ -121,00";EUR',
        'Totaal;;;;;"€ 13.495,17";"€ 12.495,17";',
    )
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def exact_payments() -> bytes:
    lines = (
        "Betaaldatum;Debiteurcode;Factuurnummer;Bedrag;Valuta;Omschrijving",
        '22-12-2025;1042;25700318;"€ 210,00";EUR;"factuur 25700318"',
        '31-12-2025;1077;;"€ 2.345,67";EUR;"deelbetaling"',
    )
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def tripletex_open_items() -> bytes:
    """Tripletex, åpne poster kunde: thousands are parted by a hard space."""
    lines = (
        "Kundenr;Kundenavn;Fakturanr.;Fakturadato;Forfallsdato;Beløp;Restbeløp;Valuta;KID",
        "10012;Fjordkraft Båtbyggeri AS;20418;12.09.2025;12.10.2025;125\u00a0000,00;100\u00a0000,00;NOK;0020418000017",
        "10012;Fjordkraft Båtbyggeri AS;20455;30.11.2025;30.12.2025;1\u00a0250,50;1\u00a0250,50;NOK;0020455000011",
        "10033;Sørensen Bakeri;20460;15.12.2025;14.01.2026;99,00;99,00;NOK;0020460000018",
        "10033;Sørensen Bakeri;20461;16.12.2025;16.12.2025;-49,50;-49,50;NOK;",
        "Sum;;;;;126\u00a0300,00;101\u00a0300,00;NOK;",
    )
    return ("\ufeff" + "\n".join(lines) + "\n").encode()


def visma_open_items() -> bytes:
    """Visma, reskontro: tabs, and the code page of a desktop."""
    lines = (
        "Kundenummer\tNavn\tBilagsnr\tBilagsdato\tForfall\tTotalbeløp\tRest",
        "10012\tFjordkraft Båtbyggeri AS\t20418\t12.09.2025\t12.10.2025\t125000,00\t100000,00",
        "10033\tSørensen Bakeri\t20460\t15.12.2025\t14.01.2026\t99,00\t99,00",
        "10033\tSørensen Bakeri\t20461\t16.12.2025\t16.12.2025\t-49,50\t-49,50",
    )
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


def tripletex_payments() -> bytes:
    lines = (
        "Betalingsdato;Kundenr;Fakturanr;Innbetalt beløp;Valuta;KID;Betalt av",
        "22.12.2025;10012;20418;100\u00a0000,00;NOK;0020418000017;FJORDKRAFT BÅTBYGGERI",
        "31.12.2025;10033;;50,00;NOK;;SØRENSEN BAKERI",
    )
    return ("\ufeff" + "\n".join(lines) + "\n").encode()
