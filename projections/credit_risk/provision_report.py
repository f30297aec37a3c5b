"""The provision matrix as it is shown: per currency and bucket what is open, its loss rate and why, the allowance."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from domain.money import major
from projections.credit_risk.provisions import DEFAULT_NAME, LossRate, Move, allowance, given_rates, loss_rates
from projections.projection import Row
from projections.ratios import six


@dataclass(frozen=True, slots=True)
class Matrix:
    names: Sequence[str]
    edges: Sequence[int]
    given: Mapping[str, Fraction] | None

    def rates(self, moves: Iterable[Row]) -> list[LossRate]:
        if self.given:
            return given_rates(self.given, self.names)
        seen = list(moves)
        found = [Move(bucket, became, int(minor), items) for _, bucket, became, minor, items in seen]
        return loss_rates(found, [0, *self.edges], len({month for month, *_ in seen}))


def readable_matrix(
    matrix: Matrix, opened: Iterable[Row], moved: Iterable[Row]
) -> tuple[list[dict[str, Any]], dict[str, dict[str, int]]]:
    """Rows per currency, and open and allowance of each currency in minor units."""
    moves: dict[str, list[Row]] = {}
    for currency, *move in moved:
        moves.setdefault(currency, []).append(tuple(move))
    open_minor: dict[str, dict[int, int]] = {}
    for currency, bucket, minor, _ in opened:
        open_minor.setdefault(currency, {})[bucket] = int(minor)
    rows, sums = [], {}
    for currency, by_bucket in sorted(open_minor.items()):
        rates = matrix.rates(moves.get(currency, ()))
        amounts = [by_bucket.get(bucket, 0) for bucket in range(len(matrix.names))]
        allowances = [allowance(minor, rate.rate) for minor, rate in zip(amounts, rates, strict=True)]
        sums[currency] = {"open": sum(amounts), "allowance": sum(allowances)}
        buckets = [
            {
                "name": name,
                "open": major(minor, currency),
                "loss_rate": six(rate.rate),
                "source": rate.source,
                "because": rate.message,
                "allowance": major(put_aside, currency),
            }
            for name, minor, rate, put_aside in zip(matrix.names, amounts, rates, allowances, strict=True)
        ]
        total = {name: major(minor, currency) for name, minor in sums[currency].items()}
        rows.append({"currency": currency, **total, "buckets": buckets, "default": DEFAULT_NAME})
    return rows, sums
