"""How long does each question of the cookbook take on the analyst file of a large home?

    python benchmarks/cookbook.py                           one million people, two nights
    python benchmarks/cookbook.py --persons 20000           small
    python benchmarks/cookbook.py --home DIR                a home that is there already

Every recipe is asked in a process of its own, as `monitor sql --recipe` asks it; told is the time of the query and of fetching
its rows: the first time, with a file that was just opened, and the median of five.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from data_of import AS_OF, DATA, inbox_of, next_inbox_of
from night import night_of
from results import conditions, cookbook_table, keep

from monitor.query import answers_to, find_recipe, opened, recipes
from monitor.settings import load_settings

TIMES = 5
app = typer.Typer(no_args_is_help=False)


@app.callback(invoke_without_command=True)
def measure(
    context: typer.Context,
    persons: Annotated[int, typer.Option()] = 1_000_000,
    home: Annotated[Path | None, typer.Option(help="a finished home; made and removed when not given")] = None,
) -> None:
    """Measure, keep and print."""
    if context.invoked_subcommand:
        return
    made = home or made_home(persons)
    try:
        with opened(load_settings(made)) as connection:
            people, nights = connection.execute("select (select count(*) from person), (select count(*) from run)").fetchall()[
                0
            ]
        line: dict[str, Any] = {**conditions(), "mode": "cookbook", "persons": people, "nights": nights}
        line["bytes"] = (made / "published" / "warehouse.duckdb").stat().st_size
        line["recipes"] = {name: asked_apart(made, name) for name in recipes()}
    finally:
        if home is None:
            shutil.rmtree(made, ignore_errors=True)
    keep(line)
    print("\n".join(cookbook_table([line])))


@app.command("one")
def one(home: Path, name: str) -> None:
    """Ask one recipe in this process; print seconds and rows as JSON."""
    seconds, rows = [], 0
    with opened(load_settings(home)) as connection:
        for _ in range(TIMES):
            started = time.perf_counter()
            (answer,) = answers_to(connection, find_recipe(name).text)
            seconds.append(round(time.perf_counter() - started, 4))
            rows = len(answer.rows)
    print(json.dumps({"first": seconds[0], "median": statistics.median(seconds), "rows": rows}))


def asked_apart(home: Path, name: str) -> dict[str, float]:
    """Ask one recipe in a process of its own."""
    command = [sys.executable, __file__, "one", str(home), name]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def made_home(persons: int) -> Path:
    """A home of two nights."""
    home = DATA / f"home-cookbook-{os.getpid()}"
    inbox = inbox_of(persons)
    for number, deliveries in enumerate((inbox, next_inbox_of(inbox))):
        night_of(home, deliveries, AS_OF + timedelta(days=number))
    return home


if __name__ == "__main__":
    app()
