"""`receivables policy`, as a credit manager types it."""

import pytest

from infra.policies.reading import read_policy
from infra.policies.shipped import shipped

PLAIN = """\
name = "ours"
jurisdiction = "DE"

[[step]]
name = "friendly_reminder"
days = 3
channels = ["email", "letter"]
"""
WRONG = PLAIN.replace('"letter"', '"fax"') + "\n[[step]]\nname = 'next'\ndays = 3\nchannels = ['letter']\n"


@pytest.fixture
def written(tmp_path):
    def write(text, name="ours.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def test_what_ships_is_listed_though_nothing_was_recorded(terminal):
    rows = terminal.json("policy", "list")["policies"]
    assert [(row["policy"], row["version"], row["jurisdiction"]) for row in rows] == [
        ("de", 1, "DE"),
        ("gb", 1, "GB"),
        ("general", 1, None),
        ("nl", 1, "NL"),
        ("no", 1, "NO"),
    ]
    assert {(row["is_as_shipped"], row["published_by"], row["customers"]) for row in rows} == {(True, None, 0)}
    assert "as shipped" in terminal.run("policy", "list").stdout


def test_a_ladder_is_shown_step_by_step(terminal):
    found = terminal.json("policy", "show", "general")
    assert (found["policy"], found["version"], found["jurisdiction"]) == ("general", 1, None)
    assert [step["name"] for step in found["steps"]] == [step.name for step in shipped()["general"].steps]
    legal = found["steps"][11]
    assert legal["when"]["open_at_least"]["EUR"] == "3000.00"
    assert legal["task"] == {"kind": "decision", "holds": True, "script": None, "approval": True}
    assert found["least_amount"]["NOK"] == "50.00"

    shown = terminal.run("policy", "show", "general").stdout
    for said in (
        "Policy general, version 1",
        "notice_7",
        "-7",
        "decision, holds, approval",
        "businesses; not disputed",
    ):
        assert said in shown


def test_what_is_shown_as_toml_can_be_edited_and_published_again(terminal, written):
    document = terminal.run("policy", "show", "no", "--format", "toml").stdout
    assert read_policy(document) == shipped()["no"]

    terminal.json("policy", "publish", written(document.replace("quiet_days = 3", "quiet_days = 2")))
    terminal.json("policy", "publish", written(document))

    assert read_policy(terminal.run("policy", "show", "no", "--format", "toml").stdout) == shipped()["no"]
    versions = [terminal.json("policy", "show", "no", "--version", n)["quiet_days"] for n in (1, 2, 3)]
    assert versions == [3, 2, 3]


def test_a_valid_document_is_said_to_be_so_and_nothing_is_recorded(terminal, written):
    file = written(PLAIN)
    assert terminal.run("policy", "validate", file).stdout == f"{file} is valid: policy ours, 1 step\n"
    assert terminal.json("policy", "validate", file) == {
        "file": str(file),
        "policy": "ours",
        "is_valid": True,
        "faults": [],
    }
    assert "ours" not in terminal.run("policy", "list").stdout


def test_all_that_is_wrong_is_listed_with_line_and_rule(terminal, written):
    file = written(WRONG)
    lines = terminal.run("policy", "validate", file, exits=1).stdout.splitlines()
    assert lines == [
        f'{file} line 7: step friendly_reminder: channel "fax" is unknown; channels are email, letter, phone, visit '
        "[unknown_channel]",
        f"{file} line 11: step next: it comes on the same day as friendly_reminder, and days must rise [overlap]",
    ]
    found = terminal.json("policy", "validate", file, exits=1)
    assert (found["policy"], found["is_valid"]) == (None, False)
    assert [(each["line"], each["rule"], each["step"], each["key"]) for each in found["faults"]] == [
        (7, "unknown_channel", "friendly_reminder", "channels.1"),
        (11, "overlap", "next", "days"),
    ]


def test_a_document_is_validated_where_no_database_answers(terminal, written):
    terminal.environment["RECEIVABLES_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:9/none"
    assert terminal.json("policy", "validate", written(PLAIN))["is_valid"]


def test_a_document_with_faults_is_not_published(terminal, written):
    file = written(WRONG)
    code, message = terminal.refused("policy", "publish", file)
    assert code == "bad_policy"
    assert message.startswith(f"{file} line 7: step friendly_reminder: ")
    assert "[unknown_channel]; line 11: " in message
    assert terminal.refused("policy", "show", "ours")[0] == "unknown_policy"


@pytest.mark.parametrize("command", ["validate", "publish"])
def test_a_file_that_cannot_be_read_is_wrong_use(terminal, tmp_path, command):
    assert terminal.refused("policy", command, tmp_path / "none.toml", exits=2)[0] == "wrong_use"
    assert terminal.refused("policy", command, tmp_path, exits=2)[0] == "wrong_use"


def test_a_file_that_is_no_text_or_far_too_long_is_refused(terminal, tmp_path):
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "b.toml").write_bytes(b"#" * 10_000_000)
    for name, rule in (("a", "not_toml"), ("b", "too_large")):
        [fault] = terminal.json("policy", "validate", tmp_path / f"{name}.toml", exits=1)["faults"]
        assert (fault["line"], fault["rule"]) == (1, rule)


def test_a_published_policy_is_listed_with_who_and_when_and_to_how_many_it_is_assigned(terminal, written):
    done = terminal.json(
        "policy", "publish", written(PLAIN), "--actor", "kim", "--reason", "new year", "--on", "2026-01-02"
    )
    assert [fact["name"] for fact in done["facts"]] == ["policy.published"]
    terminal.json("customer", "register", "acme")
    terminal.json("policy", "assign", "ours", "--customer", "acme")

    [row] = [row for row in terminal.json("policy", "list")["policies"] if row["policy"] == "ours"]
    assert row == {
        "policy": "ours",
        "version": 1,
        "jurisdiction": "DE",
        "steps": 1,
        "is_as_shipped": False,
        "published_by": "kim",
        "published_on": "2026-01-02",
        "customers": 1,
        "invoices": 0,
    }
    assert "by kim on 2026-01-02" in terminal.run("policy", "list").stdout


def test_the_same_publication_again_gives_the_first_answer(terminal, written):
    typed = ("policy", "publish", written(PLAIN), "--command-id", "p-1")
    first = terminal.json(*typed)
    assert terminal.json(*typed) == first | {"is_repeat": True}


ISSUE = ("invoice", "issue", "R-1", "--customer", "acme", "--amount", "5", "--currency", "EUR")


def test_a_policy_is_assigned_to_an_invoice_a_customer_and_an_entity(terminal, written):
    def facts(*typed):
        return [(fact["name"], fact["stream"]) for fact in terminal.json(*typed)["facts"]]

    terminal.json(*ISSUE)
    terminal.json("policy", "publish", written(PLAIN))
    assert facts("policy", "assign", "ours", "--customer", "acme") == [("customer.policy_assigned", "customer:acme")]
    assert facts("policy", "assign", "ours", "--entity", "main") == [("entity.policy_assigned", "entity:main")]
    assert facts("policy", "assign", "ours", "--invoice", "R-1") == [("case.policy_assigned", "case:main:R-1")]
    again = facts("policy", "assign", "ours", "--invoice", "R-1", "--entity", "main", "--version", "1")
    assert again == [], "that is how it is already"
    assert facts("policy", "unassign", "--customer", "acme") == [("customer.policy_assigned", "customer:acme")]
    assert facts("policy", "unassign", "--entity", "main") == [("entity.policy_assigned", "entity:main")]


@pytest.mark.parametrize(
    "typed",
    [
        "assign de",
        "assign de --customer acme --entity main",
        "assign de --customer acme --invoice R-1",
        "assign de --customer acme --version 1",
        "unassign",
        "unassign --customer acme --entity main",
        "show de --version 0",
    ],
)
def test_what_is_typed_wrong_is_wrong_use(terminal, typed):
    assert terminal.refused("policy", *typed.split(), exits=2)[0] == "wrong_use"


def test_what_is_not_there_is_refused(terminal):
    assert terminal.refused("policy", "assign", "lost", "--entity", "main")[0] == "unknown_policy"
    assert terminal.refused("policy", "assign", "de", "--customer", "acme")[0] == "not_registered"
    assert terminal.refused("policy", "assign", "de", "--invoice", "R-1")[0] == "not_issued"
    assert terminal.refused("policy", "show", "de", "--version", "2")[0] == "unknown_policy"


@pytest.mark.parametrize("command", ["list", "show", "validate", "publish", "assign", "unassign"])
def test_help_teaches(terminal, command):
    shown = terminal.run("policy", command, "--help").stdout
    assert "--format" in shown and len(shown) > 400
