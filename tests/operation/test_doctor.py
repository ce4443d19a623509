"""Every check of `monitor doctor` finds what it is there to find, in Chinese, with a remedy, without a secret or a person."""

import fcntl
import io
import json
import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
from identity import find_identity
from rich.console import Console
from typer.testing import CliRunner

from monitor import cli, clock, doctor
from monitor.doctor import Level, installation, last_night, machine
from monitor.encryption import HomeKey
from monitor.encryption.check import Encryption, check_of, write_encryption
from monitor.run import DEMO_MARK

MORNING = datetime(2026, 11, 21, 9, 0, tzinfo=clock.SHANGHAI)
NIGHT = "2026-11-20"
Break = Callable[[Path, pytest.MonkeyPatch], None]
# nobody listens on the port
DEAD_SOURCE = """
[sources.hospital]
kind = "http"
url = "http://127.0.0.1:9/{extract}_{date}.csv"
extracts = ["nhc_death"]
"""


def found(home: Path, check: str, moment: datetime = MORNING) -> doctor.Finding:
    [result] = [one for one in doctor.examine(home, moment) if one.check == check]
    return result.finding


def only(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Make these checks only: a test pays for no other."""
    kept = tuple(one for one in doctor.CHECKS if one[0] in names)
    monkeypatch.setattr("monitor.doctor.checks.CHECKS", kept)


def set_text(name: str, text: str, mode: int = 0o600) -> Break:
    def write(home: Path, _: pytest.MonkeyPatch) -> None:
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)

    return write


def change(name: str, *path: str, to: object) -> Break:
    """Set something in the manifest of the night."""

    def edit(home: Path, _: pytest.MonkeyPatch) -> None:
        manifest = home / "runs" / NIGHT / "manifest.json"
        loaded = json.loads(manifest.read_text(encoding="utf-8"))
        inner = loaded[name]
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = to
        manifest.write_text(json.dumps(loaded), encoding="utf-8")

    return edit


def patched(module: object, name: str, to: object) -> Break:
    return lambda _, monkeypatch: monkeypatch.setattr(module, name, to)


def in_environment(name: str, value: str) -> Break:
    return lambda _, monkeypatch: monkeypatch.setenv(name, value)


def in_a_container(mb: int) -> Break:
    def limit(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MONITOR_MEMORY_LIMIT_MB", "1024")
        (home.parent / "memory.max").write_text(f"{mb * 2**20}\n", encoding="ascii")
        monkeypatch.setattr(machine, "_CGROUP", home.parent / "memory.max")

    return limit


def removed(name: str) -> Break:
    def remove(home: Path, _: pytest.MonkeyPatch) -> None:
        path = home / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return remove


def opened(name: str, mode: int) -> Break:
    return lambda home, _: (home / name).chmod(mode)


def read_only(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation.os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY))


def somebody_elses(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation.os, "getuid", lambda: 4321)


def list_was_edited(home: Path, _: pytest.MonkeyPatch) -> None:
    path = next((home / "outbox" / NIGHT).rglob("*.csv"))
    path.write_bytes(path.read_bytes() + b"x")


def file_is_gone(home: Path, _: pytest.MonkeyPatch) -> None:
    (home / "runs" / NIGHT / "hits.parquet").unlink()


def rerun_was_refused(home: Path, _: pytest.MonkeyPatch) -> None:
    (home / "reports" / f"{NIGHT}.refused").mkdir()


def killed_night(home: Path, _: pytest.MonkeyPatch) -> None:
    (home / "runs" / ".building-2026-11-21" / "work").mkdir(parents=True)


def held_for_hours(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = last_night.Holder(7, MORNING - timedelta(hours=7))
    monkeypatch.setattr(last_night, "holder_of", lambda _: holder)


def run_of(day: str) -> Break:
    return lambda home, _: (home / "runs" / NIGHT).rename(home / "runs" / day)


def lost_news(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK", "http://127.0.0.1:9/")
    set_text("notify.toml", '[[webhook]]\nname = "群"\nurl_env = "HOOK"')(home, monkeypatch)
    line = {"at": "2026-11-20T02:00:00", "event": "late", "run": "", "channel": "群", "ok": False, "why": "ConnectError"}
    set_text("notified.log", json.dumps(line) + "\n")(home, monkeypatch)


def much_history(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(home / "prefect"))
    (home / "prefect").mkdir()
    with (home / "prefect" / "prefect.db").open("wb") as file:
        file.truncate(3 * 2**30)  # takes no room


LATE = [{"extract": "grid_power", "department": "供电", "newest_delivery": None, "age_days": None, "late_after": 35}]
REFUSED = [{"extract": "grid_power", "delivery": "grid_power_20261105", "reason": "x"}]
FAIL, WARN = Level.FAIL, Level.WARN
BROKEN: list[tuple[str, Level, str, Break]] = [
    ("python", FAIL, "3.10.9", patched(machine.platform, "python_version", lambda: "3.10.9")),
    ("packages", FAIL, "duckdb 1.4.0", patched(machine, "version", lambda name: "1.4.0" if name == "duckdb" else "99")),
    ("packages", FAIL, "made-up-package", patched(machine, "requires", lambda _: ["made-up-package>=1"])),
    ("lock", WARN, "锁定 1.5.5", patched(machine, "_installed", lambda name: "1.5.4" if name == "duckdb" else None)),
    ("memory", FAIL, "99,000", in_environment("MONITOR_MEMORY_LIMIT_MB", "99000000")),
    ("memory", FAIL, "查询引擎上限 1,024", in_a_container(1023)),
    ("memory", WARN, "查询引擎上限 1,024", in_a_container(1100)),
    ("disk", FAIL, "可用 1 MB", patched(machine.room, "free_bytes", lambda _: 2**20)),
    ("clock", WARN, "不是上海时间", patched(machine.time, "localtime", lambda _: datetime(2026, 1, 1).timetuple())),
    ("extensions", FAIL, "made_up", patched(machine, "EXTENSIONS", ("parquet", "made_up"))),
    ("spark", FAIL, "没有安装 Spark", in_environment("MONITOR_ENGINE", "spark")),
    ("encryption", FAIL, "没有加密", in_environment("MONITOR_ENCRYPTION_KEY", "ab" * 32)),
    ("sources", FAIL, "sources.toml", set_text("sources.toml", "made up = 1")),
    ("sources", FAIL, "1处不通", set_text("sources.toml", DEAD_SOURCE)),
    ("settings", FAIL, "keep_nightz", set_text("monitor.toml", "keep_nightz = 3")),
    ("settings", FAIL, "读不了", set_text("monitor.toml", "keep_nights =")),
    ("settings", FAIL, "threads", in_environment("MONITOR_THREADS", "many")),
    ("folders", FAIL, "runs", opened("runs", 0o755)),
    ("folders", FAIL, "inbox", opened("inbox", 0o770)),
    ("folders", FAIL, "不可写", read_only),
    ("folders", FAIL, "属主", somebody_elses),
    ("keys", FAIL, "不见了", removed("keys/token.key")),
    ("keys", FAIL, "也能读", opened("keys/token.key", 0o640)),
    ("keys", FAIL, "64", set_text("keys/token.key", "secret that is none")),
    ("inbox", FAIL, "没有这个目录", removed("inbox")),
    ("told", WARN, "没有设通知", lambda *_: None),
    ("told", FAIL, "url_file", set_text("notify.toml", '[[webhook]]\nname = "a"')),
    ("told", FAIL, "密钥文件 x 读不了", set_text("notify.toml", '[[webhook]]\nname = "a"\nurl_file = "keys/x"')),
    ("told", WARN, "没有送达", lost_news),
    ("holidays", FAIL, "第2行", set_text("working_days.csv", "day,is_working,source\nnext week,true,x\n")),
    ("prefect", FAIL, "没有应答", in_environment("PREFECT_API_URL", "http://127.0.0.1:9/api")),
    ("prefect", WARN, "3.0 GB", much_history),
    ("ran", WARN, "还没有", removed(f"runs/{NIGHT}")),
    ("ran", FAIL, "缺 2 晚", run_of("2026-11-18")),
    ("ran", FAIL, "在今天之后", run_of("2026-12-20")),
    ("held", FAIL, "7.0 小时", held_for_hours),
    ("unfinished", WARN, "2026-11-21", killed_night),
    ("files", FAIL, "outbox", list_was_edited),
    ("files", FAIL, "hits.parquet", file_is_gone),
    ("files", FAIL, f"清单不见了:{NIGHT}", removed(f"runs/{NIGHT}/manifest.json")),
    ("warehouse", FAIL, "打不开", set_text("published/warehouse.duckdb", "no database")),
    ("warehouse", FAIL, "没有密钥", removed("keys/token.key")),
    ("departments", WARN, "供电", change("summary", "late", to=LATE)),
    ("departments", WARN, "grid_power_20261105", change("summary", "refused", to=REFUSED)),
    ("departments", WARN, f"reports/{NIGHT}.refused", rerun_was_refused),
    ("catalogue", FAIL, "1处", change("catalogue", "faults", to=["x"])),
]


@pytest.mark.parametrize(("check", "level", "said", "make_broken"), BROKEN)
def test_a_check_finds_what_it_is_there_to_find(
    home: Path, monkeypatch: pytest.MonkeyPatch, check: str, level: Level, said: str, make_broken: Break
) -> None:
    only(monkeypatch, check)
    make_broken(home, monkeypatch)
    finding = found(home, check)
    assert (finding.level, said in finding.found) == (level, True), finding.found
    assert finding.remedy
    assert "secret that is none" not in finding.found + finding.remedy


def test_every_check_has_something_that_breaks_it() -> None:
    assert {name for name, *_ in BROKEN} == {name for name, *_ in doctor.CHECKS}


def test_the_page_names_every_check() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    said = page.partition("## monitor doctor")[2].partition("\n## ")[0]
    row = next(line for line in said.splitlines() if line.startswith("| python"))
    assert {name.strip() for cell in row.strip("|").split("|") for name in cell.split(",")} == {
        name for name, *_ in doctor.CHECKS
    }
    assert said.strip().startswith(f"{len(doctor.CHECKS)} checks")


def test_an_examination_writes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also not in a home that was restored, or whose key of tokens is not locked yet."""
    set_text("sources.toml", DEAD_SOURCE)(home, monkeypatch)
    write_encryption(home, Encryption(check_of(HomeKey(b"\xab" * 32))))
    monkeypatch.setenv("MONITOR_ENCRYPTION_KEY", "ab" * 32)
    token = home / "keys" / "token.key"
    set_text("keys/expected.json", json.dumps({"token.key": sha256(token.read_bytes()).hexdigest()}))(home, monkeypatch)
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    doctor.examine(home, MORNING)
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before


def test_a_county_after_its_night_is_well(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for who is told, which nobody has set, and the time zone and packages of the machine at hand."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    bad = {one.check for one in doctor.examine(county, MORNING) if one.finding.level is not Level.OK}
    assert bad <= {"told", "clock", "lock", "departments"}


def test_a_demo_is_told_as_such_and_need_not_run_every_night(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "ran")
    set_text(DEMO_MARK, "made-up people only\n")(home, monkeypatch)
    finding = found(home, "ran", MORNING + timedelta(days=90))
    assert (finding.level, "演示" in finding.found) == (Level.OK, True)


def test_a_home_that_is_not_there_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "ran")
    finding = found(tmp_path / "nowhere", "ran")
    assert (finding.level, "不存在" in finding.found) == (Level.WARN, True)


def test_a_clock_before_the_last_night_is_found(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "clock")
    assert "早" in found(home, "clock", datetime(2026, 11, 21, tzinfo=clock.SHANGHAI) - timedelta(days=365)).found


def test_holidays_of_next_year_are_asked_for_once_they_are_announced(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "holidays")
    assert found(home, "holidays", datetime(2026, 11, 30, tzinfo=clock.SHANGHAI)).level is Level.OK
    assert found(home, "holidays", datetime(2031, 11, 30, tzinfo=clock.SHANGHAI)).level is Level.FAIL
    december = found(home, "holidays", datetime(2026, 12, 1, tzinfo=clock.SHANGHAI))
    set_text("working_days.csv", "day,is_working,source\n2027-02-06,true,made up\n")(home, monkeypatch)
    after = found(home, "holidays", datetime(2026, 12, 1, tzinfo=clock.SHANGHAI))
    known = "2027年也有" in december.found
    assert (december.level, after.level) == (Level.OK if known else Level.WARN, Level.OK)


def test_who_holds_a_home_is_told_without_touching_its_lock(home: Path) -> None:
    assert last_night.holder_of(last_night.Home(home)) is None
    with (home / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        holder = last_night.holder_of(last_night.Home(home))
    assert holder
    assert holder.pid == os.getpid()


def test_a_prefect_server_that_answers_is_well(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "prefect")
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    monkeypatch.setattr("httpx.get", lambda *_, **__: SimpleNamespace(is_success=True))
    assert found(home, "prefect").level is Level.OK


def test_a_check_that_breaks_is_a_finding_and_quotes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> doctor.Finding:
        raise ValueError("990000" + "198001010004")

    monkeypatch.setattr("monitor.doctor.checks.CHECKS", (("broken", "坏", broken),))
    finding = found(home, "broken")
    assert (finding.level, finding.found) == (Level.FAIL, "检查本身没有做成(ValueError)")


def run(*words: str):
    return CliRunner().invoke(cli.app, ["doctor", *words])


def test_the_exit_code_is_1_if_something_fails_and_0_if_there_are_only_warnings(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    only(monkeypatch, "told", "keys")
    assert run("--home", str(home)).exit_code == 0
    (home / "keys" / "token.key").chmod(0o644)
    done = run("--home", str(home), "--json")
    told = json.loads(done.output)
    assert (done.exit_code, told["ok"]) == (1, False)
    assert {one["check"]: one["level"] for one in told["checks"]} == {"keys": "fail", "told": "warn"}


def test_what_fails_is_told_if_asked_and_nothing_is_told_when_all_is_well(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from catchers import Hook

    monkeypatch.setattr(clock, "now", lambda: MORNING)
    only(monkeypatch, "ran")
    with Hook() as hook:
        monkeypatch.setenv("HOOK", hook.url)
        set_text("notify.toml", '[[webhook]]\nname = "群"\nurl_env = "HOOK"')(home, monkeypatch)
        assert run("--home", str(home), "--notify").exit_code == 0
        assert hook.bodies == []
        run_of("2026-11-18")(home, monkeypatch)
        assert run("--home", str(home), "--notify").exit_code == 1
    [body] = hook.bodies
    assert (body["event"], "缺 2 晚" in body["text"]) == ("health", True)


def test_a_test_message_reaches_every_channel(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from catchers import Hook

    with Hook() as hook:
        monkeypatch.setenv("HOOK", hook.url)
        set_text("notify.toml", '[[webhook]]\nname = "群"\nurl_env = "HOOK"\nevents = ["late"]')(home, monkeypatch)
        done = run("--home", str(home), "--notify-test")
    assert (done.exit_code, len(hook.bodies)) == (0, 1)
    assert "群" in done.output


def test_the_table_fits_a_terminal_of_80_columns_and_holds_no_person(county: Path) -> None:
    console = Console(width=80, record=True, file=io.StringIO())
    results = doctor.examine(county, MORNING)
    console.print(doctor.as_table(results))
    text = console.export_text() + doctor.as_json(results)
    key = (county / "keys" / "token.key").read_text(encoding="ascii").strip()
    assert key not in text
    import duckdb

    people = duckdb.sql(f"select id_no, name, phone from read_parquet('{county}/runs/{NIGHT}/person.parquet')").fetchall()
    ids, names, phones = ({cell for cell in column if cell} for column in zip(*people, strict=True))
    assert find_identity(text.encode(), ids, {name for name in names if len(name) >= 3}, phones) == []
    assert all(title in text for _, title, _ in doctor.CHECKS)
