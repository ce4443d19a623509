"""Several processes that write lists: in order, few ahead, and gone when the night is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from itertools import count, islice
from pathlib import Path

from monitor.workbooks.side_by_side import each

NIGHT = """
import os, sys, time
from monitor.workbooks.side_by_side import each
from pathlib import Path

def write(folder):
    Path(folder, str(os.getpid())).touch()
    time.sleep(600)

if __name__ == "__main__":
    list(each(write, [sys.argv[1]] * 2, 2))
"""


def test_what_is_made_comes_in_the_order_of_what_is_given() -> None:
    assert list(each(abs, range(-30, 0), 2)) == list(range(30, 0, -1))
    assert list(each(abs, [], 2)) == []


def test_an_endless_row_of_things_is_not_taken_all_at_once() -> None:
    assert list(islice(each(abs, count(5), 2), 3)) == [5, 6, 7]


def test_a_killed_night_takes_its_processes_with_it(tmp_path: Path) -> None:
    script = tmp_path / "night.py"
    script.write_text(NIGHT)
    (tmp_path / "pids").mkdir()
    night = subprocess.Popen([sys.executable, str(script), str(tmp_path / "pids")])
    assert holds(lambda: len(list((tmp_path / "pids").iterdir())) == 2)
    night.send_signal(signal.SIGKILL)
    night.wait()
    writers = [int(path.name) for path in (tmp_path / "pids").iterdir()]
    assert holds(lambda: not any(is_running(pid) for pid in writers))


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def holds(condition, seconds: int = 60) -> bool:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)
    return condition()
