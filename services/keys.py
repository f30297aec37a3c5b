"""The keys of a ledger: which there are, where, whether they fit; and a new master key. Never what is in them."""

from collections.abc import Callable
from typing import Literal

from infra.clock import Clock, Entropy
from infra.database import Pool, translated
from infra.encryption import Encryption
from infra.key_rotation import Rotated, rotate
from infra.log.checkpoints import CheckpointKeyMissing, CheckpointKeyWrong, Checkpoints
from infra.master_key import MasterKeyMissing, MasterKeyWrong, old_files
from services.answers.keys import KeysAnswer

State = Literal["fits", "missing", "wrong", "none yet"]


class Keys:
    def __init__(
        self,
        pool: Pool,
        encryption: Callable[[], Encryption],
        checkpoints: Checkpoints,
        *,
        clock: Clock,
        entropy: Entropy,
    ):
        self._pool, self._encryption, self._checkpoints = pool, encryption, checkpoints
        self._clock, self._entropy = clock, entropy

    def rotate(self) -> Rotated:
        """Raises `MasterKeyMissing`, `MasterKeyWrong` and, where a customer's key is damaged, `CannotDecrypt`."""
        return rotate(self._pool, self._encryption().master, clock=self._clock, entropy=self._entropy)

    def show(self) -> KeysAnswer:
        """Makes and mends nothing."""
        master, public = self._encryption().master, self._checkpoints.public_key()
        with translated(), self._pool.connection() as conn:
            kept, destroyed = conn.execute(_COUNT).fetchone() or (0, 0)
        return {
            "master_key": {
                "file": str(master.path),
                "state": self.master_state(),
                "old_files": [str(path) for path in old_files(master.path)],
            },
            "personal_keys": {"kept": kept, "destroyed": destroyed},
            "checkpoint_key": {
                "file": str(self._checkpoints.key_path),
                "state": self.checkpoint_state(),
                "public_key": public.hex() if public else None,
            },
        }

    def master_state(self) -> State:
        master = self._encryption().master
        try:
            master.forget()
            master.opened(is_look=True)
        except MasterKeyMissing:
            return "missing" if master.is_needed() else "none yet"
        except MasterKeyWrong:
            return "wrong"
        return "fits"

    def checkpoint_state(self) -> State:
        try:
            return "fits" if self._checkpoints.has_key() else "none yet"
        except CheckpointKeyMissing:
            return "missing"
        except CheckpointKeyWrong:
            return "wrong"


_COUNT = "select count(wrapped), count(destroyed_at) from ledger.personal_keys"
