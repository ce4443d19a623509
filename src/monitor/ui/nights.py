"""A night at a glance: what stands, what changed, what was left off, which departments were late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from monitor.contracts import extracts
from monitor.ui.analyst_file import Night, Row

_STANDING = "state not in ('cleared', 'closed')"
_PLACES = """
select one.kind, one.county, one.township, coalesce(place.name, '住址不详') as name,
    count(*) as standing,
    count(*) filter (one.colour = 'red') as red,
    count(*) filter (one.colour = 'orange') as orange,
    count(*) filter (one.colour = 'yellow') as yellow,
    count(*) filter (one.colour = 'blue') as blue,
    count(*) filter (listing.is_listed) as listed,
    count(*) filter (not listing.is_listed and listing.why = 'capacity') as left_off,
    count(*) filter (listing.is_listed and one.due < one.as_of) as overdue
from case_history as one
left join listing on listing.as_of = one.as_of and listing.case_no = one.case_no
left join region as place on place.code = one.township
where one.as_of = $night and one.state not in ('cleared', 'closed')
group by all
order by one.kind desc, one.county, one.township nulls last
"""
_DELIVERIES = """
select fresh.extract, fresh.newest_delivery, fresh.age_days, fresh.late_after, fresh.is_stale,
    coalesce(sum(told.rows_read), 0)::bigint as rows_read, coalesce(sum(told.loaded), 0)::bigint as loaded,
    coalesce(sum(told.superseded), 0)::bigint as superseded, coalesce(sum(told.quarantined), 0)::bigint as quarantined,
    coalesce(sum(told.blanked), 0)::bigint as blanked,
    count(told.delivery) filter (told.state = 'in_force') as in_force,
    count(told.delivery) filter (told.state = 'refused') as refused,
    string_agg(told.reason, '；' order by told.delivery) filter (told.state = 'refused') as reasons
from freshness as fresh
left join ledger as told on told.as_of = fresh.as_of and told.extract = fresh.extract
where fresh.as_of = $night
group by all
order by fresh.is_stale desc, fresh.extract
"""
_BLIND = """
select indicator, sum(unknown)::bigint as unknown, sum(hit + clear + unknown)::bigint as asked
from coverage where as_of = $night and starts_with(county, $county)
group by indicator having sum(unknown) > 0 order by unknown desc, indicator limit $most
"""


@dataclass(frozen=True)
class Glance:
    """A night.

    Attributes:
        changes: kind x state -> cases.
        places: a row per kind and township with its cases by colour, listed, left off, overdue.
        late: extracts whose data are late.
        blind: indicators of which most could not be judged.
    """

    changes: list[Row]
    places: list[Row]
    late: list[Row]
    blind: list[Row]

    def total(self, kind: str, column: str) -> int:
        """Over all townships."""
        return sum(row[column] for row in self.places if row["kind"] == kind)


def glance(night: Night, as_of: date) -> Glance:
    """Read one night."""
    given = {"night": as_of}
    changes = "select kind, state, count(*) as cases from case_history where as_of = $night group by all order by all"
    return Glance(
        night.rows(changes, given),
        night.rows(_PLACES, given),
        [row for row in deliveries(night, as_of) if row["is_stale"]],
        blind(night, as_of, most=8),
    )


def deliveries(night: Night, as_of: date) -> list[Row]:
    """A row per extract: how old, how many rows became what, late ones first."""
    contracts = extracts()
    return [
        row
        | {
            "department": contracts[row["extract"]].department if row["extract"] in contracts else "",
            "title": contracts[row["extract"]].title if row["extract"] in contracts else row["extract"],
        }
        for row in night.rows(_DELIVERIES, {"night": as_of})
    ]


def blind(night: Night, as_of: date, *, county: str = "", most: int = 1_000) -> list[Row]:
    """Indicators that could not judge everybody, worst first."""
    return night.rows(_BLIND, {"night": as_of, "county": county, "most": most})


def places(night: Night, as_of: date, level: Literal["county", "township"]) -> list[tuple[str, str]]:
    """(code, name) of the divisions that have a case."""
    rows = night.rows(
        f"select distinct {level} as code, region.name from case_history join region on region.code = {level} "
        "where as_of = $night order by code",
        {"night": as_of},
    )
    return [(row["code"], row["name"]) for row in rows]


def outcomes(night: Night, as_of: date) -> dict[str, Row]:
    """indicator -> hit, clear, unknown, exempt over all counties, and its precision if answers came back."""
    rows = night.rows(
        "select indicator, sum(hit)::bigint as hit, sum(clear)::bigint as clear, sum(unknown)::bigint as unknown, "
        "sum(exempt)::bigint as exempt from coverage where as_of = $night group by indicator",
        {"night": as_of},
    )
    return {row["indicator"]: row for row in rows}


def precision(night: Night, as_of: date) -> dict[str, Row]:
    """indicator -> judged, fact, and the interval of the share that was true; over the whole installation."""
    rows = night.rows(
        "select indicator, judged, fact, fact_low, fact_high from precision "
        "where as_of = $night and county = 'all' and indicator <> 'all'",
        {"night": as_of},
    )
    return {row["indicator"]: row for row in rows}
