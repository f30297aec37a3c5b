"""Dunning policies: what ships, what is published, which one a case goes by."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from domain.case import Case
from domain.customer import Customer
from domain.entity import Entity
from domain.entry import Cause
from domain.policy import Policies as Published
from domain.policy import Policy, fold, policy_stream, version_of
from domain.policy.law import JURISDICTIONS
from domain.refusal import Refused
from infra.log.decision import Decided
from infra.log.ledger import Ledger
from infra.policies.shipped import GENERAL, first_version, shipped
from infra.views.answers import Views
from projections.escalation import policies
from projections.escalation.view import NAME as VIEW

# What ships is published by the program itself, when it is first used.
SHIPPING = Cause("receivables", "policies")


class Chosen(NamedTuple):
    policy: Policy
    version: int


class Listed(NamedTuple):
    """The latest version of a policy; `actor` and `published_on` are None for one that ships and was not used yet."""

    policy: Policy
    version: int
    is_as_shipped: bool
    actor: str | None
    published_on: date | None
    customers: int
    invoices: int


class Policies:
    """What is the latest version is remembered until `refresh`, so that all cases of a tick go by the same ones."""

    def __init__(self, ledger: Ledger, views: Views, recorded_to: Callable[[], int], *, today: Callable[[], date]):
        self._ledger, self._views, self._recorded_to, self._today = ledger, views, recorded_to, today
        # A version that is published never changes.
        self._versions: dict[tuple[str, int], Policy] = {}
        self._latest: dict[str, Chosen | None] = {}

    def shipped(self) -> Mapping[str, Policy]:
        return shipped()

    def ensure_published(self, cause: Cause = SHIPPING) -> None:
        """Records version 1 of each policy that ships and was not used yet; one command for each, whoever asks first.

        What is the latest version is looked up anew afterwards.
        """
        known = self._ledger.states(map(policy_stream, shipped()))
        for name in shipped():
            if known[policy_stream(name)] is None:
                self._publish_first(name, cause)
        self.refresh()

    def refresh(self) -> None:
        self._latest = {}

    def latest(self, names: Iterable[str]) -> dict[str, Chosen]:
        """The last version of each of these that is published, as it is now."""
        streams = {policy_stream(name): name for name in names}
        known: Mapping[str, Published | None] = self._ledger.states(streams)
        found = {name: Chosen(each.latest, each.version) for stream, name in streams.items() if (each := known[stream])}
        self._latest |= found
        return found

    def version(self, name: str, version: int) -> Policy:
        """Refuses `unknown_policy`."""
        if (name, version) not in self._versions:
            self._versions[name, version] = version_of(self._ledger.state(policy_stream(name)), version)
        return self._versions[name, version]

    def chosen(self, case: Case, customer: Customer | None, entity: Entity | None) -> Chosen:
        """What a case goes by: what it is pinned to, else the latest version of that of the customer, of the entity, of
        the jurisdiction or the general one, the first that there is."""
        if case.pin:
            return Chosen(self.version(*case.pin), case.pin[1])
        return next(found for name in _candidates(customer, entity) if (found := self._last(name)))

    def earliest_days(self) -> int:
        """The least offset from the due day of any step of any version that a case may go by."""
        with self._views.snapshot(VIEW, not_before=self._recorded_to()) as snapshot:
            [rows] = snapshot.ask(policies.published())
        known: Mapping[str, Published | None] = self._ledger.states(policy_stream(row[0]) for row in rows)
        versions = [version for each in known.values() if each for version in each.versions]
        return min(step.days for each in (*versions, *shipped().values()) for step in each.steps if step.after is None)

    def show(self, name: str, version: int | None = None) -> Chosen:
        """The latest version by default, also of one that ships and was not used yet. Refuses `unknown_policy`."""
        known: Published | None = self._ledger.state(policy_stream(name)) or fold(first_version(name, None))
        if known is None:
            raise Refused("unknown_policy", f"there is no policy {name[:40]!r}; `receivables policy list` lists them")
        nth = known.version if version is None else version
        return Chosen(version_of(known, nth), nth)

    def listed(self) -> list[Listed]:
        """All that are published or ship, by name."""
        with self._views.snapshot(VIEW, not_before=self._recorded_to()) as snapshot:
            published, assigned = snapshot.ask(policies.published(), policies.assigned())
        counts = {name: (customers, invoices) for name, customers, invoices in assigned}
        known = self.latest(row[0] for row in published)
        found = {
            name: Listed(*known[name], known[name].policy == shipped().get(name), actor, on, *counts.get(name, (0, 0)))
            for name, _, on, actor in published
        }
        for name, policy in shipped().items():
            found.setdefault(name, Listed(policy, 1, True, None, None, *counts.get(name, (0, 0))))
        return [found[name] for name in sorted(found)]

    def _last(self, name: str) -> Chosen | None:
        if name not in self._latest:
            self._latest[name] = self.latest([name]).get(name) or _as_shipped(name)
        return self._latest[name]

    def _publish_first(self, name: str, cause: Cause) -> None:
        stream = policy_stream(name)

        def decide(known: Published | None) -> Decided:
            return {stream: first_version(name, known)}

        command = cause._replace(command_id=f"policy {name} 1", reason=None)
        content = {"policy": name, "version": 1}
        self._ledger.change([stream], decide, on=self._today(), cause=command, content=content)


def _as_shipped(name: str) -> Chosen | None:
    """What will be its first version, when a tick publishes it: who only asks goes by it already."""
    policy = shipped().get(name)
    return Chosen(policy, 1) if policy else None


def _candidates(customer: Customer | None, entity: Entity | None) -> Iterator[str]:
    if customer and customer.policy:
        yield customer.policy
    if entity and entity.policy:
        yield entity.policy
    law = (customer.terms.jurisdiction or "").upper() if customer and customer.terms else ""
    if law in JURISDICTIONS:
        yield law.lower()
    yield GENERAL
