"""The columns that a table of the analyst file promises."""

from __future__ import annotations

import json
from hashlib import sha256

from monitor.contracts import Fact, OutputColumn, OutputTable, english, facts, outputs
from monitor.contracts.facts import Unit

FACT_TABLES: dict[str, Unit] = {"fact_person": "person", "fact_household": "household"}


def promised_columns(table: OutputTable) -> tuple[OutputColumn, ...]:
    """The columns that a table promises; those of a fact table are its key and the declared facts."""
    unit = FACT_TABLES.get(table.name)
    return table.columns + tuple(_fact_column(fact) for fact in facts(unit).values()) if unit else table.columns


def dated_facts() -> list[str]:
    """The facts that are days; analysts are told their months."""
    return [fact.name for unit in FACT_TABLES.values() for fact in facts(unit).values() if fact.type == "date"]


def _fact_column(fact: Fact) -> OutputColumn:
    needs = f"; needs {', '.join(fact.needs)}" if fact.needs else ""
    is_day = fact.type == "date"
    month_zh, month = ("；只到月份，日一律为1日", "; the month only, its day is always the 1st") if is_day else ("", "")
    return OutputColumn(
        name=fact.name,
        type=fact.sql_type,
        codes=fact.codes or "",
        zh=f"{fact.zh}{f'（{fact.unit_zh}）' if fact.unit_zh else ''}：{fact.meaning_zh}{month_zh}",
        en=f"{' '.join(fact.meaning.split())}{f' ({english().units[fact.unit_zh]})' if fact.unit_zh else ''}{month}{needs}",
    )


def public_shape() -> str:
    """The sha256 of the tables, columns and types that the analyst file promises; words may change without it."""
    tables = [
        [table.name, table.made, [[column.name, column.type] for column in promised_columns(table)]]
        for table in outputs("analyst").values()
    ]
    return sha256(json.dumps(tables).encode()).hexdigest()
