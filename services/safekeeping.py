"""What the doctor says of keys, checkpoints, clocks and personal data; looking at them makes and changes nothing."""

from collections.abc import Callable
from datetime import datetime

from infra.log.clock_guard import clock_trouble, server_clock
from infra.log.ledger import Progress
from infra.master_key import MasterKeyMissing
from services.assembly import App
from services.personal_data import readable

OK, BEHIND, FAILED = "ok", "behind", "failed"
SHOWN = 5

# A state and what there is to say.
Sign = tuple[str, str]


def master_key_sign(app: App) -> Sign:
    """By a known ciphertext in the database, which only the right key opens. Raises `MasterKeyWrong`."""
    master = app.encryption.master
    try:
        master.opened(is_look=True)
    except MasterKeyMissing as missing:
        return FAILED if master.is_needed() else OK, str(missing)
    kept = "opens what is encrypted under it" if master.is_needed() else "can be read; nothing is encrypted yet"
    return OK, f"{master.path} {kept}"


def checkpoints_sign(app: App) -> Sign:
    """Raises `CheckpointKeyMissing`, `CheckpointKeyWrong`, `CheckpointsGone`, `ForgedCheckpoint`."""
    app.checkpoints.has_key()
    app.checkpoints.require_there()
    found, position = app.checkpoints.signed(), app.ledger.head().position
    last = max((each.position for each in found.checkpoints), default=0)
    if last > position:
        ends = f"position {last:,} is signed and the log ends at {position:,}"
        return FAILED, f"{ends}: it was restored from a backup, or cut: receivables audit verify"
    signed = f"position {last:,} of {position:,} is signed in {app.checkpoints.path}"
    if last < position:
        since = _recorded_at(app, last + 1)
        signed += f"; {position - last:,} facts are not, the first of {since:%Y-%m-%d %H:%M} UTC" if since else ""
    if found.torn:
        lines = ", ".join(map(str, found.torn[:SHOWN])) + (" and more" if len(found.torn) > SHOWN else "")
        signed += f"; what was cut short says nothing: line {lines}"
    return OK if last == position and not found.torn else BEHIND, signed


def clock_sign(app: App) -> Sign:
    with app.pool.connection() as conn:
        server_at, last_at = server_clock(conn)
    at = app.clock()
    if trouble := clock_trouble(at, server_at, last_at):
        return FAILED, trouble
    return OK, f"{at:%Y-%m-%d %H:%M} UTC, {abs((at - server_at).total_seconds()):,.0f} s from the database server's"


def personal_data_sign(app: App, progress: Progress | None) -> Sign:
    found = readable(app.ledger, app.encryption, app.archive, progress)
    if not found.lost:
        return OK, f"{found.opened:,} encrypted texts, and each can be opened with its customer's key"
    first = [*found.lost][:SHOWN]
    named = ", ".join(first) + (f" and {len(found.lost) - SHOWN:,} more" if len(found.lost) > SHOWN else "")
    return FAILED, (
        f"{sum(found.lost.values()):,} encrypted texts and messages of {len(found.lost):,} customers cannot be opened, "
        f"of {named}: put the table ledger.personal_keys back from a backup"
    )


def _recorded_at(app: App, position: int) -> datetime | None:
    return next((row.recorded_at for row in app.ledger.rows_at([position])), None)


Look = Callable[[App], Sign]
LOOKS: dict[str, Look] = {"master key": master_key_sign, "checkpoints": checkpoints_sign, "clock": clock_sign}
