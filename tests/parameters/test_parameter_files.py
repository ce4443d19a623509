"""The parameter files: what is shipped is whole, and every fault of a wrong file is told at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from monitor.errors import CatalogueInvalid
from monitor.parameters import load_parameters
from monitor.parameters.load import NATION

HEADER = "region_code,area_kind,valid_from,value,document\n"


def own(folder: Path, name: str, rows: str) -> Path:
    (folder / f"{name}.csv").write_text(HEADER + rows, encoding="utf-8")
    return folder


def messages(folder: Path) -> str:
    with pytest.raises(CatalogueInvalid) as raised:
        load_parameters([folder])
    assert raised.value.exit_code == 11
    return str(raised.value)


def test_every_declared_parameter_has_a_value_and_a_document() -> None:
    parameters = load_parameters()
    assert {value.parameter for value in parameters.values} == set(parameters.index)
    assert all(value.document for value in parameters.values)


def test_values_are_exact_decimals() -> None:
    values = {v.key: v.value for v in load_parameters().values}
    assert values["dibao_month_yuan", "53", "rural", date(2024, 7, 1)] == Decimal("533.33")


def test_every_value_lies_in_yunnan_or_in_the_nation() -> None:
    assert all(v.region_code == NATION or v.region_code.startswith("53") for v in load_parameters().values)


def test_an_installation_replaces_a_row_and_adds_another(tmp_path: Path) -> None:
    own(tmp_path, "catastrophic_yuan", "53,any,2023-01-01,60000,州里文件\n5306,any,2026-01-01,40000,昭通文件\n")
    values = {v.key: v.value for v in load_parameters([tmp_path]).values}
    assert values["catastrophic_yuan", "53", "any", date(2023, 1, 1)] == 60000
    assert values["catastrophic_yuan", "5306", "any", date(2026, 1, 1)] == 40000


def test_a_later_folder_wins_over_an_earlier_one(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, value in ((first, 1), (second, 2)):
        folder.mkdir()
        own(folder, "repeated_stays", f"53,any,2023-01-01,{value},文件\n")
    values = {v.key: v.value for v in load_parameters([first, second]).values}
    assert values["repeated_stays", "53", "any", date(2023, 1, 1)] == 2


def test_a_folder_that_does_not_exist_changes_nothing(tmp_path: Path) -> None:
    assert load_parameters([tmp_path / "absent"]).sha256 == load_parameters().sha256


def test_another_value_gives_another_hash(tmp_path: Path) -> None:
    own(tmp_path, "repeated_stays", "53,any,2023-01-01,4,文件\n")
    assert load_parameters([tmp_path]).sha256 != load_parameters().sha256


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    own(tmp_path, "catastrophic_yuan", "530,any,2023-01-01,1,文件\n53,town,2023-01-01,1,文件\n53,any,2023-13-01,1,文件\n")
    own(tmp_path, "repeated_stays", "53,any,2023-01-01,three,文件\n53,any,2023-01-02,3,\n53,any\n")
    own(tmp_path, "dibao_mouth_yuan", "53,any,2023-01-01,1,文件\n")
    told = messages(tmp_path)
    for part in (
        "catastrophic_yuan.csv: row 2: region_code:'530'",
        "catastrophic_yuan.csv: row 3: area_kind:'town'",
        "catastrophic_yuan.csv: row 4: valid_from:'2023-13-01'",
        "repeated_stays.csv: row 2: value:'three'",
        "repeated_stays.csv: row 3: document:空着",
        "repeated_stays.csv: row 4:这一行不是正好五格",
        "应为 dibao_month_yuan",
    ):
        assert part in told


@pytest.mark.parametrize("value", ["-1", "NaN", "1e40", "0.1234567", "1,000", ""])
def test_a_value_that_is_no_plain_number_is_refused(tmp_path: Path, value: str) -> None:
    cell = f'"{value}"'
    assert "value" in messages(own(tmp_path, "repeated_stays", f"53,any,2023-01-01,{cell},文件\n"))


def test_two_values_for_one_place_and_day_are_refused(tmp_path: Path) -> None:
    own(tmp_path, "repeated_stays", "53,any,2023-01-01,3,文件\n53,any,2023-01-01,4,文件\n")
    assert "row 3:地区 53、any、2023-01-01 有了第二个值" in messages(tmp_path)


def test_a_wrong_header_is_refused(tmp_path: Path) -> None:
    (tmp_path / "repeated_stays.csv").write_text("region,value\n53,3\n", encoding="utf-8")
    assert "header" in messages(tmp_path)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "repeated_stays.csv").write_bytes((HEADER + "53,any,2023-01-01,3,经验值\n").encode("gb18030"))
    assert "UTF-8" in messages(tmp_path)
