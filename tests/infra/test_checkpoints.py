"""The file of checkpoints and its key: what a kill, a full disk, a lost key and a stranger's key do to it."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from infra.clock import entropy
from infra.files import wholefile
from infra.log import checkpoints as module
from infra.log.chain import Head
from infra.log.checkpoints import CheckpointKeyMissing, CheckpointKeyWrong, Checkpoints, ForgedCheckpoint

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
LEDGER = UUID(int=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints.jsonl"


def checkpoints(path: Path) -> Checkpoints:
    """As the next process has them."""
    return Checkpoints(path, entropy)


def write(path: Path, *positions: int) -> None:
    for position in positions:
        checkpoints(path).write(Head(position, bytes([position] * 32), AT), LEDGER, AT)


def begin_new_key(path: Path, position: int) -> None:
    checkpoints(path).begin_new_key(Head(position, bytes([position] * 32), AT), LEDGER, AT)


def positions(path: Path) -> list[int]:
    return [each.position for each in checkpoints(path).read()]


# A line that was cut short


@pytest.mark.parametrize("kept", [1, 17, 200, -2])
def test_a_last_line_that_was_cut_short_is_set_aside_and_signing_goes_on(path: Path, kept: int):
    write(path, 4)
    whole = path.read_bytes()
    write(path, 8)
    torn = path.read_bytes()[len(whole) :][:kept]
    path.write_bytes(whole + torn)
    assert (positions(path), checkpoints(path).signed().torn) == ([4], (2,))
    assert checkpoints(path).last_position() == 4
    write(path, 9)
    assert (positions(path), checkpoints(path).signed().torn) == ([4, 9], ())
    [aside] = path.parent.glob("checkpoints.jsonl.torn-*")
    assert aside.read_bytes() == torn


def test_a_last_line_that_lacks_only_its_end_is_kept(path: Path):
    write(path, 4, 8)
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    assert positions(path) == [4, 8]
    write(path, 9)
    assert positions(path) == [4, 8, 9]
    assert not [*path.parent.glob("*.torn-*")]


def test_a_line_that_was_cut_short_and_written_on_is_named_and_the_others_count(path: Path):
    """As a release wrote it that did not look at what it found."""
    write(path, 4, 8, 9)
    one, two, three = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(one + two[:40] + two + three)
    assert (positions(path), checkpoints(path).signed().torn) == ([4, 9], (2,))
    write(path, 10)
    assert positions(path) == [4, 9, 10]


def test_a_full_disk_leaves_no_part_of_a_line(path: Path, monkeypatch: pytest.MonkeyPatch):
    write(path, 4)
    whole = path.read_bytes()
    real = os.write

    def full(file: int, data: Any) -> int:
        if len(data) < 100:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(file, data[:100])

    with monkeypatch.context() as patch:
        patch.setattr(wholefile.os, "write", full)
        with pytest.raises(OSError, match="No space left"):
            write(path, 8)
    assert path.read_bytes() == whole
    write(path, 8)
    assert positions(path) == [4, 8]


def test_a_disk_that_takes_a_line_bit_by_bit_has_all_of_it(path: Path, monkeypatch: pytest.MonkeyPatch):
    real = os.write
    monkeypatch.setattr(wholefile.os, "write", lambda file, data: real(file, data[:7]))
    write(path, 4, 8)
    assert positions(path) == [4, 8]


# The key


def test_a_key_is_made_only_where_nothing_was_signed(path: Path):
    assert not checkpoints(path).has_key()
    assert [*path.parent.iterdir()] == []
    write(path, 4)
    key = checkpoints(path).key_path
    safe = key.rename(key.with_name("safe"))
    for ask in (checkpoints(path).has_key, lambda: write(path, 8)):
        with pytest.raises(CheckpointKeyMissing, match="put the file back .* audit checkpoint --new-key"):
            ask()
    assert not key.exists()
    # What was signed can still be verified, by the public half.
    assert positions(path) == [4]
    safe.rename(key)
    write(path, 8)
    assert positions(path) == [4, 8]


@pytest.mark.parametrize("is_public_known", [True, False])
def test_nothing_is_signed_with_another_ledgers_key(path: Path, is_public_known: bool):
    write(path, 4)
    ours = checkpoints(path)
    if not is_public_known:
        ours.public_path.unlink()
    ours.key_path.write_bytes(entropy(32))
    whole = path.read_bytes()
    with pytest.raises(CheckpointKeyWrong, match="is not the key that signed"):
        write(path, 8)
    assert path.read_bytes() == whole


def test_half_a_key_signs_nothing(path: Path):
    write(path, 4)
    checkpoints(path).key_path.write_bytes(b"half")
    with pytest.raises(CheckpointKeyWrong, match="is not a key of 32 bytes: put the file back"):
        write(path, 8)
    assert positions(path) == [4]


def test_who_has_no_key_at_all_believes_nothing_that_is_in_the_file(path: Path):
    write(path, 4)
    checkpoints(path).key_path.unlink()
    checkpoints(path).public_path.unlink()
    assert (positions(path), checkpoints(path).signed().is_checked) == ([], False)


def test_another_ledgers_key_alone_checks_nothing_and_a_new_one_can_be_begun(path: Path):
    write(path, 4, 8)
    checkpoints(path).public_path.unlink()
    checkpoints(path).key_path.write_bytes(entropy(32))
    assert checkpoints(path).public_key() is None
    assert (positions(path), checkpoints(path).signed().is_checked) == ([], False)
    begin_new_key(path, 9)
    assert positions(path) == [4, 8, 9]


def test_a_key_of_before_the_last_one_checks_nothing_alone(path: Path):
    write(path, 4)
    before = checkpoints(path).key_path.read_bytes()
    begin_new_key(path, 8)
    checkpoints(path).public_path.unlink()
    checkpoints(path).key_path.write_bytes(before)
    with pytest.raises(CheckpointKeyWrong):
        write(path, 9)
    assert not checkpoints(path).signed().is_checked
    begin_new_key(path, 9)
    assert positions(path) == [4, 8, 9]


def test_a_forged_last_line_is_forged_where_the_private_half_alone_is_left(path: Path):
    write(path, 4, 8)
    checkpoints(path).public_path.unlink()
    path.write_bytes(path.read_bytes().replace(b'"position":8', b'"position":9'))
    with pytest.raises(ForgedCheckpoint, match="line 2 of checkpoints.jsonl"):
        checkpoints(path).read()


@pytest.mark.parametrize("lost", [(), ("key",), ("pub",), ("key", "pub")])
def test_under_a_new_key_what_was_signed_before_still_counts(path: Path, lost: tuple[str, ...]):
    write(path, 4, 8)
    for half in lost:
        path.with_name(f"{path.name}.{half}").unlink()
    begin_new_key(path, 9)
    write(path, 10)
    assert positions(path) == [4, 8, 9, 10]
    begin_new_key(path, 11)
    assert positions(path) == [4, 8, 9, 10, 11]


@pytest.mark.parametrize("lost", [(), ("key", "pub")])
@pytest.mark.parametrize(("old", "new"), [(b'"position":4', b'"position":5'), (b"2026-01-05", b"2026-01-04")])
def test_what_was_signed_before_a_new_key_cannot_be_changed_after_it(
    path: Path, lost: tuple[str, ...], old: bytes, new: bytes
):
    write(path, 4, 8)
    for half in lost:
        path.with_name(f"{path.name}.{half}").unlink()
    begin_new_key(path, 9)
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    with pytest.raises(ForgedCheckpoint):
        checkpoints(path).read()


def test_a_stranger_cannot_begin_a_key_of_their_own(path: Path, tmp_path: Path):
    write(path, 4)
    theirs = tmp_path / "theirs" / "checkpoints.jsonl"
    theirs.parent.mkdir()
    theirs.write_bytes(path.read_bytes())
    begin_new_key(theirs, 9)
    path.write_bytes(theirs.read_bytes())
    with pytest.raises(ForgedCheckpoint, match="the key beside checkpoints.jsonl is not that of line 2"):
        checkpoints(path).read()


def test_a_process_that_is_killed_while_a_new_key_begins_leaves_one_key_or_the_other(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    write(path, 4)
    old = checkpoints(path).public_key()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for step in ("append", "mend"):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(module.CheckpointFile, step, killed)
            begin_new_key(path, 8)
        assert (positions(path)[-1], checkpoints(path).public_key()) == (4, old)
        write(path, 4)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Checkpoints, "_take_over", killed)
        begin_new_key(path, 8)
    assert positions(path) == [4, 4, 4, 8]
    write(path, 9)
    assert positions(path)[-2:] == [8, 9]
    assert checkpoints(path).public_key() != old


def killed_in_a_new_key(path: Path, position: int, monkeypatch: pytest.MonkeyPatch, step: str = "_take_over") -> None:
    """After its first line is in the file; `_keep_old_key` after the old one is kept, too."""
    real = getattr(Checkpoints, step)

    def killed(*given: Any) -> None:
        if step == "_keep_old_key":
            real(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Checkpoints, step, killed)
        begin_new_key(path, position)


def files(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.parent.iterdir()}


def kept_keys(path: Path) -> list[bytes]:
    return sorted(each.read_bytes() for each in path.parent.glob(f"{path.name}.key.old-*"))


def test_whoever_looks_goes_by_the_key_that_counts_moves_no_file_and_waits_for_nobody(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    write(path, 4)
    old = checkpoints(path).key_path.read_bytes()
    killed_in_a_new_key(path, 8, monkeypatch)
    before, new = files(path), path.with_name(f"{path.name}.key.new").read_bytes()
    with module.CheckpointFile(path).locked():
        assert positions(path) == [4, 8]
        assert checkpoints(path).has_key()
        assert checkpoints(path).last_position() == 8
        public = checkpoints(path).public_key()
    assert files(path) == before
    write(path, 9)
    assert checkpoints(path).key_path.read_bytes() == new
    assert checkpoints(path).public_key() == checkpoints(path).public_path.read_bytes() == public
    assert kept_keys(path) == [old]
    assert positions(path) == [4, 8, 9]


@pytest.mark.parametrize("step", ["_take_over", "_keep_old_key"])
def test_each_key_is_kept_once_however_many_new_ones_are_killed(path: Path, monkeypatch: pytest.MonkeyPatch, step: str):
    write(path, 4)
    old = []
    for position in (5, 6, 7):
        old.append(checkpoints(path).key_path.read_bytes())
        killed_in_a_new_key(path, position, monkeypatch, step)
        write(path, position)
    assert kept_keys(path) == sorted(old)
    assert positions(path) == [4, 5, 5, 6, 6, 7, 7]


def test_new_keys_within_one_second_keep_each_old_one(path: Path):
    write(path, 4)
    old = []
    for position in (5, 6, 7):
        old.append(checkpoints(path).key_path.read_bytes())
        begin_new_key(path, position)
    assert kept_keys(path) == sorted(old)


def test_whoever_may_not_read_a_new_key_that_was_never_begun_can_verify(path: Path, monkeypatch: pytest.MonkeyPatch):
    write(path, 4)
    path.with_name(f"{path.name}.key.new").write_bytes(entropy(32))
    real = module.read_key

    def withheld(file: Path, size: int) -> bytes | None:
        if file.name.endswith(".new"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(file, size)

    monkeypatch.setattr(module, "read_key", withheld)
    assert positions(path) == [4]
