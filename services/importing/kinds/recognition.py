"""Which payments of a file the ledger has already, where they have no number of their own.

Two payments may agree in all that a row says. The first of these that fits is taken: the row is

- the payment recorded for this very row: this line of this file, or the same row in a reject file;
- one that another file brought, of the same payer, or where one of the two names no payer: exports overlap;
- a new one, also when all that agree name another payer: a payment recorded twice is seen and can be reversed, while
  nobody would miss one that was never recorded.

A payment recorded for another row of the same file is another payment, and no payment belongs to two rows.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import product
from typing import NamedTuple

import orjson

from domain.entry import Cause, receipt_stream
from domain.receipt import Receipt
from infra.encryption import Encryption
from infra.log.ledger import Ledger
from services.importing.book import Book
from services.importing.reading.cells import Place

Amount = tuple[str, int]

ANY = object()


class Sought(NamedTuple):
    """`content` is a hash of the row without payer and currency, which may become known later."""

    at: Place
    content: bytes
    money: Amount
    payer: str | None

    def keys(self) -> list[Hashable]:
        """In the order to look for: the same payer, then one not named; then both in any currency, to be refused."""
        return [*product((self.money, ANY), (self.payer, None if self.payer else ANY))]


class RecordedPayment(NamedTuple):
    """A payment in the ledger, and the row it was recorded for."""

    receipt: str
    row: str
    file: str | None
    money: Amount
    payer: str | None

    def keys(self) -> Iterator[Hashable]:
        return product((self.money, ANY), (self.payer, ANY))


class Found(NamedTuple):
    """`is_elsewhere`: another file brought it. `is_apart`: it is new, though others differ only in the payer."""

    receipt: str
    is_elsewhere: bool = False
    is_apart: bool = False


def content(values: Sequence[object]) -> bytes:
    return sha256(orjson.dumps(values)).digest()[:16]


def spelled(payer: str | None) -> str | None:
    """The same for a name in other capitals or with other spaces."""
    return " ".join(payer.casefold().split()) if payer else None


class Recognition:
    """For the chunks of one file in order; a chunk is looked up again when another writer was faster."""

    def __init__(self, ledger: Ledger, encryption: Encryption):
        self._ledger, self._encryption = ledger, encryption
        self._chunk = 0
        self._taken: set[str] = set()
        self._taken_now: set[str] = set()

    def find(self, rows: Sequence[Sought], book: Book, *, chunk: int) -> dict[int, Found]:
        """The payment of each line; `chunk` tells one from the next."""
        if chunk != self._chunk:
            self._chunk = chunk
            self._taken |= self._taken_now
        self._taken_now = set()
        asking: dict[bytes, list[Sought]] = defaultdict(list)
        for row in rows:
            asking[row.content].append(row)
        receipts = _opened(asking, book)
        known = self._known(receipts, book, with_payers=any(row.payer for row in rows))
        found: dict[int, Found] = {}
        for same, alike in asking.items():
            unused = [receipt for receipt in receipts[same] if not book.state(receipt_stream(receipt))]
            found |= self._found(alike, known[same], iter(unused))
        return found

    def _found(
        self, rows: Sequence[Sought], known: Sequence[RecordedPayment], unused: Iterator[str]
    ) -> Iterator[tuple[int, Found]]:
        shelf = Shelf(known)
        shelf.hand_out(rows)
        for row in rows:
            one = shelf.taken.get(row.at.line)
            receipt = one.receipt if one else next(unused)
            # A row in another currency will be refused, and leaves the payment to the row it belongs to.
            if not one or one.money == row.money:
                self._taken_now.add(receipt)
            is_elsewhere = one is not None and one.file != row.at.file
            yield row.at.line, Found(receipt, is_elsewhere, is_apart=not one and shelf.has_left(row.at.file))

    def _known(
        self, receipts: Mapping[bytes, Sequence[str]], book: Book, *, with_payers: bool
    ) -> dict[bytes, list[RecordedPayment]]:
        """Those that belong to no earlier row of this file."""
        states: dict[str, Receipt] = {
            receipt: state
            for numbered in receipts.values()
            for receipt in numbered
            if receipt not in self._taken and (state := book.state(receipt_stream(receipt)))
        }
        causes = self._ledger.causes(map(receipt_stream, states))
        payers = self._payers(states) if with_payers else {}
        known = {
            receipt: _known(state, causes[receipt_stream(receipt)], payers.get(receipt))
            for receipt, state in states.items()
        }
        return {
            same: [known[receipt] for receipt in numbered if receipt in known] for same, numbered in receipts.items()
        }

    def _payers(self, states: Mapping[str, Receipt]) -> dict[str, str | None]:
        """The payers that can be decrypted: those of an erased customer cannot."""
        encrypted = {
            receipt: (state.received.customer or receipt_stream(receipt), state.received.payer_encrypted)
            for receipt, state in states.items()
            if state.received.payer_encrypted
        }
        opened = self._encryption.decrypt_many(encrypted.values())
        return {receipt: spelled(data["payer"]) for receipt, data in zip(encrypted, opened, strict=True) if data}


class Shelf:
    """Recorded payments that agree, each to be given to one row only; `taken` is by line."""

    def __init__(self, known: Sequence[RecordedPayment]):
        self._left = {each.receipt: each for each in known}
        self.taken: dict[int, RecordedPayment] = {}

    def hand_out(self, rows: Sequence[Sought]) -> None:
        if not self._left:
            return
        own = self._by(lambda each: [each.row])
        for row in rows:
            self._give(row, own[row.at.origin], "")
        others = self._by(RecordedPayment.keys)
        for keys in zip(*(row.keys() for row in rows), strict=True):
            for row, key in zip(rows, keys, strict=True):
                if row.at.line not in self.taken:
                    self._give(row, others[key], row.at.file)

    def has_left(self, but_of: str) -> bool:
        return any(each.file != but_of for each in self._left.values())

    def _by(self, keys: Callable[[RecordedPayment], Iterable[Hashable]]) -> Mapping[Hashable, deque[RecordedPayment]]:
        found: Mapping[Hashable, deque[RecordedPayment]] = defaultdict(deque)
        for each in self._left.values():
            for key in keys(each):
                found[key].append(each)
        return found

    def _give(self, row: Sought, queue: deque[RecordedPayment], but_of: str) -> None:
        while queue and queue[0].receipt not in self._left:
            queue.popleft()
        for each in queue:
            if each.receipt in self._left and each.file != but_of:
                self.taken[row.at.line] = self._left.pop(each.receipt)
                return


def _known(state: Receipt, cause: Cause, payer: str | None) -> RecordedPayment:
    received = state.received
    money = received.currency, received.amount_minor
    return RecordedPayment(received.receipt, cause.command_id, cause.correlation_id, money, payer)


def _opened(asking: Mapping[bytes, Sequence[Sought]], book: Book) -> dict[bytes, list[str]]:
    """Of each content all receipts recorded, and as many new ones as there are rows."""
    receipts: dict[bytes, list[str]] = {same: [] for same in asking}
    short = [*asking]
    while short:
        for same in short:
            first = len(receipts[same]) + 1
            receipts[same] += [_numbered(same, number) for number in range(first, first + len(asking[same]))]
        book.open(receipt_stream(receipt) for same in short for receipt in receipts[same])
        short = [same for same in short if _unused(receipts[same], book) < len(asking[same])]
    return receipts


def _unused(receipts: Sequence[str], book: Book) -> int:
    return sum(1 for receipt in receipts if not book.state(receipt_stream(receipt)))


def _numbered(same: bytes, number: int) -> str:
    return f"payment-{sha256(same + orjson.dumps(number)).hexdigest()[:32]}"
