"""Whether a file is text and in which encoding, checked before anything is imported from it."""

import codecs
import re
from hashlib import sha256
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import NamedTuple

UTF_8 = "utf-8-sig"
WINDOWS = "cp1252"

_BLOCK = 1 << 20
_NOT_TEXT = {
    b"PK\x03\x04": "is a workbook or an archive: open it in a spreadsheet and export it as CSV",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook: open it in a spreadsheet and export it as CSV",
    b"%PDF": "is a PDF: export the data as CSV",
    b"\x1f\x8b": "is compressed: unpack it first",
}
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What Windows leaves undefined; UTF-8 of a letter; and what is a letter in DOS or on a Mac, and a mark on Windows.
_NOT_WINDOWS = re.compile(
    rb"[\x81\x8d\x8f\x90\x9d]|\xc3[\x80-\xbf]|(?<=[A-Za-z])[\x80\x82-\x8c\x8e\x91\x93-\x9c\x9e\x9f](?=[A-Za-z])"
)


class Unreadable(Exception):
    """The file cannot be read at all, or not as asked. `message` says why and what to do."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class Survey(NamedTuple):
    """`digest` is the SHA-256 of the bytes, `lines` about how many there are."""

    digest: str
    lines: int
    encoding: str


def survey(path: Path, encoding: str | None = None) -> Survey:
    """Without an encoding named, UTF-8, UTF-16 by its mark, else cp1252 where no other reading is as likely.

    Reads the whole file once, so that nothing is taken from one that turns out to be something else; raises
    `Unreadable`.
    """
    named = UTF_8 if encoding is not None and encoding.lower() in ("utf-8", "utf8") else encoding
    digest, lines, decoder = sha256(), 0, _decoder(named)
    try:
        require_file(path)
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                if not lines:
                    _require_text(path, block, decoder)
                digest.update(block)
                decoder.decode(block)
                lines += block.count(b"\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        line = lines + error.object[: error.start].count(b"\n") + 1
        place = f" (line {line}, byte 0x{error.object[error.start]:02X})"
        raise Unreadable(_not_encoded(path, decoder.encoding, place)) from None
    except UnicodeError:
        raise Unreadable(_not_encoded(path, decoder.encoding)) from None
    except OSError as error:
        raise unreadable(path, error) from None
    return Survey(digest.hexdigest(), lines, decoder.encoding)


def require_file(path: Path) -> None:
    """Refuses what is not there, is no file on disk, or is empty."""
    try:
        found = path.stat()
    except OSError as error:
        raise unreadable(path, error) from None
    if S_ISDIR(found.st_mode):
        raise Unreadable(f"{path} is a folder: name a file in it")
    if not S_ISREG(found.st_mode):
        raise Unreadable(f"{path} is not a file on disk: save it to one first")
    if not found.st_size:
        raise Unreadable(f"{path} is empty: it needs a line with the names of its columns")


def unreadable(path: Path, error: OSError) -> Unreadable:
    if isinstance(error, FileNotFoundError):
        return Unreadable(f"there is no file {path}")
    return Unreadable(f"{path} cannot be read: {error.strerror}")


class _Decoder:
    """Checks block after block; raises `UnicodeDecodeError`."""

    def __init__(self, named: str | None):
        self._is_named = named is not None
        self._is_plain = True
        self._tail = b""
        self.use(named or UTF_8)

    def use(self, encoding: str) -> None:
        self.encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()

    def recognise(self, block: bytes) -> None:
        if not self._is_named and block.startswith(_UTF_16):
            self.use("utf-16")
            self._is_named = True

    def decode(self, block: bytes, final: bool = False) -> None:
        if not self._is_named and self.encoding == WINDOWS:
            self._require_windows(block)
            return
        try:
            self._decoder.decode(block, final)
        except UnicodeDecodeError as error:
            if self._is_named or not (self._is_plain and error.object[: error.start].isascii()):
                raise
            self._require_windows(error.object)
            self.encoding = WINDOWS
        waiting = len(self._decoder.getstate()[0])
        self._is_plain = self._is_plain and block[: len(block) - waiting].isascii()

    def _require_windows(self, block: bytes) -> None:
        kept = len(self._tail)
        if found := _NOT_WINDOWS.search(self._tail + block):
            at = max(0, found.start() - kept)
            raise UnicodeDecodeError("utf-8", block, at, at + 1, "it is none of the encodings that are recognised")
        self._tail = block[-1:]


def _decoder(named: str | None) -> _Decoder:
    try:
        "".encode(named or UTF_8)
        return _Decoder(named)
    except LookupError:
        raise Unreadable(f"{named!r} is not an encoding: use utf-8, cp1252, latin-1 or the like") from None


def _not_encoded(path: Path, encoding: str, place: str = "") -> str:
    name = "utf-8" if encoding in (UTF_8, WINDOWS) else encoding
    return f"{path} is not {name} text{place}: name its encoding, for example --encoding cp1252"


def _require_text(path: Path, block: bytes, decoder: _Decoder) -> None:
    for magic, message in _NOT_TEXT.items():
        if block.startswith(magic):
            raise Unreadable(f"{path} {message}")
    decoder.recognise(block)
    if block.startswith(_UTF_16) and not decoder.encoding.lower().startswith("utf-16"):
        raise Unreadable(f"{path} is UTF-16 text: add --encoding utf-16")


def no_workbook(path: Path, begins: bytes) -> Unreadable:
    """For what begins as a workbook and is none."""
    return Unreadable(f"{path} {_NOT_TEXT[begins]}")
