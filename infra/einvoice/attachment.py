"""The invoice within a PDF: the XML that Factur-X, ZUGFeRD and XRechnung attach to the page people read."""

import logging
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError
from pypdf.generic import ArrayObject, DictionaryObject

from domain.refusal import Refused

# As the standards call it, the newest first.
NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
MOST_ATTACHMENTS = 1_000

# It warns of each flaw that it gets over, with parts of the file.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def invoice_within(pdf: bytes) -> bytes:
    """Refuses `pdf_encrypted`, `pdf_broken` and `pdf_without_invoice`."""
    try:
        reader = PdfReader(BytesIO(pdf))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _encrypted()
        found = _chosen(reader)
    except (FileNotDecryptedError, DependencyError):
        raise _encrypted() from None
    except Refused:
        raise
    # What strangers send can make the library fail in any way.
    except Exception as error:
        message = f"the PDF is broken ({type(error).__name__}): let it be sent again"
        raise Refused("pdf_broken", message) from None
    if found is None:
        message = "the PDF has no invoice attached (factur-x.xml or the like): type it in, or let its XML be sent"
        raise Refused("pdf_without_invoice", message)
    return found


def _chosen(reader: PdfReader) -> bytes | None:
    """By its name; else the only XML attached."""
    attached = {name.lower(): file for name, file in _attached(reader)}
    named = next((attached[name] for name in NAMES if name in attached), None)
    others = [file for name, file in attached.items() if name.endswith(".xml")]
    file = named if named is not None else others[0] if len(others) == 1 else None
    return None if file is None else _content(file)


def _attached(reader: PdfReader) -> Iterator[tuple[str, DictionaryObject]]:
    """Names and descriptions of files: those of the list of names, and those associated with the document (PDF/A-3)."""
    root: Any = reader.root_object
    associated = root.get("/AF", ArrayObject()).get_object()
    specs = [*_named(root), *(associated if isinstance(associated, ArrayObject) else [])]
    for spec in (each.get_object() for each in specs[:MOST_ATTACHMENTS]):
        if isinstance(spec, DictionaryObject) and "/EF" in spec:
            yield str(spec.get("/UF") or spec.get("/F") or ""), spec


def _named(root: Any) -> Iterator[Any]:
    """The leaves of a tree of names, which may be damaged so that it has a ring."""
    tree = root.get("/Names", DictionaryObject()).get_object().get("/EmbeddedFiles")
    waiting, seen = [tree] if tree is not None else [], 0
    while waiting and seen < MOST_ATTACHMENTS:
        node, seen = waiting.pop().get_object(), seen + 1
        yield from node.get("/Names", ArrayObject()).get_object()[1::2]
        waiting += node.get("/Kids", ArrayObject()).get_object()


def _content(spec: Any) -> bytes:
    files = spec["/EF"].get_object()
    stream = (files.get("/UF") or files["/F"]).get_object()
    return bytes(stream.get_data())


def _encrypted() -> Refused:
    return Refused("pdf_encrypted", "the PDF is encrypted: let it be sent without a password")
