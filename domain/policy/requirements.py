"""What a rule may ask of a ladder. Each says at which steps, and by which key, a route does not do it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Protocol

from domain.money import readable
from domain.policy.document import MESSAGE_CHANNELS, Charge, Step
from domain.policy.route import Route, days_after_due, is_message


class Breach(NamedTuple):
    """Of a rule, at the step with this place in the policy; `key` is what of the step does not fit."""

    place: int
    step: Step
    key: str
    message: str


class Requirement(Protocol):
    def breaches(self, route: Route) -> Iterator[Breach]: ...


@dataclass(frozen=True, slots=True)
class ChargedFrom:
    """Such charges at steps so many days after the due day, or later."""

    charges: tuple[str, ...]
    days: int

    def breaches(self, route: Route) -> Iterator[Breach]:
        days = days_after_due(route.policy)
        for place, step, key, charge in _charges(route, self.charges):
            if days[step.name] < self.days:
                yield Breach(place, step, key, f"here {charge.kind} is charged on day {days[step.name]}")


@dataclass(frozen=True, slots=True)
class NotCharged:
    """No such charges at all."""

    charges: tuple[str, ...]

    def breaches(self, route: Route) -> Iterator[Breach]:
        for place, step, key, charge in _charges(route, self.charges):
            yield Breach(place, step, key, f"here {charge.kind} is charged, and {route.debtors} are reached")


@dataclass(frozen=True, slots=True)
class FirstIsFree:
    """Such charges only after a reminder in writing that is sure to have gone out after the due day."""

    charges: tuple[str, ...]

    def breaches(self, route: Route) -> Iterator[Breach]:
        days = days_after_due(route.policy)
        for place, step, key, charge in _charges(route, self.charges):
            if not _sure(route, step, lambda each: is_message(each) and days[each.name] > 0):
                yield Breach(place, step, key, f"here {charge.kind} is charged with the first")


@dataclass(frozen=True, slots=True)
class ChargedAtMost:
    """Such charges at so many steps at the most."""

    charges: tuple[str, ...]
    steps: int

    def breaches(self, route: Route) -> Iterator[Breach]:
        for place, step, key, charge in [*_charges(route, self.charges)][self.steps :]:
            yield Breach(place, step, key, f"here {charge.kind} is charged once more")


@dataclass(frozen=True, slots=True)
class ChargedApart:
    """Such charges so many days apart, and the debtor is given as many days to pay the first."""

    charges: tuple[str, ...]
    days: int

    def breaches(self, route: Route) -> Iterator[Breach]:
        for (_, earlier, *_), (place, step, key, _) in pairwise(_charges(route, self.charges)):
            least = route.least_between(earlier, step)
            if least < self.days:
                yield Breach(place, step, key, _too_near(earlier, least, self.days))
            elif earlier.pay_within_days < self.days:
                yield Breach(place, step, key, f"{earlier.name} gives {earlier.pay_within_days} days to pay")


@dataclass(frozen=True, slots=True)
class ChargedInWriting:
    """Such charges only at steps that are nothing but letters and e-mails."""

    charges: tuple[str, ...]

    def breaches(self, route: Route) -> Iterator[Breach]:
        for place, step, key, charge in _charges(route, self.charges):
            if not step.channels or any(channel not in MESSAGE_CHANNELS for channel in step.channels):
                yield Breach(place, step, key, f"here {charge.kind} is not charged in writing")


@dataclass(frozen=True, slots=True)
class FeeUpTo:
    """Fees of no more than this in one currency, at steps of these tones."""

    currency: str
    minor: int
    tones: tuple[str, ...]

    def breaches(self, route: Route) -> Iterator[Breach]:
        for place, step, key, charge in _charges(route, ("fee",)):
            amount = charge.amount
            is_bound = amount is not None and amount.currency == self.currency and step.tone in self.tones
            if amount and is_bound and amount.minor > self.minor:
                shown = readable(amount.minor, amount.currency)
                yield Breach(place, step, key, f"here it is {shown} of {readable(self.minor, self.currency)}")


@dataclass(frozen=True, slots=True)
class NotTaken:
    """None of these steps at all."""

    steps: tuple[str, ...]

    def breaches(self, route: Route) -> Iterator[Breach]:
        for place, step in route.steps:
            if step.name in self.steps:
                yield Breach(place, step, "when.customers", f"here it reaches {route.debtors}")


@dataclass(frozen=True, slots=True)
class WarnedBefore:
    """These steps only where one that is named `by` is sure to come before."""

    steps: tuple[str, ...]
    by: str

    def breaches(self, route: Route) -> Iterator[Breach]:
        for place, step in route.steps:
            if step.name in self.steps and not _sure(route, step, lambda each: each.name == self.by):
                yield Breach(place, step, "days", f"here no step {self.by} is sure to come before")


@dataclass(frozen=True, slots=True)
class NoticeBefore:
    """Steps of these names or tones, and those with such charges, only so many days after a notice.

    A notice is in writing, in its own tone, has no such charges, and gives the debtor so many days to pay.
    """

    notice_tone: str
    days: int
    gives_days: int
    steps: tuple[str, ...] = ()
    tones: tuple[str, ...] = ()
    charges: tuple[str, ...] = ()

    def breaches(self, route: Route) -> Iterator[Breach]:
        for place, step in route.steps:
            if (key := self._key(step)) and (message := self._wrong(route, step)):
                yield Breach(place, step, key, message)

    def _key(self, step: Step) -> str | None:
        """By which key the step is one that must come after a notice."""
        if step.name in self.steps:
            return "days"
        if step.tone in self.tones and is_message(step):
            return "tone"
        return next((f"charges.{n}" for n, charge in enumerate(step.charges) if charge.kind in self.charges), None)

    def _wrong(self, route: Route, step: Step) -> str | None:
        notices = _sure(route, step, self._is_notice)
        if not notices:
            return f'here none is sure to come before: it is a letter or e-mail with tone = "{self.notice_tone}"'
        if not (fit := [each for each in notices if each.pay_within_days >= self.gives_days]):
            return f"{notices[0].name} gives {notices[0].pay_within_days} days to pay, not {self.gives_days}"
        earliest = fit[-1]
        least = route.least_between(earliest, step)
        return _too_near(earliest, least, self.days) if least < self.days else None

    def _is_notice(self, step: Step) -> bool:
        is_free = not any(charge.kind in self.charges for charge in step.charges)
        return step.tone == self.notice_tone and is_message(step) and is_free


@dataclass(frozen=True, slots=True)
class LetterBefore:
    """These steps only so many days after whatever was written last before, which is sure to have been something."""

    steps: tuple[str, ...]
    days: int

    def breaches(self, route: Route) -> Iterator[Breach]:
        for place, step in route.steps:
            if step.name in self.steps and (message := self._wrong(route, step)):
                yield Breach(place, step, "days", message)

    def _wrong(self, route: Route, step: Step) -> str | None:
        if not _sure(route, step, _is_reminder):
            return "here no letter is sure to come before"
        last = next(each for each in route.before(step) if _is_reminder(each))
        least = route.least_between(last, step)
        return _too_near(last, least, self.days) if least < self.days else None


def _is_reminder(step: Step) -> bool:
    return is_message(step) and not step.lapses_when_due


def _sure(route: Route, step: Step, is_one: Callable[[Step], bool]) -> list[Step]:
    """Such steps as are sure to come before this one, the latest first."""
    return [each for each in route.before(step) if is_one(each) and route.is_sure_before(each, step)]


def _too_near(earlier: Step, least: int, days: int) -> str:
    sure = f"{least} day{'s' * (least != 1)} after {earlier.name} are sure, as days off move a step"
    return f'here only {sure}: write after = "{earlier.name}" and days = {days}'


def _charges(route: Route, kinds: tuple[str, ...]) -> Iterator[tuple[int, Step, str, Charge]]:
    """The charges of these kinds, each with its step and its key in it."""
    for place, step in route.steps:
        for n, charge in enumerate(step.charges):
            if charge.kind in kinds:
                yield place, step, f"charges.{n}", charge
