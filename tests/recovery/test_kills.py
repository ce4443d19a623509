"""Nights killed outright, a few times here and hundreds of times by `python benchmarks/kill.py`."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_kills_leave_nothing_half_published_and_end_in_the_same_bytes(tmp_path: Path) -> None:
    """In a process of its own, because what is killed is forked from it."""
    program = [sys.executable, str(ROOT / "benchmarks" / "kill.py"), "--kills", "3", "--seed", "3", "--folder", str(tmp_path)]
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    done = subprocess.run(program, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert int(done.stdout.partition(": ")[2].partition(" kills")[0]) >= 10
