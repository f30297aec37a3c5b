"""Import: files become facts, each row exactly once: customers, invoices, credit notes, payments, settled history."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import UTC, date, tzinfo
from pathlib import Path

from infra.clock import Pause, moment, pause
from infra.einvoice import looks_like_one
from infra.einvoice.folder import einvoices_in, table_of
from infra.encryption import Encryption
from infra.files.rejects import Rejects
from infra.files.tabular import Table, Unreadable
from infra.log.garbage import searched_seldom
from infra.log.ledger import Ledger, Progress
from infra.post.archive import Archive
from infra.reasons import reason_of
from services.debtors import Debtors
from services.importing.book import Book
from services.importing.kinds.credit_notes import CreditNotes
from services.importing.kinds.customers import Customers
from services.importing.kinds.einvoices import EInvoices, left_alone
from services.importing.kinds.history import History
from services.importing.kinds.invoices import Invoices
from services.importing.kinds.payments import Payments
from services.importing.kinds.recognition import Recognition
from services.importing.loading import Content, Kind, Loading
from services.importing.options import Options, Reject, Report, Summary
from services.importing.reading.column_names import KNOWN
from services.importing.reading.columns import NONE_KNOWN, Vocabulary
from services.importing.reading.file import opened_file
from services.importing.tally import RowNote, Total

__all__ = ["Imports", "Options", "Reject", "RowNote", "Summary", "Total", "Unreadable"]


# How often views that somebody else holds are looked at again.
TRIES = 3


def _silent(done: int, total: int | None = None, note: str = "") -> None:
    pass


class Imports:
    """Each returns what was done, and raises `Unreadable` for a file that cannot be read as asked.

    The facts of a row carry its line in the command id and the file as correlation id. The same rows again add nothing.
    """

    def __init__(
        self,
        ledger: Ledger,
        encryption: Encryption,
        debtors: Debtors,
        archive: Archive,
        *,
        bring_views_up_to_date: Callable[[Progress | None], None],
        today: Callable[[], date],
        zone: tzinfo = UTC,
        pause: Pause = pause,
        behind: Callable[[], int] = lambda: 0,
        wait: Pause = moment,
        iban_of: Callable[[str], str] = lambda entity: "",
    ):
        """`zone` is the one whose days count, `iban_of` gives the account of an entity as creditor.

        `behind` says how many facts the views have not seen once they were brought up to date.
        """
        self._ledger, self._encryption, self._debtors, self._archive = ledger, encryption, debtors, archive
        self._bring_views_up_to_date, self._today, self._pause = bring_views_up_to_date, today, pause
        self._behind, self._wait, self._zone, self._iban_of = behind, wait, zone, iban_of

    def invoices(self, path: Path, options: Options, report: Report = _silent) -> Summary:
        """Of a table, or electronic invoices: one, or those in a folder."""
        if looks_like_one(path):
            paths, others = einvoices_in(path)
            kind, opened = EInvoices(paths, self._iban_of), table_of(path, paths)
            summary = self._load(kind, path, options, report, opened=opened)
            return replace(summary, is_of_files=True, as_read=options, notes=(*left_alone(others), *summary.notes))
        return self._load(Invoices(), path, options, report, KNOWN["invoices"])

    def payments(self, path: Path, options: Options, report: Report = _silent) -> Summary:
        """Those that name no invoice and no customer we know are recorded as `unidentified`, to be identified later."""
        recognition = Recognition(self._ledger, self._encryption)
        payments = Payments(recognition, lambda: self._bring_views_up_to_date(None))
        return replace(self._load(payments, path, options, report, KNOWN["payments"]), **payments.figures())

    def customers(self, path: Path, options: Options, report: Report = _silent) -> Summary:
        customers = Customers()
        summary = self._load(customers, path, options, report, KNOWN["customers"])
        updated = customers.updated()
        return replace(summary, imported=summary.imported - updated, updated=updated)

    def credit_notes(self, path: Path, options: Options, report: Report = _silent) -> Summary:
        return self._load(CreditNotes(), path, options, report, KNOWN["credit_notes"])

    def history(self, path: Path, options: Options, report: Report = _silent) -> Summary:
        return self._load(History(), path, options, report, KNOWN["history"])

    def _load(
        self,
        kind: Kind[Content],
        path: Path,
        options: Options,
        report: Report,
        vocabulary: Vocabulary = NONE_KNOWN,
        opened: AbstractContextManager[Table] | None = None,
    ) -> Summary:
        today = self._today()
        book = Book(
            self._ledger,
            self._encryption,
            self._debtors,
            self._archive,
            today=today,
            entity=options.entity,
            is_dry=options.dry_run,
        )
        with searched_seldom(), ExitStack() as stack:
            file = stack.enter_context(opened_file(path, kind.fields(options), vocabulary, options, opened))
            rejects = stack.enter_context(Rejects(file.table, options.reject_file, is_dry=options.dry_run))
            rejects.say_how_read(file.reading.words(), file.spelled)
            cells = file.cells(options, today=today, zone=self._zone)
            loading = Loading(
                kind, file.table, rejects, cells, file.totals(), book=book, options=options, pause=self._pause
            )
            loading.run(report)
            position = self._ledger.head().position
        # The rows are in and the rejected ones kept, whatever becomes of the views.
        summary = replace(
            loading.summary(position),
            columns=file.columns_shown(),
            recognised=file.recognised(options),
            as_read=file.as_read(options),
        )
        return summary if options.dry_run else replace(summary, views_lag=self._views_lag(report))

    def _views_lag(self, report: Report) -> str:
        """What keeps the views from showing the rows; nothing when they do."""
        reason = ""
        for attempt in range(TRIES):
            try:
                self._bring_views_up_to_date(
                    lambda done, total: report(done, total, note="bringing the views up to date")
                )
                if not (behind := self._behind()):
                    return ""
                reason = f"they are {behind:,} facts behind"
            except Exception as error:
                reason = reason_of(error)
            self._wait(attempt)
        return f"the rows are in, and not all views show them yet: {reason}; `receivables views list` looks again"
