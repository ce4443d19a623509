"""What is told: a title and a few lines of plain Chinese, made of counts, dates and the names of departments and extracts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from monitor.contracts import extracts
from monitor.errors import MonitorError
from monitor.summary import summary_lines

Manifest = dict[str, Any]
NAME = "低收入人口动态监测"  # begins every message: robots of DingTalk and others let only messages with a known word pass
_FIRST = {"入户预警", "待遇复核"}  # what a channel with little room must not cut off
_LEFT_OUT = {"命中"}  # six lines that nobody acts upon at night


class Event(StrEnum):
    """What a message is about; a channel may ask for some only."""

    SUCCESS = "success"
    FAILURE = "failure"
    LATE = "late"
    HEALTH = "health"
    TEST = "test"


@dataclass(frozen=True)
class Line:
    """A sentence, and the department that it is about, if any."""

    text: str
    department: str = ""


@dataclass(frozen=True)
class Message:
    """One message.

    Attributes:
        as_of: the night it is about.
        run: id of the run it is about; the same news of the same run is told once.
    """

    event: Event
    as_of: date | None
    title: str
    lines: tuple[Line, ...]
    run: str = ""

    def text(self, limit_bytes: int | None = None) -> str:
        """Title and lines, each on its own; cut at a line so that it has at most so many bytes of UTF-8."""
        kept = [self.title]
        for line in self.lines:
            if limit_bytes and len("\n".join([*kept, line.text, _MORE]).encode()) > limit_bytes:
                return "\n".join([*kept, _MORE])
            kept.append(line.text)
        return "\n".join(kept)

    def only(self, departments: Collection[str]) -> Message | None:
        """What concerns some departments; None when nothing does."""
        lines = tuple(line for line in self.lines if line.department in departments)
        return replace(self, lines=lines) if lines else None


_MORE = "(余下从略,请看当晚小结)"


def night_done(manifest: Manifest) -> Message:
    """A night has become real and is published."""
    told = sorted(summary_lines(manifest), key=lambda line: line[0] not in _FIRST)
    lines = [f"{topic}:{sentence}" for topic, sentence in told if topic not in _LEFT_OUT]
    title = f"{NAME}:{manifest['as_of']} 一晚完成,名单已更新"
    return Message(Event.SUCCESS, date.fromisoformat(manifest["as_of"]), title, _plain(lines), manifest["run_id"])


def night_failed(as_of: date | None, error: BaseException | str) -> Message:
    """A night did not come about. Of an error that nobody foresaw only the kind is told: its words may quote a cell."""
    day = f"{as_of} " if as_of else ""
    return Message(Event.FAILURE, as_of, f"{NAME}:{day}没有完成,上一晚的名单仍然有效", _plain(_why(error)))


def job_failed(job: str, error: BaseException | str) -> Message:
    """Something other than a night did not come about; `job` is what operators call it."""
    return Message(Event.FAILURE, None, f"{NAME}:{job}没有完成", _plain(_why(error)))


def job_done(job: str, lines: Iterable[tuple[str, str]]) -> Message:
    """Something other than a night is done; `lines` are topics and sentences."""
    return Message(Event.SUCCESS, None, f"{NAME}:{job}完成", _plain(f"{topic}:{sentence}" for topic, sentence in lines))


def _why(error: BaseException | str) -> list[str]:
    if isinstance(error, MonitorError):
        return str(error).splitlines()
    if isinstance(error, OSError):
        return [f"读写失败:{error.strerror or type(error).__name__}", "请运行 monitor doctor 查看磁盘、权限和数据目录"]
    if isinstance(error, str):
        return [error]
    return [f"程序缺陷({type(error).__name__}),请把运行记录交给维护人员"]


def departments_late(manifest: Manifest, before: Manifest | None) -> Message | None:
    """The extracts that have become late with this night; None when there is none. Those late before were told then."""
    told = {row["extract"] for row in before["summary"]["late"]} if before else set()
    new = [row for row in manifest["summary"]["late"] if row["extract"] not in told]
    if not new:
        return None
    lines = tuple(Line(_late(row), row["department"]) for row in new)
    who = "、".join(dict.fromkeys(row["department"] for row in new))
    title = f"{NAME}:{manifest['as_of']} 数据迟到({who})"
    return Message(Event.LATE, date.fromisoformat(manifest["as_of"]), title, lines, manifest["run_id"])


def _late(row: dict[str, Any]) -> str:
    title = extracts()[row["extract"]].title
    last = f"最近一次是{row['newest_delivery']},已过{row['age_days']}天" if row["newest_delivery"] else "从未收到可用数据"
    return f"{row['department']} {title}({row['extract']}):{last},约定最迟{row['late_after']}天;请尽快报送"


def health_is_bad(as_of: date | None, faults: Iterable[str]) -> Message:
    """What `monitor doctor` found wrong."""
    return Message(Event.HEALTH, as_of, f"{NAME}:体检发现问题", _plain(faults))


def a_test(moment: datetime) -> Message:
    """Nothing has happened; whoever set the channels wants to see that it arrives."""
    return Message(Event.TEST, None, f"{NAME}:试发通知", _plain([f"{moment:%Y-%m-%d %H:%M} 试发,收到即可,不必处理"]))


def _plain(lines: Iterable[str]) -> tuple[Line, ...]:
    return tuple(map(Line, lines))
