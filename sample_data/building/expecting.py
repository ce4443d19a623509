"""The files of `expected/`: ledger, quarantined rows, hits, cases by night and one township's list."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, fields
from pathlib import Path

from building.cast import NIGHTS, contract, households, people, villages
from building.delivering import File, files
from building.files import put
from building.records import dated, first_night
from building.stories import Case, Hit, cases, hits, indicators

TOWNSHIP = "530626102"
LEDGER = ("as_of", "extract", "delivery", "rows_read", "loaded", "superseded", "quarantined", "blanked", "state")


def write_expected(folder: Path) -> None:
    """Write every expected table as UTF-8 CSV."""
    _put(folder, "ledger.csv", LEDGER, ledger())
    quarantined = [(f.name, r.reasons) for f in files() if "refused" not in f.delivery for r in f.rows if r.reasons]
    _put(folder, "quarantine.csv", ("delivery", "reasons"), sorted(quarantined))
    _put(folder, "hits.csv", ("as_of", *_names(Hit)[1:]), (_dated(h) for h in hits()))
    _put(folder, "cases.csv", ("as_of", *_names(Case)[1:]), (_dated(c) for c in cases(set(indicators()))))
    _put(folder, f"township_{TOWNSHIP}.csv", _LIST, township(3))


def ledger() -> list[tuple[object, ...]]:
    """A line per delivered file and night; files dated after the night have none."""
    lines: list[tuple[object, ...]] = []
    for night, as_of in NIGHTS.items():
        seen = [f for f in files() if first_night(f.delivery) <= night]
        seen.sort(key=lambda f: f.name)
        lines += [(as_of, f.delivery["extract"], f.name, *_fates(f, seen, night)) for f in seen]
    return lines


def _fates(file: File, seen: list[File], night: int) -> tuple[int, int, int, int, int, str]:
    """Rows read, loaded, superseded, quarantined, blanked cells and the state of a file."""
    read, bad = len(file.rows), sum(r.fate == "quarantined" for r in file.rows)
    if "refused" in file.delivery:
        return read, 0, 0, read, 0, "refused"
    blanked = sum(r.blanked for r in file.rows if r.fate != "quarantined")
    if _is_replaced(file, seen):
        return read, 0, read - bad, bad, blanked, "replaced"
    lost = sum(r.fate == "superseded" or (r.fate == "loaded" and r.superseded_on <= night) for r in file.rows)
    return read, read - lost - bad, lost, bad, blanked, "in_force"


def _is_replaced(file: File, seen: list[File]) -> bool:
    """A full extract counts by its newest accepted delivery."""
    extract = file.delivery["extract"]
    newer = (f for f in seen if f.delivery["extract"] == extract and dated(f.delivery) > dated(file.delivery))
    return contract(extract)["mode"] == "full" and any("refused" not in f.delivery for f in newer)


_LIST = ("village", "household", "colour", "head", "masked_id", "people", "indicators")


def township(night: int) -> list[tuple[object, ...]]:
    """The visits listed in one township on a night, by village and household. Blue is watched, not listed."""
    listed = {c.household: c for c in cases(set(indicators())) if c.night == night and c.kind == "visit" and c.colour != "blue"}
    lines: list[tuple[object, ...]] = []
    for household in households():
        case = listed.get(household.household_id)
        if case is None or case.state == "cleared" or not household.village.startswith(TOWNSHIP):
            continue
        members = [p for p in household.given["people"] if _is_member(p, night)]
        head = people()[next((p for p in members if p["relation"] == "head"), members[0])["name"]]
        masked = "*" * 14 + head.id_no[-4:]
        lines.append(
            (villages()[household.village], case.household, case.colour, head.name, masked, len(members), case.indicators)
        )
    return sorted(lines, key=str)


def _is_member(given: dict[str, object], night: int) -> bool:
    """In the register and, as the stories of this township go, neither dead nor missing nor moved."""
    status = given.get("status", "normal")
    return people()[str(given["name"])].in_registry and status == "normal" and not given.get("died")


def _names(kind: type[Hit] | type[Case]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


def _dated(row: Hit | Case) -> tuple[object, ...]:
    night, *rest = astuple(row)
    return (NIGHTS[night], *rest)


def _put(folder: Path, name: str, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    put(folder, name, buffer.getvalue().encode("utf-8"))
