"""Commands on their way into the ledger: every door ends here.

Rules that hold for all doors are here: days too far ahead, the currency of amounts, which arguments are personal data,
and which ones are content.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain.contact import Contact
from domain.contact.state import no_such_contact
from domain.customer import Customer
from domain.entry import Cause, customer_stream, require_cause
from domain.invoice import Invoice
from domain.kinds import kind_of
from domain.receipt import Receipt
from domain.refusal import Refused
from domain.terms import Share
from infra.encryption import Encryption
from infra.log.appends import Contended
from infra.log.decision import Done, Overtaken
from infra.log.guard import IN_BULK
from infra.log.ledger import Ledger, Unless
from infra.views.answers import Behind
from services.catalogue import CATALOGUE, wire
from services.catalogue.command import Asked, Command, Request
from services.catalogue.parameters import DEFAULT_ENTITY, by_argument
from services.days import require_near
from services.debtors import Debtors

TRIES = 5
# Left out of the content of commands that may name an entity.
_FIRST_ENTITY = "main"


class Commands:
    """`entity` is used where arguments name none."""

    def __init__(
        self,
        ledger: Ledger,
        encryption: Callable[[], Encryption],
        debtors: Debtors,
        *,
        today: Callable[[], date],
        entity: str,
    ):
        self._ledger, self._encryption, self._debtors = ledger, encryption, debtors
        self._today, self._entity = today, entity

    def run(self, name: str, arguments: Mapping[str, object], cause: Cause) -> Done:
        """A command by its name, with arguments as they come in at a door; a reason among them becomes the cause's.

        Refuses `unknown_command`, as `services.catalogue.wire.read` does, and as the command itself does.
        """
        command = CATALOGUE.get(name)
        if command is None:
            raise Refused("unknown_command", f"there is no command {name[:40]!r}; `receivables commands` lists them")
        given = {**arguments, "reason": arguments.get("reason") or cause.reason}
        read = wire.read(command, given, entity=self._entity, currency_of=self.currency_of)
        return self.give(read.stream, read.request, on=read.on, cause=cause._replace(reason=read.reason))

    def give(self, stream: str, request: Request, *, cause: Cause, on: date | None = None) -> Done:
        """A command with its arguments about a stream; effective `on`, by default as the command says, else today.

        The same `cause.command_id` again gives the first answer, and with other content is refused as
        `command_reused`. Refuses `bad_cause`, `day_is_ahead`, `reason_missing`, and as the command's decision does;
        raises `Contended` when others kept changing what it is about.
        """
        require_cause(cause)
        if IN_BULK.fullmatch(cause.command_id):
            raise Refused("bad_cause", "imports and ticks have command ids of this form: choose another", "command_id")
        command, today = request.command, self._today()
        if on:
            require_near(on, today)
        if command.needs_reason and not (cause.reason or "").strip():
            raise Refused("reason_missing", f"{command.name} needs a reason", "reason")
        arguments = request.arguments
        named = by_argument(command).get(DEFAULT_ENTITY)
        if named and named.default is not None:
            arguments = {**arguments, DEFAULT_ENTITY: arguments.get(DEFAULT_ENTITY) or self._entity}
        asked = Asked(stream, arguments, on, today)
        content = self._content(command, asked, cause.reason)
        for _ in range(TRIES):
            try:
                done = self._done(command, asked, cause, content)
            except Overtaken as overtaken:
                asked = asked._replace(also=asked.also | overtaken.streams)
                continue
            if command.finish:
                command.finish(self, stream, done.position - len(done.facts))
            return done
        raise Contended(f"others kept changing what {command.name} is about; nothing was recorded, try again")

    def currency_of(self, stream: str) -> str:
        """Of what a stream is about; refuses one that does not exist, and a customer without a retainer."""
        match self.state(stream):
            case Invoice() as invoice:
                return invoice.issued.currency
            case Receipt() as receipt:
                return receipt.received.currency
            case Customer(retainer=retainer):
                if retainer:
                    return retainer.currency
                raise Refused("argument_missing", "name the currency", "currency")
            case Contact() as contact:
                return _only_currency(contact)
            case _:
                raise _missing(stream)

    # What a command may look at before its decision (`services.catalogue.command.Reader`)

    def state(self, stream: str) -> Any:
        return self._ledger.state(stream)

    @property
    def default_entity(self) -> str:
        return self._entity

    def oldest_first(self, customer: str, entity: str | None, currency: str, on: date) -> Sequence[str]:
        return self._debtors.oldest_first(customer, entity, currency, on, default=self._entity)

    def entities(self) -> Sequence[str]:
        return self._debtors.entities()

    def last_voucher_on(self, customer: str) -> tuple[date | None, int]:
        return self._debtors.last_voucher_on(customer, not_before=self._ledger.head().position)

    def encrypt(self, owner: str, data: Mapping[str, str]) -> str | None:
        # Their key may outlive the fact: who erased them may have been killed before it was destroyed.
        if self._is_erased(owner):
            return None
        [encrypted] = self._encryption().encrypt_many([(owner, data)])
        return encrypted

    # What it may do once its facts are recorded (`services.catalogue.command.Finisher`)

    def destroy_keys(self, stream: str, position: int) -> None:
        """Those of a customer and of their receipts that were unidentified at first; repeated, those still left."""
        [customer] = kind_of(stream).key_of(stream).values()
        self._encryption().destroy(customer)
        for receipt in self._debtors.receipts(customer, not_before=position):
            state: Receipt | None = self.state(receipt)
            if state and state.received.payer_encrypted and not state.received.customer:
                self._encryption().destroy(receipt)

    def destroy_key_if_erased(self, receipt: str) -> None:
        """That of a payer who was nobody's at first, where the customer turns out to be one whose data was erased."""
        state: Receipt | None = self.state(receipt)
        if state and state.customer and state.received.payer_encrypted and not state.received.customer:
            debtor: Customer | None = self.state(customer_stream(state.customer))
            if debtor and debtor.is_erased:
                self._encryption().destroy(receipt)

    def _done(self, command: Command[...], asked: Asked, cause: Cause, content: object) -> Done:
        try:
            change = command.plan(asked, self)
        except (Refused, Behind):
            # What it looks at may have changed since it was first answered.
            if previous := self._ledger.repeated(cause.command_id, content):
                return previous
            raise
        unless = Unless(change.read_to, change.concerns) if change.read_to is not None and change.concerns else None
        done = self._ledger.change(
            change.streams, change.decide, on=change.on, cause=cause, content=content, unless=unless
        )
        notes = () if done.is_repeat else tuple(change.notes())
        return replace(done, notes=notes) if notes else done

    def _is_erased(self, owner: str) -> bool:
        """Of a customer; what is encrypted under a receipt's own key is nobody's yet."""
        is_nobodys = owner.startswith("receipt:")
        debtor: Customer | None = None if is_nobodys else self.state(customer_stream(owner))
        return debtor is not None and debtor.is_erased

    def _content(self, command: Command[...], asked: Asked, reason: str | None) -> dict[str, object]:
        """What is compared when a command id comes again: name, stream, arguments, reason, the day if given.

        An argument with its default value is left out, so that a parameter added later does not change the content of
        old commands. Personal data is replaced by a keyed hash, from which nothing can be learnt without the key. No
        entity is the same as the configured one: so it was before a payment without one could be another's.
        """
        names, given = by_argument(command), {**asked.arguments}
        if DEFAULT_ENTITY in names:
            entity = given.get(DEFAULT_ENTITY) or self._entity
            given[DEFAULT_ENTITY] = None if entity == _FIRST_ENTITY else entity
        arguments = {
            names[argument].name: self._encryption().fingerprint(str(value))
            if argument in command.personal
            else _as_ever(value)
            for argument, value in given.items()
            if not _is_as_by_default(value, names[argument].default)
        }
        content = {"command": command.name, "stream": asked.stream, "arguments": arguments, "reason": reason}
        return content | ({"on": asked.on} if asked.on else {})


@dataclass(frozen=True, slots=True)
class _DaysAlone:
    """A share as it was written before it could be due by the month."""

    days: int
    basis_points: int


def _as_ever(value: object) -> object:
    """Old commands keep the content they had."""
    if not isinstance(value, list | tuple):
        return value
    return [
        _DaysAlone(each.days, each.basis_points)
        if isinstance(each, Share) and not (each.is_end_of_month or each.day_of_next_month)
        else each
        for each in value
    ]


def _is_as_by_default(value: object, default: object) -> bool:
    """A list of the same as a tuple by default is the default too."""
    return value is None or (tuple(value) if isinstance(value, list) else value) == default


def _only_currency(contact: Contact) -> str:
    currencies = sorted({each.currency for each in contact.planned.about})
    if len(currencies) > 1:
        message = f"its invoices are in {' and '.join(currencies)}: record what is in one of them on the invoice"
        raise Refused("several_currencies", message)
    return currencies[0]


def _missing(stream: str) -> Refused:
    kind = kind_of(stream)
    key = kind.key_of(stream)
    match kind.prefix:
        case "invoice":
            return Refused("not_issued", f"there is no invoice {key['number']} of {key['entity']}")
        case "credit_note":
            return Refused("no_such_credit_note", f"there is no credit note {key['credit_note']} of {key['entity']}")
        case "receipt":
            return Refused("not_received", f"there is no receipt {key['receipt']}")
        case "contact":
            return no_such_contact()
        case _:
            return Refused("not_registered", f"there is no {' '.join((kind.prefix, *key.values()))}")
