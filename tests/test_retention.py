"""What a home lets go of after a night, and what it never does."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from monitor import steps
from monitor.audit import read_trail
from monitor.errors import UsageError
from monitor.indicators import load_catalogue
from monitor.plan import backtest
from monitor.retention import LOG, kept_nights, release, thinned_nights
from monitor.run import EVERYBODY, HANDED_OUT, MANIFEST, Home
from monitor.settings import Settings

NIGHTS = [date(2026, 9, 28) + timedelta(days=n) for n in range(8)]  # 28 September to 5 October
KEEP = Settings(keep_nights=3, keep_months=1)
LANDED = (".parquet", ".quarantine.parquet", ".json", ".profile.json", ".verdict.json")
HISTORY = ("hits", "cases", "case_hits", "coverage", "listed", "left_off", "ledger", "parameters")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Eight nights; each has its own daily delivery, all read one that came once."""
    made = Home(tmp_path)
    made.make()
    for night in NIGHTS:
        add_night(made, night)
    return made


def add_night(home: Home, night: date) -> None:
    folder = home.runs / night.isoformat()
    folder.mkdir()
    for name in (*EVERYBODY, *HISTORY):
        (folder / f"{name}.parquet").write_bytes(b"PAR1")
    inputs = [("psb_resident_20260901", "a" * 64), (f"tax_wage_{night:%Y%m%d}_p-1", "b" * 64)]
    for name, sha in inputs:
        extract, _, rest = name.partition("_2026")
        for ending in LANDED:
            path = home.landing / extract / f"2026{rest}-{sha[:16]}{ending}"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"landed")
    manifest = {"as_of": str(night), "run_id": "r", "inputs": [{"delivery": n, "sha256": s} for n, s in inputs]}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    (home.outbox / night.isoformat() / "530622").mkdir(parents=True)
    (home.outbox / night.isoformat() / "530622/530622001.csv").write_bytes(b"list")
    (home.reports / night.isoformat()).mkdir(parents=True)
    (home.reports / night.isoformat() / "index.html").write_bytes(b"told")
    for edition in (night.isoformat(), f"{night:%Y-%m}"):
        (home.bulletins / edition).mkdir(parents=True, exist_ok=True)
        (home.bulletins / edition / "53.html").write_bytes(b"page")


def files(home: Home) -> set[str]:
    return {p.relative_to(home.root).as_posix() for p in home.root.rglob("*") if p.is_file()}


def test_the_newest_nights_and_the_last_of_the_months_before_are_kept() -> None:
    nights = [night.isoformat() for night in NIGHTS]
    assert kept_nights(nights, KEEP) == {"2026-09-30", "2026-10-03", "2026-10-04", "2026-10-05"}
    assert kept_nights(nights, Settings(keep_nights=2, keep_months=0)) == {"2026-10-04", "2026-10-05"}
    assert kept_nights(nights[:1], KEEP) == {"2026-09-28"}


def test_people_facts_lists_and_pages_of_old_nights_go_and_their_history_stays(home: Home) -> None:
    before = files(home)
    (home.refused_reports("2026-09-28")).mkdir()
    released = release(home, KEEP)
    assert home.all_refused_reports() == []
    gone = before - files(home)
    old = ("2026-09-28", "2026-09-29", "2026-10-01", "2026-10-02")
    expected = {f"runs/{night}/{name}.parquet" for night in old for name in EVERYBODY}
    expected |= {f"outbox/{night}/530622/530622001.csv" for night in old} | {f"reports/{night}/index.html" for night in old}
    expected |= {f"published/bulletin/{night}/53.html" for night in old}  # those of months stay
    assert {path for path in gone if not path.startswith("landing/")} == expected
    assert all((home.runs / str(night) / f"{name}.parquet").is_file() for night in NIGHTS for name in HISTORY)
    four_bytes = ("runs/", "outbox/", "reports/", "published/")
    assert released.bytes == sum(4 if path.startswith(four_bytes) else 6 for path in gone)


def test_landing_files_go_that_none_of_the_newest_nights_read(home: Home) -> None:
    release(home, KEEP)
    left = {path for path in files(home) if path.startswith("landing/")}
    days = ("20261003", "20261004", "20261005")
    wanted = {f"landing/tax_wage/{day}_p-1-{'b' * 16}{ending}" for day in days for ending in LANDED}
    assert left == wanted | {f"landing/psb_resident/20260901-{'a' * 16}{ending}" for ending in LANDED}


def test_what_goes_is_written_down_before_it_goes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(home)

    unlink = Path.unlink

    def dies(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".parquet":
            raise KeyboardInterrupt
        unlink(path, missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", dies)
        with pytest.raises(KeyboardInterrupt):
            release(home, KEEP)
    assert {path for path in files(home) if not path.startswith(("audit/", "keys/"))} == before | {LOG}
    released = release(home, KEEP)
    first, second = map(json.loads, (home.root / LOG).read_text(encoding="utf-8").splitlines())
    assert first == second
    assert (first["after"], first["bytes"], len(first["deleted"])) == ("2026-10-05", released.bytes, released.paths)
    assert {(home.root / path).exists() for path in first["deleted"]} == {False}
    assert release(home, KEEP).paths == 0
    assert len((home.root / LOG).read_text(encoding="utf-8").splitlines()) == 2


def test_a_line_of_the_log_that_was_cut_off_hides_no_other(home: Home) -> None:
    (home.root / LOG).write_bytes('{"after": "2026-10-04", "deleted": ["县'.encode()[:-1])
    assert thinned_nights(home) == set()
    release(home, KEEP)
    lacking = {run.name for run in home.run_folders() if not (run / "person.parquet").exists()}
    assert thinned_nights(home) == lacking != set()


def test_a_run_that_was_replaced_keeps_people_no_longer_than_its_date(home: Home) -> None:
    for night in ("2026-09-28", "2026-10-05"):
        shutil.copytree(home.runs / night, home.runs / ".replaced" / f"{night}.1")
    shutil.copytree(home.runs / "2026-10-05", home.runs / ".replaced" / "2026-10-05.2")
    release(home, KEEP)
    left = {path.parent.name for path in (home.runs / ".replaced").rglob("person.parquet")}
    assert left == {"2026-10-05.2"}


def test_a_run_that_was_replaced_keeps_its_history_and_its_number(home: Home) -> None:
    for name in ("2026-09-28.1", "2026-10-05.1", "2026-10-05.2"):
        version = home.replaced / name
        shutil.copytree(home.runs / name[:10], version)
        for lists in HANDED_OUT:
            (version / lists).mkdir()
            (version / lists / "530622001.csv").write_bytes(b"list")
    release(home, KEEP)
    old = {path.name for path in (home.replaced / "2026-09-28.1").iterdir()}
    assert old == {MANIFEST, *(f"{name}.parquet" for name in HISTORY)}
    for name in ("2026-10-05.1", "2026-10-05.2"):
        assert {*HANDED_OUT, "cases.parquet", "hits.parquet"} <= {path.name for path in (home.replaced / name).iterdir()}
    assert release(home, KEEP).paths == 0
    home.put_aside(home.runs / "2026-09-28", "2026-09-28")
    versions = [path.name for path in home.replaced_runs("2026-09-28")]
    assert versions == ["2026-09-28.1", "2026-09-28.2"], "the first of them stays the first"


def test_as_many_nights_as_are_kept_take_the_same_room(home: Home) -> None:
    counts = []
    for number in range(8, 12):
        add_night(home, NIGHTS[0] + timedelta(days=number))
        release(home, KEEP)
        counts.append(len([path for path in files(home) if not path.endswith(tuple(f"{name}.parquet" for name in HISTORY))]))
    assert [later - earlier for earlier, later in pairwise(counts)] == [1, 1, 1]  # its manifest


def test_a_night_kept_in_part_is_refused_with_what_to_do(home: Home) -> None:
    release(home, KEEP)
    assert home.run_of(date(2026, 9, 30)).name == "2026-09-30"
    with pytest.raises(UsageError, match=r"2026-10-01.*已清理.*晚于 2026-10-02.*keep_nights.*换一个日期"):
        home.run_of(date(2026, 10, 1))
    rule = load_catalogue().indicators["EXP-004"]
    with pytest.raises(UsageError, match=r"2026-10-01.*已清理[\s\S]*2026-10-02.*已清理"):
        backtest(Settings(home=home.root), rule, date(2026, 9, 30), NIGHTS[-1])
    with pytest.raises(UsageError, match=r"2026-10-02.*已清理"):
        steps.begin(Settings(home=home.root, inbox=home.root), date(2026, 10, 3))


def test_whoever_lets_go_of_something_leaves_it_on_record_before_it_is_gone(home: Home) -> None:
    released = release(home, KEEP)
    release(home, KEEP)
    (entry,) = read_trail(home.root)
    assert (entry.action, entry.what) == (
        "deleted",
        {"as_of": "2026-10-05", "paths": released.paths, "bytes": released.bytes},
    )
