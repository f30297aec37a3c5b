"""DATEV and Lexware: semicolons, decimal commas, and the code page of a German desktop."""


def _lines(*lines: str) -> bytes:
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


def datev_open_items() -> bytes:
    """DATEV, OPOS-Liste der Debitoren: the amount has no sign, a flag says on which side it is."""
    return _lines(
        "OPOS-Liste Debitoren;;;;;;;;;",
        '"29098/55003 Möbelwerk Süd GmbH";;;;;;;;;',
        "Stichtag: 31.12.2025;;;;;;;;;",
        ";;;;;;;;;",
        "Konto;Name;Rechnungs-Nr.;Datum;Fälligkeit;Betrag Soll;Betrag Haben;Saldo;S/H;Buchungstext",
        '10001;"Küchenstudio Özdemir";RE-25-0417;12.09.2025;12.10.2025;11.900,00;1.900,00;10.000,00;S;"Küche; 2 Stk"',
        '10001;"Küchenstudio Özdemir";RE-25-0502;30.11.2025;30.12.2025;59,50;;59,50;S;Ersatzteil',
        '10001;"Küchenstudio Özdemir";GS-25-0031;05.12.2025;05.12.2025;;119,00;119,00;H;Gutschrift',
        "Summe Konto 10001;;;;;11.959,50;2.019,00;9.940,50;S;",
        '10420;"Straßenmeisterei Weiß";RE-25-0499;28.11.2025;28.12.2025;1.234.567,89;;1.234.567,89;S;',
        "Summe Konto 10420;;;;;1.234.567,89;;1.234.567,89;S;",
        "Gesamtsumme;;;;;1.246.527,39;2.019,00;1.244.508,39;S;",
    )


def datev_open_items_on_two_sides() -> bytes:
    """The same list without balances: Soll and Haben are columns of their own."""
    return _lines(
        "Konto;Rechnungsnummer;Datum;Fälligkeit;Sollbetrag;Habenbetrag;Gegenkonto;Buchungstext",
        "10001;RE-25-0502;30.11.2025;30.12.2025;59,50;;8400;Ersatzteil",
        "10001;GS-25-0031;05.12.2025;05.12.2025;;119,00;8400;Gutschrift",
        "10420;RE-25-0499;28.11.2025;28.12.2025;1.234.567,89;;8400;",
    )


def datev_batch() -> bytes:
    """DATEV-Format, Buchungsstapel: days without a year. It is a batch of postings, not a list of what is open."""
    return _lines(
        '"EXTF";700;21;"Buchungsstapel";13;20260102091500000;;"RE";"";"";29098;55003;20250101;4;20251201;20251231;'
        '"12/2025";"";1;0;0;"EUR"',
        "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Konto;Gegenkonto (ohne BU-Schlüssel);"
        "Belegdatum;Belegfeld 1;Buchungstext",
        '1190,00;"S";"EUR";10001;8400;0312;"RE-25-0510";"Küche"',
        '119,00;"H";"EUR";10001;8400;0512;"GS-25-0031";"Gutschrift"',
    )


def datev_payments() -> bytes:
    """DATEV, Kontoblatt of the debtors, payments alone: they stand in Haben, and a returned one in Soll."""
    return _lines(
        "Debitorenkonto;Datum;Belegnummer;Rechnungsnummer;Umsatz Soll;Umsatz Haben;Buchungstext",
        "10001;29.12.2025;BK-12/88;RE-25-0417;;10.000,00;Zahlungseingang",
        "10420;30.12.2025;BK-12/91;;;34.567,89;Zahlungseingang Akonto",
    )


def lexware_open_items() -> bytes:
    """Lexware, Offene Posten der Kunden."""
    return _lines(
        "sep=;",
        "Kunden-Nr.;Firma;Rechnungs-Nr.;Rechnungsdatum;Fällig am;Rechnungsbetrag;Bezahlt;Offen;Währung;Mahnstufe",
        '10007;"Gärtnerei Blüte KG";2025-1188;01.10.2025;31.10.2025;1.234,56;1.000,00;234,56;EUR;2',
        '10007;"Gärtnerei Blüte KG";2025-1240;14.11.2025;14.12.2025;714,00;0,00;714,00;EUR;1',
        '10031;"Zahnärzte am Markt";2025-1301;19.12.2025;18.01.2026;25,00;0,00;25,00;EUR;0',
        '10031;"Zahnärzte am Markt";G2025-044;22.12.2025;22.12.2025;-5,95;0,00;-5,95;EUR;0',
        "Summe;;;;;1.967,61;1.000,00;967,61;EUR;",
    )


def lexware_payments() -> bytes:
    """Lexware, Zahlungseingänge."""
    return _lines(
        "Zahlungsdatum;Beleg-Nr.;Kunden-Nr.;Firma;Rechnungs-Nr.;Zahlbetrag;Währung;Verwendungszweck",
        '22.12.2025;ZE-901;10007;"Gärtnerei Blüte KG";2025-1188;234,56;EUR;"RG 2025-1188; Restzahlung"',
        '29.12.2025;ZE-902;10031;"Zahnärzte am Markt";;10,00;EUR;Abschlag',
        "Summe;;;;;244,56;EUR;",
    )
