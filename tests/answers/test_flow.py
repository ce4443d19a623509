"""The flow collects with the same code as the command and lets only counts pass."""

from pathlib import Path

import pytest
from returned import COLLECTED, key_of, list_rows, write_csv

from monitor.run import Home
from monitor.settings import Settings


def test_the_task_collects_what_lies_still_and_waits_for_a_night(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MONITOR_HOME", str(tmp_path))
    from flows import collect_answers

    home = str(settings.home)
    write_csv(list_rows(key_of(settings.home)), Home(settings.home).answers / "a.csv")
    files = list(collect_answers.seen(home))
    with Home(settings.home).locked():
        waited = collect_answers.collect_quiet.fn(home, files, COLLECTED)
    assert waited == {"files": 0, "answers": 0, "reported": 0, "refused": 0, "waiting": 1}
    collected = collect_answers.collect_quiet.fn(home, files, COLLECTED)
    assert collected == {"files": 1, "answers": 8, "reported": 0, "refused": 0, "waiting": 0}
