"""Throw damaged input at every reader: does any of them fall over, and is every row accounted for?

    python benchmarks/fuzz.py                               100,000 inputs, by share of every reader
    python benchmarks/fuzz.py --inputs 2000 --only xlsx     one reader
    python benchmarks/fuzz.py --only csv --first 4711 --inputs 1     one input again

Inputs are valid files of made-up people, damaged: bytes changed, cut, doubled, spliced with others, cells replaced by what
hurts; in archives and workbooks also inside, packed again. Number, reader and seed make the input, so each can be made again.
A reader may refuse (its own refusal, or a `MonitorError`); any other exception is a crash. Of what is read must hold:

- delivered files: rows read = rows in the landing + rows in its quarantine, and as many lines as the ledger would say;
- returned lists: rows found = answers + doubled + reported + left empty + notes.
"""

from __future__ import annotations

import gzip
import io
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer
from damage import damaged_bytes, damaged_gzip, damaged_text, damaged_zip, zipped

NIGHT = date(2026, 11, 20)
_TURN = 100
_ROWS = 12  # of a delivered file that is damaged: small files, many of them
Damage = Callable[[bytes, random.Random, Sequence[bytes]], bytes]


@dataclass
class Found:
    """What came of it: inputs by reader, those that were refused, and what fell over (reader, number, why)."""

    inputs: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Reader:
    """A reader: valid inputs, how they are damaged, and what reads them; its share of all inputs."""

    seeds: Sequence[bytes]
    damage: Damage
    read: Callable[[bytes, Path], str]
    share: int


class RefusedInput(Exception):
    """The reader said no, as it may."""


def main(
    inputs: Annotated[int, typer.Option(help="how many")] = 100_000,
    seed: Annotated[int, typer.Option(help="of the damage")] = 1,
    only: Annotated[str, typer.Option(help="one reader")] = "",
    first: Annotated[int, typer.Option(help="number of the first input")] = 0,
    folder: Annotated[Path | None, typer.Option(help="where to work; a disk in memory is fastest")] = None,
) -> None:
    """Fuzz; end in 1 if anything was found."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=folder, prefix="fuzz-") as place:
        found = fuzz(Path(place), inputs=inputs, seed=seed, only=only, first=first)
    for name, count in found.inputs.items():
        print(f"{name}: {count:,} inputs, {found.refused[name]:,} refused")
    for name, number, why in found.faults[:20]:
        print(f"{name} {number}: {why}")
    print(f"seed {seed}: {found.inputs.total():,} inputs, {len(found.faults)} faults, {time.perf_counter() - started:.0f} s")
    raise typer.Exit(bool(found.faults))


def fuzz(place: Path, *, inputs: int, seed: int, only: str = "", first: int = 0) -> Found:
    """Give every reader its share of damaged inputs.

    Args:
        place: an empty folder.
        inputs: over all readers.
        seed: of the damage.
        only: one reader alone.
        first: number of the first input of each reader.
    """
    found, readers = Found(), readers_in(place)
    chosen = {name: reader for name, reader in readers.items() if not only or name == only}
    shares = sum(reader.share for reader in chosen.values())
    for name, number in _in_turn({name: -(-inputs * reader.share // shares) for name, reader in chosen.items()}, first):
        chance = random.Random(f"{seed}/{name}/{number}")
        seeds = chosen[name].seeds
        fault = _fault(chosen[name], chosen[name].damage(chance.choice(seeds), chance, seeds), place)
        found.inputs[name] += 1
        found.refused[name] += fault is None
        if fault:
            found.faults.append((name, number, fault))
            print(f"{name} {number}: {fault}", file=sys.stderr)
        if found.inputs.total() % 5_000 == 0:
            print(f"{found.inputs.total():,} inputs so far", file=sys.stderr)
    return found


def _in_turn(counts: dict[str, int], first: int) -> Iterator[tuple[str, int]]:
    """(reader, number), a hundred of each reader at a time."""
    for start in range(0, max(counts.values()), _TURN):
        for name, count in counts.items():
            yield from ((name, first + number) for number in range(start, min(start + _TURN, count)))


def _fault(reader: Reader, content: bytes, place: Path) -> str | None:
    """What went wrong; "" when nothing did, None when the reader refused."""
    try:
        return reader.read(content, place)
    except RefusedInput:
        return None
    except Exception:
        return traceback.format_exc(limit=-3)


def readers_in(place: Path) -> dict[str, Reader]:
    """Every reader of the project that reads what others wrote."""
    delivered, rows = _Delivered(place), _seeds(place)
    workbooks, lists, forms = _workbooks(rows), _returned_csv(), _returned_xlsx()
    return {
        "csv": Reader(rows["csv"], damaged_text, delivered.reads(".csv"), 8),
        "gb18030": Reader([one.decode().encode("gb18030") for one in rows["csv"]], damaged_text, delivered.reads(".csv"), 4),
        "csv.gz": Reader([gzip.compress(one, 1) for one in rows["csv"]], damaged_gzip, delivered.reads(".csv.gz"), 3),
        "zip": Reader([zipped({"content.csv": one}) for one in rows["csv"]], damaged_zip, delivered.reads(".zip"), 3),
        "xlsx": Reader(workbooks, damaged_zip, delivered.reads(".xlsx"), 3),
        "parquet": Reader(rows["parquet"], damaged_bytes, delivered.reads(".parquet"), 3),
        "answers.csv": Reader(lists, damaged_text, _answers(".csv"), 8),
        "answers.xlsx": Reader(forms, damaged_zip, _answers(".xlsx"), 6),
        "indicator": Reader(_shipped("indicators/catalogue", "*.toml"), damaged_text, _read_indicator, 22),
        "parameters": Reader(_shipped("parameters", "*.csv"), damaged_text, _read_parameters, 14),
        "settings": Reader([_SETTINGS], damaged_text, _read_settings, 14),
        "working_days": Reader(
            [b"day,is_working,source\n2027-01-01,false,x\n2027-01-03,\xe6\x98\xaf,y\n"], damaged_text, _read_days, 12
        ),
    }


_SETTINGS = (
    b'region = "5306"\nthreads = 2\nmemory_limit_mb = 512\nkeep_nights = 31\nkeep_months = 12\naccept_deliveries = ["a", "b"]\n'
)


class _Delivered:
    """Lands delivered files as a night does, in one database in memory."""

    def __init__(self, place: Path) -> None:
        from monitor.run import Night
        from monitor.settings import load_settings
        from monitor.store import connect

        self.night = Night(load_settings(place / "home", threads=1, memory_limit_mb=512), NIGHT)
        self.night.begin()
        self.connection = connect(None, self.night.settings)

    def reads(self, ending: str) -> Callable[[bytes, Path], str]:
        """A reader of files with this ending."""

        def read(content: bytes, place: Path) -> str:
            path = place / f"{_EXTRACT}_20261120{ending}"
            path.write_bytes(content)
            return self._land(path, ending)

        return read

    def _land(self, path: Path, ending: str) -> str:
        from monitor.sources.arrivals import Delivery
        from monitor.sources.landing import _land, quarantine_file, rows_file

        state = path.stat()
        delivery = Delivery(
            _EXTRACT, path.name[: -len(ending)], NIGHT, "", ending, path, "0" * 64, state.st_size, state.st_mtime_ns
        )
        landed = _land(self.night, self.connection, delivery)
        rows = _count(rows_file(self.night, landed)) if landed.readable else 0
        bad = _count(quarantine_file(self.night, landed)) if landed.quarantined else 0
        if (rows, bad, rows + bad) != (landed.readable, landed.quarantined, landed.rows_read):
            return f"{landed.rows_read} rows read, {rows} landed, {bad} in quarantine"
        if landed.fault:
            raise RefusedInput
        return ""


_EXTRACT = "nhc_death"


def _count(path: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def _answers(ending: str) -> Callable[[bytes, Path], str]:
    from monitor.answers.judging import judge_rows
    from monitor.answers.rows import known_rows
    from monitor.answers.sheets import read_returned
    from monitor.sources.refusal import RefusalError

    def read(content: bytes, place: Path) -> str:
        path = place / f"returned{ending}"
        path.write_bytes(content)
        try:
            rows, _ = known_rows(read_returned(path, path.parent).tables)
        except RefusalError:
            raise RefusedInput from None
        judged = judge_rows(rows, _KEY, NIGHT)
        notes = judged.rows["is_note"].sum() if judged.rows.height else 0
        told = judged.answered + judged.doubled + judged.quarantined + judged.unanswered + notes
        return "" if told == rows.height else f"{rows.height} rows found, {told} told"

    return read


_KEY = bytes(32)


def _read_indicator(content: bytes, place: Path) -> str:
    from monitor.indicators.load import read_indicator

    path = place / "spending" / "EXP-004_resident_self_paid.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    indicator, faults = read_indicator(path)
    if faults:
        raise RefusedInput
    return "" if indicator else "neither an indicator nor a fault"


def _read_parameters(content: bytes, place: Path) -> str:
    from monitor.parameters import load_parameters

    folder = place / "parameters"
    folder.mkdir(exist_ok=True)
    (folder / "visits_per_week.csv").write_bytes(content)
    return _refusing(lambda: load_parameters([folder]))


def _read_settings(content: bytes, place: Path) -> str:
    from monitor.settings import load_settings

    home = place / "settings"
    home.mkdir(exist_ok=True)
    (home / "monitor.toml").write_bytes(content)
    return _refusing(lambda: load_settings(home))


def _read_days(content: bytes, place: Path) -> str:
    from monitor.cases.working_days import overrides

    path = place / "working_days.csv"
    path.write_bytes(content)
    return _refusing(lambda: overrides(path))


def _refusing(read: Callable[[], Any]) -> str:
    from monitor.errors import MonitorError

    try:
        read()
    except MonitorError:
        raise RefusedInput from None
    return ""


def _seeds(place: Path) -> dict[str, list[bytes]]:
    """Small valid files of one extract, with dirt in their cells, as CSV and as Parquet."""
    from monitor.synth import Plan, synthesise

    inbox = place / "inbox"
    synthesise(Plan(persons=3_000, seed=5, as_of=NIGHT), inbox)
    header, *lines = next(inbox.glob(f"{_EXTRACT}_*.csv")).read_bytes().splitlines(keepends=True)
    chance = random.Random(5)
    texts = [b"".join([header, *chance.sample(lines, min(len(lines), _ROWS))]) for _ in range(8)]
    tables = []
    for number, text in enumerate(texts):
        plain, packed = place / f"seed-{number}.csv", place / f"seed-{number}.parquet"
        plain.write_bytes(text)
        duckdb.sql(f"copy (from read_csv('{plain}', all_varchar = true)) to '{packed}' (format parquet)")
        tables.append(packed.read_bytes())
    return {"csv": texts, "parquet": tables}


def _workbooks(rows: dict[str, list[bytes]]) -> list[bytes]:
    from csv import reader

    import xlsxwriter

    books = []
    for text in rows["csv"]:
        written = io.BytesIO()
        book = xlsxwriter.Workbook(written, {"in_memory": True})
        sheet = book.add_worksheet()
        for at, cells in enumerate(reader(text.decode("utf-8-sig").splitlines())):
            sheet.write_row(at, 0, cells)
        book.close()
        books.append(written.getvalue())
    return books


def _returned_rows() -> list[list[str]]:
    from monitor.privacy import visit_code

    words = ("属实-已纳入", "不属实-数据错误", "查无此人或外出", "本人不愿", "待补充核查", "")
    rows = [["工单编号", "身份证号", "核查结果", "核查日期", "核查人", "情况说明", "核验码"]]
    for number in range(1, 13):
        case_no = f"V530622-20261118-{number:04d}"
        code = visit_code(_KEY, case_no, date(2026, 11, 18))
        rows.append([case_no, f"{'*' * 14}{number:04d}", words[number % 6], "2026-11-19", "走访员", "说明", code])
    return rows


def _returned_csv() -> list[bytes]:
    text = "\r\n".join(",".join(row) for row in _returned_rows())
    return [text.encode("utf-8-sig"), text.encode("gb18030"), text.replace(",", "\t").encode()]


def _returned_xlsx() -> list[bytes]:
    import xlsxwriter

    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    for title in ("名单", "复核"):
        sheet = book.add_worksheet(title)
        for at, row in enumerate(_returned_rows(), start=2):
            sheet.write_row(at, 1, row)
        sheet.write_formula(5, 6, "=1+1", None, "x")
        sheet.merge_range(8, 3, 9, 3, "属实-已纳入")
    book.close()
    return [written.getvalue()]


def _shipped(folder: str, pattern: str) -> list[bytes]:
    import monitor

    return [path.read_bytes() for path in sorted((Path(monitor.__file__).parent / folder).rglob(pattern))]


if __name__ == "__main__":
    typer.run(main)
