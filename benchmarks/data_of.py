"""Made-up deliveries to measure with: made once, delivered again for the next night, or with their rows shuffled.

    python benchmarks/data_of.py next-night INBOX OUT 2026-11-20
    python benchmarks/data_of.py shuffled INBOX OUT

What is made here is made in processes of its own (see processes.py).
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from processes import measured

DATA = Path(__file__).parent / "data"
MONITOR = Path(sys.executable).with_name("monitor")
AS_OF = date(2026, 11, 20)
PROVINCE = "53"


def inbox_of(persons: int, seed: int = 7, dirt: str = "none", nights: int = 1, region: str = PROVINCE) -> Path:
    """The deliveries of one size, made once: 47 million people are 29 GB and take hours."""
    name = f"{persons}-{seed}-{dirt}" + (f"-{nights}" if nights > 1 else "") + (f"-{region}" if region != PROVINCE else "")
    size = ["--persons", str(persons), "--seed", str(seed), "--dirt", dirt, "--nights", str(nights)]
    place = ["--region", region, "--as-of", AS_OF.isoformat()]
    return _made_once(DATA / name, lambda beside: [str(MONITOR), "synth", *size, *place, "--out", str(beside)])


def next_inbox_of(inbox: Path) -> Path:
    """The same inbox a day later: only the daily extracts are new (`deliver_again`)."""
    program = [sys.executable, str(Path(__file__)), "next-night", str(inbox)]
    return _made_once(inbox.with_name(f"{inbox.name}-next"), lambda beside: [*program, str(beside), AS_OF.isoformat()])


def shuffled_inbox_of(inbox: Path) -> Path:
    """The same deliveries with the rows of every file in another order."""
    program = [sys.executable, str(Path(__file__)), "shuffled", str(inbox)]
    return _made_once(inbox.with_name(f"{inbox.name}-shuffled"), lambda beside: [*program, str(beside)])


def with_key(home: Path) -> Path:
    """Give a home that is to be compared with others their key, because lists show codes that are made with it."""
    (home / "keys").mkdir(parents=True, exist_ok=True)
    (home / "keys" / "token.key").write_text("00" * 32 + "\n", encoding="ascii")
    return home


def bytes_of(inbox: Path, as_of: date = AS_OF) -> int:
    """Bytes of the deliveries dated on or before a day."""
    return sum(path.stat().st_size for path in inbox.iterdir() if _day_of(path) <= as_of)


def _made_once(folder: Path, command: Callable[[Path], list[str]]) -> Path:
    if not folder.is_dir():
        beside = folder.with_name(f"{folder.name}.making-{os.getpid()}")
        beside.parent.mkdir(exist_ok=True)
        took = measured(command(beside))
        beside.rename(folder)
        print(f"made {folder.name}: {took.wall:.0f} s, {took.memory:.0f} MB", file=sys.stderr)
    return folder


def _day_of(path: Path) -> date:
    """The day in the name of a delivered file: <extract>_<YYYYMMDD>[_<part>].<ending>."""
    digits = next(word for word in path.name.split(".")[0].split("_") if len(word) == 8 and word.isdigit())
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def deliver_again(inbox: Path, out: Path, day: date) -> None:
    """Link every file into `out` and deliver the daily extracts of `day` once more, under the next day's date.

    A full extract comes whole again (its file is linked under the new name; the date is part of what landing goes by, so it
    is read and landed like any other). Of a delta extract come the records of the last day: CSV lines as they are, which
    supersede those of the day before; settlements under new numbers, a day later.
    """
    from monitor.contracts import extracts

    out.mkdir()
    for path in sorted(inbox.iterdir()):
        os.link(path, out / path.name)
    tomorrow = day + timedelta(days=1)
    for name, contract in extracts().items():
        given = sorted(path for path in inbox.glob(f"{name}_{day:%Y%m%d}*") if contract.cadence == "daily")
        for path in given:
            again = out / path.name.replace(f"{day:%Y%m%d}", f"{tomorrow:%Y%m%d}")
            if contract.mode == "full":
                os.link(path, again)
            elif path.suffix == ".parquet":
                _settlements_of_the_next_day(path, again, day)
            else:
                _lines_naming(path, again, day.isoformat().encode())


def _lines_naming(path: Path, out: Path, word: bytes) -> None:
    with path.open("rb") as lines, out.open("wb") as kept:
        kept.write(next(lines))
        kept.writelines(line for line in lines if word in line)


def _settlements_of_the_next_day(path: Path, out: Path, day: date) -> None:
    import duckdb

    settled = f"from read_parquet('{path}') where 结算日期 = date '{day}'"
    moved = "结算流水号 || 'N' as 结算流水号, (结算日期 + 1)::date as 结算日期"
    duckdb.execute(f"copy (select * replace ({moved}) {settled}) to '{out}' (format parquet)")


def shuffle_rows(inbox: Path, out: Path, seed: int = 5) -> Path:
    """Write the same deliveries with their rows in another order; in the CSV files a row is a line. Returns `out`."""
    import openpyxl
    import pyarrow.parquet as pq

    chance = random.Random(seed)
    out.mkdir()
    for path in sorted(inbox.iterdir()):
        if path.suffix == ".csv":
            header, *lines = path.read_bytes().splitlines(keepends=True)
            chance.shuffle(lines)
            (out / path.name).write_bytes(b"".join([header, *lines]))
        elif path.suffix == ".parquet":
            table = pq.read_table(path)
            pq.write_table(table.take(chance.sample(range(table.num_rows), table.num_rows)), out / path.name)
        else:
            header, *cells = openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True)
            chance.shuffle(cells)
            book = openpyxl.Workbook(write_only=True)
            sheet = book.create_sheet()
            for row in [header, *cells]:
                sheet.append(row)
            book.save(out / path.name)
    return out


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["next-night", inbox_given, out_given, day_given]:
            deliver_again(Path(inbox_given), Path(out_given), date.fromisoformat(day_given))
        case ["shuffled", inbox_given, out_given]:
            shuffle_rows(Path(inbox_given), Path(out_given))
        case _:
            raise SystemExit(__doc__)
