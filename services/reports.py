"""Aging and what belongs to it: open items of any day as known at any instant, and why an answer changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from domain.money import exponent
from domain.refusal import Refused
from infra.rates import Rates
from infra.settings import Settings
from projections.credit_risk import view as credit_risk
from projections.open_items import aging, drill_down
from projections.open_items.aging import Aging, Line
from projections.open_items.asking import Part
from projections.open_items.restatement import restatement
from services.answers.aging import DIMENSIONS, AgingReport, ItemsReport, aging_report, items_report
from services.answers.reporting_total import in_reporting_currency
from services.answers.restatement import RestatementReport, restatement_report
from services.snapshots import Ask, AsOfPosition, Snapshots, answer, instant_text, require_day, require_named

NOBODY = "none"
VIEW = "open_items"

Labels = Callable[[date, datetime | None], Mapping[str, str]]


class Reports:
    """`risk_classes` gives each customer's class on a day; it is asked only when a report is by class.

    What is asked of facts themselves, or of what is not published, is asked of `whole`: the views over the log.
    """

    def __init__(self, snapshots: Snapshots, whole: Snapshots, rates: Rates, settings: Settings, risk_classes: Labels):
        self._snapshots, self._whole, self._rates, self._settings = snapshots, whole, rates, settings
        self._labels: dict[str, Labels] = {
            "collector": partial(self.in_force, "collector"),
            "country": partial(self.in_force, "country"),
            "risk_class": risk_classes,
        }

    def aging(
        self,
        as_of: date,
        known_at: datetime | None = None,
        *,
        by: str = "customer",
        entity: str | None = None,
        currency: str | None = None,
        customer: str | None = None,
        basis: str = "due_on",
    ) -> AgingReport:
        """Open amounts by bucket, a total per currency and a row per group.

        Refuses `unknown_dimension`, `unknown_basis`, `unknown_currency`, `unknown_entity`, `not_registered`, `bad_day`
        and `not_yet`.
        """
        if by not in DIMENSIONS:
            raise Refused("unknown_dimension", f"aging is by one of {', '.join(DIMENSIONS)}")
        part = self._part(as_of, entity=entity, currency=currency, customer=customer, basis=basis)
        with self._asked(part, known_at) as (as_known, asked, ask):
            totals = answer(ask, aging.totals(asked))
            rows: Sequence[Line] = totals
            if by != "currency":
                rows = answer(ask, aging.by_entity(asked) if by == "entity" else aging.by_customer(asked))
            if not totals:
                require_named(ask, customer=customer, entity=entity)
        if by in self._labels:
            rows = aging.grouped(rows, self._labels[by](as_of, known_at), NOBODY)
        sums = {line.currency: {"open": line.open_minor} for line in totals}
        return aging_report(
            as_of,
            as_known,
            totals,
            rows,
            basis=basis,
            by=by,
            buckets=aging.bucket_names(self._settings.buckets),
            reporting=in_reporting_currency(self._settings.reporting_currency, sums, self._rates, as_of),
        )

    def items(
        self,
        as_of: date,
        known_at: datetime | None = None,
        *,
        customer: str,
        entity: str | None = None,
        currency: str | None = None,
        basis: str = "due_on",
    ) -> ItemsReport:
        """The open items of one customer: days past due, and the ladder's, on which a dispute does not count."""
        part = self._part(as_of, entity=entity, currency=currency, customer=customer, basis=basis)
        with self._asked(part, known_at) as (as_known, asked, ask):
            items = answer(ask, drill_down.items(asked))
            if not items:
                require_named(ask, customer=customer, entity=entity)
        return items_report(as_of, as_known, customer, items)

    def restatement(self, as_of: date, known_1: datetime, known_2: datetime | None = None) -> RestatementReport:
        """The facts learnt between two instants that changed what was owed on a day; they add up to the difference.

        Refuses `bad_period`, `not_yet` and `bad_day`.
        """
        require_day(as_of)
        if known_2 and known_1 > known_2:
            earlier, later = instant_text(known_2), instant_text(known_1)
            raise Refused("bad_period", f"name the earlier instant first: {earlier} was before {later}")
        first = self._whole.position(known_1, VIEW)
        with self._whole.at(known_2, VIEW) as (second, ask):
            changes = answer(ask, restatement(Part(as_of=as_of, known_at=second.position), first.position))
        return restatement_report(as_of, first, second, changes)

    def _part(
        self, as_of: date, *, entity: str | None, currency: str | None, customer: str | None, basis: str
    ) -> Aging:
        require_day(as_of)
        if basis not in aging.BASES:
            raise Refused("unknown_basis", f"age is counted from one of {', '.join(aging.BASES)}")
        if currency is not None:
            exponent(currency)
        return Aging(
            as_of=as_of,
            entity=entity,
            currency=currency,
            customer=customer,
            basis=basis,
            bounds=self._settings.buckets,
        )

    @contextmanager
    def _asked(self, part: Aging, known_at: datetime | None) -> Iterator[tuple[AsOfPosition, Aging, Ask]]:
        """What is known now is asked for without a position: sums are kept of it."""
        with self._snapshots.at(known_at, VIEW) as (as_known, ask):
            is_past = known_at is not None or as_known.has_more
            yield as_known, replace(part, known_at=as_known.position) if is_past else part, ask

    def in_force(self, topic: str, as_of: date, known_at: datetime | None) -> dict[str, str]:
        """What held for each customer on a day: their `collector`, or their `country`."""
        with self._whole.at(known_at, credit_risk.NAME) as (as_known, ask):
            [rows] = ask(credit_risk.in_force([topic], as_of, as_known.position))
        facts = (credit_risk.CreditFact._make(row) for row in rows)
        return {each.customer: str(each.value) for each in facts if each.value}
