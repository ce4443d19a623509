"""Lists of a large county and ten thousand answers: how long until they are written, how long until they are read?

    python benchmarks/field.py                                   500,000 people, 10,000 answers
    python benchmarks/field.py --persons 20000 --answers 500     tiny

Two nights of one county: with the capacity that a county has without any setting, and with one so large that every case is
listed. The step open_cases is what is told: cases, ranks, lists, workbooks, visit sheets, forms. Then the longest lists come
back with every row answered, one half as workbooks and one half as CSV files, and `monitor collect` reads them.
"""

from __future__ import annotations

import csv
import os
import shutil
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Annotated, Any

import typer
import xlsxwriter
from data_of import AS_OF, DATA, MONITOR, inbox_of
from night import night_of
from processes import measured
from results import conditions, field_table, keep

COUNTY = "530622"
EVERYTHING = "region_code,area_kind,valid_from,value,document\n53,any,2026-01-01,1000000,every case is listed\n"
ANSWERS = ("属实-已纳入", "属实-已转介", "不属实-数据错误", "不属实-情况已变", "查无此人或外出", "待补充核查")
Rows = list[list[str]]


def main(
    persons: Annotated[int, typer.Option()] = 500_000,
    answers: Annotated[int, typer.Option(help="rows that come back")] = 10_000,
    seed: int = 7,
) -> None:
    """Measure, keep and print."""
    inbox = inbox_of(persons, seed, region=COUNTY)
    line: dict[str, Any] = {**conditions(), "mode": "field", "persons": persons}
    home = DATA / f"home-field-{os.getpid()}"
    try:
        for name, capacity in (("default", None), ("everything", EVERYTHING)):
            shutil.rmtree(home, ignore_errors=True)
            if capacity:
                (home / "parameters").mkdir(parents=True)
                (home / "parameters" / "visits_per_week.csv").write_text(capacity, encoding="utf-8")
            figure, manifest = night_of(home, inbox, AS_OF)
            rows = sum(one["households"] for one in manifest["summary"]["listed"])
            written = sum(path.is_file() for path in (home / "outbox").rglob("*"))
            opened = manifest["seconds"]["open_cases"]
            line[name] = {**figure.as_row(), "open_cases": opened, "rows": rows, "files": written}
        line["answers"] = come_back(home, answers)
        line["collect"] = measured([str(MONITOR), "collect", "--home", str(home)]).as_row()
        figure, manifest = night_of(home, inbox, AS_OF + timedelta(days=1))
        line["after"] = {**figure.as_row(), "open_cases": manifest["seconds"]["open_cases"]}
    finally:
        shutil.rmtree(home, ignore_errors=True)
    keep(line)
    print("\n".join(field_table([line])))


def come_back(home: Path, wanted: int) -> int:
    """Fill in the longest lists and put them among the answers; return how many rows."""
    lists = sorted((home / "outbox" / AS_OF.isoformat() / COUNTY).glob("*.csv"), key=lambda path: -path.stat().st_size)
    left, said = wanted, cycle(ANSWERS)
    for number, path in enumerate(path for path in lists if path.stem.isdigit()):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            header, *rows = list(csv.reader(lines))[: left + 1]
        answer, day = header.index("核查结果"), header.index("核查日期")
        for row in rows:
            row[answer], row[day] = next(said), AS_OF.isoformat()
        write = (_as_workbook, _as_csv)[number % 2]
        write(home / "answers" / path.stem, [header, *rows])
        left -= len(rows)
        if not left:
            break
    return wanted - left


def _as_workbook(path: Path, rows: Rows) -> None:
    with xlsxwriter.Workbook(path.with_suffix(".xlsx"), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


def _as_csv(path: Path, rows: Rows) -> None:
    with path.with_suffix(".csv").open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)


if __name__ == "__main__":
    typer.run(main)
