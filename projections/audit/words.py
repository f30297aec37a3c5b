"""What facts are called where people read: one table of plain words. Programs know facts by their names."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "customer.registered": "registered",
    "customer.terms_agreed": "terms agreed",
    "customer.contact_set": "contact set",
    "customer.credit_checked": "credit checked",
    "customer.credit_limit_set": "credit limit set",
    "customer.placed_on_hold": "placed on hold",
    "customer.released_from_hold": "released from hold",
    "customer.prepayment_required": "prepayment required",
    "customer.dunning_blocked": "reminders blocked",
    "customer.dunning_unblocked": "reminders allowed again",
    "customer.contact_noted": "contact noted",
    "customer.collector_assigned": "collector assigned",
    "customer.policy_assigned": "policy assigned",
    "customer.retainer_agreed": "retainer agreed",
    "customer.retainer_replenishment_requested": "retainer asked for",
    "customer.risk_reviewed": "risk reviewed",
    "customer.reported_to_bureau": "reported to bureau",
    "customer.bureau_report_withdrawn": "bureau report withdrawn",
    "customer.data_erased": "personal data erased",
    "invoice.issued": "issued",
    "invoice.delivered": "delivered",
    "invoice.delivery_failed": "not delivered",
    "invoice.reminded": "reminded",
    "invoice.called": "called",
    "invoice.noted": "note added",
    "invoice.promise_made": "promise made",
    "invoice.promise_kept": "promise kept",
    "invoice.promise_partly_kept": "promise partly kept",
    "invoice.promise_broken": "promise broken",
    "invoice.partially_paid": "paid in part",
    "invoice.paid": "paid",
    "invoice.payment_reversed": "payment reversed",
    "invoice.payment_reinstated": "payment reinstated",
    "invoice.exchange_difference_taken": "exchange difference taken",
    "invoice.discount_taken": "discount taken",
    "invoice.credit_note_applied": "credited",
    "invoice.credit_note_undone": "credit note taken back",
    "invoice.credit_note_reinstated": "credit note reinstated",
    "invoice.disputed": "disputed",
    "invoice.dispute_resolved": "dispute resolved",
    "invoice.interest_charged": "interest charged",
    "invoice.fee_charged": "fee charged",
    "invoice.compensation_claimed": "compensation claimed",
    "invoice.charge_waived": "charge waived",
    "invoice.settlement_offered": "settlement offered",
    "invoice.settlement_accepted": "settlement accepted",
    "invoice.instalment_plan_agreed": "instalment plan agreed",
    "invoice.instalment_plan_broken": "instalment plan broken",
    "invoice.instalment_plan_completed": "instalment plan completed",
    "invoice.bureau_warned": "warned of a bureau",
    "invoice.dunning_blocked": "reminders blocked",
    "invoice.dunning_unblocked": "reminders allowed again",
    "invoice.factored": "sold to a factor",
    "invoice.factor_advance_paid": "factor's advance paid",
    "invoice.factor_reserve_released": "factor's reserve released",
    "invoice.reassigned": "back from the factor",
    "invoice.placed_with_agency": "placed with agency",
    "invoice.recalled_from_agency": "back from the agency",
    "invoice.legal_action_started": "legal action started",
    "invoice.judgment_obtained": "judgment obtained",
    "invoice.written_off": "written off",
    "invoice.write_off_undone": "write-off undone",
    "invoice.recovered": "recovered",
    "invoice.voided": "voided",
    "invoice.void_undone": "void undone",
    "receipt.received": "received",
    "receipt.identified": "payer identified",
    "receipt.allocated": "allocated",
    "receipt.unallocated": "allocation taken back",
    "receipt.allocation_reinstated": "allocation reinstated",
    "receipt.refunded": "refunded",
    "receipt.reversed": "reversed by the bank",
    "receipt.moved": "moved to another entity",
    "credit_note.issued": "credit note issued",
    "credit_note.allocated": "allocated",
    "credit_note.unallocated": "allocation taken back",
    "credit_note.allocation_reinstated": "allocation reinstated",
    "credit_note.refunded": "paid out",
    "credit_note.undone": "undone",
    "case.policy_assigned": "policy assigned",
    "case.step_decided": "step taken",
    "case.task_finished": "task finished",
    "contact.planned": "planned",
    "contact.handed_over": "handed over",
    "contact.sent": "sent",
    "contact.delivered": "delivered",
    "contact.deferred": "not taken for now",
    "contact.delivery_failed": "not delivered",
    "contact.delivery_unknown": "delivery unknown",
    "contact.withheld": "withheld",
    "contact.retried": "to be sent once more",
    "contact.done": "done",
    "contact.skipped": "skipped",
    "policy.published": "policy published",
    "entity.policy_assigned": "policy assigned",
    "tick.taken": "steps decided",
    "text.approved": "texts approved",
}

_CALLED = {
    "credit_note": "credit note",
    "case": "ladder of invoice",
    "tick": "ladder run",
    "text": "texts in",
}
# Of an invoice or a credit note its entity is said only where it is another.
_USUAL_ENTITY = "main"


def in_words(name: str) -> str:
    """A fact by its stored name; one that only another release knows is called by that."""
    return WORDS.get(name) or name.partition(".")[2].replace("_", " ")


def subject(stream: str) -> str:
    """What a stream is about: `invoice:main:2026-0042` is invoice 2026-0042; another entity than main is said."""
    kind, _, key = stream.partition(":")
    if kind == "tick":
        return _CALLED[kind]
    if kind == "contact":
        entity, on, channel, nth, customer = key.split(":", 4)
        return f"{channel} {nth} to {customer} on {on}" + _of(entity)
    called = _CALLED.get(kind, kind)
    if kind in ("invoice", "credit_note", "case"):
        entity, _, key = key.partition(":")
        return f"{called} {key}" + _of(entity)
    return f"{called} {key}"


def _of(entity: str) -> str:
    return "" if entity == _USUAL_ENTITY else f" of {entity}"
