"""Files of strangers: what is wrong with one is said in a sentence with a stable code, and does no harm."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.refusal import Refused
from infra.einvoice import attachment, looks_like_one, markup, read_einvoice, read_file
from infra.einvoice.folder import einvoices_in, table_of
from infra.files.tabular import Unreadable
from tests.einvoices import cii, pdf, ubl

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def refusal_of(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read_einvoice(data)
    return refused.value.code


def with_doctype(doctype: str, number: str = "R-1") -> bytes:
    return ubl(number).replace(b"?>", f"?><!DOCTYPE Invoice {doctype}>".encode(), 1)


# XML


@pytest.mark.parametrize(
    "data",
    [
        with_doctype(""),
        with_doctype('SYSTEM "http://127.0.0.1:1/evil.dtd"'),
        with_doctype('[<!ENTITY secret SYSTEM "file:///etc/passwd">]', "&secret;"),
        with_doctype(f'[<!ENTITY l0 "ha">{LAUGHS}]', "&l9;"),
        with_doctype(f'[<!ENTITY l0 "ha">{LAUGHS}]', "R-1").replace(b"<cbc:ID>", b'<cbc:ID a="&l9;">', 1),
    ],
    ids=["empty", "from the network", "a file of ours", "a billion laughs", "a billion laughs in an attribute"],
)
def test_a_document_type_is_refused_whatever_it_would_do(data: bytes):
    assert refusal_of(data) == "has_doctype"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_xml_is_read_in_any_encoding_it_declares(encoding: str):
    name = encoding.removesuffix("-sig").encode()
    text = ubl(name="Müller GmbH").replace(b"UTF-8", name).decode()
    assert read_einvoice(text.encode(encoding)).buyer.name == "Müller GmbH"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<Invoice>", "not_xml"),
        (b"<Invoice>&nobody;</Invoice>", "not_xml"),
        (ubl()[:-40], "not_xml"),
        (ubl(name="Müller").decode().encode("latin-1"), "not_xml"),
        (b"<html><body/></html>", "not_an_einvoice"),
        (HEAD + b"<Invoice><ID>R-1</ID></Invoice>", "not_an_einvoice"),
        (HEAD + b'<CrossIndustryDocument xmlns="urn:ferd:CrossIndustryDocument:invoice:1p0"/>', "not_an_einvoice"),
        (b"<a>" * 100 + b"</a>" * 100, "too_deep"),
    ],
)
def test_xml_that_is_no_invoice_is_refused(data: bytes, code: str):
    assert refusal_of(data) == code


def test_an_older_format_is_called_by_its_name():
    with pytest.raises(Refused, match="ZUGFeRD 1"):
        read_einvoice(HEAD + b'<CrossIndustryDocument xmlns="urn:ferd:CrossIndustryDocument:invoice:1p0"/>')


def test_what_a_broken_document_says_is_no_part_of_the_refusal():
    with pytest.raises(Refused) as refused:
        read_einvoice(b"<Invoice><Name>Ann Example</Nama></Invoice>")
    assert "Ann" not in refused.value.message
    assert "line 1" in refused.value.message


def test_xml_beyond_its_bound_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(markup, "MOST_XML", 100)
    assert refusal_of(ubl()) == "too_large"


def test_an_invoice_in_the_envelope_of_a_network_is_read():
    header = b"<StandardBusinessDocumentHeader><Sender>0088:1</Sender></StandardBusinessDocumentHeader>"
    space = b"http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    inner = ubl("P-1").partition(b"?>")[2]
    start = b'<StandardBusinessDocument xmlns="' + space + b'">' + header
    assert read_einvoice(start + inner + b"</StandardBusinessDocument>").number == "P-1"
    assert refusal_of(start + b"</StandardBusinessDocument>") == "not_an_einvoice"


# PDF


@pytest.mark.parametrize("name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml", "rechnung.xml"])
def test_the_invoice_within_a_pdf_is_found_by_its_name_or_as_the_only_xml(name: str):
    assert read_einvoice(pdf({"terms.txt": b"words", name: cii("P-1")})).number == "P-1"


def test_of_several_xml_files_the_one_called_as_the_standard_does_is_taken():
    assert read_einvoice(pdf({"a.xml": b"<a/>", "factur-x.xml": cii("P-1")})).number == "P-1"
    assert refusal_of(pdf({"a.xml": b"<a/>", "b.xml": b"<b/>"})) == "pdf_without_invoice"


def test_a_pdf_without_an_invoice_is_refused():
    assert refusal_of(pdf({})) == "pdf_without_invoice"
    assert refusal_of(pdf({"terms.txt": b"words"})) == "pdf_without_invoice"


def test_a_pdf_with_a_password_is_refused_and_one_that_only_forbids_changes_is_read():
    assert refusal_of(pdf({"factur-x.xml": cii()}, password="secret")) == "pdf_encrypted"
    assert read_einvoice(pdf({"factur-x.xml": cii("P-1")}, password="")).number == "P-1"


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"x" * 500, pdf({"factur-x.xml": cii()})[:300]])
def test_a_broken_pdf_is_refused(data: bytes):
    assert refusal_of(data) == "pdf_broken"


def test_what_a_pdf_holds_is_held_to_the_same_rules():
    assert refusal_of(pdf({"factur-x.xml": with_doctype("")})) == "has_doctype"


def test_a_ring_in_the_names_of_attachments_ends(monkeypatch: pytest.MonkeyPatch):
    class Ring(dict[str, object]):
        def get_object(self) -> "Ring":
            return self

    ring = Ring()
    ring["/Kids"] = type("Kids", (list,), {"get_object": lambda self: self})([ring])
    root = Ring({"/Names": Ring({"/EmbeddedFiles": ring})})
    assert [*attachment._named(root)] == []


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_file_with_bytes_changed_is_read_or_refused(data: st.DataObject):
    whole = bytearray(data.draw(st.sampled_from([ubl(), cii(), pdf({"factur-x.xml": cii()})])))
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=8)):
        whole[at] = data.draw(st.integers(0, 255))
    try:
        read_einvoice(bytes(whole))
    except Refused as refused:
        assert refused.code and refused.message.isprintable()


# Files and folders


def test_an_electronic_invoice_is_told_by_its_name_or_by_how_it_begins(tmp_path: Path):
    def named(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    assert looks_like_one(tmp_path)
    assert looks_like_one(named("a.XML", b""))
    assert looks_like_one(named("b.txt", b"\n " + ubl()))
    assert looks_like_one(named("c", ubl().decode().encode("utf-16")))
    assert looks_like_one(named("d.data", pdf({})))
    assert not looks_like_one(named("e.csv", b"customer,number\n"))
    assert not looks_like_one(tmp_path / "nobody.csv")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "empty.xml").touch()
    for path, code in ((tmp_path / "empty.xml", "empty"), (tmp_path / "gone.xml", "cannot_be_read")):
        with pytest.raises(Refused) as refused:
            read_file(path)
        assert refused.value.code == code
    monkeypatch.setattr("infra.einvoice.MOST_PDF", 3)
    (tmp_path / "big.pdf").write_bytes(b"%PDF")
    with pytest.raises(Refused, match="larger than"):
        read_file(tmp_path / "big.pdf")


def test_a_folder_gives_its_xml_and_pdf_by_name_and_names_the_rest(tmp_path: Path):
    for name in ("b.xml", "a.PDF", "z.csv", "c.txt"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "d.xml").mkdir()
    found, others = einvoices_in(tmp_path)
    assert [each.name for each in found] == ["a.PDF", "b.xml"]
    assert [each.name for each in others] == ["c.txt", "d.xml", "z.csv"]


def test_a_folder_without_any_is_refused(tmp_path: Path):
    with pytest.raises(Unreadable, match="is a folder: name a file in it"):
        einvoices_in(tmp_path)
    with pytest.raises(Unreadable, match="there is no file"):
        einvoices_in(tmp_path / "gone.xml")


def test_a_row_has_its_file_as_origin_wherever_that_lies(tmp_path: Path):
    here, there = tmp_path / "here", tmp_path / "there"
    for folder, name in ((here, "a.xml"), (there, "b.xml")):
        folder.mkdir()
        (folder / name).write_bytes(ubl())
    rows = []
    for folder in (here, there):
        with table_of(folder, einvoices_in(folder)[0]) as table:
            rows += [*table.rows]
    assert rows[0].values[4] == rows[1].values[4] != ""
    assert [row.file for row in rows] == ["a.xml", "b.xml"]
