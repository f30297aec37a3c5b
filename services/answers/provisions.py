"""The provision matrix as plain data: per currency and bucket what is open, its loss rate and why, the allowance."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from domain.money import major
from projections.credit_risk.provision_matrix import Provision, Provisions
from projections.credit_risk.provisions import DEFAULT_NAME
from projections.ratios import six
from services.answers.as_known import AsKnown, as_known
from services.answers.reporting_total import InReportingCurrency
from services.snapshots import AsOfPosition


class ProvisionBucket(TypedDict):
    name: str
    open: str
    loss_rate: str
    source: str
    because: str
    allowance: str


class ProvisionTotal(TypedDict):
    """`default` names where rates come from that history does not give."""

    currency: str
    open: str
    allowance: str
    buckets: list[ProvisionBucket]
    default: str


class ProvisionReport(AsKnown, InReportingCurrency):
    months: int
    totals: list[ProvisionTotal]


def provision_report(
    as_of: date,
    snapshot: AsOfPosition,
    months: int,
    provisions: Sequence[Provisions],
    reporting: InReportingCurrency,
) -> ProvisionReport:
    totals = [_total(each) for each in provisions]
    return {**as_known(as_of, snapshot), "months": months, "totals": totals, **reporting}


def _total(provisions: Provisions) -> ProvisionTotal:
    currency = provisions.currency
    return {
        "currency": currency,
        "open": major(provisions.open_minor, currency),
        "allowance": major(provisions.allowance_minor, currency),
        "buckets": [_bucket(each, currency) for each in provisions.buckets],
        "default": DEFAULT_NAME,
    }


def _bucket(provision: Provision, currency: str) -> ProvisionBucket:
    rate = provision.loss_rate
    return {
        "name": provision.bucket,
        "open": major(provision.open_minor, currency),
        "loss_rate": six(rate.rate),
        "source": rate.source,
        "because": rate.message,
        "allowance": major(provision.allowance_minor, currency),
    }
