"""What the ledger holds of the streams that some rows touch, and what these rows add to it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from domain.customer import Customer, encrypted_contacts
from domain.entry import Cause, customer_stream
from domain.invoice import Invoice
from domain.kinds import kind_of
from domain.notes import Note
from domain.refusal import Refused
from domain.takings import sources_after
from infra.encryption import Encryption
from infra.log.decision import Overtaken
from infra.log.ledger import Batch, Ledger
from infra.log.memory import Stream
from infra.post.archive import Archive
from projections.open_items.debtors import Owner
from services.catalogue.command import Asked, Change, Command, Decided, Request
from services.debtors import Debtors

# In place of ciphertext in a dry run, which makes no keys.
DRY = "dry"

Dated = Sequence[tuple[object, date]]
Personal = Mapping[str, str]


class StreamRequest(NamedTuple):
    """A command about a stream, effective on a day; `reason` where the row gives one."""

    stream: str
    request: Request
    on: date
    reason: str | None = None


class Document(NamedTuple):
    """A file that says what a row says, and its SHA-256 when it was read."""

    path: Path
    sha256: str


class Book:
    """Runs the commands of many rows as `services.commands` runs one; only reading and recording are in bulk.

    It is the `Reader` of these commands: what they look at has been read, looked up and encrypted for many at once.
    `notes` are what the commands of the row say about it.
    """

    def __init__(
        self,
        ledger: Ledger,
        encryption: Encryption,
        debtors: Debtors,
        archive: Archive,
        *,
        today: date,
        entity: str,
        is_dry: bool,
    ):
        self.default_entity, self._archive = entity, archive
        self._ledger, self._encryption, self._debtors = ledger, encryption, debtors
        self.today, self.is_dry = today, is_dry
        self._streams: dict[str, Stream] = {}
        self._unfolded: dict[str, list[tuple[object, date]]] = {}
        self._batches: list[Batch] = []
        self._documents: list[tuple[str, Path, str]] = []
        # The version each stream had when a command first looked at it, which it must still have at the commit.
        self._looked_at: dict[str, int] = {}
        self._undo: list[tuple[str, Stream, list[tuple[object, date]] | None]] = []
        self.notes: list[Note] = []
        self._oldest: Mapping[Owner, Sequence[str]] = {}
        self._lost: Mapping[Owner, Sequence[tuple[str, date]]] = {}
        self._entities: Sequence[str] | None = None
        self._encrypted: dict[tuple[str, frozenset[tuple[str, str]]], str | None] = {}

    # Read for many at once

    def open(self, streams: Iterable[str]) -> None:
        """Reads those not yet read, in one query; whatever a command looks at must have been opened."""
        missing = [stream for stream in dict.fromkeys(streams) if stream not in self._streams]
        if missing:
            self._streams |= self._ledger.read(missing)

    def open_sources_after(self, taken_on: Sequence[tuple[str, date]]) -> None:
        """The receipts and credit notes that take from an invoice after a day, so that they can be put after that."""
        self.open(source for stream, on in taken_on for source in sources_after(self.state(stream), on))

    def open_oldest(self, owed: Mapping[Owner, int], on: date) -> None:
        """The invoices that so much money of each owner can reach, earliest due first; none of it came before `on`."""
        customers = list(dict.fromkeys(owner.customer for owner in owed))
        self._oldest = self._debtors.oldest_first_of(owed) if owed else {}
        self._lost = self._debtors.written_off_since(customers, on) if owed else {}
        self.open(stream for streams in self._oldest.values() for stream in streams)
        self.open(stream for found in self._lost.values() for stream, _ in found)

    def entities_owed(self, customers: Sequence[str]) -> Mapping[tuple[str, str], Sequence[str]]:
        """By customer and currency, the entities to which they owe."""
        return self._debtors.entities_owed(customers) if customers else {}

    def contacts(self, customers: Sequence[str]) -> dict[str, Personal]:
        """Decrypted to be compared, with one query for all; nothing of a customer who has none or was erased.

        Raises `CannotDecrypt`: what cannot be read is not taken for nothing.
        """
        states = {customer: self.state(customer_stream(customer)) for customer in customers}
        encrypted = encrypted_contacts(states)
        return {**self._encryption.contacts({whose: text for whose, text in encrypted.items() if text != DRY})}

    def encrypt_all(self, owned: Sequence[tuple[str, Personal]]) -> None:
        """Personal data under the key of its owner, without owners whose data was erased."""
        kept = [(owner, data) for owner, data in owned if not self._is_erased(owner)]
        encrypted = [DRY] * len(kept) if self.is_dry else self._encryption.encrypt_many(kept)
        self._encrypted |= dict.fromkeys((_key(*each) for each in owned), None)
        self._encrypted |= {_key(*each): text for each, text in zip(kept, encrypted, strict=True)}

    # What a command may look at before its decision

    def state(self, stream: str) -> Any:
        if stream not in self._streams:
            self.open([stream])
        version, state = self._streams[stream]
        if stream in self._unfolded:
            evolve = kind_of(stream).evolve
            for fact, on in self._unfolded.pop(stream):
                state = evolve(state, fact, on)
            self._streams[stream] = Stream(version, state)
        return state

    def oldest_first(self, customer: str, entity: str | None, currency: str, on: date) -> Sequence[str]:
        owner = Owner(customer, entity or self.default_entity, currency)
        lost = [stream for stream, lost_on in self._lost.get(owner, ()) if lost_on > on]
        found = self._oldest.get(owner, ())
        return sorted([*found, *lost], key=self._due_on) if lost else found

    def entities(self) -> Sequence[str]:
        if self._entities is None:
            self._entities = self._debtors.entities()
        return self._entities

    def last_voucher_on(self, customer: str) -> tuple[date | None, int]:
        return self._debtors.last_voucher_on(customer, not_before=self._ledger.head().position)

    def encrypt(self, owner: str, data: Personal) -> str | None:
        key = _key(owner, data)
        if key not in self._encrypted:
            self.encrypt_all([(owner, data)])
        return self._encrypted[key]

    # What they add

    def run(self, asked: StreamRequest, cause: Cause) -> bool:
        """Adds what the command decides, and returns whether it decided anything. Refuses as the command does."""
        stream, request, on, reason = asked
        cause = cause._replace(reason=reason) if reason else cause
        change, decided = self._decided(Asked(stream, request.arguments, on, self.today), request.command)
        is_more = False
        for each, facts in decided.items():
            if facts:
                is_more = True
                self._add(each, [fact if isinstance(fact, tuple) else (fact, change.on) for fact in facts], cause)
        if is_more:
            self.notes += change.notes()
        return is_more

    def _decided(self, asked: Asked, command: Command[...]) -> tuple[Change, Decided]:
        """Planned again with what the decision turned out to need, which is rare: the money of a later day."""
        while True:
            change = command.plan(asked, self)
            states = [self.state(each) for each in change.streams]
            for each in change.streams:
                self._looked_at.setdefault(each, self._streams[each].version)
            try:
                return change, change.decide(*states)
            except Overtaken as overtaken:
                if overtaken.streams <= asked.also:
                    raise
                self.open(overtaken.streams)
                asked = asked._replace(also=asked.also | overtaken.streams)

    def begin_row(self) -> None:
        self._undo, self.notes = [], []

    def undo_row(self) -> None:
        """Takes back what was added since the row began."""
        for stream, known, unfolded in reversed(self._undo):
            self._batches.pop()
            self._streams[stream] = known
            if unfolded is None:
                self._unfolded.pop(stream, None)
            else:
                self._unfolded[stream] = unfolded
        self._undo = []

    def keep(self, customer: str, document: Document) -> None:
        """A file of the row, to be archived before the facts that name it are recorded."""
        if not self._is_erased(customer):
            self._documents.append((customer, *document))

    def commit(self) -> None:
        """Records all that was added, or nothing; raises `MovedOn` when another writer was faster."""
        if self._batches and not self.is_dry:
            if self._documents:
                self._archive.put_files(self._documents)
            self._ledger.record_many(self._batches, self._looked_at)
        self._batches, self._documents, self._looked_at = [], [], {}

    def forget(self) -> None:
        """Drops all that was read or added."""
        self._streams, self._unfolded, self._batches, self._looked_at, self._encrypted = {}, {}, [], {}, {}
        self._documents = []

    def turn_page(self) -> None:
        """Keeps only the customers, who come again, so that memory stays bounded."""
        kept = [stream for stream in self._streams if kind_of(stream).prefix == "customer"]
        streams = {stream: Stream(self._streams[stream].version, self.state(stream)) for stream in kept}
        self.forget()
        self._streams = streams

    def _add(self, stream: str, dated: Dated, cause: Cause) -> None:
        known, unfolded = self._streams[stream], self._unfolded.get(stream)
        self._undo.append((stream, known, None if unfolded is None else [*unfolded]))
        self._batches.append(Batch(stream, known.version, dated, cause))
        self._streams[stream] = Stream(known.version + len(dated), known.state)
        self._unfolded.setdefault(stream, []).extend(dated)

    def _due_on(self, stream: str) -> date:
        invoice: Invoice = self.state(stream)
        return min(item.due_on for item in invoice.items)

    def _is_erased(self, owner: str) -> bool:
        """Owners are customers, or the streams of receipts that are nobody's yet."""
        try:
            customer = self._streams.get(customer_stream(owner))
        except Refused:
            return False
        return isinstance(customer and customer.state, Customer) and self.state(customer_stream(owner)).is_erased


def _key(owner: str, data: Personal) -> tuple[str, frozenset[tuple[str, str]]]:
    return owner, frozenset(data.items())
