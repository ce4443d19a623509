"""The committed sample is what its cast says."""

from __future__ import annotations

from pathlib import Path

import pytest
from building.cast import HERE, contract, deliveries, people
from building.delivering import write_inbox
from building.expecting import write_expected
from building.stories import hits, indicators


@pytest.mark.parametrize(("folder", "write"), [("inbox", write_inbox), ("expected", write_expected)])
def test_building_again_gives_the_same_bytes(tmp_path: Path, folder: str, write: object) -> None:
    assert callable(write)
    write(tmp_path)
    again = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert again == {path.name: path.read_bytes() for path in (HERE / folder).iterdir()}


def test_every_extract_is_delivered() -> None:
    assert {d["extract"] for d in deliveries()} == {p.stem for p in (HERE.parent / "schemas" / "extracts").glob("*/*.toml")}
    assert all(contract(d["extract"])["columns"] for d in deliveries())


def test_every_indicator_is_hit_by_somebody() -> None:
    assert {hit.indicator for hit in hits()} == set(indicators())


def test_nobody_can_be_taken_for_a_real_person() -> None:
    assert {person.id_no[:3] for person in people().values()} == {"990"}
