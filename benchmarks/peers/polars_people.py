"""People, households and places with polars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import job
import polars as pl

Landed = dict[str, pl.DataFrame]
D = pl.lit(job.AS_OF)


@dataclass
class Population:
    """Who there is.

    Attributes:
        persons: person, name, is_member, is_living, is_dead, is_rural, in_registry, age_years, village_code (the household's),
            own_village, father, mother, status, status_date, residence_village and `home`, the row of the household.
        members: person and home of those present.
        homes: home, household_id, head, village_code, is_rural.
        deaths: person and died_on (the earliest; may be blank) of every dead ID, in the register or not.
    """

    persons: pl.DataFrame
    members: pl.DataFrame
    homes: pl.DataFrame
    deaths: pl.DataFrame


def months_since(day: pl.Expr, until: date = job.AS_OF) -> pl.Expr:
    """Whole months from each day until another."""
    apart = job.month_of(until) - (day.dt.year() * 12 + day.dt.month().cast(pl.Int32) - 1)
    is_last = (until + timedelta(days=1)).day == 1
    return apart if is_last else apart - (day.dt.day() > until.day).cast(pl.Int32)


def month_of(day: pl.Expr) -> pl.Expr:
    """Months since year 0."""
    return day.dt.year() * 12 + day.dt.month().cast(pl.Int32) - 1


def populate(landed: Landed) -> Population:
    """Everybody whom the register, the ledger of assistance or the payments name, and the households of those present."""
    register = _register(landed["psb_resident"])
    deaths = _deaths(register, landed["nhc_death"])
    known = pl.concat([register, _strangers(landed, register)], how="diagonal")
    family = landed["mca_family"].sort("checked_on", "family_no", nulls_last=False).unique("id_no", keep="last")
    listed = family.select(pl.col("id_no").alias("person"), "family_no", pl.col("relation").alias("family_relation"))
    day_in_id = pl.col("person") // 16 // 1000 % 10**8
    persons = (
        known.lazy()
        .join(listed.lazy(), on="person", how="left")
        .join(deaths.lazy().with_columns(is_dead=True), on="person", how="left")
        .with_columns(
            pl.col("is_dead").fill_null(False),
            birth=pl.coalesce("birth_date", pl.date(day_in_id // 10_000, day_in_id // 100 % 100, day_in_id % 100)),
            relation=pl.coalesce("family_relation", "relation"),
            assigned=pl.coalesce("F:" + pl.col("family_no"), "H:" + pl.col("hukou_no")),
        )
        .with_columns(
            is_living=~pl.col("is_dead"),
            is_member=pl.col("in_registry") & (pl.col("status") == "normal").fill_null(False) & ~pl.col("is_dead"),
            age_years=months_since(pl.col("birth")) // 12,
        )
        .drop("birth_date", "family_no", "family_relation", "hukou_no")
        .collect(engine="streaming")
    )
    homes = _homes(persons)
    placed = homes.lazy().select("home", assigned="household_id", home_village="village_code", home_rural="is_rural")
    persons = (
        persons.lazy()
        .join(placed, on="assigned", how="left")
        .with_columns(
            own_village="village_code",
            village_code=pl.when(pl.col("home").is_not_null()).then("home_village").otherwise("village_code"),
            is_rural=pl.coalesce("home_rural", "is_rural"),
        )
        .drop("assigned", "relation", "birth", "home_village", "home_rural", "died_on")
        .collect(engine="streaming")
    )
    return Population(persons, persons.filter("is_member").select("person", "home"), homes, deaths)


def _register(residents: pl.DataFrame) -> pl.DataFrame:
    later = (pl.col("status_date") > D).fill_null(False)
    return residents.rename({"id_no": "person"}).with_columns(
        status=pl.when(later).then(pl.lit("normal", residents.schema["status"])).otherwise("status"),
        status_date=pl.when(~later).then("status_date"),
        is_rural=pl.col("hukou_type").ne_missing("urban"),
        in_registry=True,
    ).drop("hukou_type")  # fmt: skip


def _deaths(register: pl.DataFrame, certified: pl.DataFrame) -> pl.DataFrame:
    dead = register.filter(pl.col("status") == "dead").select("person", died_on="status_date")
    return (
        pl.concat([dead, certified.select(person="id_no", died_on="died_on")]).group_by("person").agg(pl.col("died_on").min())
    )


def _strangers(landed: Landed, register: pl.DataFrame) -> pl.DataFrame:
    """Who is on assistance or paid and not in the register; all rows count, those dated after D too."""
    named = pl.concat([landed[name].lazy().select(person="id_no") for name in ("mca_assistance", "mca_payment")]).unique()
    strangers = named.join(register.lazy().select("person"), on="person", how="anti").collect(engine="streaming")
    newest = landed["mca_assistance"].sort("start_date", maintain_order=True).unique("id_no", keep="last", maintain_order=True)
    return strangers.join(newest.select("name", "village_code", person="id_no"), on="person", how="left").with_columns(
        in_registry=False, is_rural=True
    )


def _homes(persons: pl.DataFrame) -> pl.DataFrame:
    """Households that have a member; the head has the relation, of several it is the oldest, then the smallest ID."""
    return (
        persons.lazy()
        .filter("is_member")
        .sort((pl.col("relation") != "head").fill_null(True), "birth", "person")
        .group_by("assigned", maintain_order=True)
        .agg(head=pl.col("person").first(), village_code=pl.col("village_code").first(), is_rural=pl.col("is_rural").first())
        .rename({"assigned": "household_id"})
        .with_row_index("home")
        .collect()
    )
