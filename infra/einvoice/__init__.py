"""Electronic invoices as files: UBL and CII in XML, alone or within a PDF, read into what `domain.einvoice` says."""

from pathlib import Path

from domain.einvoice import EInvoice
from domain.refusal import Refused
from infra.einvoice import cii, ubl
from infra.einvoice.attachment import invoice_within
from infra.einvoice.markup import Markup, parse

MOST_PDF = 50 * 2**20  # bytes
SUFFIXES = (".xml", ".pdf")

_PDF = b"%PDF-"
_HEAD = 1_024  # bytes, within which a PDF begins
# How XML begins, in the encodings it may be in without a declaration.
_XML = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\0", b"\xfe\xff\0<")

_READERS = {**dict.fromkeys(ubl.ROOTS, ubl.read), cii.ROOT: cii.read}
_OLD = "CrossIndustryDocument"
# In which Peppol carries an invoice.
_ENVELOPE = "StandardBusinessDocument"


def looks_like_one(path: Path) -> bool:
    """By its name, or how it begins; a folder is one of them."""
    if path.is_dir() or path.suffix.lower() in SUFFIXES:
        return True
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    return _PDF in head or head.lstrip(b" \t\r\n").startswith(_XML)


def read_file(path: Path) -> bytes:
    """All of it, within bounds. Refuses `cannot_be_read`, `empty` and `too_large`."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_PDF + 1)
    except OSError as error:
        raise Refused("cannot_be_read", f"the file cannot be read: {error.strerror}") from None
    if not data:
        raise Refused("empty", "the file is empty")
    if len(data) > MOST_PDF:
        raise Refused("too_large", f"the file is larger than {MOST_PDF // 2**20} MB")
    return data


def read_einvoice(data: bytes) -> EInvoice:
    """Refuses with a stable code whatever is no invoice by EN 16931, or lacks what one must have."""
    root = parse(invoice_within(data) if _PDF in data[:_HEAD] else data)
    if root.name == _ENVELOPE:
        root = next((each for each in root.children() if each.tag in _READERS), root)
    reader = _READERS.get(root.tag)
    if reader is None:
        raise Refused("not_an_einvoice", _no_invoice(root))
    return reader(root)


def _no_invoice(root: Markup) -> str:
    if root.name == _OLD:
        return "it is in ZUGFeRD 1, which EN 16931 does not know: let it be sent in UBL or CII"
    return f"its root is {root.name[:40]!r}: neither a UBL Invoice or CreditNote nor a CII CrossIndustryInvoice"
