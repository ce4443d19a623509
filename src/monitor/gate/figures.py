"""The figures of a delivery that the gate looks at: counts and shares only."""

from __future__ import annotations

import duckdb
import pandas as pd

# per extract: its newest accepted delivery against the one accepted before it
_FIGURES = """
with accepted as (
    select
        extract,
        regexp_extract(delivery, '_(\\d{8})', 1) as delivered,
        sum(rows_read) as rows_read,
        sum(rows_read - quarantined) as readable,
        sum(quarantined) as quarantined,
        sum(superseded) filter (state = 'in_force') as superseded,
        sum(blanked) as blanked
    from deliveries.ledger
    where state <> 'refused'
    group by all
),
ranked as (
    select
        *,
        row_number() over (partition by extract order by delivered desc) as rank,
        lead(readable) over (partition by extract order by delivered desc) as readable_before
    from accepted
)
select
    extract,
    delivered,
    cast(rows_read as bigint) as rows_read,
    cast(quarantined as double) / greatest(rows_read, 1) as quarantined_share,
    cast(superseded as double) / greatest(readable, 1) as doubled_share,
    cast(blanked as double) / greatest(readable, 1) as blanked_per_row,
    cast(readable as double) / nullif(readable_before, 0) as rows_against_before,
    cast(readable_before as bigint) as readable_before
from ranked
where rank = 1
order by extract
"""


def delivery_figures(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per extract that has an accepted delivery: extract, delivered (YYYYMMDD), rows_read, quarantined_share,
    doubled_share, blanked_per_row (cells per readable row), rows_against_before (ratio) and readable_before (rows),
    both missing for the first delivery."""
    return connection.execute(_FIGURES).df()
