"""What processes say: a line of JSON each on standard error, at the level that is set, and never facts' data."""

import json
import logging

import pytest

from infra import logs


@pytest.fixture(autouse=True)
def usual_level():
    yield
    logs.configure("warning")


@pytest.fixture
def said(capsys):
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_is_json_with_the_bound_fields_the_level_and_the_instant(said):
    logs.configure("info")
    logs.logger(worker="projector").bind(position=7).info("following", facts=2)
    [line] = said()
    assert line.pop("timestamp").endswith("Z")
    assert line == {"worker": "projector", "position": 7, "event": "following", "facts": 2, "level": "info"}


@pytest.mark.parametrize(("level", "heard"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_the_level_decides_what_is_said(said, level, heard):
    logs.configure(level)
    logger = logs.logger()
    for say in (logger.debug, logger.info, logger.warning, logger.error):
        say("something")
    assert len(said()) == heard


def test_of_an_error_kind_and_place_are_said_but_not_its_text(said):
    logs.configure("warning")
    try:
        int("acme owes 5")
    except ValueError as error:
        logs.logger().error("failed", exc_info=error)
    [line] = said()
    assert line["error"] == "ValueError"
    assert line["at"][-1].endswith("test_of_an_error_kind_and_place_are_said_but_not_its_text")
    assert "acme" not in json.dumps(line)


def test_other_packages_speak_in_the_same_form_when_they_warn(said):
    logs.configure("debug")
    stranger = logging.getLogger("somebody.else")
    stranger.info("chatter")
    try:
        int("acme owes 5")
    except ValueError:
        stranger.warning("%s is odd", "this", exc_info=True)
    [line] = said()
    assert (line["event"], line["logger"], line["level"]) == ("this is odd", "somebody.else", "warning")
    assert line["error"] == "ValueError" and "acme" not in json.dumps(line)


def test_to_configure_again_says_nothing_twice(said):
    logs.configure("warning")
    logs.configure("warning")
    logs.logger().warning("once")
    assert len(said()) == 1
