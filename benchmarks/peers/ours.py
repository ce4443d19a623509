"""The job by the project itself: its own verbs over an inbox of the job's files and a catalogue of the job's indicators.

    python benchmarks/peers/ours.py INBOX OUT_DIR

It does more than the job asks: it types every column, keeps landed rows and what was quarantined as Parquet, makes all facts
rather than those that the rules name, and stores evidence and a sentence for every hit.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import duckdb
import job

from monitor import parameters, sources
from monitor.facts import build_facts
from monitor.indicators import evaluate, load_catalogue
from monitor.run import Night
from monitor.settings import Settings
from monitor.store import write_parquet
from monitor.transform import run_layer

_HITS = """
select hit.indicator, hit.unit, if(hit.unit = 'person', id_text(hit.subject), own.household_id) as subject,
    whose.household_id as household
from hits.hit
left join core.household as own on own.household = if(hit.unit = 'household', hit.subject, null)
left join core.household as whose on whose.household = hit.household
order by hit.indicator, subject
"""
_CASES = """
with per_family as (
    select case_subject, coalesce(family, indicator) as family, max(points) as points
    from hits.hit
    where direction in ('risk', 'uncovered')
    group by all
),

cases as (
    select case_subject, cast(sum(points) as integer) as points
    from per_family
    group by case_subject
    having sum(points) >= 3
),

reasons as (
    select case_subject, string_agg(distinct indicator, ';' order by indicator) as indicators, any_value(township) as township
    from hits.hit
    where direction in ('risk', 'uncovered')
    group by case_subject
)

select
    reasons.township,
    coalesce(core.household.household_id, id_text(cases.case_subject)) as case_id,
    core.person.name,
    case when cases.points >= 8 then 'red' when cases.points >= 5 then 'orange' else 'yellow' end as colour,
    cases.points,
    reasons.indicators
from cases
join reasons on reasons.case_subject = cases.case_subject
join core.person on core.person.person = cases.case_subject
left join core.household on core.household.household = cases.case_subject
order by reasons.township nulls first, cases.points desc, case_id
"""
_COUNTS = """
select extract, sum(rows_read), sum(loaded), sum(superseded), sum(quarantined)
from deliveries.ledger
group by extract
"""


def main(inbox: Path, out: Path) -> None:
    """Land, judge, build, ask, list."""
    night = Night(Settings(home=out / "home", inbox=_own_inbox(inbox, out / "inbox"), region=job.REGION), job.AS_OF)
    night.begin()
    arrivals = sources.arrive(night)
    landed = sources.land(night, arrivals)
    with night.connect() as connection:
        sources.judge(connection, night, arrivals, landed)
        run_layer(connection, "staging", views=True)
        run_layer(connection, "core")
        parameters.resolve_parameters(connection, job.AS_OF)
        build_facts(connection)
        catalogue = load_catalogue()
        evaluate(connection, replace(catalogue, indicators={i.code: i for i in job.indicators()}))
        _write(connection, out)
    night.abandon()


def _own_inbox(inbox: Path, folder: Path) -> Path:
    """A folder with the job's files alone; links, because the data may be large."""
    folder.mkdir(parents=True)
    for delivery in job.deliveries(inbox).values():
        for path in delivery.paths:
            target = folder / path.name
            with suppress(OSError):
                os.link(path, target)
            if not target.exists():
                shutil.copy2(path, target)
    return folder


def _write(connection: duckdb.DuckDBPyConnection, out: Path) -> None:
    write_parquet(connection, _HITS, out / "hits.parquet")
    names = ("read", "loaded", "superseded", "quarantined")
    counts = {row[0]: dict(zip(names, map(int, row[1:]), strict=True)) for row in connection.execute(_COUNTS).fetchall()}
    job.write_counts(out, counts)
    job.write_lists(out, connection.execute(_CASES).fetchall())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
