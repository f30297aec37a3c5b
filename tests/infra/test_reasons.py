import pytest

from infra.reasons import reason_of


class KafkaError(Exception):
    pass


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError("gone\nHINT: look at row 4711"), "OSError: gone"),
        (OSError("\n"), "OSError: no reason given"),
        (OSError(), "OSError: no reason given"),
        (KafkaError("KafkaError: no node"), "KafkaError: no node"),
        (OSError(1000 * "x"), "OSError: " + 291 * "x"),
    ],
)
def test_why_something_failed_is_one_short_line(error, reason):
    assert reason_of(error) == reason
