"""How long does each question of the cookbook take on the analyst file of a large home?

    python benchmarks/cookbook.py                           one million people, two nights
    python benchmarks/cookbook.py --persons 20000           small
    python benchmarks/cookbook.py --home DIR                a home that is there already

The file is opened anew for every recipe, as `monitor sql --recipe` opens it; told is the time of the query and of fetching its
rows: the first time, and the median of three; wall, and CPU seconds of all threads, which other work does not lengthen.
"""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from data_of import AS_OF, DATA, inbox_of, next_inbox_of
from night import night_of
from results import conditions, cookbook_table, keep

from monitor.query import answers_to, find_recipe, opened, recipes
from monitor.settings import load_settings

TIMES = 3


def main(
    persons: Annotated[int, typer.Option()] = 1_000_000,
    home: Annotated[Path | None, typer.Option(help="a finished home; made and removed when not given")] = None,
) -> None:
    """Measure, keep and print."""
    with asked_home(persons, home) as made:
        line: dict[str, Any] = {**conditions(), "mode": "cookbook", **size_of(made)}
        line["bytes"] = (made / "published" / "warehouse.duckdb").stat().st_size
        line["recipes"] = {name: asked_anew(made, name) for name in recipes()}
    keep(line)
    print("\n".join(cookbook_table([line])))


def asked_anew(home: Path, name: str) -> dict[str, float]:
    """Open the file, ask one recipe several times, close it."""
    seconds, spent, rows = [], [], 0
    with opened(load_settings(home)) as connection:
        for _ in range(TIMES):
            started, used = time.perf_counter(), time.process_time()
            (answer,) = answers_to(connection, find_recipe(name).text)
            seconds.append(round(time.perf_counter() - started, 4))
            spent.append(round(time.process_time() - used, 4))
            rows = len(answer.rows)
    told = {"first": seconds[0], "first_cpu": spent[0], "median": statistics.median(seconds), "cpu": statistics.median(spent)}
    return {**told, "rows": rows}


@contextmanager
def asked_home(persons: int, given: Path | None) -> Iterator[Path]:
    """The home that is given, or one of two nights that goes afterwards."""
    if given:
        yield given
        return
    home = DATA / f"home-asked-{os.getpid()}"
    inbox = inbox_of(persons)
    try:
        for number, deliveries in enumerate((inbox, next_inbox_of(inbox))):
            night_of(home, deliveries, AS_OF + timedelta(days=number))
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def size_of(home: Path) -> dict[str, int]:
    """People of the newest night, nights, and cases of all nights."""
    with opened(load_settings(home)) as connection:
        persons, nights, cases = connection.execute(
            "select (select count(*) from person), (select count(*) from run),"
            " (select count(distinct case_no) from case_history)"
        ).fetchall()[0]
    return {"persons": persons, "nights": nights, "cases": cases}


if __name__ == "__main__":
    typer.run(main)
