"""The questions about a ladder as they are typed, and what a person reads."""

import pytest

from tests.services.terminal import Terminal


@pytest.fixture
def typed(terminal):
    """R-1 of acme over 1,000 euros, due on 2025-09-01, reminded on the 4th and the 11th."""
    terminal.run("customer", "register", "acme")
    terminal.run("customer", "contact", "acme", "--email", "post@acme.example")
    issue = ("invoice", "issue", "R-1", "--customer", "acme", "--amount", "1000.00", "--currency", "EUR")
    terminal.run(*issue, "--issued-on", "2025-08-01", "--due-on", "2025-09-01")
    for day in ("2025-09-04", "2025-09-11"):
        terminal.run("escalate", "run", "--today", day)
    return terminal


def test_explain_why_not_and_forecast_answer_with_the_fields_of_the_contract(typed: Terminal):
    explained = typed.json("escalate", "explain", "R-1", "--today", "2025-09-12")
    assert explained.keys() == {"invoice", "policy", "steps"}
    assert explained["policy"] == {"name": "general", "version": 1}
    assert [(step["step"], step["decided_on"], step["channel"]) for step in explained["steps"]] == [
        ("friendly_reminder", "2025-09-04", "email"),
        ("second_reminder", "2025-09-11", "email"),
    ]
    answer = typed.json("escalate", "why-not", "R-1", "--on", "2025-09-12")
    assert answer.keys() == {"invoice", "on", "blocked_by", "step", "message", "next"}
    assert (answer["blocked_by"], answer["next"]) == ("not_due", {"step": "firm_call", "on": "2025-09-18"})
    taken = typed.json("escalate", "why-not", "R-1", "--today", "2025-09-11")
    assert (taken["on"], taken["blocked_by"], taken["step"]) == ("2025-09-11", None, "second_reminder")
    steps = typed.json("escalate", "forecast", "R-1", "--today", "2025-09-12")["steps"]
    assert steps[0] == {"step": "firm_call", "on": "2025-09-18", "channel": "phone"}


def test_a_person_reads_what_was_done_and_what_is_to_come(typed: Terminal):
    explained = typed.run("escalate", "explain", "R-1", "--today", "2025-09-12").stdout
    assert "Invoice R-1, by policy general version 1" in explained
    assert "1,000.00 EUR, 3 days past due" in explained and "firm_call on 2025-09-18" in explained
    blocked = typed.run("escalate", "why-not", "R-1", "--on", "2025-09-12").stdout
    assert "Invoice R-1 on 2025-09-12: not due" in blocked
    coming = typed.run("escalate", "forecast", "R-1", "--today", "2025-09-12").stdout
    assert "compromise" in coming and "decision" in coming


def test_an_invoice_there_is_not_is_refused(typed: Terminal):
    for question in ("explain", "why-not", "forecast"):
        assert typed.refused("escalate", question, "R-9")[0] == "not_issued"


def test_who_only_asks_goes_by_the_policies_as_they_ship(terminal: Terminal):
    """Before the first run nothing is published, and asking publishes nothing."""
    issue = ("invoice", "issue", "R-1", "--customer", "acme", "--amount", "1000.00", "--currency", "EUR")
    terminal.run(*issue, "--issued-on", "2025-08-01", "--due-on", "2025-09-01")
    answer = terminal.json("escalate", "why-not", "R-1", "--on", "2025-09-04")
    assert (answer["blocked_by"], answer["step"]) == (None, "friendly_reminder")
    assert terminal.json("audit", "show", "R-1")["facts"][-1]["name"] == "invoice.issued"


def test_a_policy_is_simulated_by_name_or_from_a_file(typed: Terminal, tmp_path):
    period = ("--from", "2025-09-01", "--to", "2025-09-30")
    named = typed.json("escalate", "simulate", "general", *period)
    assert (named["policy"], named["version"]) == ("general", 1)
    assert named["difference"]["steps"]["firm_call"] == 1
    draft = tmp_path / "slow.toml"
    text = typed.run("policy", "show", "general", "--format", "toml").stdout
    draft.write_text(text.replace('name = "general"', 'name = "slow"').replace("quiet_days = 3", "quiet_days = 2"))
    drafted = typed.json("escalate", "simulate", draft, *period)
    assert (drafted["policy"], drafted["version"], drafted["simulated"]["decided"]) == (
        "slow",
        None,
        named["simulated"]["decided"],
    )
    read = typed.run("escalate", "simulate", draft, *period).stdout
    assert "Policy slow (not published) from 2025-09-01 to 2025-09-30" in read
    assert "What was done went by general 1 (2)." in read and "Debtors pay, promise and dispute as they did" in read


def test_a_policy_that_is_unknown_or_faulty_is_not_simulated(typed: Terminal, tmp_path):
    period = ("--from", "2025-09-01", "--to", "2025-09-30")
    assert typed.refused("escalate", "simulate", "nobodys", *period)[0] == "unknown_policy"
    faulty = tmp_path / "faulty.toml"
    faulty.write_text('name = "faulty"\n[[step]]\nname = "a"\ndays = 1\nchannels = ["fax"]\n')
    code, message = typed.refused("escalate", "simulate", faulty, *period)
    assert code == "bad_policy" and "line 5" in message
    assert (
        typed.refused("escalate", "simulate", "general", "--from", "2025-09-02", "--to", "2025-09-01", exits=2)[0]
        == "bad_period"
    )
