"""The daily note to our own staff: who has something to do, and whose customers are written to."""

from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from domain import customer as customers
from infra.settings import Settings
from services.assembly import assemble
from tests.services.conftest import keep_views
from tests.services.desk import Desk, ask_customer, set_contact_of
from tests.services.escalating import escalator_of

DUE, REMINDED_ON = date(2026, 2, 6), date(2026, 2, 9)


@pytest.fixture
def staffed(database_url, tmp_path, clock):
    with assemble(
        Settings(home=tmp_path, staff_mail="staff@firm.example"), database_url=database_url, clock=clock
    ) as app:
        keep_views(app)
        yield app


def notes(home: Path) -> dict[str, str]:
    """What each collector is told, by subject."""
    mails = [
        message_from_bytes(path.read_bytes(), policy=default)
        for path in sorted((home / "outbox" / "staff" / "new").glob("*"))
    ]
    assert {mail["To"] for mail in mails} <= {"staff@firm.example"}
    return {mail["Subject"]: mail.get_content() for mail in mails}


def test_each_collector_is_told_what_is_to_do_and_whom_we_write_to(staffed, tmp_path):
    desk = Desk(staffed)
    for number, customer in (("R-1", "ann"), ("R-2", "bob"), ("R-3", "cy")):
        desk.issue(number, 100_00, customer, due_on=DUE)
    set_contact_of(staffed, "ann", {"email": "ann@example.org"}, on=DUE, cause=desk.cause())
    ask_customer(staffed, customers.assign_collector, "ann", collector="zoe", on=DUE, cause=desk.cause())
    ask_customer(staffed, customers.assign_collector, "bob", collector="yan", on=DUE, cause=desk.cause())
    escalator_of(staffed).run(REMINDED_ON)
    staffed.digests.write(REMINDED_ON)
    staffed.digests.write(REMINDED_ON)

    found = notes(tmp_path)
    assert sorted(found) == [
        "2026-02-09: 0 to do, 1 messages go out (zoe)",
        "2026-02-09: 1 to do, 0 messages go out (nobody)",
        "2026-02-09: 1 to do, 0 messages go out (yan)",
    ]
    assert "friendly reminder by email: customer ann, R-1" in found["2026-02-09: 0 to do, 1 messages go out (zoe)"]
    assert "call: customer bob, R-2" in found["2026-02-09: 1 to do, 0 messages go out (yan)"]
    assert "customer cy, R-3" in found["2026-02-09: 1 to do, 0 messages go out (nobody)"]


def test_without_an_address_of_the_staff_nobody_is_told(app):
    assert app.digests is None
