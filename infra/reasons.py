"""Why something failed, for people: in a log, in the row of a worker, in a refusal."""

LONGEST = 300


def reason_of(error: BaseException) -> str:
    """On one line: what follows the first are hints, and a statement with what it was about."""
    text = (str(error).strip() or "no reason given").splitlines()[0]
    name = type(error).__name__
    # Clients of Kafka begin with the name themselves.
    return (text if text.startswith(name) else f"{name}: {text}")[:LONGEST]
