"""Every kind of mistake in the sheet of new indicators is told in Chinese, with its cell, and all of them at once."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from officers_sheet import HEADERS, Row, more, rule, write_sheet

from monitor.errors import CatalogueInvalid
from monitor.indicators import Catalogue
from monitor.indicators.workbook import import_workbook

SELF_PAID = {
    "事实": "近12个月个人自付医疗",
    "比较": "大于",
    "参数": "普通居民自付预警线",
    "名单上的话": "自付 {近12个月个人自付医疗} 元",
}


def told(tmp_path: Path, catalogue: Catalogue, path: Path) -> dict[str, str]:
    """Cell -> message."""
    with pytest.raises(CatalogueInvalid) as raised:
        import_workbook(path, catalogue, tmp_path / "out")
    assert raised.value.exit_code == 11
    assert not (tmp_path / "out").exists()
    return {fault.where.removeprefix("新指标!"): str(fault) for fault in raised.value.faults}


def old(**cells: str) -> Row:
    """A right rule, age above 90, with some cells changed."""
    return rule("IDH-901", "高龄", 事实="年龄", 比较="大于", 数值="90") | cells


def test_the_rule_that_the_others_are_changed_from_is_right(shipped: Catalogue, tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "a.xlsx", [old()])
    assert len(import_workbook(path, shipped, tmp_path / "out")) == 1


ONE_CELL = [
    # the head of a rule
    ({"编号": "EXP901"}, "A2", "编号“EXP901”写法不对"),
    ({"编号": "ABC-901"}, "A2", "没有“ABC”这个领域"),
    ({"编号": "IDH-011"}, "A2", "已经是“独居高龄老人”；可以填：没有用过的编号，如 IDH-021"),
    ({"编号": ""}, "A2", "没有填编号"),
    ({"名称": ""}, "B2", "没有填“名称”"),
    ({"名称": "独居高龄老人"}, "B2", "名称和 IDH-011 一样"),
    ({"为什么问": ""}, "D2", "没有填“为什么问”"),
    ({"对象": "个体"}, "E2", "看不懂“个体”；可以填：个人、家庭；怎么办：最接近的是“个人”"),
    ({"方向": "风险提醒"}, "F2", "最接近的是“风险预警”"),
    ({"级别": "特急"}, "G2", "可以填：紧急、高、中、低"),
    ({"同类组": "self_pay"}, "H2", "最接近的是“self_paid”"),
    ({"去向": ""}, "I2", "没有填“去向”"),
    ({"启用日期": "2026年13月"}, "J2", "不是日期；可以填：写成 2026-01-01 这样"),
    ({"上门问": ""}, "T2", "没有填“上门问”"),
    ({"常见误报": ""}, "U2", "没有填“常见误报”"),
    ({"政策依据": "T99"}, "V2", "没有“T99”这个依据"),
    ({"为什么问": "长" * 301}, "D2", "有 301 个字"),
    ({"为什么问": "=1+1"}, "D2", "像公式"),
    # a condition
    ({"关系": "且"}, "K2", "第一个条件不用填关系"),
    ({"事实": ""}, "L2", "没有填事实"),
    ({"事实": "年令"}, "L2", "没有“年令”这个事实"),
    ({"事实": "家庭人口"}, "L2", "是家庭的事实；可以填：个人的事实"),
    ({"事实": "死亡日期"}, "L2", "是日期"),
    ({"比较": ""}, "M2", "没有填比较"),
    ({"比较": "大與"}, "M2", "看不懂“大與”"),
    ({"比较": "是"}, "M2", "“年龄”是数，不能用“是”"),
    ({"事实": "is_dead"}, "M2", "“已死亡”是是非，不能用“大于”"),
    ({"数值": ""}, "N2", "数值和参数都没有填"),
    ({"参数": "高龄独居年龄"}, "O2", "数值和参数都填了"),
    ({"数值": "九十"}, "N2", "“九十”不是数"),
    ({"数值": "90岁"}, "N2", "只写数字，不写单位"),
    ({"数值": "-1"}, "N2", "是负数"),
    ({"数值": "90.5"}, "N2", "不是整数"),
    ({"数值": "100000"}, "N2", "太大"),
    ({**SELF_PAID, "参数": "", "数值": "15000"}, "N2", "不能直接和 15000 比"),
    ({"数值": "", "参数": "高龄独居年岁"}, "O2", "最接近的是“高龄独居年龄”"),
    ({**SELF_PAID, "数值": "", "参数": "羁押时长"}, "O2", "单位不同不能比较"),
    ({**SELF_PAID, "数值": "", "参数": "低保标准(月)"}, "O2", "差十二倍"),
    ({"事实": "is_dead", "比较": "是", "数值": "1"}, "N2", "“是”后面不用再填"),
    ({"事实": "refused_for", "比较": "等于", "数值": "名下汽车"}, "N2", "最接近的是“名下车辆”"),
    ({"事实": "refused_for", "比较": "大于", "数值": "名下车辆"}, "M2", "是名目，不能用“大于”"),
    ({"事实": "refused_for", "比较": "等于", "数值": "", "参数": "羁押时长"}, "O2", "是名目，不能和参数比"),
    ({"比较": "小于", "数值": "0"}, "M2", "互相矛盾，什么值都不预警"),
    ({"比较": "大于等于", "数值": "0"}, "M2", "什么值都满足"),
    # examples
    ({"预警例值": "很老"}, "P2", "不是数"),
    ({"预警例值": "91.5"}, "P2", "小数位太多；可以填：整数"),
    ({"预警例值": "90"}, "P2", "例子的值按这个条件不预警"),
    ({"不预警例值": "95"}, "Q2", "例子的值按这个条件会预警"),
    ({"事实": "is_dead", "比较": "是", "数值": "", "预警例值": "1", "名单上的话": "已死亡"}, "P2", "不是是非"),
    # what exempts
    ({"已有保障": "已在低收入名单"}, "R2", "没有“已在低收入名单”这个事实"),
    ({"已有保障": "家庭人口"}, "R2", "是家庭的事实"),
    ({"已有保障": "年龄"}, "R2", "不是是非类的事实"),
    ({"已有保障": "on_dibao、正在享受低保"}, "R2", "写了两遍"),
    ({"事实": "on_dibao", "比较": "是", "数值": "", "已有保障": "on_dibao", "名单上的话": "在保"}, "R2", "也在条件里"),
    # the sentence
    ({"名单上的话": ""}, "S2", "没有填“名单上的话”"),
    ({"名单上的话": "{年令} 岁"}, "S2", "没有“年令”这个事实或参数"),
    ({"名单上的话": "{年龄} 岁，有 {current_benefit_count} 项"}, "S2", "不在这个指标的条件里"),
    ({"名单上的话": "{年龄 岁"}, "S2", "花括号没有成对"),
    ({"名单上的话": "年纪很大"}, "S2", "没有写出作判断的数"),
    ({"名单上的话": "{年龄}" + "岁" * 60}, "S2", "填上数后有"),
    ({"事实": "is_dead", "比较": "是", "数值": "", "名单上的话": "{已死亡}"}, "S2", "填不出数"),
]


@pytest.mark.parametrize(
    ("changes", "cell", "message"), ONE_CELL, ids=[f"{n}-{cell}" for n, (_, cell, _) in enumerate(ONE_CELL)]
)
def test_a_wrong_cell_is_named_with_what_may_stand_there(
    shipped: Catalogue, tmp_path: Path, changes: Row, cell: str, message: str
) -> None:
    found = told(tmp_path, shipped, write_sheet(tmp_path / "a.xlsx", [old(**changes)]))
    assert list(found) == [cell]
    assert message in found[cell]


MORE_ROWS = [
    ([old(), more("", 事实="is_dead", 比较="否")], "K3", "没有填和上一个条件的关系"),
    ([old(), more("和", 事实="is_dead", 比较="否")], "K3", "看不懂“和”；可以填：且、或"),
    ([old(), more("且", 事实="is_dead", 比较="否"), more("或", 事实="on_dibao", 比较="是")], "K4", "“且”“或”混用"),
    ([old(), more("且", 事实="is_dead", 比较="否", 名称="另一个")], "B3", "后续条件行不填“名称”"),
    ([old(), more("且", 事实="年龄", 比较="大于", 数值="90")], "L3", "这个条件上面已经有了"),
    ([old(), more("且", 事实="年龄", 比较="小于", 数值="60")], "M3", "互相矛盾"),
    ([old(), more("或", 事实="年龄", 比较="小于等于", 数值="90")], "M3", "什么值都满足"),
    ([old(), old(编号="IDH-902", 名称="高龄二")], "L3", "条件和 IDH-901“高龄”完全一样"),
    ([old(), old(编号="IDH-902", 数值="95")], "B3", "名称和 IDH-901 一样"),
    ([old(), old(编号="IDH-902", 名称="二", 数值="95"), old(名称="三", 数值="80")], "A4", "编号 IDH-901 在第 2 行已经用了"),
    ([old(编号="IDH-902", 事实="is_homeless", 比较="是", 数值="", 名单上的话="流浪", 名称="露宿"),
      old(编号="IDH-903", 名称="被拒", 事实="refused_for", 比较="等于", 数值="没有这样的")], "N3", "没有“没有这样的”这个名目"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "cell", "message"), MORE_ROWS, ids=[f"{n}-{cell}" for n, (_, cell, _) in enumerate(MORE_ROWS)]
)
def test_rows_that_do_not_fit_together_are_told(
    shipped: Catalogue, tmp_path: Path, rows: list[Row], cell: str, message: str
) -> None:
    found = told(tmp_path, shipped, write_sheet(tmp_path / "a.xlsx", rows))
    assert cell in found
    assert message in found[cell]


def test_the_same_rule_as_a_shipped_one_is_told(shipped: Catalogue, tmp_path: Path) -> None:
    row = old(**SELF_PAID, 数值="", 编号="EXP-901") | {"已有保障": "已在低收入人口名单中"}
    found = told(tmp_path, shipped, write_sheet(tmp_path / "a.xlsx", [row]))
    assert "条件和 EXP-004“普通居民自付医疗过高”完全一样" in found["L2"]


def test_all_mistakes_are_told_at_once_and_in_reading_order(shipped: Catalogue, tmp_path: Path) -> None:
    first = old(级别="特急", 事实="年令", 政策依据="T99")
    second = old(编号="IDH-902", 名称="", 比较="大与", 名单上的话="")
    found = told(tmp_path, shipped, write_sheet(tmp_path / "a.xlsx", [first, second]))
    assert list(found) == ["G2", "L2", "V2", "B3", "M3", "S3"]


HEADS = [
    ([*HEADERS[:-1]], "1", "缺“政策依据”这一列"),
    ([*HEADERS, "备注"], "W1", "没有“备注”这一列"),
    ([*HEADERS, "名称"], "W1", "“名称”这一列有 2 个"),
    (["代码", *HEADERS[1:]], "1", "找不到表头"),
]


@pytest.mark.parametrize(("headers", "cell", "message"), HEADS, ids=["missing", "unknown", "doubled", "none"])
def test_a_wrong_head_is_told(shipped: Catalogue, tmp_path: Path, headers: list[str], cell: str, message: str) -> None:
    found = told(tmp_path, shipped, write_sheet(tmp_path / "a.xlsx", [old()], headers=headers))
    assert message in found[cell]


def test_an_empty_sheet_is_told(shipped: Catalogue, tmp_path: Path) -> None:
    assert "表里没有指标" in told(tmp_path, shipped, write_sheet(tmp_path / "a.xlsx", []))["A2"]


def test_another_sheet_is_told_with_the_nearest_name(shipped: Catalogue, tmp_path: Path) -> None:
    found = told(tmp_path, shipped, write_sheet(tmp_path / "a.xlsx", [old()], title="新指标表"))
    assert "没有“新指标”这张表；可以填：新指标表" in found["a.xlsx"]


def test_a_formula_is_told_and_not_evaluated(shipped: Catalogue, tmp_path: Path) -> None:
    found = told(tmp_path, shipped, write_sheet(tmp_path / "a.xlsx", [old(数值="=f:=45*2")]))
    assert list(found) == ["N2"]
    assert "这一格是公式" in found["N2"]


def test_a_control_character_is_told(shipped: Catalogue, tmp_path: Path) -> None:
    found = told(tmp_path, shipped, write_sheet(tmp_path / "a.xlsx", [old(为什么问="看\u202e不见")]))
    assert "看不见的控制字符" in found["D2"]


def test_a_file_that_is_no_workbook_is_told(shipped: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("编号,名称\n", encoding="utf-8")
    assert "工作簿读不出来" in told(tmp_path, shipped, path)["a.xlsx"]


def test_a_broken_workbook_is_told(shipped: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "工作簿读不出来" in told(tmp_path, shipped, path)["a.xlsx"]


def test_a_bomb_is_not_unpacked(shipped: Catalogue, tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "a.xlsx", [old()])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/huge.bin", bytes(51 * 2**20))
    assert "文件太大" in told(tmp_path, shipped, path)["a.xlsx"]
