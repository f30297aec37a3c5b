import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from infra.embedded import Embedded, account, server
from infra.embedded.server import Server
from infra.unavailable import Unavailable

HOUSE = Path(__file__).parents[2]
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="asks for root")

# Another process of the same home: says where the server is, then stays until its standard input ends.
OTHER = """
import sys
from pathlib import Path
from infra.embedded import Embedded
embedded = Embedded(Path(sys.argv[1]), linger_seconds=1)
embedded.url()
print((embedded.server.data / "postmaster.pid").read_text().split()[0], flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def made():
    """A home with its database made, and no server."""
    path = Path(tempfile.mkdtemp(prefix="receivables-"))
    embedded = Embedded(path / "home")
    embedded.url()
    embedded.stop()
    yield path / "home"
    shutil.rmtree(path)


@pytest.fixture
def new_home():
    # Not pytest's folder, whose long path would hide what a short one does.
    path = Path(tempfile.mkdtemp(prefix="receivables-"))
    yield path / "home"
    shutil.rmtree(path)


@pytest.fixture
def home(new_home, made):
    subprocess.run(["cp", "-a", made, new_home], check=True)
    return new_home


@pytest.fixture
def embedded(home):
    embedded = Embedded(home, linger_seconds=1)
    yield embedded
    embedded.stop()


def server_of(home):
    return int((home / "postgres" / "postmaster.pid").read_text().split()[0])


def other(home):
    command = [sys.executable, "-c", OTHER, str(home)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=HOUSE, stdin=pipe, stdout=pipe, text=True, start_new_session=True)


def ask(url, question):
    with psycopg.connect(url) as conn:
        return conn.execute(question).fetchone()


def gone_within(seconds, process):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_an_empty_home_becomes_a_durable_server_without_a_port(embedded, home):
    url = embedded.url()
    assert url == f"postgresql://receivables@:5432/receivables?host={home}/postgres"
    assert ask(url, "select current_database(), inet_server_addr()") == ("receivables", None)
    wanted = {"fsync": "on", "synchronous_commit": "on", "listen_addresses": "", "jit": "off", "TimeZone": "UTC"}
    assert {name: ask(url, f"show {name}")[0] for name in wanted} == wanted
    assert ask(url, "show data_checksums") == ("on",)


def test_two_homes_are_two_ledgers(embedded, home, made):
    second = Embedded(made, linger_seconds=1)
    try:
        with psycopg.connect(embedded.url()) as conn:
            conn.execute("create table mine ()")
        assert ask(second.url(), "select to_regclass('mine')") == (None,)
    finally:
        second.stop()


def test_what_was_written_is_there_after_a_stop(embedded, home):
    with psycopg.connect(embedded.url()) as conn:
        conn.execute("create table kept as select 1")
    server = server_of(home)
    embedded.stop()
    assert gone_within(5, server)
    assert ask(embedded.url(), "select * from kept") == (1,)


@pytest.mark.parametrize("folder", ["a home, with 'signs'", "long/" * 40 + "home"])
def test_any_path_will_do(new_home, made, folder):
    home = new_home / folder
    home.parent.mkdir(parents=True)
    subprocess.run(["cp", "-a", made, home], check=True)
    embedded = Embedded(home, linger_seconds=1)
    try:
        assert ask(embedded.url(), "select 1") == (1,)
    finally:
        embedded.stop()


def test_many_processes_start_one_server(new_home):
    others = [other(new_home) for _ in range(4)]
    servers = {each.stdout.readline() for each in others}
    for each in others:
        each.communicate()
    assert len(servers) == 1
    assert gone_within(10, int(servers.pop()))


def test_it_stays_for_the_next_command_and_while_one_lasts(embedded, home):
    first = other(home)
    server = int(first.stdout.readline())
    first.communicate()
    embedded.url()
    assert server_of(home) == server
    assert not gone_within(2.5, server)


def test_it_goes_when_its_last_process_was_killed(home):
    last = other(home)
    server = int(last.stdout.readline())
    last.kill()
    last.communicate()
    assert gone_within(10, server)


def test_it_comes_back_after_being_killed(embedded, home):
    with psycopg.connect(embedded.url()) as conn:
        conn.execute("create table kept as select 1")
    server = server_of(home)
    os.kill(server, signal.SIGKILL)
    assert gone_within(5, server)
    assert ask(embedded.url(), "select * from kept") == (1,)


def test_a_lost_keeper_is_replaced_by_the_next_process(home):
    first = other(home)
    server = int(first.stdout.readline())
    for process in keepers(home):
        os.kill(process, signal.SIGKILL)
        assert gone_within(5, process)
    first.communicate()
    assert not gone_within(2, server)
    other(home).communicate()
    assert gone_within(10, server)


def keepers(home):
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if str(home).encode() in (line := (folder / "cmdline").read_bytes()) and b"keeper.py" in line:
                yield int(folder.name)


def test_the_note_of_a_dead_server_whose_number_is_anothers_is_forgotten(embedded, home):
    embedded.url()
    note = home / "postgres" / "postmaster.pid"
    lines = note.read_text().splitlines()
    embedded.stop()
    note.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    shutil.chown(note, home.joinpath("postgres").stat().st_uid)
    assert ask(embedded.url(), "select 1") == (1,)


def test_a_creation_cut_short_is_begun_again(new_home):
    half = new_home / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    embedded = Embedded(new_home, linger_seconds=1)
    try:
        assert ask(embedded.url(), "select 1") == (1,)
    finally:
        embedded.stop()


def test_damaged_data_is_one_sentence(embedded, home):
    (home / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(Unavailable, match="does not start: .*pg_control.* Its log is .*postgres.log") as problem:
        embedded.url()
    assert "\n" not in problem.value.message


def test_a_full_disk_is_told_from_other_damage(embedded, home, monkeypatch):
    (home / "postgres" / "global" / "pg_control").unlink()
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=1_000_000))
    with pytest.raises(Unavailable, match="does not start: there is no room left on the disk. "):
        embedded.url()


def test_a_folder_that_holds_something_else_is_left_alone(new_home):
    (new_home / "postgres").mkdir(parents=True)
    (new_home / "postgres" / "mine").write_text("x")
    with pytest.raises(Unavailable, match="is not empty and holds no database"):
        Embedded(new_home).url()
    assert (new_home / "postgres" / "mine").read_text() == "x"


def test_a_home_that_cannot_be_used_is_one_sentence(new_home):
    new_home.write_text("not a folder")
    with pytest.raises(Unavailable, match="cannot use .*home.*Set RECEIVABLES_HOME to a folder of your own"):
        Embedded(new_home).url()


def test_data_of_a_version_whose_programs_are_missing_is_one_sentence(embedded, home):
    (home / "postgres" / "PG_VERSION").write_text("99\n")
    with pytest.raises(Unavailable, match="made by PostgreSQL 99, whose programs are not installed"):
        embedded.url()
    (home / "postgres" / "PG_VERSION").write_text("18\n")


def test_a_foreign_link_to_the_socket_is_not_followed(new_home):
    data = new_home / ("long/" * 40) / "postgres"
    link = Server(data, new_home / "log").socket_folder()
    link.unlink()
    link.symlink_to("/somewhere/else")
    try:
        with pytest.raises(Unavailable, match="is in the way"):
            Server(data, new_home / "log").socket_folder()
    finally:
        link.unlink()


@AS_ROOT
def test_as_root_no_folder_is_opened_to_others_and_the_server_is_not_root(embedded, home):
    home.chmod(0o700)
    before = [stat.S_IMODE(folder.stat().st_mode) for folder in (home, *home.parents)]
    embedded.url()
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (home, *home.parents)] == before
    assert Path("/proc", str(server_of(home))).stat().st_uid not in (0, 65534)
    assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700


@AS_ROOT
def test_as_root_programs_out_of_reach_are_copied(embedded, monkeypatch):
    copies = Path(tempfile.mkdtemp(prefix="receivables-copies-"))
    copies.chmod(0o755)
    monkeypatch.setattr(account, "_COPIES", copies)
    reachable = account.Account.can_run
    monkeypatch.setattr(
        account.Account, "can_run", lambda self, program: copies in program.parents and reachable(self, program)
    )
    try:
        assert ask(embedded.url(), "select 1") == (1,)
        assert len(list(copies.iterdir())) == 1
    finally:
        embedded.stop()
        shutil.rmtree(copies)


# Cut short while it starts


@pytest.mark.parametrize("left", [b"", b"\n", b"garbage\xff\n", b"0\n"])
def test_a_note_that_was_never_written_is_forgotten(embedded, home, left):
    note = home / "postgres" / "postmaster.pid"
    note.write_bytes(left)
    assert ask(embedded.url(), "select 1") == (1,)


@pytest.mark.parametrize("left", [b"", b"garbage\n"])
def test_a_note_that_is_spoilt_when_the_server_is_killed_is_forgotten_though_others_use_the_home(embedded, home, left):
    user = other(home)
    try:
        process = int(user.stdout.readline())
        os.kill(process, signal.SIGKILL)
        assert gone_within(5, process)
        (home / "postgres" / "postmaster.pid").write_bytes(left)
        assert [*keepers(home)]
        assert ask(embedded.url(), "select 1") == (1,)
    finally:
        user.communicate()


@pytest.mark.parametrize("left", [b"", b"garbage\n"])
def test_a_note_that_is_spoilt_while_the_server_runs_is_no_reason_for_a_backup(embedded, home, monkeypatch, left):
    monkeypatch.setattr(server, "_PATIENCE_SECONDS", 0.5)
    embedded.url()
    note, process = home / "postgres" / "postmaster.pid", server_of(home)
    kept = note.read_bytes()
    note.write_bytes(left)
    try:
        with pytest.raises(Unavailable, match="does not start yet: .* Nothing is lost: wait") as problem:
            embedded.url()
    finally:
        note.write_bytes(kept)
    assert "backup" not in problem.value.message
    embedded.url()
    assert server_of(home) == process


def test_the_note_of_a_dead_server_whose_number_is_another_servers_is_forgotten(embedded, home, made):
    running = Embedded(made, linger_seconds=1)
    running.url()
    try:
        note = home / "postgres" / "postmaster.pid"
        note.write_text((made / "postgres" / "postmaster.pid").read_text().replace(str(made), str(home)))
        assert ask(embedded.url(), "select 1") == (1,)
        assert server_of(home) != server_of(made)
    finally:
        running.stop()


def working_in(data, seconds):
    """As a server does that recovers; PostgreSQL takes no process of another user for one."""
    account = {"user": data.stat().st_uid, "group": data.stat().st_gid} if os.geteuid() == 0 else {}
    return subprocess.Popen(["sleep", str(seconds)], cwd=data, **account)


def test_a_server_whose_starter_was_killed_is_waited_for_however_long_it_recovers(embedded, home, monkeypatch):
    monkeypatch.setattr(server, "_PATIENCE_SECONDS", 0.5)
    recovering = working_in(home / "postgres", 2)
    (home / "postgres" / "postmaster.pid").write_text(f"{recovering.pid}\n")
    threading.Thread(target=recovering.wait).start()
    assert ask(embedded.url(), "select 1") == (1,)


def test_a_folder_that_another_process_keeps_is_no_reason_for_a_backup(embedded, home, monkeypatch):
    monkeypatch.setattr(server, "_RECOVERY_SECONDS", 1)
    with working_in(home / "postgres", 60) as hanging:
        (home / "postgres" / "postmaster.pid").write_text(f"{hanging.pid}\n")
        try:
            with pytest.raises(Unavailable, match="does not start yet: .* Nothing is lost: wait") as problem:
                embedded.url()
        finally:
            hanging.kill()
    assert "backup" not in problem.value.message


@pytest.mark.parametrize("seconds", [0.1, 0.3, 0.6, 1.0, 1.5, 2.2, 3.0])
def test_whoever_is_killed_while_starting_it_for_the_first_time_leaves_nothing_in_the_way(new_home, seconds):
    starter = other(new_home)
    time.sleep(seconds)
    starter.kill()
    starter.wait()
    embedded = Embedded(new_home, linger_seconds=1)
    try:
        assert ask(embedded.url(), "select 1") == (1,)
        assert not (new_home / "postgres.new").exists()
    finally:
        embedded.stop()


@pytest.mark.parametrize("seconds", [0.05, 0.15, 0.25, 0.4])
def test_whoever_is_killed_with_the_server_while_it_starts_loses_nothing(home, seconds):
    with psycopg.connect((first := Embedded(home, linger_seconds=1)).url(), autocommit=True) as conn:
        conn.execute("create table kept as select n from generate_series(1, 100000) n")
        os.kill(server_of(home), signal.SIGKILL)
    first.stop()
    starter = other(home)
    time.sleep(seconds)
    starter.kill()
    killed = 0
    with suppress(OSError, ValueError, IndexError):
        os.kill(killed := server_of(home), signal.SIGKILL)
    starter.wait()
    # It takes the signal a moment later.
    assert not killed or gone_within(5, killed)
    embedded, began = Embedded(home, linger_seconds=1), time.monotonic()
    try:
        assert ask(embedded.url(), "select count(*) from kept") == (100000,)
        assert time.monotonic() - began < 40, "it waited for a server that is no more"
    finally:
        embedded.stop()


# Its owner's alone


def modes(folder):
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}


def test_home_socket_and_log_are_their_owners_alone(embedded, home):
    home.chmod(0o755)
    embedded.url()
    assert modes(home)["home"] == modes(home)["postgres"] == 0o700
    assert stat.S_IMODE((home / "postgres" / ".s.PGSQL.5432").stat().st_mode) == 0o700


def test_a_new_home_and_all_in_it_are_their_owners_alone(new_home):
    before = os.umask(0)
    embedded = Embedded(new_home, linger_seconds=1)
    try:
        embedded.url()
        assert modes(new_home) == {
            "home": 0o700, "postgres": 0o700, "run": 0o700, "postgres.log": 0o600
        }  # fmt: skip
        assert set(modes(new_home / "run").values()) == {0o700, 0o600}
    finally:
        os.umask(before)
        embedded.stop()


@pytest.mark.parametrize("name", ["postgres.log", "run/users", "run/start", "run/keeper"])
def test_nothing_is_written_to_where_a_link_leads(home, tmp_path, name):
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs")
    (home / name).unlink(missing_ok=True)
    (home / name).symlink_to(theirs)
    before = theirs.stat()
    embedded = Embedded(home, linger_seconds=1)
    with pytest.raises(Unavailable, match="cannot use"):
        embedded.url()
    assert (theirs.read_text(), theirs.stat().st_uid) == ("theirs", before.st_uid)


@AS_ROOT
def test_as_root_the_home_of_another_user_is_refused(home):
    shutil.chown(home, 12345)
    with pytest.raises(Unavailable, match=r"belongs to user 12345, and this is user root: work as that user"):
        Embedded(home).url()


def test_it_keeps_whole_pages_and_waits_for_the_disk(embedded):
    """What a machine without power may cost otherwise: pages half written, and facts that were said to be recorded."""
    url = embedded.url()
    assert {name: ask(url, f"show {name}")[0] for name in ("full_page_writes", "fsync", "synchronous_commit")} == {
        "full_page_writes": "on",
        "fsync": "on",
        "synchronous_commit": "on",
    }
