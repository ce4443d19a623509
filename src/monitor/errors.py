"""What can go wrong, and the exit code each kind ends in.

    MonitorError                 1   our bug, or a fault that has no kind of its own
    +-- UsageError               2   the command line or a setting is wrong
    |   +-- NightIsRunning       2   another night holds the home
    +-- NightCannotStand        10   a delivery breaks its contract so that the night cannot stand
    +-- CatalogueInvalid        11   indicator files are wrong; holds every fault at once
    +-- ParameterMissing        12   a parameter has no value in force for a region and day
    +-- NothingArrived          13   no delivery dated on or before the as-of date
    +-- PromiseBroken           14   a built table breaks what its contract promises
    +-- NoRoom                  15   the disk has too little room for the night
    +-- Damaged                 16   what was kept is not what was written
    +-- SourcesFailed           17   some source could not be pulled; what came from the others is in the inbox
    +-- TrailBroken             20   the audit trail is not what was written

A message says where, what was found, what is allowed, why it matters and what to do. It never holds an ID, a name or a
phone: `Fault` therefore takes places (file, row, column) and counts, not cell values.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, told so that its owner can mend it.

    Attributes:
        where: file, row, column or field.
        found: what stands there (never personal data).
        allowed: what may stand there.
        why: why it matters.
        remedy: what to do.
    """

    where: str
    found: str
    allowed: str = ""
    why: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        parts = [f"{self.where}:{self.found}"]
        parts += [f"应为 {self.allowed}"] if self.allowed else []
        parts += [f"原因 {self.why}"] if self.why else []
        parts += [f"请 {self.remedy}"] if self.remedy else []
        return ";".join(parts)


def unforeseen(error: Exception) -> str:
    """What is told of an error that nobody foresaw: its kind and the places in the code. Its message may quote a cell."""
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"程序缺陷({type(error).__name__}),请连同以下内容报告\n{places}"


class MonitorError(Exception):
    """Root of all errors raised on purpose."""

    exit_code = 1

    def __init__(self, message: str, faults: Iterable[Fault] = ()) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([message, *(f"  - {fault}" for fault in self.faults)]))


class UsageError(MonitorError):
    exit_code = 2


class NightIsRunning(UsageError):
    pass


class NightCannotStand(MonitorError):
    exit_code = 10


class CatalogueInvalid(MonitorError):
    exit_code = 11


class ParameterMissing(MonitorError):
    exit_code = 12


class NothingArrived(MonitorError):
    exit_code = 13


class PromiseBroken(MonitorError):
    exit_code = 14


class NoRoom(MonitorError):
    exit_code = 15


class Damaged(MonitorError):
    exit_code = 16


class SourcesFailed(MonitorError):
    exit_code = 17


class TrailBroken(MonitorError):
    exit_code = 20
