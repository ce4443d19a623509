"""Each kind of dirt does what its switch says and leaves the rest alone."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import polars as pl
import pytest

from monitor.contracts import codes, extract
from monitor.errors import UsageError
from monitor.synth import Dirt, Plan, kinds, synthesise
from monitor.synth.cells import as_text
from monitor.synth.dirt import doubled, ragged, soil_cells
from monitor.synth.people import people_of
from monitor.synth.synthesise import frames_of
from monitor.synth.timeline import Delivery, cut

PLAN = Plan(persons=3_000, dirt="none")
# kind -> where to look for it, the cells it may touch, and what a touched cell looks like
CELLS = {
    "id_lower_x": ("psb_resident", "id", r"x$"),
    "id_15_digit": ("psb_resident", "id", r"^\d{15}$"),
    "id_full_width": ("psb_resident", "id", r"^[０-９]{17}[０-９Ｘ]$"),
    "id_blanks": ("psb_resident", "id", r"^\s+9[\dX]{17}\s+$"),
    "id_scientific": ("psb_resident", "id", r"^9\.\d{5}E\+17$"),
    "id_wrong_check": ("psb_resident", "id", r"^990\d{14}[78]$"),
    "date_forms": ("psb_resident", "date", r"^\d{8}$|^\d{4}/\d{1,2}/\d{1,2}$|^\d{4}年\d{1,2}月\d{1,2}日$"),
    "date_impossible": ("psb_resident", "date", r"-02-30$"),
    "money_separators": ("sta_income", "money", r"^\d{1,3}(,\d{3})+\.\d\d$"),
    "money_yuan": ("sta_income", "money", r"^\d+\.\d\d元$"),
    "money_wan": ("sta_income", "money", r"^\d+\.\d{6}万元$"),
    "code_labels": ("psb_resident", "code", r"^[\u4e00-\u9fff]+$"),
    "code_unknown": ("psb_resident", "code", r"^不详类$"),
    "wide_letters": ("psb_resident", "text", r"[０-９Ａ-Ｚ]"),
    "apostrophes": ("psb_resident", "idtext", r"^'"),
    "formula_text": ("psb_resident", "text", r"^[=+@-]"),
    "quoted_newline": ("psb_resident", "text", r"\n"),
    "empty_words": ("psb_resident", "empty", r"^(-|NULL|N/A|无)$"),
}


@pytest.fixture(scope="module")
def frames() -> dict[str, pl.DataFrame]:
    made = frames_of(people_of(PLAN, 0))[0]
    return {name: as_text(cut(made[name], Delivery(name, PLAN.as_of, None, 0)), extract(name)) for name in made}


@pytest.mark.parametrize("kind", CELLS)
def test_a_switch_soils_only_its_own_cells_and_each_as_it_says(kind: str, frames: dict[str, pl.DataFrame]) -> None:
    name, touches, looks = CELLS[kind]
    clean, contract = frames[name], extract(name)
    dirty = soil_cells(clean, contract, Dirt.only(kind, 0.3), 1, "here")
    changed = 0
    for column in contract.columns:
        moved = pl.DataFrame({"old": clean[column.name], "new": dirty[column.name]}).filter(
            pl.col("old").ne_missing(pl.col("new"))
        )
        changed += len(moved)
        if len(moved):
            assert moved["new"].str.contains(looks).all(), column.name
            assert touches == "empty" or column.kind in touches
            assert (touches == "empty") == moved["old"].is_null().all()
    assert changed > 0


def test_empty_required_cells_are_required_and_nothing_else_changes(frames: dict[str, pl.DataFrame]) -> None:
    clean, contract = frames["psb_resident"], extract("psb_resident")
    dirty = soil_cells(clean, contract, Dirt.only("required_empty", 0.2), 1, "here")
    lost = {c.name: int((dirty[c.name].is_null() & clean[c.name].is_not_null()).sum()) for c in contract.columns}
    assert all((count > 0) == contract.column(name).required for name, count in lost.items())
    kept = pl.any_horizontal(pl.all().is_null())
    assert dirty.filter(~kept).equals(clean.filter(pl.Series(dirty.select(~kept).to_series())))


def test_amounts_in_ten_thousands_are_the_same_amounts(frames: dict[str, pl.DataFrame]) -> None:
    clean, contract = frames["sta_income"], extract("sta_income")
    dirty = soil_cells(clean, contract, Dirt.only("money_wan", 1), 1, "here")
    back = dirty["amount"].str.strip_suffix("万元").cast(pl.Float64) * 10_000
    assert ((back - clean["amount"].cast(pl.Float64)).abs().drop_nulls() < 0.001).all()


def test_labels_are_those_of_the_code_list(frames: dict[str, pl.DataFrame]) -> None:
    clean, contract = frames["psb_resident"], extract("psb_resident")
    dirty = soil_cells(clean, contract, Dirt.only("code_labels", 1), 1, "here")
    assert set(dirty["relation"]) <= set(codes()["relation"].values())


def test_doubled_keys_stand_once_more_at_the_end(frames: dict[str, pl.DataFrame]) -> None:
    clean = frames["psb_resident"]
    dirty = doubled(clean, 0.01, 1, "here")
    assert dirty.head(len(clean)).equals(clean)
    assert 0 < len(dirty) - len(clean) < 100
    assert set(dirty.tail(len(dirty) - len(clean))["id_no"]) <= set(clean["id_no"])


def test_ragged_lines_are_parted_from_the_whole_ones(frames: dict[str, pl.DataFrame]) -> None:
    whole, odd = ragged(frames["psb_resident"], 0.05, 1, "here")
    assert len(odd) > 0
    assert len(whole) + len(odd) == len(frames["psb_resident"])


def made(tmp_path: Path, kind: str, nights: int = 1, rate: float = 1) -> Path:
    synthesise(Plan(persons=400, nights=nights, dirt=Dirt.only(kind, rate)), tmp_path / kind)
    return tmp_path / kind


def lines(path: Path) -> list[str]:
    return path.read_bytes().decode("utf-8").splitlines()


def test_ragged_lines_have_one_cell_too_many(tmp_path: Path) -> None:
    path = made(tmp_path, "ragged_lines", rate=0.3) / "psb_vehicle_20261116.csv"
    counts = {line.count(",") for line in lines(path)}
    assert counts == {5, 6}


def test_files_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    folder = made(tmp_path, "byte_order_mark")
    assert (folder / "psb_vehicle_20261116.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert not (folder / "psb_resident_20261120.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_columns_stand_in_another_order(tmp_path: Path) -> None:
    header = lines(made(tmp_path, "column_order") / "psb_vehicle_20261116.csv")[0].split(",")
    agreed = [c.header for c in extract("psb_vehicle").columns]
    assert header != agreed
    assert sorted(header) == sorted(agreed)


def test_files_have_a_column_that_nobody_agreed_on(tmp_path: Path) -> None:
    header = lines(made(tmp_path, "extra_columns") / "psb_vehicle_20261116.csv")[0].split(",")
    assert header[:-1] == [c.header for c in extract("psb_vehicle").columns]
    assert header[-1] == "备注"


def test_headers_are_canonical_names(tmp_path: Path) -> None:
    header = lines(made(tmp_path, "canonical_headers") / "psb_vehicle_20261116.csv")[0].split(",")
    assert header == [c.name for c in extract("psb_vehicle").columns]


def test_csv_files_come_packed_and_hold_the_file_of_their_name(tmp_path: Path) -> None:
    folder = made(tmp_path, "containers")
    assert not list(folder.glob("*.csv"))
    for path in folder.glob("*.gz"):
        assert len(gzip.decompress(path.read_bytes())) > 0
    zips = list(folder.glob("*.zip"))
    assert zips
    for path in zips:
        assert zipfile.ZipFile(path).namelist() == [f"{path.stem}.csv"]


def test_one_night_a_file_lacks_a_required_column(tmp_path: Path) -> None:
    folder = made(tmp_path, "refused_file", nights=3)
    there = ["受理日期" in lines(folder / f"mca_application_202611{day}.csv")[0] for day in (20, 21, 22)]
    assert there == [True, False, True]


def test_the_last_delivery_shrinks_below_half(tmp_path: Path) -> None:
    folder = made(tmp_path, "shrunk_delivery", nights=2)
    first, last = (len(lines(folder / f"mca_family_202611{day}.csv")) for day in (20, 21))
    assert last < first / 2


def test_a_packed_file_is_cut_off(tmp_path: Path) -> None:
    path = made(tmp_path, "truncated_gz", nights=2) / "nhc_death_20261121.csv.gz"
    with pytest.raises(EOFError):
        gzip.decompress(path.read_bytes())


def test_a_file_of_an_extract_that_nobody_knows_arrives(tmp_path: Path) -> None:
    assert (made(tmp_path, "unknown_extract") / "mca_volunteer_20261120.csv").is_file()


def test_a_file_is_dated_after_the_last_night(tmp_path: Path) -> None:
    assert (made(tmp_path, "future_file", nights=2) / "nhc_death_20261122.csv").is_file()


def test_the_demonstration_has_every_kind_and_clean_data_none() -> None:
    assert all(getattr(Dirt.demo(), kind) > 0 for kind in kinds())
    assert not any(getattr(Dirt.named("none"), kind) for kind in kinds())


def test_a_rate_that_is_no_share_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="date_forms"):
        Dirt(date_forms=2)
