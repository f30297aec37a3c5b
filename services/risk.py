"""Risk: how far each customer can be trusted, what to put aside for what will not come, and when cash is to come."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from domain.refusal import Refused
from infra.provision_rates import FILE, ProvisionRates
from infra.rates import Rates
from projections.credit_risk import outlook, provisions
from projections.credit_risk.exposure import Asked
from projections.credit_risk.provision_matrix import Matrix
from projections.credit_risk.provisions import LossRate
from projections.credit_risk.risk import Found, questions, risks
from projections.credit_risk.risk import Risk as CustomerRisk
from projections.open_items.aging import bucket_names
from services.answers.forecast import ForecastReport, forecast_report
from services.answers.provisions import ProvisionReport, provision_report
from services.answers.reporting_total import InReportingCurrency, in_reporting_currency
from services.answers.risk import RiskReport, risk_report
from services.snapshots import AsOfPosition, Snapshots, require_day, require_named

VIEWS = ("open_items", "credit_risk")
WINDOW_DAYS = 365
MONTHS, MOST_MONTHS = 12, 120
HISTORY_DAYS = 3 * 365
MOST_WEEKS = 104


class Risk:
    def __init__(
        self,
        snapshots: Snapshots,
        rates: Rates,
        *,
        own_rates: Callable[[Sequence[str]], ProvisionRates] = lambda buckets: ProvisionRates({}),
        buckets: Sequence[int] = (30, 60, 90),
        reporting_currency: str | None = None,
    ):
        """`own_rates` looks up the firm's own loss rates for these buckets."""
        self._snapshots, self._rates, self._own_rates = snapshots, rates, own_rates
        self._buckets, self._reporting_currency = buckets, reporting_currency

    def risk(
        self,
        as_of: date,
        known_at: datetime | None = None,
        from_on: date | None = None,
        customer: str | None = None,
    ) -> RiskReport:
        """A row per customer and currency. Behaviour is that since `from_on`, by default of a year.

        Refuses `bad_period`, `bad_day`, `not_registered` and `not_yet`.
        """
        first = require_day(as_of) - timedelta(days=WINDOW_DAYS - 1) if from_on is None else require_day(from_on)
        if first > as_of:
            raise Refused("bad_period", f"the period begins on {first}, after its last day {as_of}")
        as_known, found = self._risks(as_of, known_at, first, customer)
        sums: dict[str, dict[str, int]] = {}
        for each in found:
            total = sums.setdefault(each.currency, {"exposure": 0, "overdue": 0})
            total["exposure"] += each.exposure
            total["overdue"] += each.overdue
        return risk_report(as_of, as_known, first, found, self._reporting(sums, as_of))

    def classes(self, as_of: date, known_at: datetime | None = None) -> dict[str, str]:
        """Each customer's class on that day, the worst where there are several currencies."""
        first = require_day(as_of) - timedelta(days=WINDOW_DAYS - 1)
        _, found = self._risks(as_of, known_at, first)
        classes: dict[str, str] = {}
        for each in found:
            if each.risk_class:
                classes[each.customer] = max(each.risk_class, classes.get(each.customer, ""))
        return classes

    def provisions(
        self,
        as_of: date,
        known_at: datetime | None = None,
        months: int = MONTHS,
        rates: Mapping[str, Fraction] | None = None,
    ) -> ProvisionReport:
        """The provision matrix: a loss rate and an allowance per bucket and currency.

        A rate is that of `rates`, by bucket name, else the firm's own, else a roll rate, else the published default.
        Refuses `bad_months`, `bad_rate` and `bad_day`.
        """
        require_day(as_of)
        if not 0 < months <= MOST_MONTHS:
            raise Refused("bad_months", f"roll rates are taken over 1 to {MOST_MONTHS} months")
        edges, names = provisions.edges(self._buckets), bucket_names(self._buckets)
        given = _given(rates or {}, self._own_rates(names), names)
        with self._snapshots.at(known_at, *VIEWS) as (as_known, ask):
            opened, moved = ask(
                provisions.open_by_bucket(as_of, as_known.position, edges),
                provisions.moves(as_of, as_known.position, edges, months),
            )
        matrix = Matrix(names, edges, given)
        found = matrix.provisions(opened, moved)
        sums = {each.currency: {"open": each.open_minor, "allowance": each.allowance_minor} for each in found}
        return provision_report(as_of, as_known, months, found, self._reporting(sums, as_of))

    def forecast(self, as_of: date, known_at: datetime | None = None, weeks: int = outlook.WEEKS) -> ForecastReport:
        """The chance to collect by age, and cash by week; a first version. Refuses `bad_weeks` and `bad_day`."""
        require_day(as_of)
        if not 0 < weeks <= MOST_WEEKS:
            raise Refused("bad_weeks", f"a forecast is made for 1 to {MOST_WEEKS} weeks")
        with self._snapshots.at(known_at, *VIEWS) as (as_known, ask):
            seen, opened = ask(
                outlook.seen(as_of - timedelta(days=HISTORY_DAYS), as_of, as_known.position),
                outlook.open_by_due_day(as_of, as_known.position),
            )
        history = outlook.curve(outlook.Seen(*row) for row in seen)
        return forecast_report(as_of, as_known, history, outlook.cash_forecasts(history, opened, as_of, weeks))

    def _risks(
        self, as_of: date, known_at: datetime | None, from_on: date, customer: str | None = None
    ) -> tuple[AsOfPosition, list[CustomerRisk]]:
        with self._snapshots.at(known_at, *VIEWS) as (as_known, ask):
            asked = Asked(as_of, from_on, as_known.position, customer)
            found = ask(*questions(asked))
            if customer is not None and not any(found):
                require_named(ask, customer=customer)
        return as_known, list(risks(asked, Found(*found)))

    def _reporting(self, sums: Mapping[str, Mapping[str, int]], on: date) -> InReportingCurrency:
        return in_reporting_currency(self._reporting_currency, sums, self._rates, on)


def _given(
    rates: Mapping[str, Fraction], own: ProvisionRates, names: Sequence[str]
) -> Callable[[str], Mapping[str, LossRate]]:
    """By currency, the rates by bucket that are not to be counted."""
    if unknown := [name for name in rates if name not in names]:
        raise Refused("bad_rate", f"{unknown[0][:20]!r} is no bucket: there are {', '.join(names)}")
    if any(not 0 <= rate <= 1 for rate in rates.values()):
        raise Refused("bad_rate", "a loss rate is from 0 to 100 %")
    asked = {name: provisions.given_rate(rate, "with the question") for name, rate in rates.items()}

    def of(currency: str) -> Mapping[str, LossRate]:
        kept = {name: provisions.given_rate(rate, f"in {FILE}") for name, rate in own.of(currency).items()}
        return kept | asked

    return of
