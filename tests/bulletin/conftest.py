"""A prefecture of several counties over two nights: departments late, some lists answered in between."""

from __future__ import annotations

import csv
from itertools import cycle
from pathlib import Path

import pytest
from bulletin_nights import ANSWERS, NIGHTS

from monitor import steps
from monitor.answers import collect
from monitor.settings import Settings, load_settings
from monitor.synth import Plan, synthesise


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The home of an installation after its nights; tests read it."""
    inbox, home = tmp_path_factory.mktemp("inbox"), tmp_path_factory.mktemp("prefecture")
    synthesise(Plan(persons=500, seed=5, as_of=NIGHTS[0], nights=len(NIGHTS), region="5333", late=("公安",)), inbox)
    settings = load_settings(home, inbox=inbox, threads=2)
    for night in NIGHTS:
        steps.run_night(settings, night)
        if night != NIGHTS[-1]:
            collect(settings, answered_lists(settings.home / "outbox" / night.isoformat(), home / "answers"))
    return settings


def answered_lists(lists: Path, folder: Path) -> list[Path]:
    """Every second row of every list of visits, answered in turn."""
    answers, written = cycle(ANSWERS), []
    for path in sorted(p for p in lists.glob("*/*.csv") if p.stem.isdigit()):
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))[::2]
        for row in rows:
            row |= {"核查结果": next(answers), "核查日期": lists.name, "核查人": f"走访员{path.parent.name}"}
        copy = folder / f"{lists.name}_{path.name}"
        with copy.open("w", encoding="utf-8-sig", newline="") as handle:
            writer = csv.DictWriter(handle, rows[0] if rows else ["核查结果"])
            writer.writeheader()
            writer.writerows(rows)
        written.append(copy)
    return written
