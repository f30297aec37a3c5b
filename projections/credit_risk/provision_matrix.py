"""The provision matrix: per currency and bucket what is open, its loss rate and why, and the allowance."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from projections.credit_risk.provisions import LossRate, Move, allowance, loss_rates
from projections.projection import Row


@dataclass(frozen=True, slots=True)
class Provision:
    """Of one bucket."""

    bucket: str
    open_minor: int
    loss_rate: LossRate
    allowance_minor: int


@dataclass(frozen=True, slots=True)
class Provisions:
    """Of one currency."""

    currency: str
    buckets: Sequence[Provision]

    @property
    def open_minor(self) -> int:
        return sum(each.open_minor for each in self.buckets)

    @property
    def allowance_minor(self) -> int:
        return sum(each.allowance_minor for each in self.buckets)


@dataclass(frozen=True, slots=True)
class Matrix:
    """`edges` as in `provisions.moves`; `given` are a currency's rates by bucket that are not taken from history."""

    names: Sequence[str]
    edges: Sequence[int]
    given: Callable[[str], Mapping[str, LossRate]]

    def provisions(self, opened: Iterable[Row], moved: Iterable[Row]) -> list[Provisions]:
        """By currency, from the answers to `provisions.open_by_bucket` and `provisions.moves`."""
        moves: dict[str, list[Row]] = {}
        for currency, *move in moved:
            moves.setdefault(currency, []).append(tuple(move))
        open_minor: dict[str, dict[int, int]] = {}
        for currency, bucket, minor, _ in opened:
            open_minor.setdefault(currency, {})[bucket] = int(minor)
        return [
            Provisions(currency, self._buckets(by_bucket, self._rates(moves.get(currency, ()), self.given(currency))))
            for currency, by_bucket in sorted(open_minor.items())
        ]

    def _buckets(self, open_minor: Mapping[int, int], rates: Sequence[LossRate]) -> list[Provision]:
        amounts = [open_minor.get(bucket, 0) for bucket in range(len(self.names))]
        return [
            Provision(name, minor, rate, allowance(minor, rate.rate))
            for name, minor, rate in zip(self.names, amounts, rates, strict=True)
        ]

    def _rates(self, moves: Sequence[Row], given: Mapping[str, LossRate]) -> list[LossRate]:
        own = {self.names.index(bucket): rate for bucket, rate in given.items()}
        found = [Move(bucket, became, int(minor), items) for _, bucket, became, minor, items in moves]
        return loss_rates(found, [0, *self.edges], len({month for month, *_ in moves}), own)
