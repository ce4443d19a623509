"""The reference tables of the analyst file: what stands in every table, in which unit and code, and from where it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from monitor.contracts import OutputTable, english, extracts, facts, outputs, schema_versions
from monitor.dictionary.code_lists import code_lists
from monitor.dictionary.empty_cells import blank_of_column, blank_of_fact
from monitor.dictionary.lineage import UNITS
from monitor.dictionary.list_columns import INDICATOR, LIST_COLUMNS, LISTS, list_traces
from monitor.dictionary.promised import FACT_TABLES, promised_columns
from monitor.dictionary.sourced_facts import sources_of
from monitor.parameters.load import parameter_index

Row = tuple[str | int | bool | None, ...]


def _tables() -> Iterator[Row]:
    """One row per table: zone, name, kind, Chinese, English."""
    for one in extracts().values():
        yield ("extract", one.name, "table", f"{one.department}：{one.title}", f"{_department(one.name)}: {_title(one.name)}")
    for zone in ("restricted", "analyst"):
        for table in outputs(zone).values():
            yield (zone, table.name, "view" if table.made == "view" else "table", table.zh, table.en)
    for name, (_, zh, en) in LISTS.items():
        yield ("list", name, "list", zh, en)


def _columns() -> Iterator[Row]:
    """One row per column, in order: zone, table, position, name, type, units, code list, key, meanings, blanks."""
    for one in extracts().values():
        for number, column in enumerate(one.columns, 1):
            codes, key = column.code_list or "", column.name in one.key
            head = ("extract", one.name, number, column.name, column.type, *_unit(column.type), codes, key)
            yield (*head, column.header, english().header(one.name, column.name), *blank_of_column(one.name, column))
    for zone in ("restricted", "analyst"):
        for table in outputs(zone).values():
            yield from _promised(zone, table)
    for name in LISTS:
        for number, header in enumerate((header for table, header in list_traces() if table == name), 1):
            zh, en = LIST_COLUMNS[header]
            head = ("list", name, number, header, "varchar", "", "", "", False)
            yield (*head, zh, en, "没有，或待填", "none, or to be filled in")


def _promised(zone: str, table: OutputTable) -> Iterator[Row]:
    declared = facts(FACT_TABLES[table.name]) if table.name in FACT_TABLES else {}
    for number, column in enumerate(promised_columns(table), 1):
        fact, key = declared.get(column.name), column.name in table.key
        unit = (fact.unit_zh, english().units[fact.unit_zh]) if fact and fact.unit_zh else _unit(column.type)
        blank = blank_of_fact(fact) if fact else ("从不为空", "never empty") if key else ("没有，或见说明", "none, or as told")
        head = (zone, table.name, number, column.name, column.type, *unit, column.codes, key)
        yield (*head, column.zh, column.en, *blank)


def _unit(type_: str) -> tuple[str, str]:
    return {"money": ("元", "yuan"), "date": ("日", "day"), "month": ("月", "month")}.get(type_, ("", ""))


def _codes() -> Iterator[Row]:
    """One row per code: list, code, Chinese, English."""
    for name, labels in code_lists().items():
        yield from ((name, code, zh, en) for code, (zh, en) in labels.items())


def _extracts() -> Iterator[Row]:
    """One row per extract: who sends it, what it is, how often, when it is late, and how its deliveries follow each other."""
    for one in extracts().values():
        names = (one.department, _department(one.name), one.title, _title(one.name))
        yield (one.name, *names, one.cadence, one.late_after, one.mode)


def _parameters() -> Iterator[Row]:
    """One row per parameter: what it is, its unit, the level that sets it."""
    for name, one in parameter_index().items():
        yield (name, one.zh, one.en, one.unit_zh, one.unit, one.scope)


def _versions() -> Iterator[Row]:
    """One row per version of the public schema, oldest first."""
    yield from ((number, one.version, one.zh, one.en) for number, one in enumerate(schema_versions(), 1))


def _sources() -> Iterator[Row]:
    """One row per step from an extract to a fact, and from a case to a list: from what, to what, how, is it exact."""
    for unit in UNITS:
        for fact in facts(unit).values():
            found = sources_of(fact)
            for how, columns in (("taken", found.taken), ("chosen_by", found.chosen_by), ("aside", found.aside)):
                yield from (("extract", ".".join(one), "fact", f"{unit}.{fact.name}", how, found.is_exact) for one in columns)
    for (name, column), trace in list_traces().items():
        for how, named in (("taken", trace.taken), ("chosen_by", trace.chosen_by - trace.taken)):
            for table, source in sorted(named):
                yield (_kind(table), f"{table}.{source}", "list", f"{name}.{column}", how, trace.is_exact)


def _kind(table: str) -> str:
    return "extract" if table in extracts() else "rule_text" if table == INDICATOR else "case"


def _department(extract: str) -> str:
    return english().departments[extracts()[extract].department]


def _title(extract: str) -> str:
    return english().extracts[extract]


# table of the analyst file -> its rows, in the order of its columns
REFERENCE: dict[str, Callable[[], Iterator[Row]]] = {
    "dictionary_code": _codes,
    "dictionary_column": _columns,
    "dictionary_table": _tables,
    "extract": _extracts,
    "parameter_name": _parameters,
    "schema_change": _versions,
    "source": _sources,
}
