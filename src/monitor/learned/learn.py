"""Count what answers say of every rule, before cases are ranked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from monitor.contracts.answers import ANSWER_TABLE
from monitor.learned.earlier import load_earlier
from monitor.learned.interval import make_interval_macros
from monitor.learned.numbers import LearningNumbers, learning_numbers, set_numbers
from monitor.transform import run_layer

# of expectation and maximisation; a number of its own, so that the same answers always give the same weights
_ROUNDS = 20
# a plan that is tried out asks nobody
_NO_ANSWER = f"""
create schema if not exists learned;
create table if not exists {ANSWER_TABLE}
"""


def learn(
    connection: duckdb.DuckDBPyConnection,
    previous: Path | None,
    titles: Mapping[str, str],
    numbers: LearningNumbers | None = None,
) -> tuple[str, ...]:
    """Make `learned.answer`, `learned.precision` and `learned.weight` from all answers that have come back.

    Args:
        connection: the working database with cases.answer, `as_of` set.
        previous: the run folder before this night; None on the first.
        titles: indicator -> its title, of the rules in force: only their owners are told.
        numbers: instead of those of `schemas/learning.toml`.

    Returns:
        a notice in Chinese for the owner of every rule below the floor. No rule is ever switched off by it.
    """
    numbers = numbers or learning_numbers()
    connection.execute(_NO_ANSWER)
    make_interval_macros(connection)
    set_numbers(connection, numbers)
    load_earlier(connection, previous)
    for prefix in ("answer", "precision"):
        run_layer(connection, "learned", prefix=prefix)
    _weigh(connection)
    return _notices(connection, titles, numbers)


def _weigh(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `learned.weight`: credits and chances in turn (expectation and maximisation), then what they are over their mean."""
    connection.execute("create or replace table learned.chance(indicator varchar, chance bigint)")
    for _ in range(_ROUNDS):
        for prefix in ("credit", "chance"):
            run_layer(connection, "learned", prefix=prefix)
    run_layer(connection, "learned", prefix="weight")


def _notices(connection: duckdb.DuckDBPyConnection, titles: Mapping[str, str], numbers: LearningNumbers) -> tuple[str, ...]:
    poor = connection.execute(
        "select indicator, judged, fact, fact_low, fact_high from learned.precision "
        "where county = 'all' and indicator <> 'all' and judged >= $least and fact * 1000 < $floor * judged order by indicator",
        {"least": numbers.answers_at_least, "floor": numbers.floor_per_mille},
    ).fetchall()
    return tuple(
        f"指标 {code}“{titles[code]}”:核查{judged}件,属实{fact}件(95%置信区间{low * 100:.1f}%至{high * 100:.1f}%),"
        f"低于{numbers.floor_per_mille / 10:g}%的下限。名单上已排后,未停用;请规则负责人复核。"
        for code, judged, fact, low, high in poor
        if code in titles
    )
