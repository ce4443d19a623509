"""What analysts have installed is often older than what wrote the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_home import made_home

from monitor.publish import rebuild, warehouse
from monitor.settings import Settings


def test_no_metadata_is_used_again_which_older_versions_cannot_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, seen, bring_up = made_home(tmp_path), [], warehouse._bring_up

    def looked_at(connection: Any, *given: Any) -> None:
        bring_up(connection, *given)
        seen.extend(connection.execute("select current_setting('experimental_metadata_reuse')").fetchone())
        of_the_file = "select tags['storage_version'] from duckdb_databases() where not internal and path is not null"
        seen.extend(connection.execute(of_the_file).fetchone())

    monkeypatch.setattr(warehouse, "_bring_up", looked_at)
    rebuild(home, Settings(threads=1))
    assert seen == [False, "v1.0.0+"]
