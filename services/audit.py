"""The audit trail: what happened, who did it, why, what difference it made, and that nobody changed it since."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import IO

from domain.entry import credit_note_stream, customer_stream, invoice_stream, receipt_stream
from domain.refusal import Refused
from infra.clock import Clock
from infra.disclosures import Disclose
from infra.encryption import Encryption
from infra.log.chain import Checkpoint, Head, Row, Verified
from infra.log.checkpoints import Checkpoints, ForgedCheckpoint, Signed
from infra.log.ledger import Ledger, Progress
from infra.views.answers import Views
from projections.audit.as_it_was import invoice_on
from projections.audit.view import FEW, LAST, PLANNED_ANEW, Asked, AuditTrail, extent, facts, facts_at, few
from projections.projection import Query
from projections.projection import Row as Found
from services import audit_files
from services.answers.evidence import EvidenceAnswer, evidence_answer, proof, terms_at
from services.answers.facts import FactAnswer, FactFormatter, FactsAnswer
from services.answers.invoice import InvoiceAsOf, invoice_as_of
from services.snapshots import require_past

MOST_ON_A_PAGE = 1000
PORTION = 2000
BEFORE_ALL_FACTS = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """`next` is where the next page goes on: `before` it with the newest first, `after` it with the oldest first.

    `position` is how far the log was searched.
    """

    rows: list[FactAnswer]
    next: int | None
    position: int


class Audit:
    def __init__(
        self,
        ledger: Ledger,
        views: Views,
        checkpoints: Checkpoints,
        encryption: Encryption,
        recorded_to: Callable[[], int],
        *,
        clock: Clock,
        disclose: Disclose,
    ):
        self._ledger, self._views, self._checkpoints = ledger, views, checkpoints
        self._encryption, self._recorded_to, self._clock = encryption, recorded_to, clock
        self._disclose = disclose

    def asked(
        self,
        *,
        invoice: str | None = None,
        entity: str = "main",
        receipt: str | None = None,
        recorded_from: datetime | None = None,
        recorded_to: datetime | None = None,
        customer: str | None = None,
        actor: str | None = None,
        kind: str | None = None,
        effective_from: date | None = None,
        effective_to: date | None = None,
        correlation_id: str | None = None,
        command_id: str | None = None,
    ) -> Asked:
        """A question for `search` and `export`: what is None does not narrow. Both ends of a time are in."""
        streams = [invoice_stream(invoice, entity)] if invoice else []
        streams += [receipt_stream(receipt)] if receipt else []
        return Asked(
            streams=streams or None,
            customer=customer,
            actor=actor,
            kind=kind,
            effective_from=effective_from,
            effective_to=effective_to,
            correlation_id=correlation_id,
            command_id=command_id,
            first=self._first_at(recorded_from) if recorded_from else 1,
            last=self._ledger.position_at(recorded_to) if recorded_to else LAST,
        )

    def search(
        self,
        asked: Asked,
        *,
        newest_first: bool = True,
        after: int | None = None,
        before: int | None = None,
        limit: int = 50,
        decrypted: bool = False,
    ) -> Page:
        """A page of facts; what is recorded while somebody turns pages moves none of them. Refuses `page_size`."""
        if not 0 < limit <= MOST_ON_A_PAGE:
            raise Refused("page_size", f"a page has 1 to {MOST_ON_A_PAGE} facts; an export has as many as there are")
        position = self._searched(asked)
        first, last = max(asked.first, (after or 0) + 1), min(asked.last, position, (before or LAST) - 1)
        bounded = replace(asked, first=first, last=last)
        rows = next(self._pages(bounded, newest_first, limit + 1), [])
        page = self._formatter("audit search" if decrypted else None).format(rows[:limit])
        return Page(page, page[-1]["position"] if len(rows) > limit else None, position)

    def show(
        self,
        number: str | None = None,
        *,
        entity: str = "main",
        customer: str | None = None,
        receipt: str | None = None,
        credit_note: str | None = None,
        with_receipts: bool = False,
        decrypted: bool = False,
        purpose: str = "audit show",
    ) -> FactsAnswer:
        """All facts of one invoice, customer, receipt or credit note, oldest first; refuses one that does not exist.

        `with_receipts` adds the facts of the receipts that paid the invoice. What is `decrypted` is recorded as
        disclosed for the `purpose`.
        """
        stream, missing = _subject(number, entity, customer, receipt, credit_note)
        rows = self._stream_rows([stream])
        if not rows:
            raise missing
        if with_receipts:
            rows = self._stream_rows([stream, *self._receipts_of(stream)])
        return {"facts": self._formatter(purpose if decrypted else None).format(rows)}

    def trail(self, stream: str) -> list[FactAnswer]:
        """All facts of a stream, oldest first."""
        return self._formatter().format(self._stream_rows([stream]))

    def state(
        self, number: str, *, as_of: date, known_at: datetime | None = None, entity: str = "main"
    ) -> InvoiceAsOf | None:
        """The invoice as it was on a day, as known at an instant; None if there was none. Refuses `not_yet`."""
        if known_at:
            require_past(known_at, self._clock())
        position = self._ledger.position_at(known_at) if known_at else LAST
        entries = [each for each in self._ledger.facts(invoice_stream(number, entity)) if each.position <= position]
        invoice = invoice_on(entries, as_of)
        return invoice_as_of(invoice, entries, as_of, known_at) if invoice else None

    def export(
        self,
        asked: Asked,
        to: IO[str],
        *,
        form: str = "csv",
        newest_first: bool = False,
        with_difference: bool = True,
        decrypted: bool = False,
        progress: Progress | None = None,
    ) -> int:
        """Writes every fact asked for as `csv` or `jsonl`, and says how many; memory stays flat however many."""
        asked = replace(asked, last=min(asked.last, self._searched(asked)))
        write = audit_files.writer(form, to)
        formatter, written = self._formatter("audit export" if decrypted else None), 0
        total = max(0, asked.last - asked.first + 1)
        for rows in self._pages(asked, newest_first, PORTION):
            write(formatter.format(rows, with_difference=with_difference))
            written += len(rows)
            if progress:
                reached = rows[-1].position
                progress(asked.last - reached + 1 if newest_first else reached - asked.first + 1, total)
        if progress:
            progress(total, total)
        return written

    def export_log(self, to: IO[str], progress: Progress | None = None) -> int:
        """Writes the log byte for byte, as `verify_export` reads it; what is encrypted stays so."""
        end, position = self._ledger.head().position, 0
        while position < end and (rows := self._ledger.rows(position)):
            audit_files.write_log(rows, to)
            position = rows[-1].position
            if progress:
                progress(position, max(end, position))
        return position

    def verify(self, progress: Progress | None = None) -> Verified:
        """Recomputes the chain over the whole log and holds it against the checkpoints kept outside the database."""
        return self._ledger.verify(self._signed_checkpoints(), progress)

    def verify_export(self, lines: IO[str]) -> Verified:
        """The same for a log that was exported: no database is asked. Refuses `not_a_log`."""
        return audit_files.verify_log(lines, self._signed_checkpoints())

    def signed(self) -> Signed:
        """What the checkpoint file says; refuses `checkpoint_forged`."""
        return signed(self._checkpoints)

    def checkpoint(self, progress: Progress | None = None, *, new_key: bool = False) -> Verified:
        """Verifies, and if nothing is broken signs the end of the log into the checkpoint file.

        With a `new_key` that is made now, in place of one that was lost or is not to be trusted any more. Raises
        `CheckpointKeyMissing` and `CheckpointKeyWrong`.
        """
        verified = self.verify(progress)
        position, at = verified.verified, self._clock()
        if verified.broken_at is not None or (position == (verified.checkpoint or 0) and not new_key):
            return verified
        head = Head(position, bytes.fromhex(verified.head), at)
        if new_key:
            self._checkpoints.begin_new_key(head, self._ledger.ledger_id, at)
        else:
            self._checkpoints.write(head, self._ledger.ledger_id, at, is_begun_anew=True)
        return replace(verified, checkpoint=position)

    def has_unsigned(self) -> bool:
        """Whether facts were recorded, by whomever, since the end of the log was last signed."""
        return self._ledger.head().position > self._checkpoints.last_position()

    def sign_checkpoint(self) -> int:
        """Signs the end of the log as it stands into the checkpoint file: what is changed from now on will show."""
        head = self._ledger.head()
        if head.position:
            self._checkpoints.write(head, self._ledger.ledger_id, self._clock())
        return head.position

    def evidence(self, number: str, *, as_of: date, entity: str = "main", decrypted: bool = False) -> EvidenceAnswer:
        """The invoice, the terms it was issued under, its facts with those of its receipts, and what proves them."""
        purpose = "audit evidence"
        facts = self.show(number, entity=entity, with_receipts=True, decrypted=decrypted, purpose=purpose)["facts"]
        invoice = self.state(number, as_of=as_of, entity=entity)
        rows = self._rows(facts_at([fact["position"] for fact in facts]))
        before = {row.position: row.hash for row in self._rows(facts_at([row.position - 1 for row in rows]))}
        issued = next(fact for fact in facts if fact["name"] == "invoice.issued" and fact["data"])
        customers = self._stream_rows([customer_stream(str((issued["data"] or {})["customer"]))])
        agreed = terms_at(self._formatter().format(customers), issued["position"])
        proven = proof(rows, before, self.verify(), self._signed_checkpoints())
        return evidence_answer(as_of, invoice, facts, agreed, proven)

    # How it is found

    def _pages(self, asked: Asked, newest_first: bool, size: int) -> Iterator[list[Row]]:
        """What is rare is listed and put in order; what is common is met often enough when walking the log."""
        if asked.is_about_envelopes and not asked.is_about_streams:
            [(first, last)] = self._ask(extent(asked))
            asked = replace(asked, first=first, last=last)
            positions = [position for (position,) in self._ask(few(asked))]
            if len(positions) <= FEW:
                yield from self._listed(sorted(positions, reverse=newest_first), size)
                return
        while rows := self._rows(facts(asked, newest_first=newest_first, limit=size)):
            yield rows
            if len(rows) < size:
                return
            end = rows[-1].position
            asked = replace(asked, last=end - 1) if newest_first else replace(asked, first=end + 1)

    def _listed(self, positions: Sequence[int], size: int) -> Iterator[list[Row]]:
        for start in range(0, len(positions), size):
            portion = positions[start : start + size]
            rows = {row.position: row for row in self._rows(facts_at(portion))}
            yield [rows[position] for position in portion]

    def _searched(self, asked: Asked) -> int:
        """How far the answer reaches: the log answers at once for streams, the index when it has seen a fact."""
        if not asked.is_about_envelopes and asked.customer is None:
            return self._ledger.head().position
        with self._views.snapshot(AuditTrail.name, not_before=self._recorded_to()) as snapshot:
            return snapshot.position(AuditTrail.name)

    def _first_at(self, at: datetime) -> int:
        return self._ledger.position_at(max(at, BEFORE_ALL_FACTS) - timedelta(microseconds=1)) + 1

    def _stream_rows(self, streams: Sequence[str]) -> list[Row]:
        return [row for page in self._pages(Asked(streams=streams), False, PORTION) for row in page]

    def _receipts_of(self, stream: str) -> list[str]:
        answers = FactFormatter(self._ask, self._ledger.mapper).format(
            self._stream_rows([stream]), with_difference=False
        )
        named = ((each["data"] or {}).get("receipt") for each in answers)
        return [receipt_stream(str(receipt)) for receipt in dict.fromkeys(named) if receipt]

    def _signed_checkpoints(self) -> Sequence[Checkpoint]:
        return self.signed().checkpoints

    def _formatter(self, purpose: str | None = None) -> FactFormatter:
        """With a purpose it shows personal data in clear, and records that it was disclosed."""
        if not purpose:
            return FactFormatter(self._ask, self._ledger.mapper)

        def disclosed(subjects: Iterable[str], data: Iterable[str]) -> None:
            self._disclose(purpose, subjects, *data)

        return FactFormatter(self._ask, self._ledger.mapper, self._encryption.decrypt, disclosed)

    def _rows(self, query: Query) -> list[Row]:
        return [Row._make(row) for row in self._ask(query)]

    def _ask(self, query: Query) -> list[Found]:
        with self._views.snapshot(AuditTrail.name, not_before=self._recorded_to()) as snapshot:
            return snapshot.ask(PLANNED_ANEW, query)[1]


def signed(checkpoints: Checkpoints) -> Signed:
    """What a checkpoint file says; refuses `checkpoint_forged`."""
    try:
        return checkpoints.signed()
    except ForgedCheckpoint as forged:
        raise Refused("checkpoint_forged", str(forged)) from None


def _subject(
    number: str | None, entity: str, customer: str | None, receipt: str | None, credit_note: str | None
) -> tuple[str, Refused]:
    if number:
        return invoice_stream(number, entity), Refused("not_issued", f"there is no invoice {number} of {entity}")
    if customer:
        return customer_stream(customer), Refused("not_registered", f"there is no customer {customer}")
    if receipt:
        return receipt_stream(receipt), Refused("not_received", f"there is no receipt {receipt}")
    if credit_note:
        missing = Refused("no_such_credit_note", f"there is no credit note {credit_note} of {entity}")
        return credit_note_stream(credit_note, entity), missing
    raise ValueError("name an invoice, a customer, a receipt or a credit note")
