"""The workbook of a township, read back by another program's library."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from paper_nights import DAY, KEY, files_of, night_of, rows_of

from monitor.contracts import answers
from monitor.privacy import is_visit_code
from monitor.workbooks import PaperSummary, write, write_paper

HILL = {"village_code": "530622001002", "村（居）": "大寨村"}


def opened(folder: Path, name: str = "530622/530622001.xlsx") -> Any:
    return openpyxl.load_workbook(folder / name)


def cells(sheet: Any) -> list[dict[str, Any]]:
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_a_cover_then_a_sheet_per_village_and_every_case_in_one_row(tmp_path: Path) -> None:
    rows = rows_of({}, {"颜色": "橙"}, HILL, {"村（居）": None, "village_code": None, "kind": "audit", "颜色": "抽查"})
    summary = write_paper(night_of(rows), tmp_path, DAY)
    book = opened(tmp_path)
    assert book.sheetnames == ["封面", "莲塘社区", "大寨村", "住址不详的户"]
    told = [row for sheet in book.worksheets[1:] for row in cells(sheet)]
    assert [row["工单编号"] for row in told] == [row["工单编号"] for row in rows]
    assert summary == PaperSummary(workbooks=1, visit_sheets=1, forms=1, rows=4, pages=4)


def test_a_row_keeps_its_digits_as_text_and_carries_a_code_that_verifies(tmp_path: Path) -> None:
    write_paper(night_of(rows_of({})), tmp_path, DAY)
    (row,) = cells(opened(tmp_path)["莲塘社区"])
    assert (row["联系电话"], row["身份证号"], row["优先序"], row["人数"]) == ("013800000001", "*" * 14 + "0016", 1, 2)
    assert row["办理期限"] == "2026-11-25"
    assert is_visit_code(KEY, row["核验码"])
    assert [row[answer] for answer in ("核查结果", "核查日期", "核查人", "情况说明")] == [None] * 4
    assert {cell.number_format for cell in opened(tmp_path)["莲塘社区"]["I"]} == {"@"}


def test_visits_offer_the_visit_answers_and_reviews_the_review_answers(tmp_path: Path) -> None:
    review = {"file": "530622/reviews/530622001.csv", "kind": "review"}
    write_paper(night_of(rows_of({}, {}) + rows_of(review)), tmp_path, DAY)
    for name, kind, count in (("530622/530622001.xlsx", "visit", 2), ("530622/reviews/530622001.xlsx", "review", 1)):
        sheet = opened(tmp_path, name)["莲塘社区"]
        choice, day = sheet.data_validations.dataValidation
        assert (choice.type, choice.formula1.strip('"').split(",")) == ("list", list(answers().labels(kind)))
        assert (str(choice.sqref), str(day.sqref)) == (("P2:P3", "Q2:Q3") if count == 2 else ("P2", "Q2"))
        assert (day.type, day.operator or "between") == ("date", "between")
        assert choice.showErrorMessage
        assert day.showErrorMessage


def test_only_the_answers_can_be_changed_and_lists_can_be_filtered(tmp_path: Path) -> None:
    write_paper(night_of(rows_of({}, {})), tmp_path, DAY)
    sheet = opened(tmp_path)["莲塘社区"]
    header = [cell.value for cell in sheet[1]]
    open_to_all = {header[cell.column - 1] for row in sheet.iter_rows(min_row=2) for cell in row if not cell.protection.locked}
    assert open_to_all == {"核查结果", "核查日期", "核查人", "情况说明"}
    guard = sheet.protection
    assert (guard.sheet, guard.password, guard.sort, guard.autoFilter) == (True, None, False, False)  # False = not forbidden
    assert sheet.auto_filter.ref == "A1:U3"
    assert sheet.freeze_panes == "B2"


def test_it_prints_on_landscape_a4_with_headers_page_numbers_and_rows_high_enough(tmp_path: Path) -> None:
    write_paper(night_of(rows_of({}, {"原因": "很长的原因" * 30}, {"原因": "长" * 10_000})), tmp_path, DAY)
    sheet = opened(tmp_path)["莲塘社区"]
    setup = sheet.page_setup
    assert (setup.paperSize, setup.orientation, setup.fitToWidth or 1, setup.fitToHeight) == (9, "landscape", 1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.print_area == "'莲塘社区'!$A$1:$S$4"  # the code and the rank's reason are for the screen
    assert "&P" in sheet.oddFooter.center.text
    heights = [sheet.row_dimensions[row].height for row in (2, 3, 4)]
    assert heights[0] < 120 < heights[1] < 300 < heights[2] <= 409
    assert all(cell.alignment.wrap_text for cell in sheet[2])


def test_the_colour_is_a_fill_and_a_word(tmp_path: Path) -> None:
    write_paper(night_of(rows_of({}, {"颜色": "橙"}, {"颜色": "黄"}, {"颜色": "抽查", "kind": "audit"})), tmp_path, DAY)
    seen = [(cell.value, cell.fill.fgColor.rgb) for cell in opened(tmp_path)["莲塘社区"]["C"][1:]]
    assert [word for word, _ in seen] == ["红", "橙", "黄", "抽查"]
    assert len({fill for _, fill in seen}) == 4


def cover_of(folder: Path) -> list[tuple[object, ...]]:
    return [tuple(cell for cell in row if cell is not None) for row in opened(folder)["封面"].iter_rows(values_only=True)]


def test_the_cover_names_what_was_refused_and_what_the_list_rests_on_instead(tmp_path: Path) -> None:
    refused = [
        ("mca_family", "mca_family_20261120", date(2026, 11, 19)),
        ("nhc_death", "nhc_death_20261120_2", None),
        ("mca_care", "mca_care_20261101", date(2026, 11, 19)),  # delivered anew since then
    ]
    write_paper(night_of(rows_of({}, {"状态": "沿用(数据不全)"}), refused=refused), tmp_path, DAY)
    told = cover_of(tmp_path)
    assert ("民政", "2026-11-19", "共同生活家庭成员核定信息", "2026-11-20报送的被退回，仍用上一次的") in told
    assert ("卫健", "没有可用数据", "死亡医学证明", "2026-11-20报送的被退回，相关情况判断不了") in told
    assert not any("2026-11-01" in str(line) for line in told)
    assert not any("均按时到达" in str(line) for line in told)
    assert any("本册有 1 户状态为“沿用(数据不全)”" in str(line) for line in told)


def test_the_cover_says_that_nothing_is_missing_only_if_nothing_is(tmp_path: Path) -> None:
    write_paper(night_of(rows_of({})), tmp_path, DAY)
    assert ("各部门数据均按时到达，没有被退回的。",) in cover_of(tmp_path)


def test_the_cover_counts_by_village_colour_and_deadline_and_names_who_was_late(tmp_path: Path) -> None:
    rows = rows_of({}, {"颜色": "橙", "办理期限": date(2026, 12, 4)}, {}, HILL | {"颜色": "橙", "办理期限": date(2026, 12, 4)})
    write_paper(night_of(rows, late=[("dpf_disability", date(2026, 9, 1)), ("nhc_death", None)]), tmp_path, DAY)
    told = cover_of(tmp_path)
    assert told[0] == ("巧家县白鹤滩镇入户走访清单",)
    assert told[1] == ("数据日期 2026-11-20　　共 4 户　　红 2　橙 2",)
    for line in (("莲塘社区", 3, 2, 1), ("大寨村", 1, 0, 1), ("2026-11-25", 2, 2, 0), ("2026-12-04", 2, 0, 2)):
        assert line in told
    assert ("残联", "2026-09-01", "残疾人证信息", "迟到，相关情况沿用上次结果") in told
    assert ("卫健", "没有可用数据", "死亡医学证明", "从未报送，相关情况判断不了") in told
    assert any("下拉" in str(line) for line in told)
    assert any("answers" in str(line) for line in told)


def test_supervision_is_a_workbook_of_the_county_without_codes(tmp_path: Path) -> None:
    line = {"file": "530622/supervision.csv", "position": 1, "指标编号": "BEN-001", "等级": "高", "乡镇（街道）": "白鹤滩镇"}
    write_paper(night_of([], [line | {"姓名": "某人", "原因": "超期未办"}]), tmp_path, DAY)
    book = opened(tmp_path, "530622/supervision.xlsx")
    assert book.sheetnames == ["封面", "督办清单"]
    (row,) = cells(book["督办清单"])
    assert (row["指标编号"], row["等级"], row["原因"]) == ("BEN-001", "高", "超期未办")
    assert "核验码" not in row
    assert list(files_of(tmp_path)) == ["530622/supervision.xlsx"]


def test_several_processes_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "_ROWS_WORTH_A_PROCESS", 1)
    townships = [{"file": f"530622/53062200{number}.csv"} for number in range(1, 7)]
    made = [write_paper(night_of(rows_of(*townships)), tmp_path / str(n), DAY, processes=n) for n in (1, 2)]
    assert made[0] == made[1]
    assert made[0].workbooks == 6
    assert files_of(tmp_path / "1") == files_of(tmp_path / "2")


def test_the_same_night_gives_the_same_bytes(tmp_path: Path) -> None:
    rows = rows_of({}, HILL, {"颜色": "黄"})
    for name in ("a", "b"):
        write_paper(night_of(rows), tmp_path / name, DAY)
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b")
    assert opened(tmp_path / "a").properties.created.date() == DAY
    assert len(files_of(tmp_path / "a")) == 4
