"""Import: files of invoices, of payments and of settled history become facts, each row exactly once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from infra.clock import Pause, pause
from infra.encryption import Encryption
from infra.files.rejects import Rejects
from infra.files.tabular import Unreadable, open_table
from infra.log.garbage import searched_seldom
from infra.log.ledger import Ledger
from infra.views.projector import Fenced, Projector, RebuildNeeded
from services.importing.history import History
from services.importing.invoices import Invoices
from services.importing.loading import Kind, Loading
from services.importing.options import Options, Reject, Report, Summary
from services.importing.payments import Payments
from services.importing.recognition import Recognition
from services.standing import Standing

__all__ = ["Imports", "Options", "Reject", "Summary", "Unreadable"]


def _silent(done: int, total: int | None = None, note: str = "") -> None:
    pass


class Imports:
    """Each answers what was done and raises `Unreadable` for a file that cannot be read as asked.

    Facts of a row carry the line as their command and the file as their correlation: the same rows again add nothing.
    """

    def __init__(
        self,
        ledger: Ledger,
        projector: Projector,
        encryption: Encryption,
        standing: Standing,
        *,
        today: Callable[[], date],
        pause: Pause = pause,
    ):
        self._ledger, self._projector, self._encryption = ledger, projector, encryption
        self._standing, self._today, self._pause = standing, today, pause

    def invoices(self, path: Path, options: Options, report: Report = _silent) -> Summary:
        return self._load(Invoices(self._encryption), path, options, report)

    def payments(self, path: Path, options: Options, report: Report = _silent) -> Summary:
        """Those that name no invoice and no customer we know are `unidentified`: kept, until somebody knows better."""
        payments = Payments(
            self._encryption, self._standing.oldest_first_of, Recognition(self._ledger, self._encryption)
        )
        summary = self._load(payments, path, options, report)
        return replace(summary, **payments.told())

    def history(self, path: Path, options: Options, report: Report = _silent) -> Summary:
        return self._load(History(self._encryption), path, options, report)

    def _load(self, kind: Kind, path: Path, options: Options, report: Report) -> Summary:
        with (
            searched_seldom(),
            open_table(path, encoding=options.encoding) as table,
            Rejects(table, options.reject_file, is_dry=options.dry_run) as rejects,
        ):
            loading = Loading(
                kind, table, rejects, ledger=self._ledger, options=options, today=self._today(), pause=self._pause
            )
            loading.run(report)
            position = self._ledger.head().position
            if not options.dry_run:
                self._show(report)
        return loading.summary(position)

    def _show(self, report: Report) -> None:
        # Fenced off, another projector keeps the views and will come to these facts; a view to be rebuilt says so
        # to whoever reads it.
        with suppress(Fenced, RebuildNeeded):
            self._projector.catch_up(lambda done, total: report(done, total, note="bringing the views up to date"))
