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

    home = Home(settings.home)
    write_csv(list_rows(key_of(settings.home)), home.answers / "a.csv")
    folder = collect_answers.Watched(settings, COLLECTED)
    assert folder.look()
    with home.locked():
        waited = folder.collect()
    assert waited == {"files": 0, "answers": 0, "reported": 0, "refused": 0, "waiting": 1}
    assert folder.look()
    assert folder.collect() == {"files": 1, "answers": 8, "reported": 0, "refused": 0, "waiting": 0}
    assert not folder.look(), "what was collected is not looked at again"


def test_a_file_that_goes_between_two_looks_is_none(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MONITOR_HOME", str(tmp_path))
    from flows import collect_answers

    answers = Home(settings.home).answers
    for name in ("a.csv", "b.csv"):
        write_csv(list_rows(key_of(settings.home)), answers / name)
    folder = collect_answers.Watched(settings, COLLECTED)
    assert folder.look()
    (answers / "a.csv").unlink()
    assert folder.collect()["files"] == 1
    monkeypatch.setattr(collect_answers, "waiting", lambda home: [answers / "a.csv", answers / "b.csv"])
    assert list(collect_answers.seen(settings.home)) == [str(answers / "b.csv")]
