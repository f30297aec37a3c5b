"""The book of contacts: what customers were told and when, what became of it, and what was sent, as it was sent."""

import email

import orjson
import pytest

from infra.post.message import Refused
from tests.services.chasing import Chase
from tests.services.conftest import keep_views
from tests.services.post import Tray, posting

MAIL, CALL = "contact:main:2025-08-25:email:1:ACME", "contact:main:2025-09-08:phone:1:ACME"


@pytest.fixture
def tray():
    return Tray()


@pytest.fixture
def app(database_url, tmp_path, clock, tray):
    with posting(database_url, tmp_path, clock, tray) as app:
        keep_views(app)
        yield app


@pytest.fixture
def chase(app, tray):
    """R-1 of ACME: a mail that went out, one that was refused, a call, and then a decision."""
    chase = Chase(app)
    chase.issue("R-1", "2025-08-20")
    chase.give("customer.contact", customer="ACME", email="pay@acme.example")
    chase.tick("2025-08-25")
    chase.send("2025-08-25")
    tray.answers.append(Refused("550 5.1.1"))
    chase.tick("2025-09-01")
    chase.send("2025-09-01")
    chase.tick("2025-09-08")
    return chase


def listed(terminal, *asked):
    return [(row["contact"], row["state"]) for row in terminal.json("message", "list", *asked)["rows"]]


def test_it_lists_messages_and_calls_in_the_order_they_were_planned(terminal, chase):
    chase.give("contact.done", contact=CALL, outcome="no answer", on="2025-09-08")
    # Compromise: a decision, which is no contact.
    assert chase.tick("2025-09-15").decided == 1
    rows = terminal.json("message", "list")["rows"]
    assert [
        {name: row[name] for name in ("contact", "customer", "channel", "invoices", "planned_on", "state")}
        for row in rows
    ] == [
        {
            "contact": f"contact:main:{day}:{channel}:1:ACME",
            "customer": "ACME",
            "channel": channel,
            "invoices": ["R-1"],
            "planned_on": day,
            "state": state,
        }
        for day, channel, state in (
            ("2025-08-25", "email", "sent"),
            ("2025-09-01", "email", "failed"),
            ("2025-09-08", "phone", "done"),
        )
    ]
    handed_over = chase.app.ledger.state(MAIL).handed_over
    assert (rows[0]["message_id"], rows[0]["sha256"]) == (handed_over.message_id, handed_over.sha256)
    assert (rows[2]["message_id"], rows[2]["sha256"]) == (None, None)


def test_it_is_narrowed_by_customer_state_and_days_with_both_ends_in(terminal, chase):
    second = "contact:main:2025-09-01:email:1:ACME"
    assert listed(terminal, "--state", "failed") == [(second, "failed")]
    assert listed(terminal, "--from", "2025-09-01", "--to", "2025-09-08") == [(second, "failed"), (CALL, "planned")]
    assert listed(terminal, "--to", "2025-08-31") == [(MAIL, "sent")]
    assert len(listed(terminal, "--customer", "ACME")) == 3
    assert terminal.refused("message", "list", "--customer", "NOBODY")[0] == "not_registered"
    assert terminal.refused("message", "list", "--state", "lost", exits=2)[0] == "wrong_use"
    assert terminal.refused("message", "list", "--from", "2025-09-02", "--to", "2025-09-01", exits=2)[0] == "bad_period"


def test_what_is_on_its_way_is_planned_still(terminal, chase, tray):
    chase.give("contact.retry", contact="contact:main:2025-09-01:email:1:ACME", on="2025-09-08")
    assert ("contact:main:2025-09-01:email:1:ACME", "planned") in listed(terminal)
    assert len(listed(terminal, "--state", "planned")) == 2


def test_one_that_failed_is_sent_once_more_where_a_person_wants_it(terminal, chase, tray):
    name = "main:2025-09-01:email:1:ACME"
    terminal.run("message", "resend", name, "--on", "2025-09-08")
    chase.send("2025-09-08")
    assert len(tray.taken) == 2
    assert terminal.refused("message", "resend", name)[0] == "already_sent"


def test_one_is_shown_with_its_facts(terminal, chase):
    shown = terminal.json("message", "show", MAIL)
    assert [fact["name"] for fact in shown["facts"]] == ["contact.planned", "contact.handed_over", "contact.sent"]
    assert (shown["state"], shown["step"], shown["policy"]) == ("sent", "friendly_reminder", "general")
    assert shown["about"] == [
        {
            "invoice": "R-1",
            "step": "friendly_reminder",
            "due_on": "2025-08-20",
            "currency": "EUR",
            "open": "1000.00",
            "demanded": "1000.00",
        }
    ]
    text = terminal.run("message", "show", MAIL).stdout
    assert "friendly_reminder of general, version 1" in text
    assert shown["message_id"] in text


def test_what_was_sent_is_shown_byte_for_byte(terminal, chase, tray):
    assert terminal.run("message", "show", MAIL, "--as", "eml").stdout_bytes == tray.taken[0].data
    plain = str(email.message_from_bytes(tray.taken[0].data).get_payload())
    assert terminal.run("message", "show", MAIL, "--as", "text").stdout.strip() == plain.strip()
    target = chase.app.settings.home / "sent.eml"
    terminal.run("message", "show", MAIL, "--as", "eml", "--to", target)
    assert target.read_bytes() == tray.taken[0].data


@pytest.mark.parametrize(
    ("name", "form", "code"),
    [(MAIL, "pdf", "not_in_form"), (CALL, "text", "not_sent"), (f"{MAIL}X", "text", "no_such_contact")],
)
def test_what_was_not_sent_or_not_so_is_refused(chase, refused, name, form, code):
    from services.escalation.contact_book import SentAs

    with refused(code):
        chase.app.contact_book.sent(name, SentAs(form))


def test_who_reads_what_was_sent_is_on_record(terminal, chase):
    written = len(chase.app.disclosures.select())
    terminal.run("message", "show", MAIL)
    assert len(chase.app.disclosures.select()) == written
    terminal.run("message", "show", MAIL, "--as", "text")
    shown, *_ = chase.app.disclosures.select("ACME")
    assert (shown.purpose, shown.data, shown.subjects) == ("message show", ["contact", "message"], ["ACME"])


def test_a_message_in_the_archive_that_cannot_be_opened_is_found(terminal, chase):
    def personal_data():
        checks = terminal.run("doctor", "--deep", "--format", "json", exits=None).stdout
        return next(each for each in orjson.loads(checks)["checks"] if each["name"] == "personal data")

    assert personal_data()["state"] == "ok"
    [file] = [path for path in (terminal.home / "archive").rglob("*") if path.is_file()][:1]
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    assert personal_data()["state"] == "failed" and "of ACME" in personal_data()["message"]
    file.unlink()
    assert personal_data()["state"] == "ok"


def test_what_was_sent_goes_with_the_customers_data(terminal, chase):
    chase.app.encryption.destroy("ACME")
    assert terminal.refused("message", "show", MAIL, "--as", "text")[0] == "not_kept"
