"""XML of strangers: without DTD, entities or network, bounded in size and depth; and what nobody asked for of it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from lxml import etree

from domain.refusal import Refused

MOST_XML = 10 * 2**20  # bytes
DEEPEST = 64
LONGEST_KEY, LONGEST_TEXT, LONGEST_WORDING = 100, 200, 4_000
MOST_SAID = 40
FIRST_YEAR, LAST_YEAR = 1900, 2199

# As much as a ledger can hold of any currency.
_AMOUNT = re.compile(r"[+-]?(?:[0-9]{1,14}(?:\.[0-9]{0,10})?|\.[0-9]{1,10})", re.ASCII)
# As schemas write days, with or without a time zone, and as CII does in its format 102.
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII)
_DOCTYPE = [b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be")]


def parse(data: bytes) -> "Markup":
    """Refuses `too_large`, `has_doctype`, `not_xml` and `too_deep`."""
    if len(data) > MOST_XML:
        raise Refused("too_large", f"the XML is larger than {MOST_XML // 2**20} MB")
    # A parser of its own: one that is shared keeps what it has seen of a document that failed.
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if any(each in data for each in _DOCTYPE):
            raise _has_doctype() from None
        raise Refused("not_xml", f"it is no well-formed XML{_place_of(error)}") from None
    if root.getroottree().docinfo.doctype:
        raise _has_doctype()
    _require_shallow(root)
    return Markup(root)


class Markup:
    """An element. What is asked for is taken; `left_over` tells what is not."""

    def __init__(self, element: etree._Element, taken: set[etree._Element] | None = None):
        self._element = element
        self._taken: set[etree._Element] = set() if taken is None else taken

    @property
    def tag(self) -> str:
        return str(self._element.tag)

    @property
    def name(self) -> str:
        return str(etree.QName(self._element).localname)

    def attribute(self, name: str) -> str:
        return (self._element.get(name) or "").strip()

    def children(self) -> "list[Markup]":
        return [Markup(each, self._taken) for each in self._element]

    def all(self, path: str) -> "list[Markup]":
        found = self._element.findall(path, _NAMESPACES)
        return [Markup(each, self._taken) for each in found]

    def one(self, path: str) -> "Markup | None":
        found = self._element.find(path, _NAMESPACES)
        return None if found is None else Markup(found, self._taken)

    def take(self) -> None:
        """With all that is in it."""
        self._taken.add(self._element)

    def value(self) -> str:
        """Its own text, with line breaks and hard spaces read as spaces."""
        self._taken.add(self._element)
        return " ".join((self._element.text or "").split())

    def text(self, path: str, term: str, longest: int = LONGEST_TEXT) -> str | None:
        """The first that is not empty. Refuses `too_long` and `not_printable`, naming the term."""
        found = next((text for each in self.all(path) if (text := each.value())), None)
        if found is not None and len(found) > longest:
            raise Refused("too_long", f"{term} has {len(found):,} characters, at most {longest} are kept", term)
        if found is not None and not found.isprintable():
            raise Refused("not_printable", f"{term} holds characters that cannot be printed", term)
        return found

    def key(self, path: str, term: str) -> str | None:
        return self.text(path, term, LONGEST_KEY)

    def required(self, path: str, term: str, called: str) -> str:
        found = self.key(path, term)
        if not found:
            raise missing(term, called)
        return found

    def keys(self, path: str, term: str) -> tuple[str, ...]:
        """Each once."""
        found = [each.key(".", term) for each in self.all(path)]
        return tuple(dict.fromkeys(filter(None, found)))

    def wording(self, path: str) -> str:
        """All of them, with their lines; of more than anybody writes the beginning."""
        found = self.all(path)
        self._taken.update(each._element for each in found)
        return "\n".join(each._element.text or "" for each in found)[:LONGEST_WORDING].strip()

    def amount(self, path: str, term: str) -> Decimal | None:
        """Refuses `not_an_amount`."""
        text = self.text(path, term)
        return None if text is None else amount(text, term)

    def day(self, path: str, term: str) -> date | None:
        """Refuses `not_a_day`."""
        text = self.text(path, term)
        if text is None:
            return None
        try:
            year, month, day = map(int, _DAY.fullmatch(text).groups())  # type: ignore[union-attr]
            if FIRST_YEAR <= year <= LAST_YEAR:
                return date(year, month, day)
        except (AttributeError, ValueError):
            pass
        raise Refused("not_a_day", f"{term} is {text[:20]!r}, which is no day", term)

    def left_over(self, names: Mapping[str, str]) -> tuple[str, ...]:
        """What was not taken, by the names of its paths, each with its element and how often it is there.

        A path with an empty name says nothing that could be kept. What has no name is given by its path.
        """
        found: Counter[tuple[str, str]] = Counter()
        for path, element in self._below(names):
            label = names.get(path)
            if label and (len(element) or (element.text or "").strip()):
                found[label, _place(path)] += 1
            elif label is None and not len(element) and (element.text or "").strip():
                found[path if path.isprintable() else "an element without a name", ""] += 1
        said = [_said(label, name, number) for (label, name), number in found.items()]
        return (*said[:MOST_SAID], *([f"{len(said) - MOST_SAID:,} more"] if len(said) > MOST_SAID else []))

    def _below(self, names: Mapping[str, str]) -> Iterator[tuple[str, etree._Element]]:
        """Each element with its path, as far as that one has no name of its own."""
        waiting: list[tuple[etree._Element, str]] = [(each, "") for each in reversed(self._element)]
        while waiting:
            element, above = waiting.pop()
            path = f"{above}{etree.QName(element).localname}"
            if element in self._taken:
                continue
            yield path, element
            if path not in names:
                waiting += [(each, f"{path}/") for each in reversed(element)]


def missing(term: str, called: str) -> Refused:
    return Refused("missing", f"{term}, {called}, is missing", term)


def amount(text: str, term: str) -> Decimal:
    if not _AMOUNT.fullmatch(text):
        raise Refused("not_an_amount", f"{term} is {text[:20]!r}, which is no amount", term)
    return Decimal(text)


def _has_doctype() -> Refused:
    message = "it declares a document type (DOCTYPE), which may define entities: no invoice needs one"
    return Refused("has_doctype", message)


def _place_of(error: Exception) -> str:
    """What the parser says of it may quote the document."""
    return f": see line {error.lineno}" if isinstance(error, etree.XMLSyntaxError) and error.lineno else ""


def _require_shallow(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise Refused("too_deep", f"its elements are nested more than {DEEPEST} deep")


def _place(path: str) -> str:
    """The element, with the one it is in where its own name says little."""
    above, _, own = path.rpartition("/")
    return f"{above.rpartition('/')[2]}/{own}" if own in _TELLING_LITTLE else own


def _said(label: str, name: str, number: int) -> str:
    where = name + (f", {number:,} times" if number > 1 else "")
    return f"{label} ({where})" if name else f"{label}{where}"


_TELLING_LITTLE = ("ID", "Name", "TypeCode", "CompanyID", "URIID")
_NAMESPACES = {
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}
