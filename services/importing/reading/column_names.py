"""What programs and people call the columns of their files: in English, German, Dutch and Norwegian.

Of SAP, QuickBooks, Xero, Stripe, Odoo, DATEV, Lexware, Visma, Exact and Tripletex these are the names of lists as they
are exported. A name that means one thing here and another there, such as the account of a bank statement, is left out.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "oe", "å": "aa", "ł": "l", "&": "and"})


def normal(name: str) -> str:
    """The same for a name in other capitals, with other spaces and marks, with umlauts spelled out and without accents.

    `Fällig am`, `FAELLIG_AM` and `fällig am:` are `faelligam`.
    """
    composed = unicodedata.normalize("NFKC", name).casefold().translate(_SPELLED_OUT)
    return re.sub(r"[\W_]+", "", "".join(mark for mark in unicodedata.normalize("NFD", composed) if mark.isalnum()))


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# What is still owed comes before what was invoiced: who moves in claims the rest.
_OPEN = _names("""
    openamount amountopen openbalance amountremaining remainingamount amountdue invoiceamountdue balancedue duebalance
    amountoutstanding outstandingamount outstanding outstandingbalance unpaidamount remaining residual residualamount
    amountdueincurrencysigned amountduesigned balance
    offenerbetrag offenbetrag betragoffen offenersaldo opbetrag offeneforderung nochoffen offen restbetrag
    restforderung rest saldo
    openstaandbedrag openstaand bedragopenstaand openstaandsaldo nogtebetalen restbedrag restant
    restbeloep restsaldo aapentbeloep gjenstaaende gjenstaaendebeloep utestaaende utestaaendebeloep saldobeloep
    aapenpost
""")
_TOTAL = _names("""
    amount totalamount total grandtotal grossamount gross grosstotal invoiceamount invoicetotal totalincltax totalinctax
    totalinclvat totalwithtax amountinclvat amountinctax totalincurrencysigned totalsigned
    amountindc amountindoccurr amtindoccurr amountindoccur amountindocumentcurrency amountintransactioncurrency
    amounttrancur amounttrancurr amountintrancur doccurramount documentcurrencyvalue
    amountinlocalcurrency amountinlocalcur amountinlocalcurr amountinlc amtinloccur amountlc
    amountincompanycodecurrency amountincocodecurrency amountincocodecurr amountcocodecur amountcocodecurr
    betrag bruttobetrag betragbrutto brutto rechnungsbetrag rechnungsbetragbrutto rechnungssumme rechnungsendbetrag
    endbetrag
    gesamtbetrag gesamtbruttobetrag gesamtsumme gesamt summe summebrutto forderungsbetrag forderung
    betraginbelegwaehrung betraginbelegwaehr betraginbw betrbelegwaehr betraginhauswaehrung betraginhausw betraginhw
    betriheauswaehr betrinhauswaehr betrinhw umsatz umsatzohnesollhabenkz
    bedrag bedraginclbtw bedraginclusiefbtw totaalbedrag totaal totaalinclbtw totaalinclusiefbtw brutobedrag
    factuurbedrag
    factuurtotaal bedraginvaluta
    beloep totalbeloep bruttobeloep fakturabeloep fakturatotal sum totalsum totalt suminklmva beloepinklmva
    beloepinkludertmva
    beloepvaluta beloepivaluta valutabeloep totalinklmva totaltinklmva
""")
_DEBIT = _names("debit debitamount soll sollbetrag betragsoll umsatzsoll debet debetbedrag debetbeloep")
_CREDIT = _names("credit creditamount haben habenbetrag betraghaben umsatzhaben creditbedrag kredit kreditbeloep")
_SIDE = _names("""
    side debitcredit debitcreditind debitcreditindicator debitcreditcode drcr crdr dc
    sh shkennz shkennzeichen sollhaben sollhabenkz sollhabenkennzeichen debetcredit debetkredit
    documenttype doctype doctyp transactiontype invoicetype journalentrytype type movetype
    belegart belegtyp vorgangsart art documentsoort boekingstype soort bilagstype bilagsart dokumenttype
    transaksjonstype
""")
_CUSTOMER = _names("""
    customerid customernumber customerno customernr customercode customeraccount customeraccountnumber
    custid custno custnr clientid clientnumber clientno clientcode debtorid debtornumber debtorno debtorcode
    partnerid soldto soldtoparty customer customervendor client debtor
    debitorennummer debitornummer debitorennr debitornr debitorenkonto debitorkonto debitor
    kundennummer kundennr kundenno kundenid kundenkonto kundenkontonummer kdnr personenkonto kunde
    debiteurnummer debiteurnr debiteurcode debiteur klantnummer klantnr klantcode klantid klant relatienummer
    relatiecode relatie
    kundenummer kundenr kundeid
""")
_CUSTOMER_NAME = _names("""
    customername customerfullname customersname clientname debtorname accountname customerdescription
    contactname contact partnername invoicepartnerdisplayname invoicepartner partner displayname billtoname billto
    name name1
    kundenname kundenbezeichnung debitorenname debitorname debitorenbezeichnung kontobezeichnung kontoname
    firmenname firma
    rechnungsempfaenger geschaeftspartner
    klantnaam debiteurnaam debiteurennaam relatienaam bedrijfsnaam naam
    kundenavn debitornavn firmanavn navn
""")
_NUMBER = _names("""
    invoicenumber invoiceno invoicenr invoicenum invoiceid invoicecode invoice billingdocument billingdocno
    billingdoc billdoc
    documentnumber documentno docno docnumber docnr journalentry journalentrynumber
    rechnungsnummer rechnungsnr rechnungnr rechnungsno rechnung renr rgnr rgnummer faktura fakturanummer fakturanr
    fakturierungsbeleg
    belegnummer belegnr belegno belegfeld1 beleg opnummer opnr
    factuurnummer factuurnr factuur boekstuknummer
    fakturano bilagsnummer bilagsnr bilagnr bilag
    number num no nr nummer
""")
_ISSUED_ON = _names("""
    issuedon issuedate issued dateissued invoicedate invoicebilldate invoicedon dateofinvoice dateofissue billdate
    billingdate
    documentdate docdate journalentrydate date dateutc createdutc created postingdate pstngdate
    rechnungsdatum rgdatum redatum ausgestelltam ausstellungsdatum fakturadatum belegdatum belegdat datum
    buchungsdatum buchdatum
    buchungsdat
    factuurdatum boekdatum boekingsdatum documentdatum
    fakturadato fakturertdato utstedt utstedtdato utstedelsesdato bilagsdato bilagdato dato
""")
_DUE_ON = _names("""
    dueon duedate datedue duedateutc netduedate netduedt netdue paymentduedate invoiceduedate
    maturitydate
    payableby payby
    faelligam faelligkeit faelligkeitsdatum faelligkeitstermin faelligkeitsdat faellig nettofaelligkeit
    nettofaelligkeitsdatum nettofaell
    nettofaellig zahlbarbis zahlungstermin belegfeld2
    vervaldatum vervaldag vervalt uiterstebetaaldatum betaaldatumuiterlijk
    forfallsdato forfall forfaller forfalldato
""")
_CURRENCY = _names("""
    currency currencycode curr crcy cur invoicecurrency documentcurrency doccurrency doccurr documentcurr
    transactioncurrency trancurrency
    transactioncurr currencyiso localcurrency localcurr lcurr companycodecurrency cocodecurrency
    waehrung waehrungscode waehrungskennzeichen waehrungskuerzel waehrg wkz belegwaehrung hauswaehrung wkzumsatz iso
    waehr hwaehr
    valuta valutacode munteenheid valutakode
""")
_ENTITY = _names("""
    entity legalentity companycode cocode cocd
    buchungskreis bukr mandant mandantennummer
    administratie administratiecode
    selskapskode
""")
_REFERENCE = _names("""
    reference referenceno referencenumber referencedocument yourreference customerreference ref paymentreference
    assignment assignmentreference
    referenz referenznummer zuordnung zahlungsreferenz verwendungszweck
    referentie betalingskenmerk kenmerk uwreferentie
    referanse referansenummer kid kidnummer deresreferanse
""")
_EMAIL = _names("""
    email emailaddress customeremail contactemail billingemail emailto mail mailaddress emailid
    emailadresse mailadresse emailadres mailadres epost epostadresse
""")
_COUNTRY = _names("""
    country countrycode countrykey countryregionkey ctr billingcountry billingaddresscountry pocountry customercountry
    laendercode laenderschluessel landcode laenderkennzeichen land
    landkode
""")
_TAX = _names("""
    tax taxtotal totaltax taxamount vat vatamount gst gstamount salestax
    steuer steuerbetrag mwst mwstbetrag mehrwertsteuer ust ustbetrag umsatzsteuer umsatzsteuerbetrag
    btw btwbedrag mva mvabeloep
""")
_PURCHASE_ORDER = _names("""
    purchaseorder purchaseordernumber purchaseorderno po ponumber pono ponum customerpo customerponumber
    bestellnummer bestellnr kundenbestellnummer auftragsnummerdeskunden
    inkoopordernummer inkoopnummer bestelnummer
    innkjoepsordre innkjoepsordrenummer bestillingsnummer
""")
_CREDITED = _names("""
    creditedinvoice creditsinvoice originalinvoice originalinvoicenumber reversalof correctedinvoice
    appliestoinvoice appliedtoinvoice
    gutgeschriebenerechnung ursprungsrechnung originalrechnung stornierterechnung rechnungsbezug rechnungsbez
    oorspronkelijkefactuur gecrediteerdefactuur
    kreditertfaktura opprinneligfaktura
""")

_OPEN_ITEM: Mapping[str, Sequence[str]] = {
    "customer": (*_CUSTOMER, "account", "accountnumber", "accountno", "konto", "kontonummer", "kontonr"),
    "number": _NUMBER,
    "issued_on": _ISSUED_ON,
    "due_on": _DUE_ON,
    "amount": (*_OPEN, *_TOTAL),
    "debit": _DEBIT,
    "credit": _CREDIT,
    "side": _SIDE,
    "currency": _CURRENCY,
    "entity": _ENTITY,
    "reference": (*_REFERENCE, "invoicereference"),
    "tax": _TAX,
    "document_on": ("documenton",),
    "purchase_order": _PURCHASE_ORDER,
    "schedule": _names("schedule instalments installments ratenplan termijnen"),
    "customer_name": _CUSTOMER_NAME,
    "email": _EMAIL,
    "country": _COUNTRY,
    "credited_invoice": _CREDITED,
}

# The names of each field's column in normal form, by what the rows of the file are. Of several, the first one counts.
KNOWN: Mapping[str, Mapping[str, Sequence[str]]] = {
    "invoices": _OPEN_ITEM,
    "history": {
        **_OPEN_ITEM,
        # An invoice that was settled was for its total; nothing of it is open any more.
        "amount": (*_TOTAL, *_OPEN),
        "settled_on": _names("""
            settledon settleddate settlementdate paidon paiddate datepaid paymentdate fullypaidondate
            clearingdate clearing clrngdate
            clearedon lastpaymentdate paidat paidatutc dateoffullpayment
            bezahltam zahlungsdatum ausgeglichenam ausgleichsdatum ausgleich beglichenam zahlungseingang
            betaaldatum betaaldop voldaanop
            betaltdato betalingsdato oppgjortdato
        """),
        "disputed": _names("""
            disputed dispute indispute isdisputed
            strittig bestritten reklamiert reklamation
            betwist ingeschil
            bestridt omtvistet
        """),
    },
    "payments": {
        "number": _names("""
            invoicenumber invoiceno invoicenr invoicenum invoice invoices appliedto appliedtoinvoice
            billingdocument invoicereference reconciledinvoicesnumber reconciledinvoices invoiceid
            rechnungsnummer rechnungsnr rechnungnr rechnung rgnr renr belegfeld1
            factuurnummer factuurnr factuur
            fakturanummer fakturanr faktura
            number
        """),
        "customer": (*_CUSTOMER, *_CUSTOMER_NAME),
        "amount": _names("""
            amount amountreceived receivedamount amountpaid paidamount paymentamount amountapplied total
            totalamount gross grossamount
            amountsigned amountincurrency amountindoccurr amtindoccurr amountindocumentcurrency
            amountintransactioncurrency amounttrancur
            amounttrancurr amountinlocalcurrency amountinlocalcurr amountinlc amountincompanycodecurrency
            amountcocodecur
            betrag zahlbetrag zahlungsbetrag zahlungseingang bezahlterbetrag gezahlterbetrag umsatz
            umsatzohnesollhabenkz
            betraginbelegwaehrung betraginbw betraginhauswaehrung betraginhw
            bedrag betaaldbedrag ontvangenbedrag totaalbedrag
            beloep betaltbeloep innbetaltbeloep innbetalt innbetaling sum
        """),
        "debit": _DEBIT,
        "credit": _CREDIT,
        "side": _SIDE,
        "value_on": _names("""
            valueon valuedate valutadate paymentdate datepaid paidon receivedon datereceived
            receiptdate paidat postingdate pstngdate
            bookingdate transactiondate journalentrydate documentdate docdate date dateutc createddateutc
            createdutc created
            wertstellung wertstellungsdatum valutadatum valutatag zahlungsdatum zahldatum bezahltam
            eingangsdatum zahlungseingangam
            buchungsdatum buchungstag belegdatum datum
            rentedatum betaaldatum betaaldop ontvangstdatum boekdatum boekingsdatum transactiedatum
            valuteringsdato rentedato betalingsdato innbetalingsdato betaltdato bokfoeringsdato bokfoertdato dato
        """),
        "currency": _CURRENCY,
        "entity": _ENTITY,
        "reference": (
            *_REFERENCE,
            *_names("memo memodescription description text buchungstext omschrijving melding beskrivelse"),
        ),
        "payer": _names("""
            payer payername paidby paymentsource remitter remittername debtoraccountname ordering
            orderingparty senderpayer cardname
            zahler zahlungspflichtiger auftraggeber einzahler
            betaler naambetaler naamtegenpartij tegenpartij opdrachtgever
            betaltav innbetaler avsender
        """),
        "payment_id": _names("""
            paymentid paymentnumber paymentno paymentnr id chargeid transactionid balancetransactionid
            transactionnumber transactionno
            receiptnumber receiptno bankreference entryreference documentnumber documentno docno journalentry
            zahlungsnummer zahlungsnr transaktionsid transaktionsnummer bankreferenz belegnummer belegnr
            betalingsnummer transactienummer transactieid boekstuknummer
            betalingsid transaksjonsid transaksjonsnummer bilagsnummer bilagsnr arkivreferanse
        """),
    },
    "credit_notes": {
        "credit_note": _names("""
            creditnote creditnotenumber creditnoteno creditnotenr creditnoteid creditmemo creditmemonumber
            creditmemono creditnumber
            gutschrift gutschriftnummer gutschriftsnummer gutschriftnr gutschriftsnr rechnungskorrektur
            rechnungskorrekturnummer
            korrekturrechnung stornorechnung belegnummer belegnr
            creditnota creditnotanummer creditnotanr creditfactuur creditfactuurnummer
            kreditnota kreditnotanummer kreditnotanr
            documentnumber documentno docno num no nr nummer
        """),
        "number": (
            *_names("""
                invoicenumber invoiceno invoicenr invoicenum invoice invoiceid invoicereference
                rechnungsnummer rechnungsnr rechnungnr rechnung rgnr renr
                factuurnummer factuurnr factuur
                fakturanummer fakturanr faktura
                number
            """),
            *_CREDITED,
        ),
        "customer": (*_CUSTOMER, *_CUSTOMER_NAME),
        "amount": (*_names("remainingcredit creditremaining unappliedamount unusedcredit"), *_OPEN, *_TOTAL),
        "tax": _TAX,
        "issued_on": (
            *_names("creditnotedate creditdate gutschriftsdatum gutschriftdatum creditnotadatum kreditnotadato"),
            *_ISSUED_ON,
        ),
        "currency": _CURRENCY,
        "entity": _ENTITY,
        "reason": _names("""
            reason reasoncode reasonforcredit creditreason
            grund begruendung gutschriftsgrund
            reden
            aarsak begrunnelse
        """),
    },
    "customers": {
        "customer": (
            *_CUSTOMER,
            *_names("number no nr num nummer id account konto kontonummer kontonr code"),
        ),
        "name": (
            *_CUSTOMER_NAME,
            *_names("""
                companyname company fullname organisation organization
                nameadressattypunternehmen unternehmen bedrijf selskap organisasjonsnavn
            """),
        ),
        "email": _EMAIL,
        "phone": _names("""
            phone phonenumber phoneno phonenumbers telephone telephonenumber telephone1 tel telno mobile
            mobilenumber mobilephone billingphone
            telefon telefonnummer telefonnr telefon1 mobil mobiltelefon mobilnummer
            telefoon telefoonnummer telefoonnr mobiel
            tlf tlfnr tlfnummer
        """),
        "address": _names("""
            address billingaddress billaddress postaladdress invoiceaddress fulladdress completeaddress mailingaddress
            adresse anschrift rechnungsanschrift rechnungsadresse
            adres factuuradres postadres
            postadresse fakturaadresse
        """),
        "street": _names("""
            street street1 streetaddress address1 addressline1 streethousenumber streethouseno
            housenumberstreet poaddressline1
            billingaddressline1 billingstreet addressstreet
            strasse str strassehausnummer strasseundhausnummer strassenr strassehausnr
            straat straatnaam straatenhuisnummer straathuisnummer adresregel1
            gate gateadresse gatenavn veiadresse adresselinje1
        """),
        "postal_code": _names("""
            postalcode postcode postcodezip zip zipcode zippostalcode popostalcode billingpostalcode
            billingzip billingaddresspostalcode
            postleitzahl plz
            postnummer postnr
        """),
        "city": _names("""
            city town towncity pocity billingcity billingaddresscity
            ort stadt wohnort
            plaats stad woonplaats
            poststed sted
        """),
        "language": _names("""
            language lang languagecode languagekey locale correspondencelanguage preferredlanguage preferredlocale
            sprache sprachcode sprachschluessel korrespondenzsprache
            taal taalcode
            spraak spraakkode
        """),
        "country": _COUNTRY,
        "consumer": _names("""
            consumer isconsumer individual isindividual privatecustomer privateperson
            privatkunde verbraucher privatperson
            consument particulier
            forbruker privatkundeforbruker
        """),
        "terms": _names("""
            terms paymentterms termsofpayment termsofpaymt paymentterm customerpaymentterms payttermskey
            creditterms duedays
            paymenttermsdays netdays
            zahlungsbedingung zahlungsbedingungen zahlungskondition zahlungsziel zahlungszieltage zahlungsfrist zahlbed
            betalingsconditie betalingsvoorwaarden betaaltermijn betalingstermijn
            betalingsbetingelser betalingsbetingelse betalingsfrist kredittid
        """),
        "limit": _names("""
            limit creditlimit creditlimitamount maxcredit
            kreditlimit kreditlinie kreditrahmen
            kredietlimiet kredietlimiet1
            kredittgrense kredittramme
        """),
        "collector": _names("""
            collector collectoragent collectionspecialist creditcontroller creditmanager
            sachbearbeiter sachbearbeiterin mahnsachbearbeiter
            incassobehandelaar kredietbeheerder
            saksbehandler
        """),
        "currency": _CURRENCY,
        "channel": _names("channel deliverymethod versandart versandweg verzendwijze sendemaate"),
        "reason": _names("reason grund reden aarsak"),
    },
}

# A field whose column may be taken for another that the file has none for: some programs know customers by name alone.
STANDS_IN: Mapping[str, Sequence[str]] = {"customer": ("customer_name", "name")}

# Columns of which any serves where the file has none for the field.
INSTEAD: Mapping[str, Sequence[str]] = {"amount": ("debit", "credit")}

# Amounts of what is still owed, in normal form. The tax column of such a file is that of the total.
OPEN_AMOUNTS = frozenset(_OPEN)

# What says in the column of the side, in normal form, that a row is to the customer's credit: money that came in.
MONEY_IN = frozenset(
    _names("""
        h haben c cr k kredit credit dz
        payment customerpayment unappliedcashpayment receipt
        zahlung zahlungseingang betaling innbetaling
    """)
)

# The same of open items, among which are credit notes too.
CREDITS = MONEY_IN | frozenset(
    _names("""
        dg refund outrefund accreccredit
        creditmemo creditnote customercreditnote customercreditmemo salescreditnote salescreditmemo
        gutschrift rechnungskorrektur stornorechnung
        creditnota creditfactuur
        kreditnota
    """)
)
