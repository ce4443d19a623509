"""Several readers in one process, as the pages of a browser are: each opens the file for itself, as it is at that moment."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest
from made_home import DAYS, made_home

from monitor.query import opened
from monitor.settings import Settings, load_settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings(made_home(tmp_path_factory.mktemp("home")).root, threads=1)


def _nights(settings: Settings) -> list[str]:
    with opened(settings) as connection:
        return [str(day) for (day,) in connection.execute("select as_of from run order by 1").fetchall()]


def test_many_at_once_disturb_nobody(settings: Settings) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: _nights(settings), range(40)))
    assert answers == [list(DAYS)] * 40


def test_who_opens_it_while_another_reads_sees_what_was_swapped_in(settings: Settings, tmp_path: Path) -> None:
    path = settings.home / "published" / "warehouse.duckdb"
    newer = tmp_path / "newer.duckdb"
    shutil.copyfile(path, newer)
    with duckdb.connect(str(newer)) as connection:
        connection.execute("delete from run where as_of = ?", [DAYS[0]])
    with opened(settings) as before:
        newer.replace(path)
        assert _nights(settings) == [DAYS[1]]
        assert before.execute("select count(*) from run").fetchall() == [(2,)]


def test_nothing_can_be_written_into_it(settings: Settings) -> None:
    with opened(settings) as connection, pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("create table own as select 1")
