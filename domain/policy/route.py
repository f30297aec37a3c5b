"""The way up a ladder for one kind of debtor: which steps reach them, when, and what is sure to lie between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.policy.document import COMPRESS, MESSAGE_CHANNELS, Condition, Policy, Step

BUSINESSES, CONSUMERS = "businesses", "consumers"
KINDS_OF_DEBTORS = (BUSINESSES, CONSUMERS)

# A step moves to the next business day: from Maundy Thursday to the Tuesday after Easter at the most.
MOST_DAYS_OFF = 5


@dataclass(frozen=True, slots=True)
class Route:
    """`steps` are those that reach these debtors, each with its place in the policy."""

    policy: Policy
    debtors: str
    steps: tuple[tuple[int, Step], ...]

    def before(self, step: Step) -> Iterator[Step]:
        """The steps before one, the latest first."""
        earlier = []
        for _, each in self.steps:
            if each is step:
                break
            earlier.append(each)
        yield from reversed(earlier)

    def is_sure_before(self, earlier: Step, later: Step) -> bool:
        """Whether the later step is never taken without the earlier, on the first way up or on one begun again."""
        if later.after == earlier.name:
            return True
        if later.after is not None and self.is_sure_before(earlier, self._step(later.after)):
            return True
        place, begin = self.policy.index, self.policy.index(self.policy.start_again_at)
        if earlier.lapses_when_due or place(earlier.name) >= place(later.name):
            return False
        if place(earlier.name) < begin <= place(later.name) or not implies(later.when, earlier.when):
            return False
        return earlier.after is None or self.is_sure_before(self._step(earlier.after), later)

    def least_between(self, earlier: Step, later: Step) -> int:
        """The days that are sure to lie between two steps, whatever days are off and however late a step is taken."""
        if later is earlier:
            return 0
        if later.after is not None:
            before = self._step(later.after)
            # Nothing is sure of a step that counts from one before the other.
            is_between = self.policy.index(before.name) >= self.policy.index(earlier.name)
            return later.days + self.least_between(earlier, before) if is_between else 0
        if self.policy.late == COMPRESS:
            return 0
        days = days_after_due(self.policy)
        return max(0, days[later.name] - days[earlier.name] - MOST_DAYS_OFF)

    def _step(self, name: str) -> Step:
        return self.policy.steps[self.policy.index(name)]


def routes(policy: Policy) -> list[Route]:
    return [_route(policy, debtors) for debtors in KINDS_OF_DEBTORS if reaches(policy.applies_to, debtors)]


def reaches(condition: str, debtors: str) -> bool:
    return condition in ("everyone", debtors)


def days_after_due(policy: Policy) -> dict[str, int]:
    """Each step's day, by its name, where no step is late; a step must count from one before it."""
    days: dict[str, int] = {}
    for step in policy.steps:
        days[step.name] = step.days + (days[step.after] if step.after is not None else 0)
    return days


def is_message(step: Step) -> bool:
    """Whether something is written to the debtor."""
    return any(channel in MESSAGE_CHANNELS for channel in step.channels)


def implies(later: Condition, earlier: Condition) -> bool:
    """Whether the earlier condition is met whenever the later one is, for debtors whom both reach."""
    least = {amount.currency: amount.minor for amount in later.open_at_least}
    return (
        all(amount.minor <= least.get(amount.currency, 0) for amount in earlier.open_at_least)
        and set(earlier.unless) <= set(later.unless)
        and _is_within(later.risk_classes, earlier.risk_classes)
        and earlier.contacts_at_least <= later.contacts_at_least
    )


def _is_within(narrower: Sequence[str], wider: Sequence[str]) -> bool:
    """Of classes of risk, of which none named means all."""
    return not wider or (bool(narrower) and set(narrower) <= set(wider))


def _route(policy: Policy, debtors: str) -> Route:
    steps = tuple((i, step) for i, step in enumerate(policy.steps) if reaches(step.when.customers, debtors))
    return Route(policy, debtors, steps)
