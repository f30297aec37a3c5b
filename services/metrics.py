"""Metrics: the figures a credit controller is measured by, for a period and as known at an instant."""

from datetime import date, datetime, timedelta

from domain.refusal import Refused
from projections.metrics.by_currency import metrics
from projections.metrics.tallies import Period, questions
from services.answers.metrics import MetricsReport, metrics_report
from services.snapshots import Snapshots, require_day

VIEWS = ("open_items", "credit_risk")
WINDOW_DAYS = 90
LONGEST_WINDOW = 3660


class Metrics:
    def __init__(self, snapshots: Snapshots):
        self._snapshots = snapshots

    def metrics(
        self,
        as_of: date,
        from_on: date | None = None,
        window_days: int = WINDOW_DAYS,
        *,
        known_at: datetime | None = None,
    ) -> MetricsReport:
        """Figures per currency. The period is `from_on` to `as_of`, both in it; by default the window.

        Refuses `bad_period`, `bad_window` and `bad_day`.
        """
        if not 0 < window_days <= LONGEST_WINDOW:
            raise Refused("bad_window", f"a window has 1 to {LONGEST_WINDOW} days")
        first = require_day(as_of) - timedelta(days=window_days - 1) if from_on is None else require_day(from_on)
        if first > as_of:
            raise Refused("bad_period", f"the period begins on {first}, after its last day {as_of}")
        with self._snapshots.at(known_at, *VIEWS) as (as_known, ask):
            period = Period(first, as_of, window_days, as_known.position)
            tallies = ask(*questions(period))
        return metrics_report(period, as_known, metrics(period, tallies))
