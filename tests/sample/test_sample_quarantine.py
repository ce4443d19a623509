"""The rows that cannot be read, and the township list, of sample_data."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
from building.cast import people

Rows = list[dict[str, str]]


def test_each_unreadable_row_is_kept_with_all_its_reasons(sample_home: Path, expected: Callable[[str], Rows]) -> None:
    wanted = Counter((row["delivery"].split("_2026")[0], row["reasons"]) for row in expected("quarantine.csv"))
    found: Counter[tuple[str, str]] = Counter()
    for path in (sample_home / "landing").glob("*/*.quarantine.parquet"):
        found.update((path.parent.name, reasons) for reasons in pq.read_table(path)["reasons"].to_pylist())
    assert {key: found[key] for key in wanted} == wanted


def test_the_list_of_a_township_shows_its_households_with_masked_ids(
    sample_home: Path, expected: Callable[[str], Rows], known: set[str]
) -> None:
    wanted = [row for row in expected("township_530626102.csv") if set(row["indicators"].split()) <= known]
    path = sample_home / "outbox" / "2026-11-20" / "530626" / "530626102.csv"
    text = path.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in text
    lines = list(csv.reader(text.decode("utf-8-sig").splitlines()))
    for row in wanted:
        assert any({row["head"], row["masked_id"], row["people"]} <= set(line) for line in lines)
    assert not any(person.id_no.encode() in text for person in people().values())


def test_no_other_household_stands_on_the_list(sample_home: Path, expected: Callable[[str], Rows]) -> None:
    text = (sample_home / "outbox" / "2026-11-20" / "530626" / "530626102.csv").read_text(encoding="utf-8-sig")
    listed = {row["household"] for row in expected("township_530626102.csv")}
    others = {name for name, person in people().items() if person.household.household_id not in listed}
    assert not [name for name in others if name in text]
