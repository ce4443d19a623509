"""The job: what every peer reads, finds out and writes. Nothing here depends on a library of tables.

Rules, points and numbers are those of the project's own catalogue; README.md says in words what is asked of a peer.
"""

from __future__ import annotations

import csv
import json
import os
import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from monitor.contracts import Column, extract, facts
from monitor.indicators import Indicator, load_catalogue
from monitor.parameters import load_parameters
from monitor.vocabulary import Direction

Frame = TypeVar("Frame")
AS_OF = date(2026, 11, 20)
EPOCH = date(1970, 1, 1)
REGION = "53"
# the extracts, and the optional columns of each that the facts of the job need; all required ones are read and judged
# required columns that no fact of the job reads: keys of rows, and sums
UNASKED = {"settle_no", "payer_no", "batch_no", "plate_no", "total"}
EXTRACTS: dict[str, tuple[str, ...]] = {
    "psb_resident": ("birth_date", "hukou_type", "father_id_no", "mother_id_no", "residence_village", "status_date"),
    "psb_vehicle": ("purchase_price", "registered_on", "scrapped"),
    "mca_family": ("checked_on",),
    "mca_assistance": ("end_date", "monthly_amount", "reviewed_on"),
    "mca_payment": (),
    "hrss_insurance": ("wage_base", "last_paid_month", "migrant_work", "months_worked_12m"),
    "hrss_unemployment": (),
    "hrss_pension": ("last_paid_month",),
    "nhsa_enrolment": ("subsidised",),
    "nhsa_settlement": ("aid_paid", "disease", "injury"),
    "nhc_disease": ("diagnosed_on",),
    "nhc_death": (),
    "dpf_disability": ("first_issued_on", "issued_on", "expires_on"),
    "moe_student": ("status_date", "tuition", "aid_amount", "loan"),
    "sta_income": (),
    "grid_power": ("disconnected",),
}
# read with the job's extracts alone, but of facts that the job leaves out
LEFT_OUT = {
    "BEN-005", "BEN-006", "BEN-009", "BEN-010", "BEN-011", "HLT-013", "HLT-014", "IDH-007", "IDH-008", "IDH-019", "INC-005",
    "INC-006",
}  # fmt: skip
# what columns that are no facts by themselves are for somebody of whom there is no record
NO_RECORD: dict[str, bool | int | None] = {
    "earned": False,
    "worked": False,
    "worked_3m": False,
    "earnings_3m": 0,
    "paid_as_worker": False,
    "is_unfit": False,
    "earnings_year": 0,
}
COLOURS = (("red", 8), ("orange", 5), ("yellow", 3))
LIST_COLUMNS = ("case", "head_name", "colour", "points", "indicators")
# extracts that may lag behind their delivery, and their column of months
MONTHLY = (("sta_income", "tax_month"), ("grid_power", "use_month"))
# fact -> the benefits that make it true
BENEFITS_OF = {
    "on_dibao": ("dibao_urban", "dibao_rural"),
    "on_tekun": ("tekun_dispersed", "tekun_institution"),
    "on_edge": ("edge",),
    "on_rigid": ("rigid",),
    "on_child_aid": ("orphan", "unattended_child"),
    "on_disability_living": ("disability_living",),
    "on_disability_care": ("disability_care",),
    "on_elder_age": ("elder_age",),
}
AID = ("dibao_urban", "dibao_rural", "tekun_dispersed", "tekun_institution", "edge", "rigid")
MAJOR_DISEASES = (
    "cancer", "uremia", "transplant", "leukemia", "stroke", "heart", "aids", "congenital", "rare", "severe_mental",
)  # fmt: skip
LONG_TREATMENT = ("uremia", "cancer", "leukemia", "transplant", "tuberculosis")
_FILE = re.compile(r"(?P<extract>[a-z_]+)_(?P<day>\d{8})(?:_\w+)?\.(?:csv|xlsx|parquet)")


@dataclass(frozen=True)
class Delivery:
    """The files of an extract in the order of their parts, and their day."""

    day: date
    paths: tuple[Path, ...]


def deliveries(inbox: Path) -> dict[str, Delivery]:
    """The job's extracts in an inbox.

    Raises:
        SystemExit: an extract is not there, or was delivered on two days.
    """
    found: dict[str, list[tuple[date, Path]]] = {name: [] for name in EXTRACTS}
    for path in sorted(inbox.iterdir()):
        name = _FILE.fullmatch(path.name)
        if name and name["extract"] in EXTRACTS and (day := date.fromisoformat(name["day"])) <= AS_OF:
            found[name["extract"]].append((day, path))
    odd = [name for name, files in found.items() if len({day for day, _ in files}) != 1]
    if odd:
        raise SystemExit(f"not delivered on exactly one day: {', '.join(odd)}")
    return {name: Delivery(files[0][0], tuple(path for _, path in files)) for name, files in found.items()}


def columns(name: str) -> tuple[Column, ...]:
    """The columns of an extract that a peer reads."""
    return tuple(c for c in extract(name).columns if c.required or c.name in EXTRACTS[name])


def asked_for(names: Iterable[str]) -> list[str]:
    """Of the columns of an extract those that are asked for once its rows are judged; a peer need not hold the others."""
    return [name for name in names if name not in UNASKED]


def titles(name: str, header: Iterable[str]) -> dict[str, str]:
    """Title in the file -> canonical name, for the columns that a peer reads."""
    known = {title: c.name for c in columns(name) for title in (c.header, c.name)}
    return {title: known[title] for title in header if title in known}


def encoding(name: str) -> str:
    """How the department writes its text files."""
    return "gb18030" if extract(name).format.endswith("gb18030") else "utf-8"


def header_of(path: Path, name: str) -> list[str]:
    """The first line of a text file."""
    with path.open(encoding="utf-8-sig" if encoding(name) == "utf-8" else "gb18030", newline="") as file:
        return next(csv.reader(file))


@cache
def indicators() -> tuple[Indicator, ...]:
    """Every indicator of the catalogue that needs the job's extracts only, but those left out."""
    return tuple(i for i in load_catalogue().in_force(AS_OF) if i.code not in LEFT_OUT and _needs(i) <= EXTRACTS.keys())


def _needs(indicator: Indicator) -> set[str]:
    return {need for name in indicator.rule.facts for need in facts(indicator.unit)[name].needs}


def no_record(unit: str, names: Iterable[str]) -> dict[str, bool | int | None]:
    """What each fact is for somebody of whom there is no record; money and shares in their smallest unit, too, that is 0."""
    declared = facts("person" if unit == "person" else "household")
    return {name: value for name in names if (value := declared[name].no_record if name in declared else None) is not None}


@cache
def parameter_values() -> dict[str, tuple[str, str]]:
    """Parameter -> its value in rural and in urban places, as written.

    Raises:
        ValueError: a parameter of the job depends on more than the area kind.
    """
    named = {name for indicator in indicators() for name in indicator.rule.parameters}
    values = [v for v in load_parameters().values if v.parameter in named and v.valid_from <= AS_OF]
    if finer := {v.parameter for v in values if v.region_code not in (REGION, "00")}:
        raise ValueError(f"set by places smaller than a province: {sorted(finer)}")
    found = {}
    for name in sorted(named):
        own = sorted(
            (v for v in values if v.parameter == name), key=lambda v: (v.region_code, v.valid_from, v.area_kind != "any")
        )
        rural, urban = ([v for v in own if v.area_kind in ("any", kind)][-1] for kind in ("rural", "urban"))
        found[name] = (f"{rural.value:f}", f"{urban.value:f}")
    return found


def points() -> list[dict[str, object]]:
    """Of the indicators that lead to a visit: code, points and family (its own code when it has none)."""
    visits = (Direction.RISK, Direction.UNCOVERED)
    return [
        {"indicator": i.code, "points": i.points, "family": i.family or i.code} for i in indicators() if i.direction in visits
    ]


def before(day: date, months: int) -> date:
    """The day some months earlier, or the last day of a shorter month."""
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_of(day: date) -> int:
    """Months since year 0, so that windows are differences."""
    return 12 * day.year + day.month - 1


def reached(day: date, rows_by_month: dict[int, int]) -> int:
    """The running month of sta_income and grid_power: that after the newest month that is well filled, if it is earlier.

    Args:
        day: of the delivery.
        rows_by_month: month number -> rows.
    """
    filled = max(m for m, rows in rows_by_month.items() if 2 * rows >= rows_by_month.get(m - 1, 0))
    return min(filled + 1, month_of(day))


def land_all(
    delivered: Mapping[str, Delivery], out: Path, land: Callable[[str, Delivery], tuple[Frame, dict[str, int]]]
) -> dict[str, Frame]:
    """Land every delivery, as many at once as there are cores, and write the counts; rows by extract."""
    with ThreadPoolExecutor(os.cpu_count()) as side_by_side:
        both = dict(zip(delivered, side_by_side.map(land, delivered, delivered.values()), strict=True))
    write_counts(out, {name: counts for name, (_, counts) in both.items()})
    return {name: frame for name, (frame, _) in both.items()}


def running_months(delivered: Mapping[str, Delivery], months_of: Callable[[str, str], dict[int, int]]) -> dict[str, int]:
    """The running month of every extract.

    Args:
        delivered: tells when.
        months_of: extract and its column of months -> rows of each month.
    """
    own = {name: reached(delivered[name].day, months_of(name, month)) for name, month in MONTHLY}
    return {name: month_of(delivery.day) for name, delivery in delivered.items()} | own


def write_counts(out: Path, counts: dict[str, dict[str, int]]) -> None:
    """`counts.json`: extract -> read, loaded, superseded, quarantined."""
    (out / "counts.json").write_text(json.dumps(counts, indent=1, sort_keys=True))


def write_lists(out: Path, rows: Iterable[tuple[object, ...]]) -> None:
    """One file per township.

    Args:
        out: gets the folder `lists`.
        rows: township (None = no place), case, head's name, colour, points, indicators; ordered by township, points (most
            first), case.
    """
    folder = out / "lists"
    folder.mkdir(parents=True)
    for township, cases in groupby(rows, key=lambda row: row[0]):
        with (folder / f"{township or 'unplaced'}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(LIST_COLUMNS)
            writer.writerows(row[1:] for row in cases)


def id_text(key: int) -> str:
    """The ID of a key."""
    return f"{key >> 4}{'0123456789X'[key & 15]}"


def list_rows(out: Path) -> Iterator[tuple[str, ...]]:
    """The rows of all lists, with the file's name before them, in order."""
    for path in sorted((out / "lists").iterdir()):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                yield path.stem, *row
