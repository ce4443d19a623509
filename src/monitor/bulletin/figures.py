"""The numbers of an edition: every file of `sql/bulletin` asked once of the analyst file, for all pages together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from monitor.bulletin.edition import Edition
from monitor.errors import Fault, UsageError
from monitor.indicators import Catalogue, Indicator, catalogue_of
from monitor.learned.interval import make_interval_macros
from monitor.publish import WAREHOUSE
from monitor.run import Home
from monitor.settings import Settings
from monitor.store import connect, identifier, literal
from monitor.transform import run_layer
from monitor.vocabulary import NO_COUNTY

Row = dict[str, Any]

# what DuckDB says of a file that is missing, cut off or overwritten; any other error is ours
_DAMAGED = (
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.InvalidInputException,
    duckdb.IOException,
    duckdb.SerializationException,
)

# tables with a row for a page and something more, and in what order their rows are told
_OF_PLACES = {
    "household": "part",
    "trend": "as_of, colour",
    "case_now": "kind, domain, colour, is_muted",
    "part_case": "part, colour",
    "field": "part",
    "left_off": "why",
    "answer_count": "kind, answer",
    "precision": "judged desc, indicator",
    "blind": "unknown desc, indicator",
    "policy": "eligible desc, route",
    "process": "lines",
    "missed_need": "place",
}


@dataclass(frozen=True)
class Figures:
    """Everything that one page tells.

    Attributes:
        place: division code with 2, 4 or 6 digits.
        tables: rows about the place by table of `sql/bulletin`.
    """

    book: Book
    place: str
    tables: dict[str, list[Row]]

    @property
    def edition(self) -> Edition:
        return self.book.edition

    def name(self, code: str) -> str:
        """The name of a place; its code when it has none."""
        return "无地址" if code in ("", NO_COUNTY) else self.book.names.get(code, code)

    def total(self, table: str, column: str, **wanted: Any) -> int:
        """The sum of a column over the rows that have the wanted values."""
        return sum(row[column] for row in self.tables[table] if all(row[name] == value for name, value in wanted.items()))


@dataclass(frozen=True)
class Book:
    """The numbers of all pages of an edition.

    Attributes:
        places: place -> table -> rows.
        names: division code -> name.
        deliveries: a row per extract; the same on every page.
        refused: a row per refused delivery.
        rules: code -> indicator, of the catalogue that the night used.
        run_id, software: which run is told of.
    """

    edition: Edition
    places: dict[str, dict[str, list[Row]]]
    names: dict[str, str]
    deliveries: list[Row]
    refused: list[Row]
    rules: dict[str, Indicator]
    run_id: str
    software: str

    def of(self, place: str) -> Figures:
        """The figures of one page."""
        return Figures(self, place, self.places[place])


def read_book(home: Home, settings: Settings, edition: Edition) -> Book:
    """Ask the analyst file for everything that the pages of an edition tell.

    Args:
        home: whose analyst file is read; it must hold the edition's night.
        settings: threads, memory, and the region to which people without a place belong.
        edition: the night or month.

    Raises:
        UsageError: the analyst file is missing, damaged or lacks the night.
        CatalogueInvalid: the run kept no catalogue that can be read today.
    """
    catalogue = catalogue_of(home.find_run(edition.as_of))
    try:
        spill = home.runs / ".bulletin-spill"
        with connect(home.published / WAREHOUSE, settings, spill=spill, read_only=True, public=True) as connection:
            _prepare(connection, settings, edition, catalogue)
            run_layer(connection, "bulletin")
            return _read(connection, edition, catalogue)
    except _DAMAGED as error:
        why = type(error).__name__  # its message may quote what stands in the file
        fault = Fault(WAREHOUSE, f"读不了({why})", why="简报的数字都从分析库来", remedy="删去这个文件再试:会由历晚结果重建")
        raise UsageError("做不了简报。", [fault]) from None


def _prepare(connection: duckdb.DuckDBPyConnection, settings: Settings, edition: Edition, catalogue: Catalogue) -> None:
    """What the SQL files read beside the analyst file: the period, the rules, the macros of intervals, room for tables."""
    connection.execute("attach ':memory:' as bulletin (read_write)")
    variables = {
        "as_of": edition.as_of,
        "after": edition.after,
        "trend_from": edition.nights[0],
        "region": settings.region,
        "top": settings.region[:2],
    }
    for name, value in variables.items():
        connection.execute(f"set variable {identifier(name)} = {literal(value)}")
    make_interval_macros(connection)
    rules = catalogue.indicators.values()
    columns = {
        "indicator": [rule.code for rule in rules],
        "unit": [rule.unit for rule in rules],
        "direction": [rule.direction.value for rule in rules],
        "route": [rule.route for rule in rules],
    }
    connection.register("rule", pa.table(columns))


def _read(connection: duckdb.DuckDBPyConnection, edition: Edition, catalogue: Catalogue) -> Book:
    codes = [row["place"] for row in _rows(connection, "select distinct place from bulletin.place order by place")]
    places: dict[str, dict[str, list[Row]]] = {code: {name: [] for name in _OF_PLACES} for code in codes}
    for name, order in _OF_PLACES.items():
        grouped = defaultdict(list)
        for row in _rows(connection, f"select * from bulletin.{name} order by place, {order}"):
            grouped[row["place"]].append(row)
        for code in places:
            places[code][name] = grouped[code]
    runs = _rows(connection, "select run_id, software from warehouse.run where as_of = getvariable('as_of')")
    held = {row["as_of"] for row in _rows(connection, "select as_of from warehouse.run")}
    if lacking := [night for night in edition.nights if night not in held]:
        remedy = "删去这个文件再试:会由历晚结果重建;设了 analyst_nights 的,先调大"
        fault = Fault(WAREHOUSE, f"没有 {lacking[0]} 这一晚(共缺{len(lacking)}晚)", remedy=remedy)
        raise UsageError("做不了简报。", [fault])
    return Book(
        edition,
        places,
        {row["code"]: row["name"] for row in _rows(connection, "from bulletin.region order by code")},
        _rows(connection, "from bulletin.delivery order by extract"),
        _rows(connection, "from bulletin.refused order by delivery"),
        dict(catalogue.indicators),
        **runs[0],
    )


def _rows(connection: duckdb.DuckDBPyConnection, select: str) -> list[Row]:
    cursor = connection.execute(select)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
