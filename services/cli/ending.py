"""How a command ends: its exit code, and one sentence on standard error when something was in the way."""

import json
import os
import sys
from contextlib import suppress

DONE, REFUSED, WRONG_USE, ENVIRONMENT, STOPPED = 0, 1, 2, 3, 130

# What no ledger would take, whatever is recorded in it: the command was typed wrong.
BAD_INPUT = {
    "amount_too_large", "argument_missing", "argument_unknown", "argument_wrong", "bad_cause", "bad_day", "bad_hash",
    "bad_key", "bad_months", "bad_outcome", "bad_period", "bad_rate", "bad_rates", "bad_retainer", "bad_score",
    "bad_share", "bad_weeks", "bad_window", "day_is_ahead", "negative", "not_a_log", "not_a_percent", "not_an_amount",
    "not_positive", "not_yet", "page_size", "reason_missing", "tax_out_of_range", "too_many_decimals", "unknown_basis",
    "unknown_channel", "unknown_currency", "unknown_dimension", "unknown_form", "unknown_hold", "unknown_kind",
    "unknown_language", "unknown_order", "unknown_outcome", "unknown_reason", "unknown_state",
}  # fmt: skip


def code_of(refusal: str) -> int:
    return WRONG_USE if refusal in BAD_INPUT else REFUSED


def say(name: str, message: str, is_json: bool) -> None:
    """Why the command does not do it; as JSON when the answer would have been JSON."""
    _say(name, message, {"refused": name, "message": message} if is_json else None)


def warn(message: str, is_json: bool) -> None:
    _say("warning", message, {"warning": message} if is_json else None)


def _say(name: str, message: str, shown: dict[str, str] | None) -> None:
    from rich.text import Text

    from services.cli.screen.plainly import PlainConsole, plain, plain_json

    if shown:
        sys.stderr.write(plain_json(json.dumps(shown, ensure_ascii=False)) + "\n")
        return
    said = Text.assemble((name, "bold red"), f": {plain(message)}")
    PlainConsole(stderr=True, highlight=False).print(said, soft_wrap=True)


def hush() -> None:
    """Whoever read standard output has gone: what is still in its buffer goes nowhere, without complaint."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
