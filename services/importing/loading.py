"""From the rows of a file to facts in the ledger: a chunk is one commit, and what is recorded already is left alone."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Generic, NamedTuple, Protocol, TypeVar

from domain.entry import Cause, require_cause
from domain.notes import Note
from domain.refusal import Refused
from infra.clock import Pause
from infra.files.rejects import Rejects, origin
from infra.files.table import NoRow, Row, Table
from infra.log.appends import Contended
from infra.log.bulk import MovedOn
from services.importing.book import Book, StreamRequest
from services.importing.kinds.sides import NOTHING_OPEN
from services.importing.options import Options, Reject, Report, Summary
from services.importing.reading.cells import Cells, Place
from services.importing.reading.totals import Totals, is_blank
from services.importing.tally import Money, Tally

CHUNK = 5_000
TRIES = 6
SHOWN = 5

# Which field a refusal of the domain is about, where that is plain.
_FIELDS = {
    "amount_too_large": "amount",
    "before_issue": "issued_on",
    "currency_differs": "currency",
    "bad_discount": "terms",
    "bad_schedule": "schedule",
    "due_before_issue": "due_on",
    "factored": "number",
    "not_issued": "number",
    "not_positive": "amount",
    "number_taken": "number",
    "tax_out_of_range": "tax",
    "voided": "number",
    "written_off": "number",
}


Content = TypeVar("Content")


class Kind(Protocol[Content]):
    """What the rows of a file are: how one is read, what is looked up for many at once, which commands one gives.

    `comes_last` of a row that may be about one below it: it is decided after the others of its chunk. `money` and
    `notes` are asked of rows that were taken; a row may be decided again, and then gives the same notes.
    """

    def fields(self, options: Options) -> Mapping[str, bool]: ...
    def read(self, cells: Cells) -> Content: ...
    def prepare(self, rows: Sequence[Content], book: Book) -> None: ...
    def comes_last(self, row: Content) -> bool: ...
    def commands(self, row: Content, book: Book) -> Iterator[StreamRequest]: ...
    def money(self, row: Content, book: Book) -> Money | None: ...
    def notes(self, row: Content) -> Sequence[Note]: ...


class ReadRow(NamedTuple, Generic[Content]):
    row: Row
    place: Place
    content: Content
    notes: Sequence[Note] = ()


class Rejected(NamedTuple):
    row: Row
    reject: Reject


class Outcome(NamedTuple):
    """Of one chunk; `tally` is of the rows not rejected."""

    imported: int
    rejected: list[Rejected]
    tally: Tally


class Loading(Generic[Content]):
    """One run over one file."""

    def __init__(
        self,
        kind: Kind[Content],
        table: Table,
        rejects: Rejects,
        cells: Cells,
        totals: Totals,
        *,
        book: Book,
        options: Options,
        pause: Pause,
    ):
        self._kind, self._table, self._rejects, self._options, self._pause = kind, table, rejects, options, pause
        self._cells, self._totals, self._book = cells, totals, book
        # A name that is no text, or that a terminal would obey, is shown as far as it can be.
        self._reason = f"import of {''.join(each if each.isprintable() else '?' for each in table.path.name)}"
        require_cause(Cause(options.actor, "import", self._reason))
        self.read = self.imported = self.rejected = 0
        self.first_rejects: list[Reject] = []
        self.tally = Tally()

    def run(self, report: Report) -> None:
        """Reads the next chunk while the database works on the one before."""
        rows, pending = self._table.rows, Future[None]()
        pending.set_result(None)
        with ThreadPoolExecutor(1, "import") as recorder:
            while chunk := list(islice(rows, CHUNK)):
                asked, rejected = self._asked(chunk)
                pending.result()
                self._show_progress(report, chunk[0].line - 1)
                pending = recorder.submit(self._load, asked, rejected)
            pending.result()
        self._show_progress(report, self._table.lines)

    def _show_progress(self, report: Report, line: int) -> None:
        report(line, max(line, self._table.lines), note=f"{self.rejected:,} rejected" if self.rejected else "")

    def summary(self, position: int) -> Summary:
        return Summary(
            read=self.read,
            imported=self.imported,
            already_there=self.read - self.imported - self.rejected,
            rejected=self.rejected,
            reject_file=self._rejects.path,
            position=position,
            first_rejects=tuple(self.first_rejects),
            totals=self.tally.totals(),
            notes=tuple(sorted(self.tally.notes)),
            notes_left_off=self.tally.left_off(),
            left_out=self._table.left_out,
        )

    def _load(self, asked: Sequence[ReadRow[Content]], rejected: Sequence[Rejected]) -> None:
        imported, refused, tally = self._recorded(asked)
        rejected = sorted([*rejected, *refused], key=lambda each: each.row.line)
        self.read += len(asked) + len(rejected) - len(refused)
        self.imported += imported
        self.rejected += len(rejected)
        self.tally.add(tally)
        self.first_rejects += [each.reject for each in rejected[: SHOWN - len(self.first_rejects)]]
        for row, (_, field, code, message) in rejected:
            self._rejects.write(row, field, code, message)

    def _asked(self, chunk: Sequence[Row]) -> tuple[list[ReadRow[Content]], list[Rejected]]:
        asked: list[ReadRow[Content]] = []
        rejected: list[Rejected] = []
        read, cells = self._kind.read, self._cells
        for row in chunk:
            try:
                if row.fault:
                    raise Refused("not_a_row", row.fault)
                place = Place(row.line, origin(self._table, row))
                content = read(cells.of(row.values, place))
                asked.append(ReadRow(row, place, content, cells.notes))
            except Refused as refusal:
                # Only what is no row is looked at for being a total.
                if no_row := self._no_row(row, refusal.code):
                    self._table.left_out.take(no_row, row.line)
                else:
                    rejected.append(Rejected(row, _reject(row, refusal)))
        return asked, rejected

    def _no_row(self, row: Row, code: str) -> NoRow | None:
        if code == NOTHING_OPEN:
            return NoRow.SETTLED
        if is_blank(row.values):
            return NoRow.BLANK
        if self._totals.has(row):
            return NoRow.TOTAL
        return NoRow.HEADING if self._totals.heads(row) else None

    def _recorded(self, asked: Sequence[ReadRow[Content]]) -> Outcome:
        """In one commit, or for a dry run not at all; decided again when another writer was faster."""
        for attempt in range(TRIES):
            outcome = self._decided(asked)
            try:
                self._book.commit()
                # A dry run remembers what it adds: later rows may be about it.
                if not self._options.dry_run:
                    self._book.turn_page()
                return outcome
            except MovedOn:
                self._book.forget()
                self._pause(attempt)
        line = asked[0].row.line
        raise Contended(f"other writers kept changing the same invoices; all before line {line} is in, import it again")

    def _decided(self, asked: Sequence[ReadRow[Content]]) -> Outcome:
        added, rejected, tally = 0, [], Tally(self.tally.last)
        book, commands, money, notes = self._book, self._kind.commands, self._kind.money, self._kind.notes
        self._kind.prepare([each.content for each in asked], book)
        for row, place, content, said in sorted(asked, key=lambda each: self._kind.comes_last(each.content)):
            book.begin_row()
            cause = self._cause(place)
            try:
                # One after the other: a command may look at what those before it added.
                asking = [(request.stream, book.run(request, cause)) for request in commands(content, book)]
                added += any(is_more for _, is_more in asking)
                # Lines of one document are counted once; files of one are each a document.
                document = asking[0][0] if asking and not row.file else ""
                tally.take(row.line, document, money(content, book), _of(row, [*said, *notes(content), *book.notes]))
            except Refused as refusal:
                book.undo_row()
                rejected.append(Rejected(row, _reject(row, refusal)))
        return Outcome(added, rejected, tally)

    def _cause(self, place: Place) -> Cause:
        return Cause(self._options.actor, place.origin, self._reason, place.file)


def _reject(row: Row, refusal: Refused) -> Reject:
    field = refusal.field or _FIELDS.get(refusal.code, "")
    return Reject(row.line, field, refusal.code, _named(row, refusal.message))


def _of(row: Row, notes: Sequence[Note]) -> Sequence[Note]:
    return [note._replace(message=_named(row, note.message)) for note in notes] if row.file else notes


def _named(row: Row, message: str) -> str:
    """Whoever reads of a row that is a file looks for that."""
    return f"{row.file}: {message}" if row.file else message
