"""Which subjects an indicator hits is decided on Spark, and counted there; what is said of them is written by DuckDB.

Evidence and sentences are texts about the few subjects that fired, so they come from the one place that writes them, over a
slice of the facts. There DuckDB asks every indicator once more, and its hits must be as many as Spark counted in every county.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import duckdb
import pyarrow as pa

from monitor.contracts.facts import Unit
from monitor.errors import Fault, PromiseBroken
from monitor.facts import make_views
from monitor.indicators import Catalogue
from monitor.indicators import evaluate as evaluate_here
from monitor.indicators.evaluate import Tonight, is_asked, read_tonight
from monitor.indicators.indicator import Indicator
from monitor.spark.tables import Tables

# indicators asked in one pass: the columns of a batch are read once, and what Spark compiles of it stays small
_BATCH: Final = 24
_UNITS: Final[tuple[Unit, ...]] = ("person", "household")
_COUNTED: Final = ("asked", "hit", "clear", "exempt")


def evaluate(tables: Tables, catalogue: Catalogue) -> None:
    """Make `hits.hit` and `hits.coverage`, as `indicators.evaluate` does.

    Raises:
        PromiseBroken: the two engines do not agree on the hits of some indicator in some county.
    """
    tonight = read_tonight(tables.connection)
    asked = catalogue.in_force(tonight.as_of)
    coverage = [row for batch in _batches(asked) for row in _coverage(tables, batch, tonight)]
    for unit in _UNITS:
        tables.make(f"hits.fired_{unit}", _fired_select([i for i in asked if i.unit == unit], tonight, unit))
    _evaluate_slice(tables.connection, catalogue)
    _put_coverage(tables.connection, coverage)
    _check_agreement(tables.connection)


def _batches(asked: list[Indicator]) -> Iterator[list[Indicator]]:
    for unit in _UNITS:
        same = [indicator for indicator in asked if indicator.unit == unit]
        for start in range(0, len(same), _BATCH):
            yield same[start : start + _BATCH]


def _coverage(tables: Tables, batch: list[Indicator], tonight: Tonight) -> Iterator[dict[str, Any]]:
    """The rows of `hits.coverage` of a batch: one pass over the facts, and only counts leave Spark."""
    columns = ["f.county"]
    for number, indicator in enumerate(batch):
        rule = tonight.compiled(indicator)
        conditions = dict(zip(_COUNTED, ("true", rule.hit, rule.clear, rule.exempt), strict=True))
        columns += [
            f"count(*) filter (where {is_asked(indicator)} and {condition}) as {name}_{number}"
            for name, condition in conditions.items()
        ]
    select = f"select {', '.join(columns)} from {tonight.source(batch)} group by f.county"
    for row in tables.select(select, "hits.coverage").collect():
        for number, indicator in enumerate(batch):
            asked, hit, clear, exempt = (row[f"{name}_{number}"] for name in _COUNTED)
            counts = {"hit": hit, "clear": clear, "unknown": asked - hit - clear - exempt, "exempt": exempt}
            yield {"indicator": indicator.code, "county": row["county"], **counts}


def _fired_select(asked: list[Indicator], tonight: Tonight, unit: Unit) -> str:
    """The subjects that some indicator hits."""
    selects = [f"select cast(null as bigint) as subject from facts.{unit} as f where false"]
    for batch in _batches(asked):
        hits = " or ".join(f"({is_asked(indicator)} and {tonight.compiled(indicator).hit})" for indicator in batch)
        selects.append(f"select f.{unit} as subject from {tonight.source(batch)} where {hits}")
    return " union all ".join(selects)


def _evaluate_slice(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """Ask all indicators of those who fired: `facts.<unit>` is the slice meanwhile."""
    for unit in _UNITS:
        connection.execute(
            f"create or replace table facts.{unit}_fired as select all_of.* from facts.{unit} as all_of "
            f"semi join hits.fired_{unit} as fired on fired.subject = all_of.{unit} order by all_of.{unit}"
        )
        connection.execute(f"create or replace view facts.{unit} as select * from facts.{unit}_fired")
    evaluate_here(connection, catalogue)
    make_views(connection)
    for unit in _UNITS:
        connection.execute(f"drop table facts.{unit}_fired")


def _put_coverage(connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    counts = {name: pa.int64() for name in ("hit", "clear", "unknown", "exempt")}
    schema = pa.schema({"indicator": pa.string(), "county": pa.string(), **counts})
    connection.register("counted", pa.Table.from_pylist(rows, schema=schema))
    connection.execute("create or replace table hits.coverage as select * from counted order by indicator, county")
    connection.unregister("counted")


def _check_agreement(connection: duckdb.DuckDBPyConnection) -> None:
    differing = connection.execute(
        "with said as (select indicator, county, count(*) as hits from hits.hit group by indicator, county) "
        "select coalesce(said.indicator, counted.indicator) as name, coalesce(said.county, counted.county) as place, "
        "coalesce(said.hits, 0), coalesce(counted.hit, 0) from hits.coverage as counted "
        "full join said on said.indicator = counted.indicator and said.county = counted.county "
        "where coalesce(said.hits, 0) <> coalesce(counted.hit, 0) order by name, place limit 20"
    ).fetchall()
    if differing:
        faults = [
            Fault(f"{indicator}, {county}", f"{hits} hits here", f"{counted} on Spark")
            for indicator, county, hits, counted in differing
        ]
        raise PromiseBroken("Spark and DuckDB do not agree on who is hit.", faults)
