"""Import: files of invoices, credit notes, payments and settled history become facts, each row exactly once."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, tzinfo
from pathlib import Path

from infra.clock import Pause, moment, pause
from infra.encryption import Encryption
from infra.files.rejects import Rejects
from infra.files.tabular import Unreadable
from infra.log.garbage import searched_seldom
from infra.log.ledger import Ledger, Progress
from infra.reasons import reason_of
from services.debtors import Debtors
from services.importing.book import Book
from services.importing.column_names import KNOWN
from services.importing.columns import NONE_KNOWN, Vocabulary
from services.importing.credit_notes import CreditNotes
from services.importing.history import History
from services.importing.intake import opened_file
from services.importing.invoices import Invoices
from services.importing.loading import Content, Kind, Loading
from services.importing.options import Options, Reject, Report, Summary
from services.importing.payments import Payments
from services.importing.recognition import Recognition
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
        *,
        bring_views_up_to_date: Callable[[Progress | None], None],
        today: Callable[[], date],
        zone: tzinfo = UTC,
        pause: Pause = pause,
        behind: Callable[[], int] = lambda: 0,
        wait: Pause = moment,
    ):
        """`zone` is the one whose days count.

        `behind` says how many facts the views have not seen once they were brought up to date.
        """
        self._ledger, self._encryption, self._debtors = ledger, encryption, debtors
        self._bring_views_up_to_date, self._today, self._pause = bring_views_up_to_date, today, pause
        self._behind, self._wait, self._zone = behind, wait, zone

    def invoices(self, path: Path, options: Options, report: Report = _silent) -> Summary:
        return self._load(Invoices(), path, options, report, KNOWN["invoices"])

    def payments(self, path: Path, options: Options, report: Report = _silent) -> Summary:
        """Those that name no invoice and no customer we know are recorded as `unidentified`, to be identified later."""
        recognition = Recognition(self._ledger, self._encryption)
        payments = Payments(recognition, lambda: self._bring_views_up_to_date(None))
        return replace(self._load(payments, path, options, report, KNOWN["payments"]), **payments.figures())

    def credit_notes(self, path: Path, options: Options, report: Report = _silent) -> Summary:
        return self._load(CreditNotes(), path, options, report, KNOWN["credit_notes"])

    def history(self, path: Path, options: Options, report: Report = _silent) -> Summary:
        return self._load(History(), path, options, report, KNOWN["history"])

    def _load(
        self, kind: Kind[Content], path: Path, options: Options, report: Report, vocabulary: Vocabulary = NONE_KNOWN
    ) -> Summary:
        today = self._today()
        book = Book(
            self._ledger,
            self._encryption,
            self._debtors,
            today=today,
            entity=options.entity,
            is_dry=options.dry_run,
        )
        with searched_seldom(), ExitStack() as opened:
            file = opened.enter_context(opened_file(path, kind.fields(options), vocabulary, options))
            rejects = opened.enter_context(Rejects(file.table, options.reject_file, is_dry=options.dry_run))
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
