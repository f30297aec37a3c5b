"""The home: which one is used and why, what is in it, and a reset that removes nothing else."""

import os
import pty
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest

from infra.embedded import Embedded
from infra.settings import Settings
from infra.unavailable import Unavailable
from services import homes
from tests.infra.test_embedded import gone_within, other, server_of
from tests.services.terminal import HOUSE


@pytest.fixture
def folder():
    # Not pytest's folder: the socket of a database needs a short path.
    path = Path(tempfile.mkdtemp(prefix="receivables-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def played():
    """A home with an embedded ledger of two facts, a letter and a key; its server is stopped."""
    path = Path(tempfile.mkdtemp(prefix="receivables-"))
    typed = "invoice issue R-1 --customer acme --amount 100 --currency EUR"
    command = [sys.executable, "-m", "services.cli", "--home", str(path / "home"), *typed.split()]
    subprocess.run(command, cwd=HOUSE, check=True, capture_output=True)
    contact = "customer contact acme --name Ann"
    subprocess.run([*command[:5], *contact.split()], cwd=HOUSE, check=True, capture_output=True)
    (path / "home" / "outbox" / "letters").mkdir(parents=True)
    (path / "home" / "outbox" / "letters" / "one.pdf").write_bytes(b"%PDF" * 256)
    Embedded(path / "home").stop()
    yield path / "home"
    shutil.rmtree(path)


@pytest.fixture
def home(folder, played):
    subprocess.run(["cp", "-a", played, folder / "home"], check=True)
    yield folder / "home"
    Embedded(folder / "home").stop()


@pytest.fixture
def settings(home):
    return Settings(home=home)


def files_in(home):
    return {path: path.lstat().st_size for path in home.rglob("*") if "postgres" not in path.parts and path.is_file()}


def test_a_home_says_what_is_in_it_and_how_many_facts(settings, home):
    found = homes.describe(settings)
    assert (found["home"], found["exists"], found["others"]) == (str(home), True, [])
    assert found["database"] == {
        "kind": "embedded",
        "address": str(home / "postgres"),
        "is_running": False,
        "facts": 3,
    }
    held = {each["name"]: (each["files"], each["bytes"]) for each in found["contents"]}
    assert (held["outbox"], held["master.key"]) == ((1, 1024), (1, 64))
    assert held["postgres"][1] > 1_000_000
    assert found["bytes"] == sum(size for _, size in held.values())
    assert homes.describe(settings)["database"]["is_running"]


def test_a_home_that_is_not_there_is_not_made_by_asking(folder):
    found = homes.describe(Settings(home=folder / "none"))
    assert (found["exists"], found["contents"], found["database"]["facts"]) == (False, [], None)
    assert homes.reset(Settings(home=folder / "none"))["removed"] == []
    assert [*folder.iterdir()] == []


def test_a_reset_stops_the_server_and_removes_the_home_and_nothing_beside_it(settings, home, folder):
    (folder / "beside").write_text("mine")
    Embedded(home).url()
    server = server_of(home)
    done = homes.reset(settings)
    assert {"postgres", "master.key", "checkpoints.jsonl", "outbox", "run"} <= {*done["removed"]}
    assert gone_within(10, server)
    assert [*folder.iterdir()] == [folder / "beside"]
    assert homes.reset(settings)["removed"] == []


def test_after_a_reset_the_home_begins_anew(settings, home):
    homes.reset(settings)
    assert homes.describe(settings)["database"]["facts"] is None
    command = [sys.executable, "-m", "services.cli", "--home", str(home), "customer", "register", "bolt"]
    subprocess.run(command, cwd=HOUSE, check=True, capture_output=True)
    assert homes.describe(settings)["database"]["facts"] == 1


def test_a_home_in_which_another_process_works_is_left_alone(settings, home):
    with other(home) as worker:
        assert worker.stdout is not None and worker.stdout.readline()
        with pytest.raises(Unavailable, match="Another process works in the home"):
            homes.reset(settings)
        assert (home / "postgres" / "PG_VERSION").exists() and homes.describe(settings)["database"]["facts"] == 3


@pytest.mark.parametrize("stranger", ["thesis.odt", "my.toml", ".bashrc"])
def test_a_folder_that_holds_anything_else_is_refused_as_a_whole(settings, home, refused, stranger):
    (home / stranger).write_text("mine")
    before = files_in(home)
    with refused("not_a_home"):
        homes.reset(settings)
    assert files_in(home) == before
    assert homes.describe(settings)["others"] == [stranger]


@pytest.mark.parametrize("names", [["archive"], ["inbox", "outbox"], ["texts", "run"], ["postgres"]])
def test_names_that_anybody_may_use_make_no_home(folder, refused, names):
    for name in names:
        (folder / "mine" / name).mkdir(parents=True)
        (folder / "mine" / name / "own.txt").write_text("mine")
    (folder / "mine" / names[0] / "PG_VERSION").write_text("18")
    before = {path.name for path in folder.rglob("*")}
    with refused("not_a_home"):
        homes.reset(Settings(home=folder / "mine"))
    assert homes.describe(Settings(home=folder / "mine"))["database"]["facts"] is None
    assert {path.name for path in folder.rglob("*")} == before


def test_no_link_is_followed(settings, home, folder, refused):
    for name in ("archive", "texts"):
        (folder / name).mkdir()
        (folder / name / "kept.txt").write_text("mine")
        (home / name).symlink_to(folder / name)
    (home / "outbox" / "linked").symlink_to(folder / "texts")
    (folder / "link").symlink_to(home)
    with refused("home_is_a_link"):
        homes.reset(Settings(home=folder / "link"))
    assert (home / "master.key").exists()
    homes.reset(settings)
    assert not home.exists()
    assert [(folder / name / "kept.txt").read_text() for name in ("archive", "texts")] == ["mine", "mine"]


def test_a_database_of_another_server_is_not_touched_and_keeps_its_keys(home, app):
    named = Settings(home=home, database_url=app.database_url)
    (home / "archive").mkdir()
    found = homes.describe(named)["database"]
    assert (found["kind"], found["facts"], found["is_running"]) == ("external", 0, True)
    done = homes.reset(named)
    assert {"postgres", "outbox"} <= {*done["removed"]}
    assert {"master.key", "checkpoints.jsonl", "archive"} <= {*done["kept"]}
    assert done["untouched"] == [f"the database {named.shown_database}"]
    assert sorted(path.name for path in home.iterdir()) == sorted(done["kept"])
    with psycopg.connect(app.database_url) as conn:
        assert conn.execute("select position from ledger.head").fetchone() == (0,)


def test_keys_that_lie_elsewhere_stay_and_are_named(home, folder):
    (folder / "safe.key").write_bytes(bytes(64))
    done = homes.reset(Settings(home=home, master_key_file=folder / "safe.key"))
    assert done["untouched"] == [str(folder / "safe.key")]
    assert (folder / "safe.key").exists() and not home.exists()


def test_one_that_was_interrupted_can_be_done_again(settings, home, monkeypatch):
    """What tells that it is a home goes last."""
    rmtree = shutil.rmtree

    def mortal(path, *rest, **how):
        if path.name == "postgres":
            raise KeyboardInterrupt
        rmtree(path, *rest, **how)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("infra.home_contents.shutil.rmtree", mortal)
        homes.reset(settings)
    assert not (home / "outbox").exists() and (home / "postgres" / "PG_VERSION").exists()
    homes.reset(settings)
    assert not home.exists()


# As it is typed


def typed(home, *words, answer=None):
    """With `answer` on a terminal, else with nobody to ask."""
    command = [sys.executable, "-m", "services.cli", "--home", str(home), "home", *words]
    how: dict[str, Any] = {
        "cwd": HOUSE,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "text": True,
        "timeout": 120,
    }
    if answer is None:
        return subprocess.run(command, stdin=subprocess.DEVNULL, **how)
    ours, theirs = pty.openpty()
    try:
        os.write(ours, f"{answer}\n".encode())
        return subprocess.run(command, stdin=theirs, **how)
    finally:
        os.close(ours)
        os.close(theirs)


def test_where_nobody_can_be_asked_nothing_is_removed_without_yes(home):
    refused = typed(home, "reset", "--format", "json")
    assert (refused.returncode, orjson.loads(refused.stderr)["refused"]) == (1, "not_confirmed")
    assert "--yes" in typed(home, "reset").stderr
    assert (home / "master.key").exists()
    done = typed(home, "reset", "--yes", "--format", "json")
    assert (done.returncode, orjson.loads(done.stdout)["kept"]) == (0, [])
    assert not home.exists()


@pytest.mark.parametrize("answer", ["", "yes", "Home"])
def test_whoever_is_asked_and_types_anything_but_its_name_loses_nothing(home, answer):
    before = files_in(home)
    done = typed(home, "reset", answer=answer)
    assert done.returncode == 1 and "nothing was removed" in done.stderr
    assert "3 facts" in done.stdout and "the key of personal data" in done.stdout
    assert files_in(home).keys() >= before.keys()


def test_whoever_types_its_name_has_it_removed(home):
    done = typed(home, "reset", answer="home")
    assert (done.returncode, home.exists()) == (0, False)
    assert f"Removed from {home}: " in done.stdout


def test_a_home_that_is_typed_counts_before_the_environment_and_beside_the_demonstrations_is_refused(terminal, folder):
    assert terminal.json("home")["home"] == str(terminal.home)
    assert terminal.json("home")["why"] == "named by --home or RECEIVABLES_HOME"
    assert terminal.json("--home", folder / "another", "home")["home"] == str(folder / "another")
    wrong = terminal.run("--home", folder, "--demo", "home", exits=2)
    assert "--demo is a home of its own" in wrong.stderr
