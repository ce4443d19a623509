"""Measured figures: dated lines of results.jsonl, and the tables of docs/performance.md made from them, never by hand."""

from __future__ import annotations

import json
import math
import platform
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from processes import machine

HERE = Path(__file__).parent
RESULTS = HERE / "results.jsonl"
PAGE = HERE.parent / "docs" / "performance.md"
BEGIN, END = "<!-- made by: python benchmarks/night.py table -->", "<!-- end of what is made -->"
MODES = {
    "cold": "a night from an empty home",
    "next": "the night after it, only the daily extracts new",
    "limited": "a night from an empty home with less memory",
    "again": "the same night once more, from what had been landed",
}
STEPS = ("begin", "land", "gate", "build", "evaluate", "open_cases", "commit", "publish")
SHOWN_NIGHTS = (1, 2, 5, 10, 15, 20, 25, 30)
WARM = 5  # the night that the last of a month is compared with
Line = dict[str, Any]


def conditions() -> Line:
    """When, on what, with which versions."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True, check=False)
    changed = subprocess.run(["git", "status", "--porcelain", "../src"], cwd=HERE, capture_output=True, text=True, check=False)
    return {
        "measured": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
        "commit": commit.stdout.strip() + ("+" if changed.stdout.strip() else ""),
        "machine": machine(),
        "versions": {"python": platform.python_version(), "duckdb": version("duckdb"), "monitor": version("monitor")},
    }


def keep(line: Line, results: Path = RESULTS) -> None:
    """Append one measurement."""
    with results.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def kept(results: Path = RESULTS) -> list[Line]:
    """All measurements, oldest first."""
    if not results.is_file():
        return []
    return [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines() if line]


def newest(lines: list[Line]) -> list[Line]:
    """The last measurement of each mode, size, dirt and memory limit, by mode and size."""
    nights = [line for line in lines if line["mode"] in MODES]
    last = {(line["mode"], line["persons"], line["dirt"], line["memory_limit_mb"]): line for line in nights}
    modes = list(MODES)
    return sorted(last.values(), key=lambda line: (modes.index(line["mode"]), line["dirt"], line["persons"]))


def alike(line: Line, lines: list[Line]) -> int:
    """How many nights of this size, whenever and with whatever memory they were measured, left the very same files."""
    same = [one for one in lines if "results" in line and one.get("results") == line["results"]]
    return sum(one["runs"] for one in same if one["persons"] == line["persons"]) or line["runs"]


def exponent(small: Line, large: Line, figure: str) -> float:
    """How a figure of the night grows between two sizes: 1 is in proportion, 2 is quadratic."""
    growth = large["night"][figure] / small["night"][figure]
    return math.log(growth) / math.log(large["persons"] / small["persons"])


def tables(lines: list[Line]) -> str:
    """What docs/performance.md shows: one table a mode, growth exponents, and under which conditions each line was measured."""
    parts = []
    for mode, title in MODES.items():
        of_mode = [line for line in newest(lines) if line["mode"] == mode]
        if of_mode:
            parts += [f"### {title[0].upper()}{title[1:]}", "", *_figures(of_mode, lines), "", *_steps(of_mode), ""]
            parts += [*_growth(of_mode), ""]
    for mode, title, key, show in _OTHERS:
        if last := {line[key]: line for line in lines if line["mode"] == mode}:
            parts += [f"### {title}", "", *show([last[one] for one in sorted(last)]), ""]
    if nights := newest(lines):
        parts += ["### Under which conditions", "", *_conditions(nights)]
    return "\n".join(parts)


def write_tables(results: Path = RESULTS, page: Path = PAGE) -> None:
    """Put the tables into the page, between its two marks."""
    text = page.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    page.write_text(f"{head}{BEGIN}\n\n{tables(kept(results))}\n\n{END}{tail}", encoding="utf-8")


def month_table(lines: list[Line]) -> Iterator[str]:
    """Nights in a row: what each took, how much the home holds, and the last night over the fifth."""
    line = lines[-1]
    nights = line["nights"]
    box, when = line["machine"], f"{line['measured']} {line['commit']}"
    people = f"{line['persons']:,} people of region {line['region']}, {line['dirt']} dirt"
    yield f"{people}; {when}, {box['cpu']}, load {box['load']}."
    yield ""
    steps = [name for name in STEPS if name in nights[0]["seconds"]]
    folders = list(nights[0]["home"])
    yield from _head(
        ["night", "files", "wall s", "CPU s", "peak MB", *(f"{n} s" for n in steps), *(f"{n} MB" for n in folders)]
    )
    for one in nights:
        if one["night"] in SHOWN_NIGHTS or one is nights[-1]:
            figures = [f"{one['wall']:,.1f}", f"{one['cpu']:,.1f}", f"{one['memory']:,.0f}"]
            seconds = [f"{one['seconds'][name]:,.1f}" for name in steps]
            yield _row(one["night"], one["files"], *figures, *seconds, *(f"{one['home'][name]:,.0f}" for name in folders))
    warm, last = nights[WARM - 1], nights[-1]
    apart = last["night"] - warm["night"]
    ratios = ", ".join(f"{name} {last[name] / warm[name]:.2f}" for name in ("wall", "cpu", "memory"))
    growth = ", ".join(f"{name} {(last['home'][name] - warm['home'][name]) / apart:,.1f}" for name in folders)
    yield ""
    yield f"Night {last['night']} over night {warm['night']}: {ratios}. The home grows by (MB a night): {growth}."


def field_table(lines: list[Line]) -> Iterator[str]:
    """A large county: what lists and workbooks took, at the usual capacity and with every case listed; what collecting took."""
    line = lines[-1]
    yield f"One county of {line['persons']:,} people; {line['measured']} {line['commit']}, load {line['machine']['load']}."
    yield ""
    yield from _head(["", "rows listed", "files", "cases, lists and workbooks s", "whole night s", "peak MB"])
    for name, title in (("default", "capacity without any setting"), ("everything", "every case listed")):
        one = line[name]
        counts = (f"{one['rows']:,}", f"{one['files']:,}")
        yield _row(title, *counts, f"{one['open_cases']:,.1f}", f"{one['wall']:,.1f}", f"{one['memory']:,.0f}")
    collect, after = line["collect"], line["after"]
    yield ""
    yield (
        f"`monitor collect` of {line['answers']:,} answers: {collect['wall']:,.1f} s, {collect['memory']:,.0f} MB. "
        f"Cases and lists of the night that read them: {after['open_cases']:,.1f} s."
    )


def cookbook_table(lines: list[Line]) -> Iterator[str]:
    """What each question of the cookbook took, and how many took less than a second even the first time."""
    line = lines[-1]
    asked = line["recipes"]
    quick, cheap = (sum(one[figure] < 1 for one in asked.values()) for figure in ("median", "first_cpu"))
    size = f"{line['persons']:,} people, {line['nights']} nights, {line['bytes'] / 2**20:,.0f} MB"
    yield f"{size}; {line['measured']} {line['commit']}, load {line['machine']['load']}."
    yield f"Of {len(asked)} questions {quick} took less than a second, {cheap} less than a CPU second the first time."
    yield ""
    yield from _head(["question", "rows", "first s", "first CPU s", "median s", "median CPU s"])
    for name, one in sorted(asked.items(), key=lambda pair: -pair[1]["first_cpu"]):
        figures = (f"{one[figure]:.2f}" for figure in ("first", "first_cpu", "median", "cpu"))
        yield _row(f"`{name}`", f"{one['rows']:,}", *figures)


def pages_table(lines: list[Line]) -> Iterator[str]:
    """What each page of `monitor ui` took, over HTTP, to its last byte."""
    line = lines[-1]
    size = f"{line['persons']:,} people, {line['nights']} nights, {line['cases']:,} cases"
    yield f"{size}; {line['measured']} {line['commit']}, load {line['machine']['load']}."
    yield ""
    yield from _head(["page", "KB", "first s", "median s"])
    for name, one in line["pages"].items():
        yield _row(name, f"{one['bytes'] / 2**10:,.0f}", f"{one['first']:.2f}", f"{one['median']:.2f}")


def safety_table(lines: list[Line]) -> Iterator[str]:
    """Nights with a key and without one in turn: what encryption adds, and where."""
    yield from _head(["people", "", "wall s", "CPU s", "peak MB", "landing", "gate", "build to cases", "all else"])
    for line in lines:
        for name, title in (("clear", "no key"), ("key", "with a key")):
            one, step = line[name], line[name]["seconds"]
            parts = [sum(step.get(s, 0) for s in span) for span in (("land",), ("gate",), ("build", "evaluate", "open_cases"))]
            figures = (f"{one['wall']:,.1f}", f"{one['cpu']:,.1f}", f"{one['memory']:,.0f}")
            yield _row(f"{line['persons']:,}", title, *figures, *(f"{n:,.1f}" for n in (*parts, one["wall"] - sum(parts))))
        wall, cpu = (100 * (line["key"][name] / line["clear"][name] - 1) for name in ("wall", "cpu"))
        told = f"{line['pairs']} pairs; {line['measured']} {line['commit']}, load {line['machine']['load']}"
        yield _row("", "added", f"{wall:+.1f} %", f"{cpu:+.1f} %", "", told, "", "", "")


def loop_table(lines: list[Line]) -> Iterator[str]:
    """Sixty nights of one county ranked by what was learned, and of the same county by level alone."""
    line = lines[-1]
    learned, level = line["learned"], line["by_level"]
    size = f"{line['nights']} nights, {line['townships']} townships of {line['households']:,} households"
    yield f"{size}, {line['visits']} visits a week each; {line['measured']} {line['commit']}."
    yield "Every night list and left off were all open cases."
    yield ""
    yield from _head(["ranked by", "visits", "true cases found", "of 100 visits"])
    for title, one in (("level, weight learned, waiting", learned), ("level and waiting", level)):
        yield _row(title, f"{one['visits']:,}", f"{one['found']:,}", f"{100 * one['found'] / one['visits']:.1f}")
    yield ""
    weights = ", ".join(f"{rule} {weight}" for rule, weight in sorted(learned["weights"].items()))
    yield (
        f"{100 * line['gain']:.0f} % more. A planted rule of 10 % fell below one of 60 % after {learned['below_after_rounds']} "
        f"rounds of a week, for good. Weights at the end, per mille: {weights}."
    )
    if "covered" in line:
        yield ""
        held = f"{100 * line['covered']:.1f} % of {line['draws']:,} simulated years"
        yield f"The interval of missed need held the truth in {held}."


def peer_table(lines: list[Line]) -> Iterator[str]:
    """What the project and its peers took for the same answers, and how many times what the project took."""
    for line in lines:
        job = f"{line['extracts']} extracts, {line['indicators']} indicators ({line['indicators_hit']} of them hit somebody)"
        equal = f"counts, {line['hits']:,} hits and {line['listed']:,} rows of lists are equal"
        when = f"{line['measured']} {line['commit']}, load {line['machine']['load']}"
        yield f"{line['persons']:,} people, {job}; {equal}; {line['runs']} runs; {when}."
        yield ""
        yield from _head(["", "wall s", "CPU s", "peak MB", "wall x", "CPU x", "peak x"])
        ours = line["peers"]["ours"]
        for name, one in line["peers"].items():
            figures = [f"{one['wall']:,.1f}", f"{one['cpu']:,.1f}", f"{one['memory']:,.0f}"]
            yield _row(name, *figures, *(f"{one[figure] / ours[figure]:.2f}" for figure in ("wall", "cpu", "memory")))
        yield ""


def _same(lines: list[Line]) -> Iterator[str]:
    yield from _head(["county", "nights", "files", "that differ", "DuckDB s", "Spark s", "master", "measured (UTC)", "commit"])
    for line in lines:
        seconds = (f"{line['seconds'][engine]:,.0f}" for engine in ("duckdb", "spark"))
        counts = (line["nights"], f"{line['files']:,}", line["differing"])
        yield _row(line["county"], *counts, *seconds, line["master"], line["measured"], line["commit"])


def _figures(lines: list[Line], every: list[Line]) -> Iterator[str]:
    heads = ["people", "MB read", "million rows", "floor s", "floor CPU s", "night s", "night CPU s", "wall ratio", "CPU ratio"]
    yield from _head([*heads, "peak MB", "disk MB", "runs", "nights alike"])
    for line in lines:
        floor, night = line["floor"], line["night"]
        yield _row(
            f"{line['persons']:,}",
            f"{line['bytes'] / 2**20:,.0f}",
            f"{line['rows'] / 1e6:.1f}",
            *(f"{value:,.1f}" for value in (floor["wall"], floor["cpu"], night["wall"], night["cpu"])),
            *(f"{night[name] / floor[name]:.1f}" for name in ("wall", "cpu")),
            *(f"{night[name]:,.0f}" for name in ("memory", "disk")),
            line["runs"],
            alike(line, every),
        )


def _steps(lines: list[Line]) -> Iterator[str]:
    """Wall seconds by step; what the manifest cannot hold, because it is written before, is the rest."""
    names = [name for name in STEPS if any(name in line["seconds"] for line in lines)]
    yield from _head(["wall seconds of people", *names, "start, commit, publish"])
    for line in lines:
        seconds = line["seconds"]
        rest = line["night"]["wall"] - sum(seconds.values())
        yield _row(f"{line['persons']:,}", *(f"{seconds.get(name, 0):,.1f}" for name in names), f"{rest:,.1f}")


def _growth(lines: list[Line]) -> Iterator[str]:
    pairs = [(small, large) for small, large in pairwise(lines) if small["persons"] < large["persons"]]
    if len(pairs) > 1:
        pairs.append((lines[0], lines[-1]))
    if pairs:
        yield from _head(["growth exponent", "by wall", "by CPU"])
    for small, large in pairs:
        sizes = f"{small['persons']:,} to {large['persons']:,}"
        yield _row(sizes, *(f"{exponent(small, large, figure):.2f}" for figure in ("wall", "cpu")))


def _bad(lines: list[Line]) -> Iterator[str]:
    heads = ["bad case", "size", "wall s", "CPU s", "peak MB", "at most MB", "disk MB", "memory limit", "measured (UTC)"]
    yield from _head([*heads, "commit", "load"])
    for line in lines:
        night = line["night"]
        figures = (f"{night[name]:,.0f}" for name in ("wall", "cpu", "memory"))
        allowed = (f"{line['peak_mb']:,}", f"{night['disk']:,.0f}", f"{line['memory_limit_mb']} MB")
        yield _row(
            line["case"], f"{line['size']:,}", *figures, *allowed, line["measured"], line["commit"], line["machine"]["load"]
        )


def _conditions(lines: list[Line]) -> Iterator[str]:
    yield from _head(
        ["mode", "people", "measured (UTC)", "commit", "machine", "load", "Python, DuckDB", "memory limit", "dirt"]
    )
    for line in lines:
        box, versions = line["machine"], line["versions"]
        yield _row(
            line["mode"],
            f"{line['persons']:,}",
            line["measured"],
            line["commit"],
            f"{box['cpu']}, {box['cores']} cores, {box['memory_gb']} GB",
            box["load"],
            f"{versions['python']}, {versions['duckdb']}",
            f"{line['memory_limit_mb']} MB" if line["memory_limit_mb"] else "default",
            line["dirt"],
        )


def _head(names: list[str]) -> Iterator[str]:
    yield _row(*names)
    yield _row("---", *("---:" for _ in names[1:]))


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


# mode -> its heading, what there is one line of, and what shows the last line of each
_OTHERS = (
    ("peers", "The same job by other means", "persons", peer_table),
    ("spark", "The same nights on Spark", "county", _same),
    ("field", "The field", "mode", field_table),
    ("cookbook", "The cookbook", "mode", cookbook_table),
    ("pages", "The pages to look around", "mode", pages_table),
    ("safety", "What encryption costs", "persons", safety_table),
    ("loop", "What learning is worth", "mode", loop_table),
    ("month", "A month", "mode", month_table),
    ("bad", "Bad cases", "case", _bad),
)
