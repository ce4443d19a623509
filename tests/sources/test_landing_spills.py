"""What does not fit into memory goes to disk, and a disk that cannot be written is no fault of what a department sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from landing_inbox import Inbox, made_up_id

from monitor.settings import load_settings
from monitor.sources import landing
from monitor.store import connect

NAME = "nhc_elder_ability_20261001.csv"
CSV = f"身份证号,评估总分,能力等级,评估日期\n{made_up_id(1)},55,中度失能,2026-01-03\n"


def test_a_database_spills_into_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, threads=1, memory_limit_mb=256)
    with connect(None, settings, spill=tmp_path / "work" / "spill" / "0") as connection:
        connection.execute("set memory_limit = '24MB'")
        connection.execute("create temp table wide as select range, repeat(range::varchar, 12) as text from range(1500000)")
        spilled = connection.execute("select sum(size) from duckdb_temporary_files()").fetchall()[0][0]
    assert spilled > 0


@pytest.mark.parametrize("text", ['Failed to create directory "home/spill/0"', "Could not write file: No space left on device"])
def test_a_working_disk_that_fails_ends_the_night_and_refuses_nothing(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    inbox.put(NAME, CSV)

    def failing(*given: Any) -> dict[str, Any]:
        raise duckdb.IOException(f"IO Error: {text}")

    monkeypatch.setattr(landing, "read_rows", failing)
    with pytest.raises(duckdb.IOException, match="IO Error"):
        inbox.landed()


def test_a_file_that_breaks_off_is_refused(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.put(NAME, CSV)

    def failing(*given: Any) -> dict[str, Any]:
        raise duckdb.IOException(f'IO Error: Could not read enough bytes from file "/inbox/{NAME}"')

    monkeypatch.setattr(landing, "read_rows", failing)
    (one,) = inbox.landed()
    assert "无法识别" in one.fault
