"""Thirty nights in a row in one home: do time and disk of a night stay flat?

    python benchmarks/month.py --persons 1000000 --region 5307

The deliveries are those of `monitor synth --nights 30`: daily extracts every night, the others when they are due; the inbox
keeps all of them. A million people live in a prefecture, not in every township of a province. The last night is compared
with the fifth, when the first ones have warmed everything up. What was measured is kept in benchmarks/results.jsonl;
`night.py table` puts it into docs/performance.md.
"""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from data_of import AS_OF, DATA, PROVINCE, inbox_of
from night import night_of
from processes import MB, bytes_on_disk
from results import conditions, keep, month_table

FOLDERS = ("landing", "runs", "outbox", "published")


def main(
    persons: Annotated[int, typer.Option()] = 1_000_000,
    nights: Annotated[int, typer.Option(min=6, max=31)] = 30,
    seed: int = 7,
    dirt: str = "none",
    region: Annotated[str, typer.Option(help="a province, a prefecture or a county")] = PROVINCE,
) -> None:
    """Measure, keep and print."""
    inbox = inbox_of(persons, seed, dirt, nights, region)
    home = DATA / f"home-month-{os.getpid()}"
    line = {**conditions(), "mode": "month", "persons": persons, "dirt": dirt, "region": region, "nights": []}
    try:
        for number in range(1, nights + 1):
            line["nights"].append({"night": number, **_one(home, inbox, number)})
            print(line["nights"][-1], flush=True)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    keep(line)
    print("\n".join(month_table([line])))


def _one(home: Path, inbox: Path, number: int) -> dict[str, Any]:
    as_of = AS_OF + timedelta(days=number - 1)
    figure, manifest = night_of(home, inbox, as_of)
    disk = {name: round(bytes_on_disk(home / name) / MB, 1) for name in FOLDERS}
    return {**figure.as_row(), "files": len(manifest["inputs"]), "seconds": manifest["seconds"], "home": disk}


if __name__ == "__main__":
    typer.run(main)
