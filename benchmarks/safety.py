"""What does safety cost? A night with a key against the same night without one.

    python benchmarks/safety.py                                  1,000,000 people, three pairs
    python benchmarks/safety.py --persons 20000 --pairs 1        tiny

Whole processes from an empty home, in turn, so that what else the machine does falls on both. Told are the medians, their
ratio, and the seconds of each step; the step gate is told because it is part of what safety costs. The lists must be the same.
"""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import Annotated, Any

import typer
from data_of import AS_OF, DATA, inbox_of
from night import Manifest, night_of
from processes import Figure, median_of, median_seconds
from results import conditions, keep, safety_table


def main(
    persons: Annotated[int, typer.Option()] = 1_000_000,
    pairs: Annotated[int, typer.Option(min=1, help="nights with and without a key, in turn")] = 3,
    seed: int = 7,
) -> None:
    """Measure, keep and print.

    Raises:
        SystemExit: the key changed a list.
    """
    inbox = inbox_of(persons, seed)
    key = DATA / f"key-{os.getpid()}"
    key.touch(mode=0o600)
    key.write_text(secrets.token_hex(32), encoding="ascii")
    done: dict[str, list[tuple[Figure, Manifest]]] = {"clear": [], "key": []}
    try:
        for _ in range(pairs):
            for name, environment in (("clear", {}), ("key", {"MONITOR_ENCRYPTION_KEY_FILE": str(key)})):
                done[name].append(one_night(inbox, environment))
    finally:
        key.unlink()
    lists = [listed(manifest) for nights in done.values() for _, manifest in nights]
    if any(other != lists[0] for other in lists):
        raise SystemExit("a key changed a list")
    line: dict[str, Any] = {**conditions(), "mode": "safety", "persons": persons, "pairs": pairs}
    for name, nights in done.items():
        figures = median_of([figure for figure, _ in nights]).as_row()
        line[name] = {**figures, "seconds": median_seconds([manifest["seconds"] for _, manifest in nights])}
    keep(line)
    print("\n".join(safety_table([line])))


def one_night(inbox: Path, environment: dict[str, str]) -> tuple[Figure, Manifest]:
    """A night from an empty home, which goes afterwards."""
    home = DATA / f"home-safety-{os.getpid()}"
    shutil.rmtree(home, ignore_errors=True)
    try:
        return night_of(home, inbox, AS_OF, **environment)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def listed(manifest: Manifest) -> dict[str, str]:
    """sha256 of every list; run folders differ, because encryption draws nonces."""
    return {name: one["sha256"] for name, one in manifest["outputs"].items() if name.startswith("outbox/")}


if __name__ == "__main__":
    typer.run(main)
