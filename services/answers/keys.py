"""The keys of a ledger as plain data: never what is in them."""

from typing import Literal, TypedDict

KeyState = Literal["fits", "missing", "wrong", "none yet"]


class MasterKeyAnswer(TypedDict):
    """`old_files` have the master keys of before rotations."""

    file: str
    state: KeyState
    old_files: list[str]


class PersonalKeysAnswer(TypedDict):
    kept: int
    destroyed: int


class CheckpointKeyAnswer(TypedDict):
    """`public_key` in hexadecimal, to verify with."""

    file: str
    state: KeyState
    public_key: str | None


class KeysAnswer(TypedDict):
    master_key: MasterKeyAnswer
    personal_keys: PersonalKeysAnswer
    checkpoint_key: CheckpointKeyAnswer


class RotatedAnswer(TypedDict):
    """How many customers' keys were wrapped anew, and where the master key of before is."""

    personal_keys: int
    old_file: str
