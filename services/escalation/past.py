"""The log of a period as a simulation needs it: who owed, what they and others did, what the ladder had done before.

What the ladder recorded in the period is left out, except how it judged instalment plans: later facts rest on that.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import reduce

from domain.case import Case, case_of
from domain.case import evolve as evolve_case
from domain.case.facts import TaskFinished
from domain.case.ladder import ONE_DAY
from domain.contact.facts import Done
from domain.customer import Customer, encrypted_contacts
from domain.entry import customer_stream
from domain.invoice.facts import BureauWarned, Called, PromiseBroken, PromiseKept, PromisePartlyKept, Reminded
from domain.kinds import kind_of
from domain.policy import Policy
from infra.encryption import Encryption
from infra.log.codec import Envelope
from infra.log.ledger import Ledger
from infra.views.answers import Views
from projections.escalation import asking, replaying
from projections.escalation.replaying import Period
from projections.escalation.view import NAME as VIEW
from projections.open_items.debtors import VIEW as OPEN_ITEMS
from projections.projection import Row
from services.escalation.decisions import ACTOR
from services.escalation.history import History
from services.escalation.replay import Account, Followed
from services.escalation.subjects import Owner
from services.escalation.ticking import QUIET

PAGE = 5_000


class Past:
    """`tasks` are the rows of `replaying.tasks`."""

    def __init__(
        self,
        ledger: Ledger,
        views: Views,
        encryption: Callable[[], Encryption],
        *,
        period: Period,
        tasks: Iterable[Row],
        not_before: int,
    ):
        self._ledger, self._views, self._encryption = ledger, views, encryption
        self._period, self._not_before = period, not_before
        self._task_commands = self._commands({contact for contact, *_, is_reached in tasks if is_reached})

    def accounts(self, opened: Iterable[Row], policy: Policy) -> list[Account]:
        """Of those debtors whom the policy is for."""
        streams: dict[Owner, list[str]] = defaultdict(list)
        for stream, customer, entity in opened:
            streams[Owner(customer, entity)].append(stream)
        customers = self._customers({owner.customer for owner in streams})
        latest = {number: history.then(self._period.to_on) for number, history in customers.items()}
        owners = [owner for owner in streams if _is_for(policy, latest[owner.customer])]
        addresses, quiet = self._addresses(latest, owners), self._quiet(owners)
        followed, calls = self._followed([stream for owner in owners for stream in streams[owner]])
        return [
            Account(
                owner,
                customers[owner.customer],
                addresses.get(owner.customer),
                [followed[stream] for stream in streams[owner]],
                quiet.get(owner, []),
                sorted(day for stream in streams[owner] for day in calls[stream]),
            )
            for owner in owners
        ]

    def _customers(self, numbers: Iterable[str]) -> dict[str, History]:
        found = self._histories(customer_stream(number) for number in sorted(numbers))
        return {stream.partition(":")[2]: _history(stream, facts) for stream, facts in found}

    def _addresses(
        self, customers: Mapping[str, Customer | None], owners: Iterable[Owner]
    ) -> Mapping[str, Mapping[str, str]]:
        """Decrypted, as they are known now."""
        encrypted = encrypted_contacts({owner.customer: customers[owner.customer] for owner in owners})
        return self._encryption().readable_contacts(encrypted) if encrypted else {}

    def _quiet(self, owners: Iterable[Owner]) -> dict[Owner, list[date]]:
        """Days of contacts that were planned before the period, the last of each owner at least."""
        customers = sorted({owner.customer for owner in owners})
        first = self._period.from_on
        days: dict[Owner, list[date]] = defaultdict(list)
        with self._views.snapshot(VIEW, OPEN_ITEMS, not_before=self._not_before) as snapshot:
            answers = snapshot.ask(
                asking.last_contacts(customers, first - QUIET, first - ONE_DAY),
                replaying.still_quiet(self._period, customers, first - QUIET),
            )
        for rows in answers:
            for customer, entity, day in rows:
                days[Owner(customer, entity)].append(day)
        return days

    def _followed(self, streams: Sequence[str]) -> tuple[dict[str, Followed], dict[str, list[date]]]:
        """The invoices, and the days on which somebody called or wrote beside the ladder, by stream."""
        followed: dict[str, Followed] = {}
        calls: dict[str, list[date]] = {}
        cases = dict(self._histories(map(case_of, streams)))
        for stream, facts in self._histories(streams):
            case, finished_on = _begun(cases[case_of(stream)], self._period.from_on)
            history = _history(stream, [each for each in facts if not self._is_done_anew(each)])
            followed[stream] = Followed(stream, history, case, self._period.from_on, finished_on)
            calls[stream] = [each.effective_on for each in facts if self._is_beside(each)]
        return followed, calls

    def _is_beside(self, each: Envelope) -> bool:
        """As the view of escalation counts calls, but for those that people made for the ladder."""
        match each.fact:
            case Called() | BureauWarned() | Reminded(contact=None):
                return each.cause.command_id not in self._task_commands
        return False

    def _is_done_anew(self, each: Envelope) -> bool:
        """How a ladder judged a promise in the period."""
        is_judged = isinstance(each.fact, PromiseKept | PromisePartlyKept | PromiseBroken)
        return is_judged and each.cause.actor == ACTOR and each.effective_on >= self._period.from_on

    def _commands(self, contacts: Iterable[str]) -> set[str]:
        """By which people finished tasks: what they recorded with it would not have happened without."""
        found = self._histories(sorted(contacts))
        return {each.cause.command_id for _, facts in found for each in facts if isinstance(each.fact, Done)}

    def _histories(self, streams: Iterable[str]) -> Iterator[tuple[str, list[Envelope]]]:
        asked = list(streams)
        for first in range(0, len(asked), PAGE):
            yield from self._ledger.histories(asked[first : first + PAGE]).items()


def _is_for(policy: Policy, customer: Customer | None) -> bool:
    terms = customer.terms if customer else None
    if policy.jurisdiction and (terms is None or (terms.jurisdiction or "").upper() != policy.jurisdiction):
        return False
    is_consumer = bool(terms and terms.is_consumer)
    return policy.applies_to == "everyone" or is_consumer == (policy.applies_to == "consumers")


def _begun(facts: Sequence[Envelope], first: date) -> tuple[Case, date | None]:
    """The case before the period, and the day on which the task it waits for was finished in it."""
    before = [(each.fact, each.effective_on) for each in facts if each.effective_on < first]
    case = reduce(lambda case, each: evolve_case(case, *each), before, Case())
    later = [each for each in facts if each.effective_on >= first and isinstance(each.fact, TaskFinished)]
    return case, next((each.effective_on for each in later if each.fact.task == case.held_by), None)


def _history(stream: str, facts: Iterable[Envelope]) -> History:
    return History(kind_of(stream), [(each.fact, each.effective_on) for each in facts])
