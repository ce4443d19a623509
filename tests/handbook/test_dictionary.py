"""Everything has its words in both languages, and every chain of lineage has an end."""

from __future__ import annotations

import re

import pytest

from monitor.contracts import codes, english, extracts, facts, outputs
from monitor.dictionary import REFERENCE, UNITS, code_lists, promised_columns
from monitor.dictionary.list_columns import LIST_COLUMNS, list_traces
from monitor.parameters.load import parameter_index

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ROWS = {name: [dict(zip((c.name for c in outputs("analyst")[name].columns), row, strict=True)) for row in rows()]
        for name, rows in REFERENCE.items()}  # fmt: skip


@pytest.mark.parametrize(
    "name", ["dictionary_table", "dictionary_column", "dictionary_code", "parameter_name", "schema_change"]
)
def test_every_row_of_the_dictionary_speaks_chinese_and_english(name: str) -> None:
    for row in ROWS[name]:
        pairs = [(row["zh"], row["en"])] + ([(row["blank_zh"], row["blank_en"])] if "blank_zh" in row else [])
        for zh, en in pairs:
            assert CHINESE.search(str(zh)), row
            assert re.search(r"[A-Za-z]", str(en)), row
            assert not CHINESE.search(str(en)), row


def test_every_fact_says_exactly_what_it_is_in_both_languages() -> None:
    for unit in UNITS:
        for fact in facts(unit).values():
            assert CHINESE.search(fact.meaning_zh), fact.name
            assert not CHINESE.search(fact.meaning), fact.name
            assert not fact.unit_zh or english().units[fact.unit_zh]


def test_the_dictionary_holds_every_table_column_code_and_parameter() -> None:
    columns = {(row["zone"], row["table_name"], row["column_name"]) for row in ROWS["dictionary_column"]}
    declared = {("extract", one.name, column.name) for one in extracts().values() for column in one.columns}
    for zone in ("restricted", "analyst"):
        declared |= {(zone, one.name, column.name) for one in outputs(zone).values() for column in promised_columns(one)}
    declared |= {("list", name, column) for name, column in list_traces()}
    assert columns == declared
    assert {(row["zone"], row["table_name"]) for row in ROWS["dictionary_table"]} >= {
        (zone, table) for zone, table, _ in columns
    }
    assert set(codes()) <= set(code_lists())
    assert {row["parameter"] for row in ROWS["parameter_name"]} == set(parameter_index())


def test_a_code_list_that_a_column_names_is_there() -> None:
    named = {row["code_list"] for row in ROWS["dictionary_column"] if row["code_list"]}
    assert named <= set(code_lists())
    assert {"answer", "case_state", "colour", "level", "listing_why"} <= named


def test_every_column_of_a_list_has_words_and_all_but_those_filled_in_by_hand_a_source() -> None:
    assert {column for _, column in list_traces()} == set(LIST_COLUMNS)
    by_hand = {
        column for (_, column), trace in list_traces().items() if not trace.taken and column not in ("颜色", "状态", "等级")
    }
    assert by_hand == {"核查结果", "核查日期", "核查人", "情况说明", "办理结果", "办理日期", "办理人"}


def test_a_step_of_lineage_begins_and_ends_at_something_declared() -> None:
    extract_columns = {f"{one.name}.{column.name}" for one in extracts().values() for column in one.columns}
    known_facts = {f"{unit}.{name}" for unit in UNITS for name in facts(unit)}
    lists = {f"{name}.{column}" for name, column in list_traces()}
    for step in ROWS["source"]:
        assert step["from_kind"] != "extract" or step["from_name"] in extract_columns
        assert step["to_name"] in (known_facts if step["to_kind"] == "fact" else lists)
    assert {"psb_resident.phone", "psb_resident.address"} <= {
        step["from_name"] for step in ROWS["source"] if step["to_kind"] == "list" and step["how"] == "taken"
    }
    assert known_facts - {step["to_name"] for step in ROWS["source"]} == set()
