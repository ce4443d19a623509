"""What the stories expect: hits, outcomes that cannot be told, and the cases that follow from the hits night by night."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from building.cast import HERE, NIGHTS, Household, households, people

POINTS = {"urgent": 8, "high": 5, "medium": 3, "low": 1}
COLOURS = ("blue", "yellow", "orange", "red")


@dataclass(frozen=True)
class Indicator:
    """What a case needs to know of an indicator."""

    unit: str
    direction: str
    level: str
    family: str

    @property
    def kind(self) -> str:
        """The case that a hit belongs to; process hits make none."""
        return {"integrity": "review", "process": ""}.get(self.direction, "visit")


@dataclass(frozen=True, order=True)
class Hit:
    """One expected hit. `household` is empty for a person without one."""

    night: int
    indicator: str
    subject: str
    household: str


@dataclass(frozen=True, order=True)
class Case:
    """A case on a night. `household` is the subject's ID when a person stands alone."""

    night: int
    kind: str
    household: str
    state: str
    colour: str
    points: int
    indicators: str


@cache
def indicators() -> dict[str, Indicator]:
    """The indicators that the stories know, from `cast/indicators.csv`."""
    with (HERE / "cast" / "indicators.csv").open(encoding="utf-8", newline="") as source:
        return {
            row["indicator"]: Indicator(row["unit"], row["direction"], row["level"], row["family"])
            for row in csv.DictReader(source)
        }


def hits() -> list[Hit]:
    """All expected hits."""
    return _spelled_out("hits")


def exempt() -> list[Hit]:
    """Where the stories say that a need is met: some, not all."""
    return _spelled_out("exempt")


def _spelled_out(lines: str) -> list[Hit]:
    """The lines `CODE[@nights] [names]` of the stories, one subject and night each."""
    found = []
    for household in households():
        for line in household.given.get(lines, ()):
            head, *names = line.split()
            code, _, nights = head.partition("@")
            if (indicators()[code].unit == "person") != bool(names):
                raise ValueError(f"household {household.id}: {code} names the wrong unit")
            subjects = [people()[name].id_no for name in names] or [household.household_id]
            found += [Hit(int(n), code, s, _household_of(household)) for n in nights or "123" for s in subjects]
    if len(set(found)) < len(found):
        raise ValueError(f"{lines}: a line is there twice")
    return sorted(found)


def _household_of(household: Household) -> str:
    """The household's id, or nothing when nobody of the story is in the register."""
    return household.household_id if any(people()[p["name"]].in_registry for p in household.given["people"]) else ""


def untold() -> set[tuple[int, str, str]]:
    """(night, indicator, household) of the outcomes that the stories call unknown: all but those of stale data."""
    found = set()
    for household in households():
        for line in household.given.get("unknown", ()):
            code, _, nights = line.partition("@")
            found |= {(int(n), code, household.household_id) for n in nights or "123"}
    return found


def cases(known: set[str]) -> list[Case]:
    """The cases that the expected hits of some indicators make.

    Args:
        known: only these indicators are asked.
    """
    found: list[Case] = []
    standing: dict[tuple[str, str], Case] = {}
    for night in NIGHTS:
        tonight: dict[tuple[str, str], set[str]] = {}
        for hit in hits():
            kind = indicators()[hit.indicator].kind
            if hit.night == night and hit.indicator in known and kind:
                tonight.setdefault((kind, hit.household or hit.subject), set()).add(hit.indicator)
        for key in sorted(tonight.keys() | standing.keys()):
            case = _case(night, key, tonight.get(key, set()), standing.get(key))
            found.append(case)
            if case.state == "cleared":
                del standing[key]
            else:
                standing[key] = case
    return found


def _case(night: int, key: tuple[str, str], codes: set[str], before: Case | None) -> Case:
    kind, household = key
    if not codes and before is not None:
        blind = any((night, code, household) in untold() for code in before.indicators.split())
        return Case(night, kind, household, "carried" if blind else "cleared", before.colour, before.points, before.indicators)
    points = _points(codes)
    colour = COLOURS[(points >= 3) + (points >= 5) + (points >= 8)]
    state = "new"
    if before is not None:
        step = COLOURS.index(colour) - COLOURS.index(before.colour)
        state = "escalated" if step > 0 else "eased" if step < 0 else "continuing"
    return Case(night, kind, household, state, colour, points, " ".join(sorted(codes)))


def _points(codes: set[str]) -> int:
    """The highest level of each family; an indicator without a family is its own."""
    best: dict[str, int] = {}
    for code in codes:
        family = indicators()[code].family or code
        best[family] = max(best.get(family, 0), POINTS[indicators()[code].level])
    return sum(best.values())
