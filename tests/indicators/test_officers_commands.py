"""`monitor indicators` as an officer uses it: show, check, new, export, import."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from officers_sheet import TEN, write_sheet
from typer.testing import CliRunner

from monitor.commands.indicators import rules
from monitor.errors import CatalogueInvalid, MonitorError, ParameterMissing, UsageError
from monitor.indicators.in_force import Where, values_in_force
from monitor.indicators.load import CATALOGUE, load_catalogue
from monitor.indicators.plain_rule import plain_condition, plain_exemption, plain_reason
from monitor.indicators.skeleton import next_free_code, write_skeleton
from monitor.parameters import resolve_parameters
from monitor.parameters.load import parameter_index
from monitor.settings import Settings
from monitor.store import connect

HEAVY = {"pandas", "polars", "pyarrow", "numpy", "prefect", "great_expectations", "fastexcel", "xlsxwriter"}
EXP_004 = next(CATALOGUE.rglob("EXP-004_*.toml"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one run that counted EXP-004 in two counties."""
    run = tmp_path / "home" / "runs" / "2026-11-20"
    run.mkdir(parents=True)
    (run / "manifest.json").write_text("{}", encoding="utf-8")
    connect(None, Settings(threads=1)).execute(
        "copy (from (values ('EXP-004', '530625', 3, 40, 5, 6), ('EXP-004', '530102', 1, 10, 0, 2), "
        "('EXP-005', '530625', 9, 9, 9, 9)) as t(indicator, county, hit, clear, unknown, exempt)) "
        f"to '{run / 'coverage.parquet'}' (format parquet)"
    )
    return tmp_path / "home"


def said(*arguments: object) -> str:
    """What a command prints, on one line per row."""
    result = CliRunner().invoke(rules, [str(a) for a in arguments], env={"COLUMNS": "200"}, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: object) -> MonitorError:
    result = CliRunner().invoke(rules, [str(a) for a in arguments])
    assert isinstance(result.exception, MonitorError), result.output
    return result.exception


def test_show_prints_facts_parameters_and_the_last_night(home: Path) -> None:
    page = said("show", "EXP-004", "--home", home)
    assert "近12个月个人自付医疗超过〔普通居民自付预警线〕" in page
    assert "self_paid settled within 12 months" in page
    assert "2026-11-20 生效的参数" in page
    assert "15000 元/年" in page
    assert "上一晚（2026-11-20）：能判断 54 个，其中预警 4 个；无法判断 5 个，已有保障 8 个；共问 67 个" in page


def test_show_tells_of_one_region_and_day(home: Path) -> None:
    page = said("show", "exp-004", "--home", home, "--region", "530625001", "--as-of", "2026-06-01")
    assert "530625001 农村 2026-06-01 生效的参数" in page
    assert "能判断 43 个，其中预警 3 个" in page


def test_show_without_a_run_says_so(tmp_path: Path) -> None:
    assert "还没有运行过" in said("show", "EXP-004", "--home", tmp_path)


def test_show_shows_the_installations_own_number_and_rule(home: Path) -> None:
    (home / "parameters").mkdir()
    (home / "parameters" / "self_paid_resident_yuan.csv").write_text(
        "region_code,area_kind,valid_from,value,document\n530625,any,2026-01-01,12345,县文件\n", encoding="utf-8"
    )
    assert "12345 元/年" in said("show", "EXP-004", "--home", home, "--region", "530625")
    assert "15000 元/年" in said("show", "EXP-004", "--home", home, "--region", "530102")


def test_parameters_are_listed_with_chinese_name_value_unit_and_document(home: Path) -> None:
    (home / "parameters").mkdir()
    (home / "parameters" / "self_paid_resident_yuan.csv").write_text(
        "region_code,area_kind,valid_from,value,document\n530625,urban,2026-01-01,12345,县文件\n", encoding="utf-8"
    )
    page = said("parameters", "--home", home)
    assert re.search(r"普通居民自付预警线 +15000 +元/年", page)
    assert all(name in page for name in parameter_index())
    county = said("parameters", "--home", home, "--region", "530625")
    assert re.search(r"普通居民自付预警线 +农村 15000、城镇 12345 +元/年 .*；县文件", county)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "EXP-044"), "应为 EXP-0"),
        (("show", "EXP-004", "--as-of", "11月"), "--as-of"),
        (("show", "EXP-004", "--region", "云南"), "--region"),
        (("show", "EXP-004", "--area", "town"), "rural, urban"),
        (("check", "none.toml"), "没有这个文件"),
        (("export", "catalogue.csv"), "catalogue.xlsx"),
        (("new", "EXP-004", "--title", "试", "--name", "test"), "没有用过的代码，如 EXP-022"),
        (("new", "XYZ-1", "--title", "试", "--name", "test"), "加三位数"),
        (("new", "EXP-900", "--title", "试", "--name", "租金"), "小写字母"),
    ],
)
def test_what_cannot_be_is_told(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    error = refused(*arguments, *(() if arguments[0] == "new" else ("--home", tmp_path)))
    assert isinstance(error, UsageError)
    assert told in str(error)


def test_check_runs_the_examples_of_a_file() -> None:
    assert "1个指标文件全部通过" in said("check", EXP_004)


def test_checking_a_file_waits_for_no_heavy_package() -> None:
    """A check takes less than a second because it imports nothing that it does not need."""
    program = (
        "import sys; from monitor.commands.indicators import check_rules; from pathlib import Path; "
        f"check_rules([Path({str(EXP_004)!r})]); print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_check_without_a_file_includes_the_installations_own(home: Path, tmp_path: Path) -> None:
    said("import", write_sheet(tmp_path / "a.xlsx", TEN[:1]), "--out", home / "indicators", "--home", home)
    count = len(load_catalogue().indicators) + 1
    assert f"{count}个指标文件全部通过" in said("check", "--home", home)


def test_check_names_file_field_what_was_found_and_the_nearest_name(tmp_path: Path) -> None:
    path = tmp_path / "spending" / EXP_004.name
    path.parent.mkdir()
    path.write_text(EXP_004.read_text(encoding="utf-8").replace("self_paid_12m_yuan", "self_paid_12_yuan"), encoding="utf-8")
    error = refused("check", path)
    assert isinstance(error, CatalogueInvalid)
    for part in (EXP_004.name, "when", "self_paid_12_yuan 不是这类对象的事实", "应为 self_paid_12m_yuan"):
        assert part in str(error)


def test_a_new_file_fails_its_check_until_it_is_filled(tmp_path: Path) -> None:
    told = said("new", "EXP-900", "--title", "房租负担", "--name", "rent", "--out", tmp_path)
    path = tmp_path / "spending" / "EXP-900_rent.toml"
    assert str(path) in told
    faults = refused("check", path).faults
    assert {fault.where.split(": ")[1] for fault in faults} >= {"why", "unit", "level", "say", "ask"}
    assert 'title = "房租负担"' in path.read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="已经有了"):
        write_skeleton("EXP-900", "again", "试", folder=tmp_path)


def test_new_asks_for_what_is_not_given(tmp_path: Path) -> None:
    result = CliRunner().invoke(rules, ["new", "EXP-901", "--out", str(tmp_path)], input="房租负担\nrent\n")
    assert result.exit_code == 0
    assert (tmp_path / "spending" / "EXP-901_rent.toml").is_file()


def test_a_filled_skeleton_passes(tmp_path: Path) -> None:
    path = write_skeleton("EXP-900", "rent", "自付试", title_en="Trial", folder=tmp_path)
    shipped = EXP_004.read_text(encoding="utf-8")
    path.write_text(shipped, encoding="utf-8")
    assert "全部通过" in said("check", path)
    assert next_free_code("EXP", tmp_path) == "EXP-901"


def test_a_workbook_goes_out_and_ten_rules_come_in(home: Path, tmp_path: Path) -> None:
    assert "2026-11-20 生效的值" in said("export", tmp_path / "catalogue.xlsx", "--home", home)
    told = said("import", write_sheet(tmp_path / "a.xlsx", TEN), "--out", tmp_path / "out", "--home", home)
    assert told.count("例子都通过") == 10
    assert "后下一晚起生效" in told


def test_a_rule_is_spoken_in_chinese_without_a_code_name() -> None:
    for indicator in load_catalogue().indicators.values():
        spoken = plain_condition(indicator) + plain_exemption(indicator) + plain_reason(indicator)
        assert "param." not in spoken
        assert "_" not in spoken, indicator.code


@pytest.mark.parametrize("day", [date(2024, 1, 1), date(2026, 11, 20)])
def test_a_page_shows_the_number_that_the_night_would_use(day: date) -> None:
    places = [("530625001001", "rural"), ("530102001001", "urban"), ("53", "rural"), ("110101", "urban")]
    connection = connect(None, Settings(threads=1))
    rows = ", ".join(f"({n}, '{region}', '{kind}', '{region[:6]}')" for n, (region, kind) in enumerate(places))
    connection.execute(f"create table core.place as from (values {rows}) as t(place_id, region_code, area_kind, county)")
    with suppress(ParameterMissing):  # a place of another province has no number; the table of the others is made before that
        resolve_parameters(connection, day)
    for n, (region, kind) in enumerate(places):
        told = connection.execute(f"select parameter, value, document from parameters.resolved where place_id = {n}").fetchall()
        found = values_in_force(Where(region, kind, day))
        assert {name: (value, document) for name, value, document in told} == {
            name: (value.value, value.document) for name, value in found.items()
        }
