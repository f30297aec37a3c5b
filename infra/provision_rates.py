"""A firm's own loss rates by currency and bucket, from provisions.toml in the home."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from domain.money import EXPONENTS
from domain.refusal import Refused
from infra.files.toml_tables import read_tables
from infra.unavailable import Unavailable
from projections.credit_risk.provisions import rate_of

FILE = "provisions.toml"
# The table for currencies that have none of their own, and for buckets that theirs does not name.
ALL = "all"


class ProvisionRates:
    """By bucket in per cent: `[all]` for every currency, and a table such as `[USD]` for one."""

    def __init__(self, by_currency: Mapping[str, Mapping[str, Fraction]]):
        self._by_currency = by_currency

    @classmethod
    def load(cls, home: Path, buckets: Sequence[str]) -> "ProvisionRates":
        """No file is no rates; what is wrong in one is `Unavailable`, which names file, table and rule."""
        path = home / FILE
        found = read_tables(path, "currency")
        for name in found:
            if name != ALL and name not in EXPONENTS:
                raise Unavailable(f"{path} has a table [{name}]: use [{ALL}], or a currency such as [EUR].")
        return cls({name: _rates(name, table, buckets, path) for name, table in found.items()})

    def of(self, currency: str) -> Mapping[str, Fraction]:
        return {**self._by_currency.get(ALL, {}), **self._by_currency.get(currency, {})}


def _rates(name: str, table: Mapping[str, object], buckets: Sequence[str], path: Path) -> dict[str, Fraction]:
    for bucket in table:
        if bucket not in buckets:
            raise Unavailable(f"{path} sets {name}.{bucket}, which is no bucket: there are {', '.join(buckets)}.")
    try:
        return {bucket: rate_of(str(rate)) for bucket, rate in table.items()}
    except Refused as refusal:
        raise Unavailable(f"{path}, table [{name}]: {refusal.message}.") from None
