"""What the messenger really sends: mails and letters in approved texts, with nothing in them that a name could add."""

from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from domain.entry import Cause
from domain.text import approve, text_stream
from infra.settings import Settings
from services.assembly import assemble
from services.messages.messenger import Outcome
from tests.infra.test_bounces import mail as report
from tests.services.chasing import Chase
from tests.services.desk import Desk, set_contact_of
from tests.services.post import DUE, TODAY, Tray, plan, state_of
from tests.services.test_returned import drop

ADDRESS = "Ann Example, Long Street 1, 12345 Town"


@pytest.fixture
def tray():
    return Tray()


@pytest.fixture
def app(database_url, tmp_path, clock, tray):
    settings = Settings(home=tmp_path, mail_sender="billing@firm.example")
    with assemble(settings, database_url=database_url, clock=clock, transport=tray) as app:
        yield app


@pytest.fixture
def owes(app, desk):
    """So much, and is to be found at an address."""
    for number, minor in (("R-1", 50_00), ("R-2", 20_00)):
        desk.issue(number, minor, due_on=DUE)

    def owes(name="Ann Example", email="ann@example.org", address=ADDRESS):
        contact = {"name": name, "email": email, "address": address}
        given = {part: value for part, value in contact.items() if value}
        set_contact_of(app, "acme", given, on=DUE, cause=desk.cause())

    return owes


def read(message):
    return message_from_bytes(message.data, policy=default)


def test_a_mail_says_who_owes_what_and_carries_its_id_twice(app, owes, tray):
    owes()
    stream = plan(app, "R-1", "R-2")
    assert app.messenger.run_once(TODAY) == Outcome(sent=1)
    [message] = tray.taken
    mail = read(message)
    handed = state_of(app, stream).handed_over
    assert mail["Message-ID"] == mail["X-Contact"] == handed.message_id
    assert handed.message_id.endswith("@firm.example>")
    assert mail["To"].addresses[0].addr_spec == message.recipient == "ann@example.org"
    assert mail["From"].addresses[0].addr_spec == message.sender == "billing@firm.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",)).get_content()
    assert "R-1" in text and "R-2" in text and "70.00" in text
    assert handed.texts == app.renderer.edition("en").sha256
    assert app.archive.get("acme", handed.sha256) == message.data


def test_once_the_invoice_of_the_second_reminder_is_paid_the_other_gets_its_first_one(app, desk, owes, tray):
    owes()
    desk.issue("R-0", 90_00, issued_on=DUE - timedelta(days=20), due_on=DUE - timedelta(days=7))
    chase = Chase(app)
    chase.tick("2026-01-01")
    chase.send("2026-01-01")
    chase.tick("2026-01-08")
    steps = {about.invoice: about.step for about in state_of(app, "contact:main:2026-01-08:email:1:acme").planned.about}
    assert steps["invoice:main:R-0"] == "second_reminder" and steps["invoice:main:R-1"] == "friendly_reminder"
    desk.receive("B-1", 90_00, value_on=date(2026, 1, 8), invoices=["R-0"])
    chase.send("2026-01-08")
    first, second = [mail["Subject"] for mail in map(read, tray.taken)]
    assert first == "Reminder: invoice R-0, €90.00"
    assert second == "Reminder: 2 invoices, €70.00"


@pytest.mark.parametrize(
    "name",
    [
        "Ann\r\nBcc: eve@example.org",
        "<b>Ann</b>",
        "{{7*7}}",
        "Ann \N{RIGHT-TO-LEFT OVERRIDE}nnA",
        "=?utf-8?q?Ann?=",
        "张伟 & Søn",
    ],
)
def test_no_name_adds_a_header_a_receiver_or_markup(app, owes, tray, name):
    owes(name=name)
    plan(app, "R-1")
    assert app.messenger.run_once(TODAY) == Outcome(sent=1)
    [message] = tray.taken
    mail = read(message)
    assert mail["Bcc"] is None and [each.addr_spec for each in mail["To"].addresses] == ["ann@example.org"]
    assert "<b>" not in mail.get_body(("html",)).get_content()


NO_ADDRESSES = [
    "ann@example.org\r\nBcc: eve@example.org",
    "ann@",
    "a@b, c@d.example",
    "ann",
    "ann@example..org",
    "jürgen@example.org",
    f"{'a' * 65}@example.org",
]


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_address_is_written_to_by_nobody(app, owes, tray, address):
    owes(email=address)
    stream = plan(app, "R-1")
    assert app.messenger.run_once(TODAY) == Outcome(withheld=1)
    assert (state_of(app, stream).code, tray.taken) == ("no_address", [])


def test_a_letter_is_a_pdf_and_needs_a_postal_address(app, owes, desk):
    owes()
    stream = plan(app, "R-1", channel="letter")
    assert app.messenger.run_once(TODAY) == Outcome(sent=1)
    [file] = (app.settings.home / "outbox" / "letters").iterdir()
    assert file.read_bytes().startswith(b"%PDF")
    assert app.archive.get("acme", state_of(app, stream).handed_over.sha256) == file.read_bytes()
    owes(address="")
    other = plan(app, "R-2", channel="letter", nth=2)
    assert app.messenger.run_once(TODAY) == Outcome(withheld=1)
    assert state_of(app, other).code == "no_address"


def edit(app, text):
    folder = app.settings.home / "texts"
    folder.mkdir(exist_ok=True)
    (folder / "en.toml").write_text(text, encoding="utf-8")


def test_texts_that_were_edited_are_sent_once_a_person_has_approved_them(app, owes, tray):
    owes()
    edit(app, '[steps.friendly_reminder]\nopening = "Hello from the tropics."\n')
    first, second = plan(app, "R-1"), plan(app, "R-2", nth=2)
    assert app.messenger.run_once(TODAY) == Outcome(withheld=2)
    assert {state_of(app, stream).code for stream in (first, second)} == {"text_not_approved"}
    found, stream = app.renderer.edition("en").sha256, text_stream("en")
    app.ledger.change(
        [stream],
        lambda texts: {stream: approve(texts, "en", sha256=found)},
        on=TODAY,
        cause=Cause("lawyer", "read"),
        content=None,
    )
    third = plan(app, "R-1", nth=3)
    assert app.messenger.run_once(TODAY) == Outcome(sent=1)
    assert state_of(app, third).handed_over.texts == found


def test_a_text_that_cannot_be_printed_holds_up_no_other_language(app, owes, desk, tray):
    owes()
    edit(app, '[steps.friendly_reminder]\nopening = "{{ nobody.knows }}"\n')
    found, stream = app.renderer.edition("en").sha256, text_stream("en")
    app.ledger.change(
        [stream],
        lambda texts: {stream: approve(texts, "en", sha256=found)},
        on=TODAY,
        cause=Cause("l", "r"),
        content=None,
    )
    unfit, fine = plan(app, "R-1"), plan(app, "R-2", nth=2, language="de")
    assert app.messenger.run_once(TODAY) == Outcome(sent=1, withheld=1)
    assert (state_of(app, unfit).code, state_of(app, fine).state) == ("text_unfit", "sent")


def test_a_report_that_returns_no_message_id_is_known_by_our_own_header(app, owes, tray):
    owes()
    stream = plan(app, "R-1")
    app.messenger.run_once(TODAY)
    drop(app.settings.home / "inbox", report(headers=f"X-Contact: {tray.taken[0].message_id}\n"))
    assert app.messenger.run_once(TODAY + timedelta(days=1)) == Outcome(bounced=1)
    assert state_of(app, stream).state == "failed"


def test_without_any_setting_a_mail_is_a_file_and_from_no_host_there_is(database_url, tmp_path, clock):
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=clock) as app:
        desk = Desk(app)
        desk.issue("R-1", 50_00, due_on=DUE)
        set_contact_of(app, "acme", {"email": "ann@example.org"}, on=DUE, cause=desk.cause())
        plan(app, "R-1")
        assert app.messenger.run_once(TODAY) == Outcome(sent=1)
        [file] = (tmp_path / "outbox" / "mail" / "new").iterdir()
        assert b"main@receivables.invalid" in file.read_bytes()
