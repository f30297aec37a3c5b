import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from infra.worker import WorkerLost, worker

HOUSE = Path(__file__).parents[2]


def doubled(number, reached):
    return number * 2


def refused(reached):
    raise KeyError("no such day")


class Unportable(Exception):
    """It takes two words to make one, and a pickle knows of one."""

    def __init__(self, one, two):
        super().__init__(f"{one} {two}")


def unportable(reached):
    raise Unportable("far", "away")


def group(reached):
    return os.getpgrp()


def killed(reached):
    os.kill(os.getpid(), signal.SIGKILL)


def ticking(note, reached):
    note.write_text(str(os.getpid()))
    for second in range(1000):
        reached(second)
        time.sleep(0.01)


def wait_until(happened, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert happened()


def is_alive(process):
    """A process that nobody has waited for yet is no longer alive."""
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def test_what_a_function_returns_elsewhere_comes_back():
    with worker(partial(doubled, 21)) as helper:
        assert helper.result() == 42


def test_what_it_raises_is_raised_here_with_the_place_where_it_was():
    with worker(refused) as helper, pytest.raises(KeyError, match="no such day") as caught:
        helper.result()
    assert "in refused" in caught.value.__notes__[0]


def test_an_error_that_cannot_travel_arrives_as_its_words():
    with worker(unportable) as helper, pytest.raises(RuntimeError, match="Unportable: far away"):
        helper.result()


def test_a_failure_is_noticed_without_waiting_for_the_result():
    with worker(refused) as helper, pytest.raises(KeyError):
        for _ in range(1000):
            helper.check()
            time.sleep(0.02)


def test_the_terminals_ctrl_c_does_not_reach_it_but_its_parent():
    with worker(group) as helper:
        assert helper.result() != os.getpgrp()


def test_a_process_that_is_killed_is_noticed():
    with worker(killed) as helper, pytest.raises(WorkerLost, match="-9"):
        helper.result()


def test_a_process_that_cannot_start_is_noticed(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with worker(refused) as helper, pytest.raises(WorkerLost, match="1"):
        helper.result()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_process_that_is_left_before_it_is_done_is_gone(tmp_path):
    note = tmp_path / "note"
    with worker(partial(ticking, note)) as helper:
        wait_until(lambda: note.exists() and note.read_text())
        helper.check()
    assert not is_alive(note.read_text())


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_process_whose_parent_was_killed_ends_by_itself(tmp_path):
    note, script = tmp_path / "note", tmp_path / "script.py"
    script.write_text(
        "from functools import partial\nfrom pathlib import Path\nfrom infra.worker import worker\n"
        f"from tests.infra.test_worker import ticking\nwith worker(partial(ticking, Path({str(note)!r}))) as helper:\n"
        "    helper.result()\n"
    )
    with subprocess.Popen([sys.executable, script], env={**os.environ, "PYTHONPATH": str(HOUSE)}) as parent:
        wait_until(lambda: note.exists() and note.read_text())
        parent.kill()
    wait_until(lambda: not is_alive(note.read_text()), seconds=5)


@pytest.mark.parametrize("given", ["as a file", "on standard input"])
def test_a_script_that_guards_nothing_is_not_run_a_second_time(tmp_path, given):
    script = tmp_path / "script.py"
    script.write_text(
        "from functools import partial\nfrom infra.worker import worker\nfrom tests.infra.test_worker import doubled\n"
        "print('begun')\nwith worker(partial(doubled, 21)) as helper:\n    print(helper.result())\n"
    )
    done = subprocess.run(
        [sys.executable, script if given == "as a file" else "-"],
        input=script.read_text(),
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("begun\n42\n", "")
