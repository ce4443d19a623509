"""What a check is given and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.errors import MonitorError
from monitor.run import Home
from monitor.settings import Settings


class Level(StrEnum):
    """How bad it is: nothing, a matter for working hours, or a night at risk."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        level: how bad it is.
        found: in plain Chinese; counts, days, names of files and departments only.
        remedy: what to do; empty if all is well.
    """

    level: Level
    found: str
    remedy: str = ""


@dataclass(frozen=True)
class Examined:
    """An installation at a moment.

    Attributes:
        settings: of the home; defaults when those of the home are wrong.
        moment: with time zone; nights are due by it.
        wrong_settings: what is wrong with the settings of the home; None if nothing is.
    """

    settings: Settings
    moment: datetime
    wrong_settings: MonitorError | None = None

    @property
    def home(self) -> Home:
        return Home(self.settings.home)


@dataclass(frozen=True)
class Result:
    """A finding, with the name of its check for programs and its title for people."""

    check: str
    title: str
    finding: Finding


Check = Callable[[Examined], Finding]


def ok(found: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, found)


def warn(found: str, remedy: str) -> Finding:
    """A matter for working hours."""
    return Finding(Level.WARN, found, remedy)


def fail(found: str, remedy: str) -> Finding:
    """A night is at risk or did not come about."""
    return Finding(Level.FAIL, found, remedy)


def listed(names: Iterable[str], at_most: int = 5) -> str:
    """Names joined for a sentence; of many the first, and how many there are."""
    every = list(names)
    more = f"等{len(every)}个" if len(every) > at_most else ""
    return "、".join(every[:at_most]) + more
