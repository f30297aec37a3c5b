"""Electronic invoices as a table: a row is a file, of a folder or alone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from infra.einvoice import MOST_PDF, SUFFIXES
from infra.files.rejects import COLUMNS
from infra.files.table import LeftOut, Row, Table
from infra.files.textfile import UTF_8, Unreadable

FILE = "file"


def einvoices_in(path: Path) -> tuple[list[Path], list[Path]]:
    """The XML and PDF files of a folder by name, and what else lies in it; or the file alone. Raises `Unreadable`."""
    try:
        if not path.is_dir():
            path.stat()
            return [path], []
        below = sorted(path.iterdir(), key=lambda each: each.name)
    except FileNotFoundError:
        raise Unreadable(f"there is no file {path}") from None
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from None
    found = [each for each in below if each.suffix.lower() in SUFFIXES and each.is_file()]
    if not found:
        raise Unreadable(
            f"{path} is a folder: name a file in it, or one with electronic invoices ({', '.join(SUFFIXES)})"
        )
    return found, [each for each in below if each not in found]


@contextmanager
def table_of(path: Path, files: Sequence[Path]) -> Iterator[Table]:
    """With the columns of a reject file, so that each row has an origin of its own: the file, wherever it lies."""
    named = path.resolve() if path.is_dir() else path
    digest = sha256("\n".join(each.name for each in files).encode(errors="surrogateescape")).hexdigest()

    def rows() -> Iterator[Row]:
        return (Row(line, _values(each), None, each.name) for line, each in enumerate(files, 1))

    columns = (*COLUMNS, FILE)
    yield Table(named, digest, len(files), UTF_8, ",", columns, rows(), rows, head=0, left_out=LeftOut())


def _values(path: Path) -> list[str]:
    *reasons, _ = COLUMNS
    return [*([""] * len(reasons)), _origin(path), path.name]


def _origin(path: Path) -> str:
    """By its content, so that the same file is the same in any folder; empty for one that is not read at all."""
    try:
        if path.stat().st_size > MOST_PDF:
            return ""
        return f"import:{sha256(path.read_bytes()).hexdigest()[:16]}:1"
    except OSError:
        return ""
