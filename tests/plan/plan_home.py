"""Reads what runs left, and runs a night again in a copy of a home, for the tests of plan and backtest."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from monitor import steps
from monitor.indicators import own_indicators
from monitor.plan import Effect, Movement
from monitor.settings import Settings, load_settings
from monitor.vocabulary import DOMAINS

NIGHTS = (date(2026, 11, 19), date(2026, 11, 20))
LAST = NIGHTS[-1]


@dataclass(frozen=True)
class County:
    """A home with two nights."""

    settings: Settings
    inbox: Path

    @property
    def runs(self) -> Path:
        return self.settings.home / "runs"

    def again(self, home: Path, rows: dict[str, str], rule: Path | None = None) -> Path:
        """Copy the home, add parameter rows (file -> its row) or a rule, run the last night again; return its run folder."""
        shutil.copytree(self.settings.home, home)
        if rule:
            adopt(home, rule)
        for name, row in rows.items():
            path = home / "parameters" / f"{name}.csv"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"region_code,area_kind,valid_from,value,document\n{row}\n", encoding="utf-8")
        steps.run_night(load_settings(home, inbox=self.inbox, threads=2), LAST, again=True)
        return home / "runs" / LAST.isoformat()


def adopt(home: Path, rule: Path) -> None:
    """Put an indicator file among the installation's own."""
    path = own_indicators(home) / DOMAINS[rule.name[:3]][0] / rule.name
    path.parent.mkdir(parents=True)
    shutil.copyfile(rule, path)


def rows(select: str) -> list[tuple[Any, ...]]:
    return duckdb.sql(select).fetchall()


def open_cases(run: Path) -> dict[tuple[str, str], tuple[str, int, bool, str]]:
    """(kind, subject) -> colour, points, is it listed, county; without audits; read without the code that is tested."""
    found = rows(
        f"select kind, subject, colour, points, listed.case_no is not null, county from '{run}/cases.parquet' as c "
        f"left join '{run}/listed.parquet' as listed using (case_no) "
        "where state not in ('cleared', 'closed') and kind <> 'audit'"
    )
    assert len(found) == len({row[:2] for row in found})
    return {row[:2]: row[2:] for row in found}


def hits_by_indicator(run: Path) -> dict[str, int]:
    return dict(rows(f"select indicator, count(*) from '{run}/hits.parquet' group by all"))


def expected(before: Path, after: Path) -> tuple[set[Movement], Counter[tuple[str, str, str]], dict[str, tuple[int, int]]]:
    """Movements, colours and points of two runs of the same night."""
    was, now = open_cases(before), open_cases(after)
    both: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
    colours: Counter[tuple[str, str, str]] = Counter()
    for key in was.keys() | now.keys():
        one, other = was.get(key), now.get(key)
        place = (key[0], (other or one)[3])
        both.setdefault(place, []).append((bool(one and one[2]), bool(other and other[2])))
        colours[key[0], one[0] if one else "", other[0] if other else ""] += 1
    movements = {
        Movement(
            *place,
            before=sum(a for a, _ in moves),
            after=sum(b for _, b in moves),
            joined=sum(b and not a for a, b in moves),
            left=sum(a and not b for a, b in moves),
            both=sum(a and b for a, b in moves),
        )
        for place, moves in both.items()
    }
    points = {
        kind: tuple(sum(case[1] for key, case in cases.items() if key[0] == kind) for cases in (was, now))
        for kind in {place[0] for place in both}
    }
    return movements, colours, points


def check_same(effect: Effect, before: Path, after: Path) -> None:
    """A plan's counts are those of the run after it."""
    movements, colours, points = expected(before, after)
    assert set(effect.movements) == movements
    assert effect.colours == dict(colours)
    assert effect.points == points
    was, now = hits_by_indicator(before), hits_by_indicator(after)
    assert effect.hits == {code: (was.get(code, 0), now.get(code, 0)) for code in effect.hits}
    assert {code for code in was.keys() | now.keys() if was.get(code) != now.get(code)} <= effect.hits.keys()
