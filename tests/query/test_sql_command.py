"""`monitor sql` and `monitor warehouse` over a home of two nights: what they answer, and what they refuse."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import duckdb
import pytest
from made_home import DAYS, HOSTILE, made_home
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner, Result

from monitor.cli import app
from monitor.contracts import outputs
from monitor.errors import UsageError
from monitor.query import Answer, opened, recipes, shown
from monitor.query.prompt import ask
from monitor.settings import load_settings

TITLE = "select title_zh from indicator"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_home(tmp_path_factory.mktemp("home")).root


def monitor(*arguments: str | Path, home: Path, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--home", str(home)], input=typed)


def refused(*arguments: str | Path, home: Path) -> str:
    """What is said instead of an answer; there is no way around it that is not a usage error."""
    done = monitor(*arguments, home=home)
    assert isinstance(done.exception, UsageError), done.output
    return str(done.exception)


def test_a_question_is_answered_as_table_json_and_csv(home: Path, tmp_path: Path) -> None:
    sql = "select as_of, count(*) as hits, 1.50::decimal(9,2) as n from hit group by as_of order by as_of"
    table = monitor("sql", sql, home=home).output
    assert [line.split() for line in table.splitlines()] == [
        ["as_of", "hits", "n"],
        [DAYS[0], "4", "1.50"],
        [DAYS[1], "1", "1.50"],
        ["共", "2", "行"],
    ]
    told = json.loads(monitor("sql", sql, "--json", home=home).output)
    assert told == [{"as_of": DAYS[0], "hits": 4, "n": 1.5}, {"as_of": DAYS[1], "hits": 1, "n": 1.5}]
    assert monitor("sql", sql, "--csv", tmp_path / "a.csv", home=home).exit_code == 0
    lines = list(csv.reader((tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert lines == [["as_of", "hits", "n"], [DAYS[0], "4", "1.50"], [DAYS[1], "1", "1.50"]]


def test_rows_that_are_not_shown_are_told(home: Path) -> None:
    table = monitor("sql", "select unnest(range(1000)) as n", "--rows", "3", home=home).output
    assert "前 3 行，后面还有" in table
    assert len(table.splitlines()) == 5


def test_a_table_is_never_wider_than_the_terminal() -> None:
    wide = Answer(tuple("甲乙丙丁戊"), ("VARCHAR",) * 5, [("很长的一段白话原因" * 9,) * 5])
    many = Answer(tuple(f"c{n}" for n in range(40)), ("INTEGER",) * 40, [tuple(range(40))])
    for answer in (wide, many):
        with (console := Console(width=60)).capture() as captured:
            console.print(shown.as_table(answer, 60))
        lines = captured.get().splitlines()
        assert max(map(cell_len, lines)) <= 60
        assert all(shown.plain(cell)[:4] in captured.get() for cell in answer.rows[0])


CASE, TOKEN = "V530622-20261118-0406", "7121d60079ab0d2d3add53cb929ae6d1"  # pragma: allowlist secret
HITS = "HLT-017,HLT-012,INC-001"
REASON = "月收入 0 元，低于低保标准 560 元，没有低保（税务、人社、公安等8部门，数据至11月6日）"


def table_of(answer: Answer, width: int) -> str:
    with (console := Console(width=width)).capture() as captured:
        console.print(shown.as_table(answer, width))
    assert max(map(cell_len, captured.get().splitlines())) <= width
    return captured.get()


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_no_number_day_or_code_is_broken_to_make_room(width: int) -> None:
    columns = ("county", "case_no", "subject", "first_seen", "days_waiting", "indicators", "reasons_zh")
    answer = Answer(columns, ("VARCHAR",) * 7, [("530622", CASE, TOKEN, DAYS[0], "12", HITS, REASON)] * 2)
    table = table_of(answer, width)
    assert all(word in table for word in ("530622", CASE, TOKEN[:8], DAYS[0], *HITS.split(","), "8部门", "560 元"))


def test_columns_of_a_case_stand_beside_each_other_on_a_common_terminal() -> None:
    columns = ("county", "place", "case_no", "subject", "colour", "first_seen", "days_waiting", "indicators")
    rows = [("530622", "白鹤滩街道", CASE, TOKEN, "orange", DAYS[0], "12", HITS)]
    assert "第 1 行" not in table_of(Answer(columns, ("VARCHAR",) * 8, rows), 100)


def test_a_hash_is_cut_only_if_there_is_no_room_for_it() -> None:
    answer = Answer(("case_no", "subject"), ("VARCHAR",) * 2, [(CASE, TOKEN)])
    assert TOKEN in table_of(answer, 60)
    assert f"{TOKEN[:20]}…" in table_of(answer, 44)


def test_the_cookbook_is_listed_with_every_word(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr("monitor.commands.sql.WIDE", 70)
    listed = "".join(monitor("sql", "--recipes", home=home).output.split())
    assert listed.count("空为全部）") == sum(p.zh.endswith("空为全部") for one in recipes().values() for p in one.parameters)


def test_hostile_text_neither_moves_the_terminal_nor_starts_a_formula(home: Path, tmp_path: Path) -> None:
    assert "\x1b" not in monitor("sql", TITLE, home=home).output
    monitor("sql", TITLE, "--csv", tmp_path / "a.csv", home=home)
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith("\"'=cmd|")
    (found,) = json.loads(monitor("sql", TITLE, "--json", home=home).output)
    assert found["title_zh"] == HOSTILE.replace("\\u001b", "\x1b")


def test_a_file_a_pipe_and_a_recipe_are_asked_alike(home: Path, tmp_path: Path) -> None:
    (tmp_path / "q.sql").write_text("select 41 + 1 as answer", encoding="utf-8")
    assert "42" in monitor("sql", "--file", tmp_path / "q.sql", home=home).output
    assert "42" in monitor("sql", home=home, typed="select 41 + 1 as answer;\n").output
    answered = monitor("sql", "--recipe", "new_and_cleared", "--set", "kind=visit", home=home).output
    assert DAYS[0] in answered
    assert DAYS[1] in answered


def test_at_the_prompt_a_mistake_is_told_and_the_next_statement_awaited(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = iter(["selec 1;", "select 40", "  + 2 as answer;", ".recipes", ".tables", ".quit"])
    monkeypatch.setattr("builtins.input", lambda _: next(lines))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    with opened(load_settings(home)) as connection:
        ask(
            connection,
            Console(width=100),
            lambda answers: [Console(width=100).print(shown.as_table(one, 100)) for one in answers],
        )
    said = capsys.readouterr().out
    assert said.index("SQL 有误") < said.index("42") < said.index("fell_through") < said.index("case_outcome")
    assert next(lines, None) is None


def test_the_cookbook_is_listed_without_a_home(tmp_path: Path) -> None:
    listed = monitor("sql", "--recipes", home=tmp_path / "none").output
    assert all(name in listed for name in recipes())


@pytest.mark.parametrize("name", recipes())
def test_every_recipe_runs_on_a_home_of_nights(home: Path, name: str) -> None:
    assert monitor("sql", "--recipe", name, "--json", home=home).exit_code == 0


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("delete from hit", "只能查，不能改"),
        ("create table t(a int)", "只能查，不能改"),
        ("drop view latest_hit", "只能查，不能改"),
        ("select * from read_csv('/etc/passwd')", "不能用"),
        ("select * from '/etc/passwd.csv'", "不能用"),
        ("copy hit to '/tmp/hit.csv'", "不能用"),
        ("attach '/tmp/other.duckdb' as other", "不能用"),
        ("install httpfs", "不能用"),
        ("load httpfs", "不能用"),
        ("set enable_external_access = true", "不能用"),
        ("set threads = 1", "不能用"),
        ("selec 1", "SQL 有误"),
        ("select nothing from hit", "列名写错了，或列用得不对"),
        ("select nothing from hit", "describe 表名"),
        ("select * from hits_of_all", "没有这个表"),
        ("select 'a'::integer", "SQL 有误"),
    ],
)
def test_what_may_not_be_done_is_refused_in_plain_words(home: Path, sql: str, said: str) -> None:
    before = (home / "published" / "warehouse.duckdb").read_bytes()
    assert said in refused("sql", sql, home=home)
    assert (home / "published" / "warehouse.duckdb").read_bytes() == before
    assert [path.name for path in (home / "published").iterdir()] == ["warehouse.duckdb"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--recipe", "fel_through"), "fell_through"),
        (("--recipe", "left_off", "--set", "town=1"), "county"),
        (("--recipe", "left_off", "--set", "county"), "county=530622"),
        (("select 1", "--set", "x y=1"), "小写字母和下划线"),
        (("select cast(getvariable('age') as integer)", "--set", "age=abc"), "--set age"),
        (("select 1", "--recipe", "left_off"), "一次只问一样"),
        (("--file", "/nowhere.sql"), "没有这个文件"),
    ],
)
def test_a_slip_on_the_command_line_is_told_with_what_is_allowed(home: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused("sql", *arguments, home=home)


def test_a_value_that_is_set_is_never_read_as_sql(home: Path) -> None:
    done = monitor("sql", "--recipe", "left_off", "--set", "county=' or 1=1; drop table hit; --", "--json", home=home)
    assert json.loads(done.output) == []


def test_a_home_without_runs_and_one_without_the_file_say_what_to_do(home: Path, tmp_path: Path) -> None:
    assert "monitor demo" in refused("sql", "select 1", home=tmp_path)
    assert "目录不存在" in refused("warehouse", "rebuild", home=tmp_path / "new")
    shutil.copytree(home, tmp_path / "lost")
    (tmp_path / "lost" / "published" / "warehouse.duckdb").unlink()
    assert "monitor warehouse rebuild" in refused("sql", "select 1", home=tmp_path / "lost")


@pytest.mark.parametrize("harm", ["no database", "cut short", "holes", "earlier version", "without about", "later version"])
def test_a_file_of_no_use_says_why_and_what_to_do(home: Path, tmp_path: Path, harm: str) -> None:
    path = tmp_path / "published" / "warehouse.duckdb"
    path.parent.mkdir()
    shutil.copy(home / "published" / "warehouse.duckdb", path)
    if harm == "no database":
        path.write_bytes(b"monitor" * 5000)
    elif harm == "cut short":
        path.write_bytes(path.read_bytes()[:20_000])
    elif harm == "holes":
        path.write_bytes(path.read_bytes()[:12_288] + bytes(path.stat().st_size - 12_288))
    else:
        with duckdb.connect(str(path)) as connection:
            versions = {"earlier version": "0.9.0", "later version": "99.0.0"}
            change = f"update schema_change set version = '{versions[harm]}'" if harm in versions else "drop view about"
            connection.execute(change)
    remedy = "升级" if harm == "later version" else "monitor warehouse rebuild"
    assert remedy in refused("sql", "from hit", home=tmp_path)


def test_one_command_makes_a_damaged_file_anew(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path / "home")
    (tmp_path / "home" / "published" / "warehouse.duckdb").write_bytes(b"monitor" * 5000)
    assert monitor("warehouse", "rebuild", home=tmp_path / "home").exit_code == 0
    assert json.loads(monitor("sql", "select count(*) as n from hit", "--json", home=tmp_path / "home").output) == [{"n": 5}]


def test_the_export_holds_every_table_as_it_is(home: Path, tmp_path: Path) -> None:
    done = monitor("warehouse", "export", tmp_path / "out", home=home)
    assert done.exit_code == 0, done.output
    written = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.parquet")}
    assert {f"{name}.parquet" for name in outputs("analyst")} <= written
    assert "first_said/hit.parquet" in written
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert duckdb.sql(f"select count(*) from '{tmp_path}/out/hit.parquet'").fetchall() == [(5,)]
    assert "不是空的" in refused("warehouse", "export", tmp_path / "out", home=home)
    again = tmp_path / "again"
    monitor("warehouse", "export", again, home=home)
    same = [
        path.read_bytes() == (again / path.relative_to(tmp_path / "out")).read_bytes()
        for path in (tmp_path / "out").rglob("*.parquet")
    ]
    assert all(same), "the same file gives the same bytes"
