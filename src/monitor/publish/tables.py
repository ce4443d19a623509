"""What a run keeps for later readers beside people, hits and cases: the numbers and the regions it used."""

from __future__ import annotations

from pathlib import Path

import duckdb

from monitor.store import write_parquet

# a value that is in force in some place, once; the places are known by region and area kind
_PARAMETERS = """
select distinct parameter, region_code, area_kind, valid_from, value, document
from parameters.resolved
order by parameter, region_code, area_kind, valid_from
"""
_REGIONS = "select code, name, level, parent, full_name from core.region order by code"


def write_parameters(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write `parameters.parquet` (values in force) and `region.parquet` (codes and names) into a run folder.

    Args:
        connection: the working database; reads parameters.resolved and core.region.
        folder: the run folder in the making.
    """
    write_parquet(connection, _PARAMETERS, folder / "parameters.parquet")
    write_parquet(connection, _REGIONS, folder / "region.parquet")
