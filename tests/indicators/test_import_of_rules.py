"""Rows that a clerk fills in become rules that work; the workbook that goes out can be filled in and come back."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from officers_sheet import HEADERS, TEN, rule, write_sheet

from monitor.contracts import facts
from monitor.errors import CatalogueInvalid, UsageError
from monitor.indicators import Catalogue, check_file, evaluate, load_catalogue
from monitor.indicators.in_force import EXAMPLES
from monitor.indicators.indicator import Indicator
from monitor.indicators.load import CATALOGUE
from monitor.indicators.toml_text import indicator_text
from monitor.indicators.workbook import import_workbook, write_workbook
from monitor.parameters.load import parameter_index
from monitor.vocabulary import Outcome


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Indicator, Path]]:
    folder = tmp_path_factory.mktemp("clerk")
    sheet = write_sheet(folder / "十条.xlsx", TEN)
    imported = import_workbook(sheet, load_catalogue(), folder / "out")
    return {one.indicator.code: (one.indicator, one.path) for one in imported}


def test_ten_rows_of_a_clerk_become_ten_working_rules(ten: dict[str, tuple[Indicator, Path]]) -> None:
    assert len(ten) == 10
    for _, path in ten.values():
        assert check_file(path) == []
    together = load_catalogue(own=next(iter(ten.values()))[1].parents[1])
    assert together.own == tuple(sorted(ten))
    assert together.replaced == ()


def test_an_imported_rule_asks_in_the_night(ten: dict[str, tuple[Indicator, Path]], night: Any) -> None:
    night.person(1, age_years=95, has_any_pension=False)
    night.person(2, age_years=95, has_any_pension=True)
    together = load_catalogue(own=ten["IDH-901"][1].parents[1])
    evaluate(night.connection, Catalogue({code: together.indicators[code] for code in ("IDH-901", "INC-901")}, ""))
    hits = night.connection.execute("select indicator, subject, reason_zh from hits.hit order by all").fetchall()
    assert [(indicator, subject) for indicator, subject, _ in hits] == [("IDH-901", 1), ("IDH-901", 2), ("INC-901", 1)]
    assert hits[0][2].startswith("95 岁高龄老人")


def test_conditions_are_written_as_the_rows_say(ten: dict[str, tuple[Indicator, Path]]) -> None:
    rules = {code: (indicator.when, indicator.unless) for code, (indicator, _) in ten.items()}
    assert rules["INC-901"] == ("age_years >= param.pension_age and not has_any_pension", None)
    assert rules["IDH-902"] == ("minor_count >= 4", "on_dibao or on_tekun")
    assert rules["AST-901"] == ("refused_for = 'vehicle' and refused_months <= 24", None)
    assert rules["INC-902"] == ("age_years >= 18 and age_years < 60 and not is_employed", None)
    assert " or " in rules["EHD-901"][0]


def test_names_in_braces_become_placeholders(ten: dict[str, tuple[Indicator, Path]]) -> None:
    said = ten["EXP-901"][0].say
    assert said == "近12个月自付 {self_paid_12m_yuan} 元，超过 {param.self_paid_resident_yuan} 元"
    assert "{crop_loss_share:percent}" in ten["EHD-901"][0].say


def test_every_outcome_and_every_threshold_has_an_example(ten: dict[str, tuple[Indicator, Path]]) -> None:
    for indicator, _ in ten.values():
        expected = {example.expect for example in indicator.examples}
        assert expected >= {Outcome.HIT, Outcome.CLEAR, Outcome.UNKNOWN}
        assert (Outcome.EXEMPT in expected) == bool(indicator.unless)
    on_it = [e.expect for e in ten["EXP-901"][0].examples if e.given.get("self_paid_12m_yuan") == 15000]
    assert on_it == [Outcome.CLEAR]
    at_ninety = [e.expect for e in ten["IDH-901"][0].examples if e.given.get("age_years") == 90]
    assert Outcome.HIT in at_ninety


def test_the_clerks_own_values_stand_in_the_examples(ten: dict[str, tuple[Indicator, Path]]) -> None:
    given = [example.given.get("minor_count") for example in ten["IDH-902"][0].examples]
    assert {5, 1} <= set(given)


def test_what_is_written_reads_back_as_the_same_rule(ten: dict[str, tuple[Indicator, Path]]) -> None:
    for indicator, path in ten.values():
        assert path.read_text(encoding="utf-8") == indicator_text(indicator)
        assert tomllib.loads(path.read_text(encoding="utf-8"))["title"] == indicator.title


@pytest.mark.parametrize("path", sorted(CATALOGUE.rglob("*.toml"))[::12], ids=lambda path: path.stem)
def test_the_text_of_a_shipped_indicator_reads_back_as_the_same(path: Path, shipped: Catalogue, tmp_path: Path) -> None:
    indicator = shipped.indicators[path.stem[:7]]
    copy = tmp_path / path.parent.name / path.name
    copy.parent.mkdir()
    copy.write_text(indicator_text(indicator), encoding="utf-8")
    assert load_catalogue(tmp_path).indicators[indicator.code] == indicator


def test_a_name_may_hold_anything_and_stays_text(shipped: Catalogue, tmp_path: Path) -> None:
    title = '引号"、反斜杠\\、[[examples]]'
    row = rule("IDH-901", title, 事实="年龄", 比较="大于", 数值="90")
    import_workbook(write_sheet(tmp_path / "a.xlsx", [row]), shipped, tmp_path / "out")
    assert load_catalogue(tmp_path / "out").indicators["IDH-901"].title == title


def test_numbers_and_dates_typed_as_such_are_read_as_text(shipped: Catalogue, tmp_path: Path) -> None:
    row = rule("IDH-901", "高龄", 事实="年龄", 比较="大于", 数值="90")
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet, day = book.add_worksheet("新指标"), book.add_format({"num_format": "yyyy-mm-dd"})
        for column, header in enumerate(HEADERS, start=2):  # two empty columns and three empty rows before it
            sheet.write(3, column, header)
            sheet.write(4, column, 90 if header == "数值" else row.get(header, ""))
        sheet.write_datetime(4, 2 + HEADERS.index("启用日期"), datetime.datetime(2026, 5, 1), day)
    [one] = import_workbook(tmp_path / "a.xlsx", shipped, tmp_path / "out")
    assert (one.indicator.when, str(one.indicator.since)) == ("age_years > 90", "2026-05-01")


def test_nothing_is_written_unless_every_row_is_right(shipped: Catalogue, tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path / "a.xlsx", [*TEN, rule("IDH-903", "错的", 事实="年令", 比较="大于", 数值="90")])
    with pytest.raises(CatalogueInvalid) as raised:
        import_workbook(sheet, shipped, tmp_path / "out")
    assert raised.value.exit_code == 11
    assert [fault.where for fault in raised.value.faults] == [f"新指标!L{len(TEN) + 2}"]
    assert not (tmp_path / "out").exists()


def test_a_code_in_use_is_replaced_only_when_asked(shipped: Catalogue, tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path / "a.xlsx", [rule("IDH-011", "独居老人新口径", 事实="年龄", 比较="大于", 数值="90")])
    with pytest.raises(CatalogueInvalid, match="已经是“独居高龄老人”"):
        import_workbook(sheet, shipped, tmp_path / "out")
    import_workbook(sheet, shipped, tmp_path / "out", replace=True)
    together = load_catalogue(own=tmp_path / "out")
    assert together.replaced == ("IDH-011",)
    assert together.indicators["IDH-011"].title == "独居老人新口径"
    assert len(together.indicators) == len(shipped.indicators)


def test_a_file_of_the_same_code_is_not_overwritten(shipped: Catalogue, tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path / "a.xlsx", TEN[:1])
    import_workbook(sheet, shipped, tmp_path / "out")
    with pytest.raises(CatalogueInvalid, match="这个编号的文件已经有了"):
        import_workbook(sheet, shipped, tmp_path / "out")


def test_a_workbook_that_is_not_there_is_told(shipped: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="文件不存在"):
        import_workbook(tmp_path / "none.xlsx", shipped, tmp_path / "out")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "catalogue.xlsx"
    write_workbook(path, load_catalogue(), EXAMPLES)
    return path


def test_the_workbook_shows_every_indicator_fact_and_parameter(exported: Path, shipped: Catalogue) -> None:
    indicators = pl.read_excel(exported, sheet_name="全部指标", infer_schema_length=0)
    assert indicators["编号"].to_list() == list(shipped.indicators)
    assert indicators.filter(pl.col("编号") == "EXP-004")["条件"].item() == "近12个月个人自付医疗超过〔普通居民自付预警线〕"
    names = pl.read_excel(exported, sheet_name="事实", infer_schema_length=0)["代码名"].to_list()
    assert names == [*facts("person"), *facts("household")]
    parameters = pl.read_excel(exported, sheet_name="参数", infer_schema_length=0)
    assert set(parameters["代码名"]) == set(parameter_index())


def test_the_empty_sheet_has_drop_downs_and_no_cell_is_a_formula(exported: Path) -> None:
    book = openpyxl.load_workbook(exported)
    lists = {str(rule.sqref): rule.formula1 for rule in book["新指标"].data_validations.dataValidation if rule.type == "list"}
    assert len(lists) == 8
    assert all("下拉!" in source for source in lists.values())
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_a_choice_from_the_drop_downs_is_understood(exported: Path, shipped: Catalogue, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(exported)
    fact = next(cell.value for cell in next(book["下拉"].iter_cols(min_col=12, max_col=12)) if "个人自付医疗（" in cell.value)
    row = rule(
        "EXP-950",
        "自付",
        事实=fact,
        比较="大于",
        参数="普通居民自付预警线（元/年）",
        名单上的话="自付 {近12个月个人自付医疗} 元",
    )
    for column, header in enumerate(HEADERS, start=1):
        if header in row:
            book["新指标"].cell(2, column, row[header])
    book.save(tmp_path / "filled.xlsx")
    [one] = import_workbook(tmp_path / "filled.xlsx", shipped, tmp_path / "out")
    assert one.indicator.when == "self_paid_12m_yuan > param.self_paid_resident_yuan"


def test_the_same_catalogue_gives_the_same_workbook(exported: Path, tmp_path: Path) -> None:
    write_workbook(tmp_path / "again.xlsx", load_catalogue(), EXAMPLES)
    assert (tmp_path / "again.xlsx").read_bytes() == exported.read_bytes()
