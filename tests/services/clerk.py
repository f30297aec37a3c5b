"""A clerk who records one true history in any order, makes mistakes on the way, and puts right what is not as it was.

The commands are those of the catalogue, run as an import runs them; the ledger is a dictionary.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Any, NamedTuple

from domain.by_day import least_since
from domain.credit_note import CreditNote
from domain.entry import ALWAYS, Cause, Entry, credit_note_stream, customer_stream, invoice_stream, receipt_stream
from domain.invoice.state import Invoice
from domain.kinds import kind_of
from domain.receipt import Receipt, Remittance
from domain.refusal import Refused
from domain.terms import Instalment
from infra.log.decision import Overtaken
from services.catalogue import credit_notes, invoices, receipts
from services.catalogue.command import Asked, Request
from services.catalogue.customers import REGISTER
from tests.services.any_history import BEGIN, CUSTOMERS, KINDS, History, Step, Told
from tests.services.truth import CREDIT, Event

ENTITY, CURRENCY = "main", "EUR"
ROUNDS = 12
# Of a random history, as `any_history.STEPS`.
STEPS, MOST = 30, (len(KINDS), 12, 12, 12, 5, 256, 12)


class Stuck(AssertionError):
    """What no command puts right."""


class Ledger:
    """All that was recorded, and the streams as they stand."""

    def __init__(self, today: date):
        self.entries: list[Entry] = []
        self.given: list[tuple[str, Request, date | None]] = []
        self.today = today
        self.states: dict[str, Any] = {}
        self._versions: Counter[str] = Counter()

    default_entity = ENTITY

    def state(self, stream: str) -> Any:
        return self.states.get(stream)

    def oldest_first(self, *of: Any) -> Sequence[str]:
        raise AssertionError("all money names where it goes")

    def last_voucher_on(self, customer: str) -> Any:
        raise AssertionError("nobody asks")

    def entities(self) -> Any:
        return (ENTITY,)

    def encrypt(self, owner: str, data: Any) -> Any:
        raise AssertionError("nothing is personal")

    def give(self, stream: str, request: Request, on: date | None) -> bool:
        """Whether it recorded anything. Raises what the command refuses, and then records nothing."""
        asked = Asked(stream, request.arguments, on, self.today)
        while True:
            change = request.command.plan(asked, self)
            try:
                decided = change.decide(*map(self.state, change.streams))
                break
            except Overtaken as overtaken:
                assert not overtaken.streams <= asked.also, "asked for the same again"
                asked = asked._replace(also=asked.also | overtaken.streams)
        assert decided.keys() <= {*change.streams}, "decided about what it was not shown"
        self.given.append((stream, request, on))
        for each, facts in decided.items():
            for fact in facts:
                self._add(each, *(fact if isinstance(fact, tuple) else (fact, change.on)))
        touched = [each for each, facts in decided.items() if facts]
        for each in touched:
            self._check(self.states[each])
        change.notes()
        return bool(touched)

    def _add(self, stream: str, fact: Any, on: date) -> None:
        self._versions[stream] += 1
        self.states[stream] = kind_of(stream).evolve(self.states.get(stream), fact, on)
        cause = Cause("clerk", str(len(self.given)))
        self.entries.append(Entry(stream, self._versions[stream], fact, on, cause, len(self.entries) + 1))

    # What holds after every command

    def _check(self, state: Any) -> None:
        if isinstance(state, Receipt):
            self._check_receipt(state)
        elif isinstance(state, Invoice):
            self._check_invoice(state)

    def _check_receipt(self, money: Receipt) -> None:
        allocated = sum(made.amount_minor for made in money.allocations)
        assert allocated + money.unallocated_minor == money.left_minor
        assert least_since(money.by_day, ALWAYS) >= 0, f"{money.stream} is below zero: {money.by_day}"
        assert sum(minor for _, minor in money.by_day) == money.unallocated_minor
        for made in money.allocations:
            [paid] = self._takings(money, made.allocation, self.states[made.invoice])
            assert (paid.amount_minor, paid.on) == (made.amount_minor, money.allocated_on[made.allocation])
        for undone in money.undone:
            assert undone.on >= money.allocated_on[undone.made.allocation]
            assert not self._takings(money, undone.made.allocation, self.states[undone.made.invoice])

    def _check_invoice(self, invoice: Invoice) -> None:
        assert invoice.written_off_minor >= 0
        for item in invoice.items:
            assert least_since(item.by_day, ALWAYS) >= 0, f"{invoice.issued.number} is below zero: {item.by_day}"
            assert sum(minor for _, minor in item.by_day) == item.open_minor
        for item, due in zip(invoice.items, invoice.issued.instalments, strict=True):
            assert max(accumulate((minor for _, minor in item.by_day), initial=0)) <= due.minor
        takings: list[Any] = [*invoice.payments, *invoice.credit_notes]
        taken = sum(part.minor for each in takings for part in each.parts)
        taken += sum(part.minor for loss in invoice.write_offs for part in loss.parts)
        taken += sum(part.minor for part in invoice.void.parts) if invoice.void else 0
        assert taken + invoice.open_minor == invoice.issued.total_minor
        recovered = sum(paid.amount_minor for paid in invoice.payments if paid.is_recovery)
        assert invoice.written_off_minor == sum(loss.amount_minor for loss in invoice.write_offs) - recovered
        for taking in takings:
            [source] = [s for s in self._sources(taking) if s]
            assert any(made.allocation == taking.allocation for made in source.allocations)

    def _takings(self, money: Receipt, allocation: int, invoice: Invoice) -> list[Any]:
        number, is_note = money.received.receipt, isinstance(money, CreditNote)
        of = [each for each in invoice.credit_notes if each.credit_note == number] if is_note else []
        of += [each for each in invoice.payments if each.receipt == number] if not is_note else []  # type: ignore[misc]
        return [each for each in of if each.allocation == allocation]

    def _sources(self, taking: Any) -> Iterator[Any]:
        if hasattr(taking, "receipt"):
            yield self.states.get(receipt_stream(taking.receipt))
        else:
            yield self.states.get(credit_note_stream(taking.credit_note, ENTITY))


class Act(NamedTuple):
    """What is to be recorded once `needs` are there; `turn` is when it is tried among the others."""

    turn: int
    nth: int
    what: str
    needs: frozenset[str]
    told: Told
    arguments: tuple[Any, ...] = ()


class Clerk:
    def __init__(self, history: History):
        self.history, self.truth = history, history.truth
        self.last_day = history.last_day + timedelta(1)
        self.ledger = Ledger(self.last_day)
        self.repairs: Counter[str] = Counter()
        self._voided = {told.event.about for told in history.told if told.event.kind == "void"}
        self._acts: list[Act] = []
        self._known: set[str] = set()
        self._slipped: list[Told] = []
        self._begun_anew = set[str]()
        self._nth = 0

    def record_all(self) -> None:
        """Raises `Stuck` where what is left cannot be recorded."""
        for customer in CUSTOMERS:
            self.ledger.give(customer_stream(customer), REGISTER(), BEGIN)
        for told in self.history.told:
            named = {invoice for invoice, _ in told.event.named}
            about = {told.event.about} if told.event.kind not in ("issue", "receive", "credit") else set()
            self._plan("event", told.step.turn, frozenset(named | about), told)
        for _ in range(ROUNDS):
            before = [*self._acts]
            self._try_all()
            if not self._acts:
                break
            if before == self._acts:
                self._put_right()
        if self._acts:
            raise Stuck(f"still to be recorded: {[(act.what, act.told.event) for act in self._acts]}: {self._refusals}")
        # Bounded: whether all is right then is for the figures to say.
        self._put_right()

    def _plan(self, what: str, turn: int, needs: frozenset[str], told: Told, *arguments: Any) -> None:
        self._nth += 1
        self._acts.append(Act(turn, self._nth, what, needs, told, arguments))

    def _try_all(self) -> None:
        """In the order of their turns; what is refused, or not possible yet, waits for the next time."""
        self._refusals: list[str] = []
        tried = set[int]()
        while ready := [act for act in self._acts if act.needs <= self._known and act.nth not in tried]:
            act = min(ready)
            tried.add(act.nth)
            try:
                getattr(self, f"_{act.what}")(act.told, *act.arguments)
            except Refused as refused:
                self._refusals.append(f"{act.what} {act.told.event.about}: {refused}")
                continue
            self._acts.remove(act)

    # The events, with mistakes

    def _event(self, told: Told) -> None:
        event, step = told
        if event.kind != "issue" and told not in self._slipped:
            self._slipped.append(told)
            self._slip(told)
        is_whose = event.kind == "allocate" or bool(event.customer and event.kind == "receive")
        if step.slip == 1 and is_whose and (wrong := self._wrong_invoice(event)):
            try:
                self._to_the_wrong_one(told, wrong)
            except Refused:
                self._truly(told)
        elif step.slip == 2 and event.kind == "identify":
            other = CUSTOMERS[event.customer == CUSTOMERS[0]]
            try:
                self._ask(receipts.IDENTIFY, event.about, self._later(event, step), customer=other)
                self._plan("truly", self._soon(step), frozenset(), told)
            except Refused:
                self._truly(told)
        elif step.slip in (10, 11) and event.kind in ("identify", "allocate"):
            try:
                self._on_the_wrong_day(told)
            except Refused:
                self._truly(told)
        else:
            self._truly(told)
        self._known.add(event.about)

    def _truly(self, told: Told) -> None:
        event = told.event
        asked: dict[str, Any] = {}
        match event.kind:
            case "issue":
                parts = tuple(Instalment(*each) for each in event.due)
                asked = {"customer": event.customer, "amount_minor": event.minor, "currency": CURRENCY}
                self._ask(invoices.ISSUE, event.about, event.day, **asked, instalments=parts)
            case "receive":
                named = tuple(Remittance(*each) for each in event.named)
                asked = {"amount_minor": event.minor, "currency": CURRENCY, "entity": ENTITY, "invoices": named}
                self._ask(receipts.RECORD, event.about, event.day, **asked, customer=event.customer or None)
            case "credit":
                self._credit(event)
            case "identify":
                self._identify(event)
            case "allocate":
                [(invoice, minor)] = event.named
                # Some of it may have gone there by itself.
                missing = self.truth.at(event.day).flows[event.about, invoice]
                missing -= self._flows(event.day)[event.about, invoice]
                if minor := min(minor or missing, missing):
                    self._allocate_sooner(event.about, invoice, minor, event.day)
            case "charge_back":
                asked = {} if self._is_all_that_is_left(event) else {"amount_minor": event.minor}
                self._ask(receipts.REVERSE, event.about, event.day, **asked)
            case "refund":
                refund = credit_notes.REFUND if self._is_note(event.about) else receipts.REFUND
                reference = f"of {event.day}"
                self._ask(refund, event.about, event.day, amount_minor=event.minor, reference=reference)
            case "write_off":
                asked = {} if event.minor is None else {"amount_minor": event.minor}
                self._ask(invoices.WRITE_OFF, event.about, event.day, **asked)
            case "void":
                self._ask(invoices.VOID, event.about, event.day)

    def _identify(self, event: Event) -> None:
        """As the refusal says: what it pays is taken back first, and paid again once all is recorded."""
        source = self._source(event.about)
        if source.customer != event.customer:
            for made in source.allocations:
                self._ask(receipts.UNALLOCATE, event.about, None, allocation=made.allocation)
        self._ask(receipts.IDENTIFY, event.about, event.day, customer=event.customer)

    def _is_all_that_is_left(self, event: Event) -> bool:
        return self._source(event.about).left_minor == event.minor

    def _credit(self, event: Event) -> None:
        if not event.named:
            asked = {"amount_minor": event.minor, "customer": event.customer, "currency": CURRENCY}
            self._ask(credit_notes.ISSUE, event.about, event.day, **asked)
            return
        [(invoice, minor)] = event.named
        self._ask(invoices.CREDIT, invoice, event.day, credit_note=event.about, amount_minor=minor)

    def _allocate_sooner(self, money: str, invoice: str, minor: int, day: date) -> None:
        """Where it went there by itself, and too late, that is taken back first."""
        try:
            self._allocate(money, invoice, minor, day)
        except Refused:
            begun = [on for _, made, on, _ in self._spans(money) if made.invoice.endswith(f":{invoice}") and on > day]
            ended = {until for _, made, _, until in self._spans(money) if made.invoice.endswith(f":{invoice}")}
            if not any(self._take_back(money, invoice, on) for on in sorted({*begun} - ended)):
                raise
            self._allocate(money, invoice, minor, day)

    def _allocate(self, money: str, invoice: str, minor: int, on: date | None) -> None:
        allocate = credit_notes.ALLOCATE if self._is_note(money) else receipts.ALLOCATE
        self._ask(allocate, money, on, invoices=(Remittance(invoice, minor),))

    # Mistakes, and how they are undone

    def _slip(self, told: Told) -> None:
        """A mistake about something else, made in passing; undone sooner or later."""
        event, step = told
        number = f"X-{self._nth}"
        invoice = self._any_invoice(step)
        if not invoice:
            return
        issued_on = self.truth.issued[invoice].day
        day = self._free_day(invoice, max(issued_on, event.day - timedelta(step.which)))
        try:
            match step.slip:
                case 3 | 4:
                    minor = 30 * (1 + step.amount % 4)
                    self._ask(invoices.CREDIT, invoice, day, credit_note=number, amount_minor=minor)
                    self._plan("undo_credit", self._soon(step), frozenset(), told, number)
                case 5 | 6 if not self.ledger.states[invoice_stream(invoice, ENTITY)].write_offs:
                    self._ask(invoices.WRITE_OFF, invoice, day)
                    self._plan("undo_write_off", self._soon(step), frozenset(), told, invoice, day)
                case 7 if invoice not in self._voided:
                    if self._ask(invoices.VOID, invoice, day):
                        self._plan("undo_void", self._soon(step), frozenset(), told, invoice)
                # Of what is void, the view says what had settled it before, if anything had.
                case 8 | 9 if invoice not in self._voided:
                    self._allocate_wrongly(told, invoice, day)
        except Refused:
            return

    def _undo_credit(self, told: Told, number: str) -> None:
        self._ask(credit_notes.UNDO, number, None)

    def _undo_void(self, told: Told, invoice: str) -> None:
        self._ask(invoices.UNDO_VOID, invoice, None)

    def _undo_write_off(self, told: Told, invoice: str, day: date) -> None:
        """Write-offs that were right, and came after it, are undone with it and made again."""
        again = []
        while any(loss.on == day for loss in self._invoice(invoice).write_offs):
            last = self._invoice(invoice).write_offs[-1]
            self._ask(invoices.UNDO_WRITE_OFF, invoice, None)
            again += [] if last.on == day else [last]
        for loss in reversed(again):
            self._plan("write_off_again", self._soon(told.step), frozenset(), told, invoice, loss)

    def _write_off_again(self, told: Told, invoice: str, loss: Any) -> None:
        missing = self.truth.at(loss.on).given_up[invoice] - self._given_up(invoice, loss.on)
        if missing > 0 and self._invoice(invoice).open_minor:
            self._ask(invoices.WRITE_OFF, invoice, loss.on, amount_minor=min(missing, loss.amount_minor))

    def _to_the_wrong_one(self, told: Told, wrong: str) -> None:
        event, step = told
        minor = event.named[0][1] if event.named else event.minor
        assert minor
        if event.kind == "receive":
            self._truly(told._replace(event=event._replace(named=((wrong, minor),))))
        else:
            self._allocate(event.about, wrong, minor, event.day)
        self._plan("unallocate", self._soon(step), frozenset(), told, event.about, wrong)
        if event.kind == "allocate":
            self._plan("truly", self._soon(step) + 1, frozenset(), told)

    def _on_the_wrong_day(self, told: Told) -> None:
        event, step = told
        day = self._later(event, step)
        if event.named:
            day = self._free_day(event.named[0][0], day)
        self._truly(told._replace(event=event._replace(day=day)))
        if event.kind == "allocate":
            self._plan("unallocate", self._soon(step), frozenset(), told, event.about, event.named[0][0])
        self._plan("truly", self._soon(step) + 1, frozenset(), told)

    def _allocate_wrongly(self, told: Told, invoice: str, day: date) -> None:
        """Money that is left goes where it never went."""
        found = [each for each in self._known & self.truth.came.keys() if self._source(each).unallocated_minor]
        if not found:
            return
        money = sorted(found)[told.step.other % len(found)]
        if any(day.flows[money, invoice] for day in self.truth.days.values()):
            return
        if not self._is_never_touched_with(invoice, money):
            return
        minor = min(self._source(money).unallocated_minor, self._invoice(invoice).open_minor)
        self._allocate(money, invoice, max(1, minor), self._free_day(invoice, max(day, self.truth.came[money].day)))
        self._plan("unallocate", self._soon(told.step), frozenset(), told, money, invoice)

    def _unallocate(self, told: Told, money: str, invoice: str) -> None:
        """All that went there, from the beginning; at times first from a wrong day."""
        source, unallocate = self._source(money), self._unallocating(money)
        wrongly = told.step.other % 2
        for made in source.allocations:
            if made.invoice == invoice_stream(invoice, ENTITY) and wrongly:
                day = source.allocated_on[made.allocation] + timedelta(1 + told.step.which)
                self._ask(unallocate, money, day, allocation=made.allocation)
        if wrongly:
            self._plan("never", self._soon(told.step), frozenset(), told, money, invoice)
        else:
            self._never(told, money, invoice)

    def _never(self, told: Told, money: str, invoice: str) -> None:
        for allocation, made, on, until in self._spans(money):
            if made.invoice == invoice_stream(invoice, ENTITY) and on != until:
                self._ask(self._unallocating(money), money, on, allocation=allocation)

    # What is not as it was is put right

    def _put_right(self) -> bool:
        """Whether all is as it was, in the end."""
        for _ in range(4 * ROUNDS):
            days = sorted({*self.truth.days, *(entry.effective_on for entry in self.ledger.entries)})
            if any(self._put_right_on(day) for day in days):
                continue
            if self._acts or not self._taken_again():
                return True
        return False

    def _put_right_on(self, day: date) -> bool:
        """One thing at a time, and the earliest first: what is later may be right once it is."""
        true = self.truth.at(day)
        flows = self._flows(day)
        # What waits to be recorded is not put right before it is.
        waiting = [act.told.event for act in self._acts if act.told.event.day <= day]
        losses = {event.about for event in waiting if event.kind == "write_off"}
        pairs = {(event.about, invoice) for event in waiting for invoice, _ in event.named}
        for pair in sorted({*flows, *true.flows}):
            money, invoice = pair
            if not {money, invoice} <= self._known:
                continue
            more = flows[pair] - true.flows[pair]
            if more > 0 and self._take_back(money, invoice, day, more):
                return True
        for invoice in sorted((self._known & self.truth.issued.keys()) - losses):
            missing = true.given_up[invoice] - self._given_up(invoice, day)
            if missing > 0 and self._tried(invoices.WRITE_OFF, invoice, day, amount_minor=missing):
                self.repairs["write_off"] += 1
                return True
        for pair in sorted(true.flows.keys() - pairs):
            money, invoice = pair
            missing = true.flows[pair] - flows[pair]
            if not {money, invoice} <= self._known or missing <= 0:
                continue
            if self._allocated(money, invoice, missing, day) or self._taken_back_after(money, invoice, day):
                self.repairs["allocate"] += 1
                return True
        return False

    def _taken_again(self) -> bool:
        """Where all flows are right but took from other items, what happened that day is taken again."""
        for told in self.history.told:
            true = self.truth.at(told.event.day)
            for invoice in sorted(self._known & true.open.keys()):
                state = self._invoice(invoice)
                if [sum(m for on, m in i.by_day if on <= told.event.day) for i in state.items] == [*true.open[invoice]]:
                    continue
                money = told.event.about
                if money in self.truth.came and self._take_back(money, invoice, told.event.day):
                    while self._take_back(money, invoice, told.event.day):
                        pass
                    self.repairs["again"] += 1
                    return True
                if invoice not in self._begun_anew:
                    self._begin_anew(invoice)
                    return True
        return False

    def _begin_anew(self, invoice: str) -> None:
        """Nothing pays the invoice, and all that truly does is allocated again in the order of its days."""
        self._begun_anew.add(invoice)
        self.repairs["anew"] += 1
        for money in sorted(self._known & self.truth.came.keys()):
            for allocation, made, on, until in self._spans(money):
                if made.invoice == invoice_stream(invoice, ENTITY) and on < until:
                    self._tried(self._unallocating(money), money, on, allocation=allocation)

    def _allocated(self, money: str, invoice: str, minor: int, day: date) -> bool:
        """What is open first, and then what was given up."""
        for part in (minor, self._invoice(invoice).open_minor):
            try:
                if 0 < part <= minor:
                    self._allocate(money, invoice, part, day)
                    return True
            except Refused:
                pass
        return False

    def _taken_back_after(self, money: str, invoice: str, day: date) -> bool:
        """What went there too late is to go there sooner."""
        later = sorted(on for _, made, on, _ in self._spans(money) if made.invoice.endswith(f":{invoice}") and on > day)
        return any(self._take_back(money, invoice, on) for on in later)

    def _take_back(self, money: str, invoice: str, day: date, minor: int | None = None) -> bool:
        """The last of it, as much as that is of the amount; all of it without one."""
        for allocation, made, on, until in sorted(self._spans(money), key=lambda span: span[2], reverse=True):
            is_it = made.invoice == invoice_stream(invoice, ENTITY) and on <= day < until
            asked = {"amount_minor": minor} if minor and minor < made.amount_minor else {}
            if is_it and self._tried(self._unallocating(money), money, day, allocation=allocation, **asked):
                self.repairs["unallocate"] += 1
                return True
        return False

    def _tried(self, command: Any, about: str, on: date, **asked: Any) -> bool:
        try:
            return self._ask(command, about, on, **asked)
        except Refused:
            return False

    def _flows(self, day: date) -> Counter[tuple[str, str]]:
        found = Counter[tuple[str, str]]()
        for money in self._known & self.truth.came.keys():
            for _, made, on, until in self._spans(money):
                if on <= day < until:
                    found[money, made.invoice.split(":")[-1]] += made.amount_minor
        return found

    def _spans(self, money: str) -> list[tuple[int, Any, date, date]]:
        source = self._source(money)
        made = [(each, date.max) for each in source.allocations] + [(each.made, each.on) for each in source.undone]
        return [(each.allocation, each, source.allocated_on[each.allocation], until) for each, until in made]

    def _given_up(self, invoice: str, day: date) -> int:
        return sum(loss.amount_minor for loss in self._invoice(invoice).write_offs if loss.on <= day)

    # Words for the rest

    def _ask(self, command: Any, about: str, on: date | None, **asked: Any) -> bool:
        kind = command.kind
        stream = {"invoice": invoice_stream, "credit_note": credit_note_stream}.get(kind)
        return self.ledger.give(stream(about, ENTITY) if stream else receipt_stream(about), command(**asked), on)

    def _source(self, money: str) -> Receipt:
        stream = credit_note_stream(money, ENTITY) if self._is_note(money) else receipt_stream(money)
        return self.ledger.states[stream]  # type: ignore[no-any-return]

    def _invoice(self, number: str) -> Invoice:
        return self.ledger.states[invoice_stream(number, ENTITY)]  # type: ignore[no-any-return]

    def _is_note(self, money: str) -> bool:
        return self.truth.came[money].kind == CREDIT

    def _unallocating(self, money: str) -> Any:
        return credit_notes.UNALLOCATE if self._is_note(money) else receipts.UNALLOCATE

    def _any_invoice(self, step: Step) -> str:
        found = sorted(self._known & self.truth.issued.keys())
        return found[step.other % len(found)] if found else ""

    def _wrong_invoice(self, event: Event) -> str:
        """One that this money never went to, and that was there on the day."""
        went = {invoice for day in self.truth.days.values() for money, invoice in day.flows if money == event.about}
        went |= {invoice for invoice, _ in event.named}
        found = sorted(self._known & self.truth.issued.keys() - went - self._voided)
        may = (each for each in found if self.truth.issued[each].day <= event.day)
        return next((each for each in may if self._is_never_touched_with(each, event.about)), "")

    def _is_never_touched_with(self, invoice: str, money: str) -> bool:
        """On no day on which something happens to the money, such as a chargeback."""
        days = [told.event.day for told in self.history.told if told.event.about == money]
        return all(self.history.is_free(invoice, day) for day in days)

    def _free_day(self, invoice: str, day: date) -> date:
        """A mistake is of a day on which nothing happened to the invoice: no rule says which of two came first."""
        while not self.history.is_free(invoice, day):
            day += timedelta(1)
        return day

    def _soon(self, step: Step) -> int:
        return step.turn + 1 + 10 * step.amount

    def _later(self, event: Event, step: Step) -> date:
        return event.day + timedelta(step.which)


def recorded(app: Any, clock: Any, random: Random) -> Clerk:
    """A random history, as a clerk has recorded it in a real ledger."""
    clerk = Clerk(History(Step(*map(random.randrange, MOST)) for _ in range(STEPS)))
    clerk.record_all()
    clock.at = datetime.combine(clerk.last_day, time(9), UTC)
    for nth, (stream, request, on) in enumerate(clerk.ledger.given):
        cause = Cause("clerk", f"command {nth}", "as it was" if request.command.needs_reason else None)
        app.commands.give(stream, request, on=on, cause=cause)
    app.bring_views_up_to_date()
    return clerk
