"""What an empty cell counts as."""

from __future__ import annotations

from monitor.contracts import Column, Fact, empty_cells, english

Both = tuple[str, str]  # Chinese, English


def blank_of_column(extract: str, column: Column) -> Both:
    """What an empty cell of an extract counts as."""
    if column.required:
        return "不收这一行", "the row is not taken"
    told = empty_cells().get(extract, {}).get(column.name)
    return (told, english().empty[f"{extract}.{column.name}"]) if told else ("不详", "not known")


def blank_of_fact(fact: Fact) -> Both:
    """What a blank fact says, and what it is for somebody of whom there is no record."""
    if fact.no_record is None:
        return "不详，或没有这回事", "not known, or there is none"
    shown = ("是" if fact.no_record else "否") if isinstance(fact.no_record, bool) else f"{fact.no_record}{fact.unit_zh}"
    said = str(fact.no_record).lower()
    return f"不详（数据迟到等）；没有记录时是{shown}", f"not known (data late and the like); {said} without a record"
