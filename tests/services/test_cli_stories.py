"""Every command about an invoice, a customer or a receipt, typed in the order in which business has them."""

import shlex

import pytest
from typer.main import get_command

from domain.kinds import FACTS
from infra.log.decision import Done, Recorded
from infra.settings import Settings
from services.answers.recorded import in_sentences
from services.assembly import assemble
from services.cli.commands import credit_note, customer, invoice, receipt
from tests.services.terminal import Terminal

# What is typed, and the facts it records.
STORIES = {
    "reminded, credited and paid": """
        invoice issue A-1 --customer acme --amount 1,000.00 --currency EUR --issued-on 2026-01-05 --due-on 2026-01-20
            -> customer.registered invoice.issued
        invoice deliver A-1 --channel email --document 9f86 --on 2026-01-05
            -> invoice.delivered
        invoice fail-delivery A-1 --channel letter --document 9f86 --reason moved --on 2026-01-09
            -> invoice.delivery_failed
        invoice remind A-1 --step first --channel email --document 60303 --on 2026-01-25
            -> invoice.reminded
        invoice remind A-1 --step first --channel email --document 60303 --on 2026-01-25
            -> nothing
        invoice block A-1 --until 2026-02-10 --reason 'in talks' --on 2026-01-25
            -> invoice.dunning_blocked
        invoice unblock A-1 --reason 'talks are over' --on 2026-01-25
            -> invoice.dunning_unblocked
        invoice call A-1 --spoke-with accounts --outcome reached --reason-given forgot --on 2026-01-26
            -> invoice.called
        invoice note A-1 --text 'the crate was opened at customs' --on 2026-01-26
            -> invoice.noted
        invoice interest A-1 --amount 7.50 --from-on 2026-01-21 --until-on 2026-02-20
            --basis '9 % of 1,000.00, 30/360' --on 2026-02-20
            -> invoice.interest_charged
        invoice fee A-1 --amount 5 --basis agreed --on 2026-02-20
            -> invoice.fee_charged
        invoice compensation A-1 --amount 40 --basis 'directive 2011/7/EU' --on 2026-02-20
            -> invoice.compensation_claimed
        invoice waive A-1 --item 3 --reason goodwill --on 2026-02-21
            -> invoice.charge_waived
        invoice credit A-1 --credit-note CN-1 --amount 100 --tax 19 --reason returned --on 2026-02-22
            -> credit_note.issued credit_note.allocated invoice.credit_note_applied
        receipt record P-1 --amount 947.50 --currency EUR --invoice A-1 --value-on 2026-02-23
            -> receipt.received receipt.allocated invoice.paid
        """,
    "disputed twice": """
        invoice issue B-1 --customer bolt --amount 800 --currency USD --issued-on 2026-01-05 --step 0:30 --step 30:70
            -> customer.registered invoice.issued
        invoice dispute B-1 --reason-code quality --amount 200 --comment scratched --on 2026-01-10
            -> invoice.disputed
        invoice block B-1 --until 2026-01-31 --reason 'promised by phone' --on 2026-01-10
            -> invoice.dunning_blocked
        invoice unblock B-1 --reason 'it was another invoice' --on 2026-01-10
            -> invoice.dunning_unblocked
        invoice dispute B-1 --reason-code price --on 2026-01-10
            -> invoice.disputed
        invoice resolve B-1 --dispute 1 --outcome upheld --credit-note CN-2 --on 2026-01-20
            -> invoice.dispute_resolved credit_note.issued credit_note.allocated invoice.credit_note_applied
        invoice resolve B-1 --outcome rejected --on 2026-01-21
            -> invoice.dispute_resolved
        """,
    "promised, settled and paid in parts": """
        invoice issue C-1 --customer cara --amount 300 --currency EUR --issued-on 2026-01-05 --due-on 2026-01-20
            -> customer.registered invoice.issued
        invoice promise C-1 --pay-on 2026-02-01 --amount 100 --on 2026-01-25
            -> invoice.promise_made
        invoice review-promise C-1 --on 2026-02-02
            -> invoice.promise_broken
        invoice settle C-1 --pay 250 --until-on 2026-02-20 --service 'free carriage' --on 2026-02-03
            -> invoice.settlement_offered
        invoice accept-settlement C-1 --on 2026-02-04
            -> invoice.settlement_accepted
        invoice issue C-2 --customer cara --amount 300 --currency EUR --issued-on 2026-01-05 --due-on 2026-01-20
            -> invoice.issued
        invoice plan C-2 --instalment 2026-02-10=100 --instalment 2026-03-10=200 --on 2026-02-01
            -> invoice.instalment_plan_agreed
        invoice review-plan C-2 --accelerate --on 2026-02-11
            -> invoice.instalment_plan_broken
        """,
    "handed over": """
        invoice issue D-1 --customer dora --amount 10000 --currency EUR --issued-on 2026-01-05 --due-on 2026-01-20
            -> customer.registered invoice.issued
        invoice factor D-1 --factor Nordfactor --advance 90 --fee 2.5% --with-recourse
            --recourse-on 2026-06-30 --on 2026-01-06
            -> invoice.factored
        invoice pay-advance D-1 --on 2026-01-07
            -> invoice.factor_advance_paid
        invoice reassign D-1 --reason unpaid --on 2026-03-01
            -> invoice.reassigned
        invoice warn-of-bureau D-1 --bureau Creditinfo --channel letter --document aa --on 2026-03-02
            -> invoice.bureau_warned
        customer report dora --bureau Creditinfo --invoice D-1 --on 2026-03-20
            -> customer.reported_to_bureau
        customer withdraw dora --bureau Creditinfo --invoice D-1 --reason paid --on 2026-03-21
            -> customer.bureau_report_withdrawn
        invoice place D-1 --agency Fairway --commission 25 --on 2026-04-01
            -> invoice.placed_with_agency
        invoice recall D-1 --reason nothing --on 2026-05-01
            -> invoice.recalled_from_agency
        invoice legal D-1 --kind small_claims --reference 7C --on 2026-05-02
            -> invoice.legal_action_started
        invoice judgment D-1 --reference 7C/1 --amount 10000 --on 2026-06-02
            -> invoice.judgment_obtained
        invoice write-off D-1 --reason insolvent --amount 4000 --tax 600 --approval board --on 2026-07-01
            -> invoice.written_off
        invoice write-off D-1 --reason insolvent --on 2026-07-01
            -> invoice.written_off
        invoice issue D-2 --customer dora --amount 100 --currency EUR --issued-on 2026-01-05
            -> invoice.issued
        invoice factor D-2 --factor Nordfactor --advance 90 --fee 3 --on 2026-01-06
            -> invoice.factored
        invoice release-reserve D-2 --on 2026-02-06
            -> invoice.factor_reserve_released invoice.paid
        invoice issue D-3 --customer dora --amount 100 --currency EUR --issued-on 2026-01-05
            -> invoice.issued
        invoice void D-3 --reason 'issued twice' --on 2026-01-06
            -> invoice.voided
        invoice void D-3 --reason 'issued twice' --on 2026-01-06
            -> nothing
        """,
    "a customer": """
        customer register kyoto --country JP
            -> customer.registered
        customer register kyoto --country JP
            -> nothing
        customer terms kyoto --step 30:60 --step 60:40 --discount 2/10 --currency JPY --language ja
            --channel letter --jurisdiction JP --consumer --holds-delivery
            -> customer.terms_agreed
        customer contact kyoto --name 'Kyoto Paper' --email ap@kyoto.example --phone 1 --address 'Kyoto'
            -> customer.contact_set
        customer check kyoto --source Creditsafe --score 71 --expires-on 2027-01-31
            -> customer.credit_checked
        customer limit kyoto --amount 500000 --currency JPY --reason opening --until 2027-01-31 --approval cfo
            -> customer.credit_limit_set
        customer hold kyoto --scope orders --reason late
            -> customer.placed_on_hold
        customer release kyoto --scope orders --reason paid
            -> customer.released_from_hold
        customer prepayment kyoto --share 30 --reason new
            -> customer.prepayment_required
        customer block kyoto --reason holiday --until 2027-01-31 --on 2026-12-01
            -> customer.dunning_blocked
        customer unblock kyoto --reason back
            -> customer.dunning_unblocked
        customer policy kyoto --policy general
            -> customer.policy_assigned policy.published
        customer note kyoto --channel phone --spoke-with accounts --purpose 'when they pay'
            --outcome 'next week' --next-step call
            -> customer.contact_noted
        customer policy kyoto --policy nl
            -> customer.policy_assigned policy.published
        customer policy kyoto
            -> customer.policy_assigned
        customer collector kyoto --collector ann
            -> customer.collector_assigned
        customer retainer kyoto --amount 100000 --currency JPY --replenish-below 20000
            -> customer.retainer_agreed
        customer replenish kyoto --left 5000
            -> customer.retainer_replenishment_requested
        customer review kyoto --risk-class B --reason 'steady payer' --next-review-on 2027-01-31
            -> customer.risk_reviewed
        customer erase kyoto --reason 'asked by the person'
            -> customer.data_erased
        """,
    "money": """
        invoice issue E-1 --customer eve --amount 100 --currency EUR --issued-on 2026-01-05 --due-on 2026-01-20
            -> customer.registered invoice.issued
        invoice issue E-2 --customer eve --amount 100 --currency EUR --issued-on 2026-01-05 --due-on 2026-01-25
            -> invoice.issued
        receipt record P-2 --amount 250 --currency EUR --payer 'E. Smith' --value-on 2026-01-20
            -> receipt.received
        receipt identify P-2 --customer eve --on 2026-01-21
            -> receipt.identified
        receipt allocate P-2 --invoice E-2=40 --on 2026-01-21
            -> receipt.allocated invoice.partially_paid
        receipt unallocate P-2 --allocation 1 --reason 'wrong invoice' --on 2026-01-22
            -> receipt.unallocated invoice.payment_reversed
        receipt allocate P-2 --on 2026-01-22
            -> receipt.allocated invoice.paid receipt.allocated invoice.paid
        receipt refund P-2 --amount 50 --reference R-9 --on 2026-01-23
            -> receipt.refunded
        receipt record P-3 --amount 10 --currency EUR --customer eve --value-on 2026-01-24
            -> receipt.received
        receipt reverse P-3 --reason 'debit returned' --on 2026-01-25
            -> receipt.reversed
        receipt record P-4 --amount 10 --currency EUR --customer eve --value-on 2026-01-26
            -> receipt.received
        receipt move P-4 --to-entity north --reason 'paid to the wrong account' --on 2026-01-27
            -> receipt.moved
        """,
    "taken back": """
        invoice issue F-1 --customer fay --amount 100 --currency EUR --issued-on 2026-01-05 --due-on 2026-01-20
            -> customer.registered invoice.issued
        invoice void F-1 --reason 'typed twice' --on 2026-01-06
            -> invoice.voided
        invoice undo-void F-1 --reason 'it was F-2'
            -> invoice.void_undone
        invoice credit F-1 --credit-note CF-1 --amount 30 --reason returned --on 2026-01-10
            -> credit_note.issued credit_note.allocated invoice.credit_note_applied
        invoice undo-credit F-1 --credit-note CF-1 --reason 'it was F-2'
            -> credit_note.unallocated credit_note.undone invoice.credit_note_undone
        invoice write-off F-1 --reason insolvent --on 2026-01-15
            -> invoice.written_off
        receipt record P-5 --amount 60 --currency EUR --invoice F-1 --value-on 2026-01-18
            -> receipt.received receipt.allocated invoice.recovered
        invoice undo-write-off F-1 --reason 'they pay'
            -> receipt.unallocated receipt.allocated
            -> invoice.payment_reversed invoice.write_off_undone invoice.partially_paid
        receipt reverse P-5 --amount 20 --reason 'debit returned' --on 2026-01-25
            -> receipt.unallocated invoice.payment_reversed receipt.allocated invoice.partially_paid receipt.reversed
        """,
    "credit notes": """
        invoice issue G-1 --customer gus --amount 100 --currency EUR --issued-on 2026-01-05 --due-on 2026-01-20
            -> customer.registered invoice.issued
        credit-note issue CG-1 --customer gus --amount 50 --currency EUR --issued-on 2026-01-10 --reason bonus
            -> credit_note.issued
        credit-note allocate CG-1 --invoice G-1=30
            -> credit_note.allocated invoice.credit_note_applied
        credit-note unallocate CG-1 --allocation 1 --on 2026-01-20 --reason 'not this one'
            -> credit_note.unallocated invoice.credit_note_undone
        credit-note unallocate CG-1 --allocation 1 --on 2026-01-15 --reason 'on the 15th'
            -> credit_note.allocation_reinstated credit_note.unallocated
            -> invoice.credit_note_reinstated invoice.credit_note_undone
        credit-note refund CG-1 --amount 20 --reference out-1 --on 2026-01-21
            -> credit_note.refunded
        credit-note issue CG-2 --invoice G-1 --amount 40 --issued-on 2026-01-22 --reason returned
            -> credit_note.issued credit_note.allocated invoice.credit_note_applied
        credit-note undo CG-2 --reason 'twice'
            -> credit_note.unallocated credit_note.undone invoice.credit_note_undone
        """,
}


@pytest.fixture(scope="module")
def terminal(shared_database_url, tmp_path_factory):
    return Terminal(shared_database_url, tmp_path_factory.mktemp("stories"))


def told(story):
    """What is typed, word by word, and what comes of it."""
    typed: list[str] = []
    facts: list[str] = []
    for line in STORIES[story].strip().splitlines():
        if line.strip().startswith("-> "):
            facts += line.split()[1:]
            continue
        if facts:
            yield typed, facts
            typed, facts = [], []
        typed += shlex.split(line)
    yield typed, facts


@pytest.mark.parametrize("story", STORIES)
def test_each_command_records_its_facts_and_says_so_in_sentences(terminal, story):
    answers = []
    for typed, facts in told(story):
        done = terminal.json(*typed)
        assert list(done) == ["command_id", "position", "facts", "is_repeat", "notes"]
        found = [fact["name"] for fact in done["facts"]]
        assert sorted(found) == sorted(each for each in facts if each != "nothing"), typed
        answers.append(done)
    for done, said in zip(answers, sentences(terminal, answers), strict=True):
        assert bool(said) == bool(done["facts"])
        assert all(each.endswith(".") and each[0] == each[0].upper() for each in said), said
        assert not [each for each in said if "_" in each or any(name in each for name in FACTS)]


def sentences(terminal, answers):
    """What each command said to a person."""
    settings, database_url = Settings(home=terminal.home), terminal.environment["RECEIVABLES_DATABASE_URL"]
    with assemble(settings, database_url=database_url) as app:
        for done in answers:
            facts = tuple(Recorded(**fact) for fact in done["facts"])
            yield in_sentences(Done(done["command_id"], done["position"], facts), app.ledger.histories, 20).sentences


# They record nothing.
QUESTIONS = {"show", "document", "list", "statement"}


@pytest.mark.parametrize("group", [invoice, customer, receipt, credit_note])
def test_no_command_is_left_out_of_the_stories(group):
    name = group.__name__.rpartition(".")[2].replace("_", "-")
    typed = [message[:2] for story in STORIES for message, _ in told(story)]
    commands = vars(get_command(group.app))["commands"]
    assert {command for subject, command in typed if subject == name} == set(commands) - QUESTIONS
