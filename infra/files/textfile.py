"""Whether a file is text in the encoding named, checked before anything is imported from it."""

import codecs
from hashlib import sha256
from pathlib import Path
from stat import S_ISDIR, S_ISREG

_BLOCK = 1 << 20
_NOT_TEXT = {
    b"PK\x03\x04": "is a workbook or an archive: open it in a spreadsheet and export it as CSV",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook: open it in a spreadsheet and export it as CSV",
    b"%PDF": "is a PDF: export the data as CSV",
    b"\x1f\x8b": "is compressed: unpack it first",
}
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Unreadable(Exception):
    """The file cannot be read at all, or not as asked. `message` says why and what to do."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


def survey(path: Path, encoding: str) -> tuple[str, int]:
    """Its SHA-256 and about how many lines it has; raises `Unreadable`.

    Reads the whole file once, so that nothing is taken from one that turns out to be something else.
    """
    digest, lines = sha256(), 0
    try:
        "".encode(encoding)
        decoder = codecs.getincrementaldecoder(encoding)()
        _require_file(path)
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                if not lines:
                    _require_text(path, block, encoding)
                digest.update(block)
                decoder.decode(block)
                lines += block.count(b"\n")
        decoder.decode(b"", final=True)
    except LookupError:
        raise Unreadable(f"{encoding!r} is not an encoding: use utf-8, cp1252, latin-1 or the like") from None
    except UnicodeDecodeError as error:
        line = lines + error.object[: error.start].count(b"\n") + 1
        raise Unreadable(
            _not_encoded(path, encoding, f" (line {line}, byte 0x{error.object[error.start]:02X})")
        ) from None
    except UnicodeError:
        raise Unreadable(_not_encoded(path, encoding)) from None
    except FileNotFoundError:
        raise Unreadable(f"there is no file {path}") from None
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from None
    return digest.hexdigest(), lines


def _not_encoded(path: Path, encoding: str, place: str = "") -> str:
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    return f"{path} is not {name} text{place}: name its encoding, for example --encoding cp1252"


def _require_file(path: Path) -> None:
    found = path.stat()
    if S_ISDIR(found.st_mode):
        raise Unreadable(f"{path} is a folder: name a file in it")
    if not S_ISREG(found.st_mode):
        raise Unreadable(f"{path} is not a file on disk: save it to one first")
    if not found.st_size:
        raise Unreadable(f"{path} is empty: it needs a line with the names of its columns")


def _require_text(path: Path, block: bytes, encoding: str) -> None:
    for magic, message in _NOT_TEXT.items():
        if block.startswith(magic):
            raise Unreadable(f"{path} {message}")
    if block.startswith(_UTF_16) and not encoding.lower().startswith("utf-16"):
        raise Unreadable(f"{path} is UTF-16 text: add --encoding utf-16")
