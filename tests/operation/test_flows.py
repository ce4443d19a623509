"""The flows run what the commands run, ask of the planned day, refuse a second night, and let nothing about people through."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from catchers import Hook
from identity import find_identity

from monitor.run import Home, read_manifest
from monitor.settings import Settings

ROOT = Path(__file__).parents[2]
MONITOR = Path(sys.executable).with_name("monitor")
CANARY = "欧阳金丝雀 990000" + "198001010004 19900000001"


@dataclass(frozen=True)
class Ran:
    """What the program left behind."""

    home: Path
    prefect: Path
    came: dict[str, Any]
    said: str
    told: list[Any]

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.prefect / "prefect.db") as database:
            return database.execute(select).fetchall()


@pytest.fixture(scope="module")
def ran(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """All flows in one process; Prefect takes its time to start, so it starts once."""
    folder = tmp_path_factory.mktemp("flows")
    home, prefect = folder / "home", folder / "prefect"
    Home(home).make()
    (home / "notify.toml").write_text('[[webhook]]\nname = "群"\nurl_env = "HOOK"\n', encoding="utf-8")
    with Hook() as hook:
        done = subprocess.run(
            [sys.executable, Path(__file__).with_name("flow_program.py"), home],
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")},
                "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
                "MONITOR_INBOX": str(inbox),
                "MONITOR_THREADS": "2",
                "PREFECT_HOME": str(prefect),
                "PREFECT_API_URL": "http://127.0.0.1:9/api",
                "PREFECT_LOGGING_TO_API_ENABLED": "true",  # what is logged must be fit to be kept
                "PREFECT_CLIENT_MAX_RETRIES": "1",  # for the killed server
                "HOME": str(folder),
                "HOOK": hook.url,
                "CANARY": CANARY,
            },
            cwd=folder, capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return Ran(home, prefect, json.loads(done.stdout.splitlines()[-1]), done.stdout + done.stderr, hook.bodies)


def test_a_server_that_does_not_answer_is_done_without_and_it_is_said(ran: Ran) -> None:
    assert "PREFECT_API_URL)没有应答" in ran.said
    assert ran.came["night"]["commit"] == {"run": "2026-11-20"}


def test_a_night_without_a_date_asks_of_the_day_for_which_it_was_planned(ran: Ran) -> None:
    """It is the night that has just been run, so there is nothing to do."""
    assert ran.came["planned"]["begin"]["as_of"] == "2026-11-20"
    assert ran.came["planned"]["begin"]["already"] is True


def test_a_night_while_another_holds_the_home_is_refused_in_clear_words(ran: Ran) -> None:
    assert ran.came["held"]["exit_code"] == 2
    assert "两晚不能同时使用一个工作目录" in ran.came["held"]["said"]


def test_the_month_is_run_by_its_flow(ran: Ran) -> None:
    assert ran.came["month"]["check_runs"]["runs"] == 1
    assert ran.came["month"]["month_figures"]["last"] == "2026-11-20"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("flows.monthly", "--month", "2026-13"), "--month:'2026-13'"),
        (("flows.nightly", "--as-of", "2026-11-31"), "没有 2026-11-31 这一天"),
    ],
)
def test_a_day_or_month_that_is_none_is_refused_in_clear_words(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *words, "--home", tmp_path / "home"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_month_whose_summary_cannot_be_shown_is_done_all_the_same(ran: Ran) -> None:
    assert ran.came["month not shown"]["check_runs"] == ran.came["month"]["check_runs"]


def test_a_folder_of_answers_that_cannot_be_read_names_no_file(ran: Ran) -> None:
    assert ran.came["answers gone"]["said"] == "[Errno 2] No such file"


def test_answers_are_looked_for_by_their_flow(ran: Ran) -> None:
    assert ran.came["answers"] == {"files": 0, "answers": 0, "reported": 0, "refused": 0}


def test_summaries_and_places_are_kept_as_artifacts(ran: Ran) -> None:
    artifacts = dict(ran.rows("select key, data from artifact"))
    assert {"night-summary", "night-places", "month-summary"} <= artifacts.keys()
    table = json.loads(json.loads(artifacts["night-summary"]))  # a table is kept as text of its own
    assert {"数据到达", "入户预警", "督办"} <= {row["项目"] for row in table}
    assert (ran.home / "outbox" / "2026-11-20").as_uri() in artifacts["night-places"]


def test_an_error_that_quotes_a_cell_is_told_by_its_kind_only(ran: Ran) -> None:
    assert ran.came["quoting"]["error"] == "MonitorError"
    assert "程序缺陷(RuntimeError)" in ran.came["quoting"]["said"]
    assert "这一步不成" in ran.came["caused"]["said"]


def test_a_full_disk_is_told_as_such_and_not_as_a_defect(ran: Ran) -> None:
    assert (ran.came["full"]["error"], ran.came["full"]["exit_code"]) == ("NoRoom", 15)
    assert "磁盘写满" in ran.came["full"]["said"]


def test_a_server_killed_in_the_middle_does_not_keep_the_night_from_its_end(ran: Ran) -> None:
    home = Home(ran.home)
    assert [run.name for run in home.run_folders()] == ["2026-11-20", "2026-11-21"]
    assert (home.outbox / "2026-11-21").is_dir()
    assert not list(home.runs.glob(".building-*"))
    with duckdb.connect(home.published / "warehouse.duckdb", read_only=True) as analyst:
        assert len(analyst.execute("select as_of from run").fetchall()) == 2


def test_each_night_is_told_once_and_each_failure_with_its_reason(ran: Ran) -> None:
    told = [(one["event"], one["as_of"]) for one in ran.told if one["event"] != "late"]
    assert told == [
        ("success", "2026-11-20"),
        ("success", ""),  # the month
        ("success", ""),  # the month, though its summary could not be shown
        ("failure", ""),  # a folder of answers that could not be read
        ("failure", "2026-11-21"),
        ("failure", "2026-11-21"),
        ("failure", "2026-11-21"),
        ("success", "2026-11-21"),  # though the server was dead
    ]


def identity_in(path: Path, *wanted: set[str]) -> list[str]:
    """What a file tells of anybody; the index of a database's log goes when the server that kept it has ended."""
    try:
        return list(find_identity(path, *wanted))
    except FileNotFoundError:
        assert path.name.endswith(("-shm", "-wal", "-journal")), path
        return []


def test_neither_prefect_nor_the_screen_nor_the_news_hold_anybody(ran: Ran) -> None:
    """Every byte below PREFECT_HOME: database, journal, results, logs. All people of the county and a canary are looked for."""
    person = ran.home / "runs" / "2026-11-20" / "person.parquet"
    people = duckdb.sql(f"select id_no, name, phone from read_parquet('{person}')").fetchall()
    ids, names, phones = ({cell for cell in column if cell} for column in zip(*people, strict=True))
    canary = CANARY.split()
    wanted = (ids | {canary[1]}, {one for one in names if len(one) >= 3} | {canary[0]}, phones | {canary[2]})
    files = [path for path in ran.prefect.rglob("*") if path.is_file()]
    assert any(path.name.startswith("prefect.db") for path in files)
    assert ran.rows("select count(*) from log")[0][0] > 0, "there must be logs to look into"
    assert [hit for path in files for hit in identity_in(path, *wanted)] == []
    assert find_identity(ran.said.encode(), *wanted) == []
    assert find_identity(json.dumps(ran.told, ensure_ascii=False).encode(), *wanted) == []


def test_a_killed_night_is_told_by_the_runner_that_outlives_it(
    bare: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prefect calls the hook with what it knows of the run; the day is the planned one."""
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    from flows.nightly import nightly

    home = bare.home

    [hook] = nightly.on_crashed_hooks
    run = SimpleNamespace(parameters={"home": str(home)}, expected_start_time=datetime(2026, 11, 20, 18, tzinfo=UTC))
    with Hook() as caught:
        monkeypatch.setenv("HOOK", caught.url)
        (home / "notify.toml").write_text('[[webhook]]\nname = "群"\nurl_env = "HOOK"\n', encoding="utf-8")
        hook(flow=nightly, flow_run=run, state=None)
    [body] = caught.bodies
    assert (body["event"], body["as_of"]) == ("failure", "2026-11-20")
    assert "进程被杀" in body["text"]


def test_of_two_real_nights_at_once_the_second_is_refused_and_the_first_is_unharmed(inbox: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    command = [MONITOR, "run", "--as-of", "2026-11-20", "--home", home, "--inbox", inbox, "--threads", "1"]
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while not list((home / "runs").glob(".building-*")):
        assert first.poll() is None, first.communicate()[1]
        time.sleep(0.05)
    second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (second.returncode, "两晚不能同时使用一个工作目录" in second.stderr) == (2, True)
    assert first.wait() == 0, first.communicate()[1]
    first.communicate()
    manifest = read_manifest(home / "runs" / "2026-11-20")
    assert set(manifest["seconds"]) >= {"land", "build", "evaluate"}
