"""Time, chance and waiting: what the rest of the house is given instead of taking."""

import random
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

Clock = Callable[[], datetime]
Entropy = Callable[[int], bytes]
Pause = Callable[[int], None]
Dice = random.Random

SHORTEST_PAUSE, LONGEST_PAUSE = 0.0005, 0.05
LONG_PAUSE = 0.5


def now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return str(uuid4())


def entropy(size: int) -> bytes:
    return secrets.token_bytes(size)


def pause(attempt: int) -> None:
    """Waits a little longer at each attempt, by chance, so that writers who clashed do not clash again."""
    time.sleep(random.uniform(0, min(SHORTEST_PAUSE * 2**attempt, LONGEST_PAUSE)))


def moment(attempt: int) -> None:
    """Waits until somebody else may be done with what takes seconds."""
    time.sleep(LONG_PAUSE)


def seeded(seed: int | str) -> Dice:
    """Chance that can be had again: the same seed, the same throws."""
    return Dice(seed)
