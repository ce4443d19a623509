"""The columns of the lists that go to the field, and what each is taken from: extracts, cases, indicators."""

from __future__ import annotations

from functools import cache

from monitor.contracts import outputs
from monitor.dictionary.lineage import Lineage
from monitor.dictionary.sql_columns import NOTHING, Relation, Trace
from monitor.transform import layer_files

# list -> the SQL file whose Chinese columns are its columns, what it is in Chinese and in English
LISTS = {
    "visit_list": (
        "case_row",
        "走访名单、复核名单：每个乡镇一份，一行一个工单",
        "lists of visits and of reviews, one a township",
    ),
    "supervision_list": ("supervision_row", "督办名单：每个县一份，一行一件督办事项", "lists of supervision, one a county"),
}
# column of a list -> what it is, in Chinese and in English
LIST_COLUMNS = {
    "工单编号": ("工单编号，全程不变", "number of the case; never changes"),
    "优先序": ("在本乡镇的名次，1为最先", "rank in the township, 1 = first"),
    "颜色": ("红、橙、黄、蓝；抽查没有预警", "colour of the case; an audit has none"),
    "状态": ("新增、持续、升级等", "state of the case: new, continuing, escalated and others"),
    "办理期限": ("应在哪一天前办理", "day by which to visit"),
    "村（居）": ("村或社区名称", "village or community"),
    "户主": ("户主姓名；独自一人的是本人", "name of the head, or of one who stands alone"),
    "姓名": ("户主或本人姓名", "name of the head or of the person"),
    "身份证号": ("只露后四位", "ID number, the last four characters only"),
    "联系电话": ("户主或本人电话", "telephone of the head or of the person"),
    "住址": ("户主或本人住址", "address of the head or of the person"),
    "人数": ("家庭人口", "members of the household"),
    "原因": ("为什么在名单上，白话", "why it is listed, in plain Chinese"),
    "可能适用的政策": ("走访可能的去向", "what the visit may lead to"),
    "询问要点": ("上门问什么", "what to ask at the door"),
    "迟到部门": ("数据迟到、使结论沿用以前的部门", "departments whose data are late"),
    "核查结果": ("由走访人填写：从下拉中选", "filled in by the visitor: one of the drop-down"),
    "核查日期": ("由走访人填写", "filled in by the visitor: the day"),
    "核查人": ("由走访人填写", "filled in by the visitor: who"),
    "情况说明": ("由走访人或经办人填写", "filled in by hand: what was found"),
    "排序说明": ("为什么排在这里", "why it stands where it stands"),
    "核验码": ("收回时据以对应工单，不可改动", "code by which an answer is attached to its case"),
    "指标编号": ("督办依据的指标", "code of the process indicator"),
    "等级": ("紧急、高、中、低", "level of the indicator"),
    "乡镇（街道）": ("乡镇或街道名称", "township"),
    "督办事项": ("要办什么", "what is to be done"),
    "核对要点": ("要核对什么", "what to check"),
    "办理结果": ("由经办人填写", "filled in by the office: the outcome"),
    "办理日期": ("由经办人填写", "filled in by the office: the day"),
    "办理人": ("由经办人填写", "filled in by the office: who"),
}
# table of a night's cases -> the file of the run folder that keeps it
_KEPT = {"case": "cases", "case_hit": "case_hits", "listed": "listed", "supervision": "supervision"}
# words put beside codes when lists are written; those of an indicator are its own
_OF_INDICATORS = "indicator_text"
INDICATOR = "indicator"


class ListLineage(Lineage):
    """The traces of all tables between landing and the lists. Cases and the texts of indicators are where a trace ends."""

    def _traced(self, schema: str, name: str) -> Relation:
        files = {path.stem: path for path in layer_files("lists")}
        if schema == "lists" and name in files:
            return self.of_file(files[name].read_text(encoding="utf-8"))
        if schema == "lists":
            of_indicators = {column: Trace(frozenset({(INDICATOR, column)})) for column in ("route", "ask")}
            return Relation(of_indicators if name == _OF_INDICATORS else {}, others=NOTHING)
        if schema == "cases":
            kept = _KEPT[name]
            columns = {column.name: Trace(frozenset({(kept, column.name)})) for column in outputs("restricted")[kept].columns}
            return Relation(columns, others=NOTHING)
        if (schema, name) == ("core", "region"):
            return Relation({}, others=NOTHING)
        return super()._traced(schema, name)


@cache
def list_traces() -> dict[tuple[str, str], Trace]:
    """(list, Chinese column) -> its trace, in the order of the columns; a column without a source is filled in by hand."""
    lineage = ListLineage()
    traces: dict[tuple[str, str], Trace] = {}
    for name, (file, *_) in LISTS.items():
        columns = lineage.table("lists", file).columns
        traces |= {(name, column): trace for column, trace in columns.items() if not column.isascii()}
    return traces
