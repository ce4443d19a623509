"""A home with a few made-up deliveries, judged and reported as far as the gate; and what the reports say."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

from given import made_up_id

from monitor import sources
from monitor.delivery_reports import doubts_of, write_reports
from monitor.gate import Doubt
from monitor.run import Night
from monitor.settings import Settings
from monitor.sources import Judgement, Landed

AS_OF = date(2026, 11, 20)
CARE_HEADER = "身份证号码,类别,监护人身份号码,最近探访日期"
DEATH_HEADER = "身份证号,死亡日期,死因"


def care(*lines: str, people: int = 0) -> str:
    """A delivery of mca_care: good rows of so many people, then the lines."""
    good = [f"{made_up_id(n)},独居老人,,2026-10-01" for n in range(people)]
    return "\n".join([CARE_HEADER, *good, *lines]) + "\n"


@dataclass
class Told:
    """What a night told departments."""

    folder: Path
    judged: Judgement
    landed: list[Landed]
    doubts: list[Doubt]

    def page(self, department: str, name: str) -> str:
        return (self.folder / department / f"{name}.html").read_text(encoding="utf-8")

    def rows(self, department: str, name: str) -> list[dict[str, str]]:
        text = (self.folder / department / f"{name}.csv").read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def files(self) -> set[str]:
        return {p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file()}


def tell(home: Path, files: Mapping[str, str | bytes] | None = None, as_of: date = AS_OF, threads: int = 2) -> Told:
    """Put files into the inbox and run a night as far as its reports."""
    night = Night(Settings(home=home, threads=threads, memory_limit_mb=1024), as_of)
    night.begin()
    inbox = night.settings.inbox_folder
    inbox.mkdir(exist_ok=True)
    for name, content in (files or {}).items():
        (inbox / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    arrivals = sources.arrive(night)
    landed = sources.land(night, arrivals)
    with night.connect() as connection:
        judged = sources.judge(connection, night, arrivals, landed)
        doubts = doubts_of(night, arrivals, landed, judged)
        write_reports(connection, night, arrivals, landed, judged, doubts)
    return Told(night.reports, judged, landed, doubts)


class Page(HTMLParser):
    """Which elements, attributes, links and words a page holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.words)
