"""What asking the catalogue costs within a night, and what one more indicator costs.

    python benchmarks/rules.py --persons 1000000

Builds one night up to its facts, then evaluates the whole catalogue and a half of it in processes of their own, in turn.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from data_of import AS_OF, DATA, inbox_of

_EVALUATE = """
import resource, sys
from datetime import date
from dataclasses import replace
from pathlib import Path
from monitor.indicators import evaluate, load_catalogue, write_hits
from monitor.run import Night
from monitor.settings import load_settings
night = Night(load_settings(Path(sys.argv[1])), date.fromisoformat(sys.argv[2]))
catalogue = load_catalogue()
kept = dict(list(catalogue.indicators.items())[:: int(sys.argv[3])])
with night.connect() as connection:
    before = resource.getrusage(resource.RUSAGE_SELF)
    evaluate(connection, replace(catalogue, indicators=kept))
    write_hits(connection, night.work)
    after = resource.getrusage(resource.RUSAGE_SELF)
print(len(kept), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
"""


def cpu_of(home: Path, every: int) -> tuple[int, float]:
    """Indicators asked, and CPU seconds of asking them with evidence."""
    command = [sys.executable, "-c", _EVALUATE, str(home), AS_OF.isoformat(), str(every)]
    asked, seconds = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return int(asked), float(seconds)


def main(persons: Annotated[int, typer.Option()] = 1_000_000, runs: int = 3, seed: int = 7, dirt: str = "none") -> None:
    """Measure and print."""
    from monitor import steps
    from monitor.settings import load_settings

    home = DATA / f"rules-{persons}"
    shutil.rmtree(home, ignore_errors=True)
    settings = load_settings(home, inbox=inbox_of(persons, seed, dirt))
    steps.begin(settings, AS_OF)
    for verb in (steps.land, steps.gate, steps.build):
        verb(settings, AS_OF)
    whole, half = [], []
    for _ in range(runs):
        whole.append(cpu_of(home, 1))
        half.append(cpu_of(home, 2))
    (all_rules, some_rules) = (whole[0][0], half[0][0])
    all_cpu, some_cpu = (statistics.median(seconds for _, seconds in one) for one in (whole, half))
    one_more = (all_cpu - some_cpu) / (all_rules - some_rules) / (persons / 1e6)
    print(f"{all_rules} indicators over {persons:,} people: {all_cpu:.1f} CPU s; {some_rules}: {some_cpu:.1f} CPU s")
    print(f"one more indicator: {one_more:.3f} CPU s per million people")


if __name__ == "__main__":
    typer.run(main)
