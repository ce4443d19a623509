"""Which extract columns a reader should see behind a fact, and which facts stand behind a column."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.contracts import Fact, extract, extracts, facts
from monitor.dictionary.lineage import UNITS, fact_traces, membership
from monitor.dictionary.sql_columns import SourceColumn


@dataclass(frozen=True)
class Sources:
    """The columns behind a fact, in the order of the contracts.

    Attributes:
        taken: from which its value is computed.
        chosen_by: which only decide which records count.
        aside: columns of either kind of extracts that the fact does not need to be fresh: whatever is in force is read.
        is_exact: False = a file on the way was read as a whole, so some of these may play no part.
    """

    taken: tuple[SourceColumn, ...]
    chosen_by: tuple[SourceColumn, ...]
    aside: tuple[SourceColumn, ...]
    is_exact: bool

    @property
    def all(self) -> tuple[SourceColumn, ...]:
        return (*self.taken, *self.chosen_by, *self.aside)


def sources_of(fact: Fact) -> Sources:
    """The columns behind a fact.

    Left out is what stands behind every fact: the citizen ID by which records are joined, and the columns that say who is
    known, alive and a member of which household (`membership`). Those are told where the value is taken from them and the fact
    needs their extract or is about nothing else. Of a needed extract of which nothing is told, the ID stands for its records.
    """
    trace = fact_traces()[fact.unit, fact.name]
    own = {column for column in trace.all if column[1] != "id_no"}
    taken = own & trace.taken
    told = (own - membership()) | {one for one in taken if one[0] in fact.needs or taken <= membership()}
    told |= {(need, "id_no") for need in fact.needs if not any(name == need for name, _ in told)} & trace.all
    needed = {column for column in told if column[0] in fact.needs}
    return Sources(
        taken=_ordered(needed & trace.taken),
        chosen_by=_ordered(needed - trace.taken),
        aside=_ordered(told - needed),
        is_exact=trace.is_exact,
    )


def facts_by_column() -> dict[SourceColumn, list[Fact]]:
    """Column -> the facts it stands behind, persons' before households', in the order of their files."""
    found: dict[SourceColumn, list[Fact]] = {}
    for unit in UNITS:
        for fact in facts(unit).values():
            for column in sources_of(fact).all:
                found.setdefault(column, []).append(fact)
    return found


def _ordered(columns: set[SourceColumn]) -> tuple[SourceColumn, ...]:
    places = {
        (name, column.name): (number, place)
        for number, name in enumerate(extracts())
        for place, column in enumerate(extract(name).columns)
    }
    return tuple(sorted(columns, key=places.__getitem__))
