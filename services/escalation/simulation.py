"""What another ladder would have done in a period, beside what was done.

Debtors pay as they paid, and nothing is recorded: of the same log the answer is the same, byte for byte.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from domain.invoice import Invoice
from domain.policy import Policy
from domain.refusal import Refused
from infra.encryption import Encryption
from infra.log.garbage import searched_seldom
from infra.log.ledger import Ledger
from infra.views.answers import Views
from projections.escalation import replaying
from projections.escalation.replaying import Period
from projections.escalation.view import NAME as VIEW
from projections.open_items.debtors import VIEW as OPEN_ITEMS
from projections.projection import Row
from services.answers.simulation import SimulationAnswer, simulation_answer
from services.escalation.doings import ContactMade, Doings, StepTaken
from services.escalation.past import Past
from services.escalation.replay import Account, Replay
from services.escalation.staff import Staff, TaskKnown
from services.escalation.subjects import Owner
from services.escalation.ticking import SLACK
from services.snapshots import require_day

MOST_DAYS = 3_660


class Simulation:
    def __init__(
        self, ledger: Ledger, views: Views, encryption: Callable[[], Encryption], recorded_to: Callable[[], int]
    ):
        self._ledger, self._views = ledger, views
        self._encryption, self._recorded_to = encryption, recorded_to

    def simulate(self, policy: Policy, version: int | None, period: Period) -> SimulationAnswer:
        """`version` is None for a policy that is not published. Refuses `bad_period`, `bad_day`; raises `Behind`.

        A policy of a jurisdiction, or for some debtors alone, is played for those, and compared with what was done
        about them.
        """
        _require_period(period)
        not_before = self._recorded_to()
        with searched_seldom():
            with self._views.snapshot(VIEW, OPEN_ITEMS, not_before=not_before) as snapshot:
                opened, contacts, steps, tasks, bank_days = snapshot.ask(
                    replaying.opened(period, _last_due_day(policy, period)),
                    replaying.contacts(period),
                    replaying.steps(period),
                    replaying.tasks(period),
                    replaying.bank_days(period),
                )
            past = Past(self._ledger, self._views, self._encryption, period=period, tasks=tasks, not_before=not_before)
            accounts = past.accounts(opened, policy)
            staff = Staff((_task(*row) for row in tasks), period.from_on)
            replay = Replay(policy, version or 0, staff, [day for (day,) in bank_days])
            simulated = replay.play(accounts, period.to_on)
            paid_on = dict(_paid(accounts, period))
        return simulation_answer(policy, version, period, simulated, _done(contacts, steps, accounts), paid_on)


def _last_due_day(policy: Policy, period: Period) -> date:
    """For which a step may be due in the period."""
    earliest = min(step.days for step in policy.steps)
    return period.to_on - timedelta(days=min(earliest, 0)) + SLACK


def _require_period(period: Period) -> None:
    days = (require_day(period.to_on) - require_day(period.from_on)).days
    if not 0 <= days < MOST_DAYS:
        raise Refused("bad_period", "a simulation is of one day to ten years, and ends no earlier than it begins")


def _task(
    contact: str, kind: str, invoice: str, step: str, run: int, planned_on: date, state: str, on: date, reached: bool
) -> TaskKnown:
    days = (on - planned_on).days if state in ("done", "skipped") else None
    return TaskKnown(kind, invoice, step, run, planned_on, days, reached)


def _done(contacts: Iterable[Row], steps: Iterable[Row], accounts: Iterable[Account]) -> Doings:
    """About the same invoices."""
    owners = {account.owner for account in accounts}
    streams = {each.stream for account in accounts for each in account.invoices}
    made = [ContactMade(Owner(*row[:2]), *row[2:]) for row in contacts]
    taken = [StepTaken(*row) for row in steps]
    return Doings([each for each in taken if each.invoice in streams], [each for each in made if each.owner in owners])


def _paid(accounts: Iterable[Account], period: Period) -> Iterator[tuple[str, date]]:
    """The day in the period since which an invoice is paid, where it is."""
    for account in accounts:
        for followed in account.invoices:
            invoice: Invoice | None = followed.history.on(period.to_on)
            if invoice and invoice.payments and not invoice.open_minor and not invoice.written_off_minor:
                paid_on = max(item.by_day[-1][0] for item in invoice.items if item.by_day)
                if paid_on >= period.from_on:
                    yield followed.stream, paid_on
