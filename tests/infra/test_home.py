"""A home is its owner's alone, and what we write there goes nowhere else."""

import os
import shutil
from pathlib import Path

import pytest

from infra.clock import entropy
from infra.files.wholefile import write_whole
from infra.home import claim
from infra.log.chain import GENESIS, Head
from infra.log.checkpoints import Checkpoints
from infra.settings import Settings
from infra.unavailable import Unavailable
from services.assembly import assemble
from tests.infra.test_chain import AT, ONE

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="asks for root")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.mark.parametrize("content", [None, "master.key", "checkpoints.jsonl", "postgres", "archive"])
def test_a_home_that_others_could_read_is_closed_and_that_is_said_once(home: Path, content: str | None):
    if content:
        (home / content).touch()
    home.chmod(0o755)
    assert claim(home) == f"the home {home} could be read by others (mode 0755) and is now its owner's alone (0700)"
    assert mode(home) == 0o700
    assert claim(home) is None


def test_a_folder_that_is_no_home_of_ours_alone_is_left_as_it_is(home: Path):
    (home / "letters to everybody").touch()
    home.chmod(0o755)
    assert claim(home) is None
    assert mode(home) == 0o755
    home.chmod(0o1777)
    (home / "letters to everybody").unlink()
    assert claim(home) is None
    assert mode(home) == 0o1777


def test_a_home_that_is_not_there_yet_is_no_matter(tmp_path: Path):
    assert claim(tmp_path / "none") is None
    assert not (tmp_path / "none").exists()


@AS_ROOT
def test_the_home_of_another_user_is_refused_before_anything_is_written(home: Path, database_url: str):
    shutil.chown(home, 12345)
    with pytest.raises(Unavailable, match="belongs to user 12345"):
        assemble(Settings(home=home), database_url=database_url)
    assert [*home.iterdir()] == []


@AS_ROOT
@pytest.mark.parametrize("way", ["link", "link/home", "ours", "to nowhere"])
def test_a_home_that_a_link_of_another_user_leads_to_is_refused(home: Path, tmp_path: Path, way: str):
    (home / "home").mkdir()
    for name, target in {"link": home, "ours": tmp_path / "link", "to nowhere": tmp_path / "none"}.items():
        (tmp_path / name).symlink_to(target)
    for name in ("link", "to nowhere"):
        os.lchown(tmp_path / name, 12345, 12345)
    with pytest.raises(Unavailable, match=r"link.*, which belongs to user 12345, and this is user root"):
        assemble(Settings(home=tmp_path / way))
    assert [*home.rglob("*")] == [home / "home"]


def test_a_link_of_our_own_leads_to_our_home(home: Path, tmp_path: Path):
    home.chmod(0o755)
    (tmp_path / "here").symlink_to(tmp_path)
    (tmp_path / "link").symlink_to("here/home")
    assert "is now its owner's alone" in (claim(tmp_path / "link") or "")
    assert mode(home) == 0o700


def test_a_link_that_leads_round_is_no_home(tmp_path: Path):
    (tmp_path / "link").symlink_to("link")
    assert claim(tmp_path / "link") is None


def test_folders_made_for_keys_are_their_owners_alone(tmp_path: Path):
    before = os.umask(0)
    try:
        write_whole(tmp_path / "new" / "home" / "master.key", entropy(32))
    finally:
        os.umask(before)
    assert mode(tmp_path / "new") == mode(tmp_path / "new" / "home") == 0o700
    assert mode(tmp_path / "new" / "home" / "master.key") == 0o600


def test_no_checkpoint_is_written_to_where_a_link_leads(home: Path, tmp_path: Path):
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs\n")
    checkpoints = Checkpoints(home / "checkpoints.jsonl", entropy)
    checkpoints.path.symlink_to(theirs)
    with pytest.raises(OSError, match="symbolic links"):
        checkpoints.write(Head(1, GENESIS, AT), ONE, AT)
    assert theirs.read_text() == "theirs\n"
