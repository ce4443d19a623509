"""People, households and places with Spark."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import job
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

Landed = dict[str, DataFrame]
# computes a frame, and gives it back as one that is only read: plans stay short, and nothing is computed twice
Keep = Callable[[str, DataFrame], DataFrame]
D = job.AS_OF


@dataclass
class Population:
    """Who there is.

    Attributes:
        persons: person, name, is_member, is_living, is_dead, is_rural, in_registry, age_years, village_code (the household's),
            own_village, father, mother, status, status_date, residence_village and `home`, the key of the household's head.
        members: person and home of those present.
        homes: home, household_id, village_code, is_rural, size.
        deaths: person and died_on (the earliest; may be blank) of every dead ID, in the register or not.
    """

    persons: DataFrame
    members: DataFrame
    homes: DataFrame
    deaths: DataFrame


def month_of(day: Column) -> Column:
    """Months since year 0."""
    return F.year(day) * 12 + F.month(day) - 1


def months_since(day: Column, until: date = job.AS_OF) -> Column:
    """Whole months from each day until another."""
    apart = F.lit(job.month_of(until)) - month_of(day)
    is_last = until.day == calendar.monthrange(until.year, until.month)[1]
    return apart if is_last else apart - (F.dayofmonth(day) > until.day).cast("int")


def populate(landed: Landed, keep: Keep) -> Population:
    """Everybody whom the register, the ledger of assistance or the payments name, and the households of those present."""
    register = _register(landed["psb_resident"])
    deaths = keep("deaths", _deaths(register, landed["nhc_death"]))
    known = register.unionByName(_strangers(landed, register), allowMissingColumns=True)
    day_in_id = F.substring((F.call_function("div", F.col("person"), F.lit(16))).cast("string"), 7, 8)
    persons = (
        known.join(_listed(landed["mca_family"]), on="person", how="left")
        .join(deaths.withColumn("dead", F.lit(True)), on="person", how="left")
        .withColumns(
            {
                "is_dead": F.coalesce("dead", F.lit(False)),
                "birth": F.coalesce("birth_date", F.to_date(day_in_id, "yyyyMMdd")),
                "relation": F.coalesce("family_relation", "relation"),
                "assigned": F.coalesce(F.concat(F.lit("F:"), "family_no"), F.concat(F.lit("H:"), "hukou_no")),
            }
        )
        .withColumns(
            {
                "is_living": ~F.col("is_dead"),
                "is_member": F.col("in_registry") & F.coalesce(F.col("status") == "normal", F.lit(False)) & ~F.col("is_dead"),
                "age_years": F.floor(months_since(F.col("birth")) / 12),
            }
        )
        .drop("birth_date", "family_no", "family_relation", "hukou_no", "dead", "died_on")
    )
    persons = keep("known", persons)
    homes = keep("homes", _homes(persons))
    placed = homes.select(
        "home",
        "size",
        F.col("household_id").alias("assigned"),
        F.col("village_code").alias("home_village"),
        F.col("is_rural").alias("home_rural"),
    )
    persons = (
        persons.join(placed, on="assigned", how="left")
        .withColumns(
            {
                "own_village": F.col("village_code"),
                "village_code": F.when(F.col("home").isNotNull(), F.col("home_village")).otherwise(F.col("village_code")),
                "is_rural": F.coalesce("home_rural", "is_rural"),
            }
        )
        .drop("assigned", "relation", "birth", "home_village", "home_rural")
    )
    persons = keep("persons", persons)
    return Population(persons, persons.filter("is_member").select("person", "home"), homes, deaths)


def _register(residents: DataFrame) -> DataFrame:
    later = F.coalesce(F.col("status_date") > D, F.lit(False))
    return residents.withColumnRenamed("id_no", "person").withColumns(
        {
            "status": F.when(later, F.lit("normal")).otherwise(F.col("status")),
            "status_date": F.when(~later, F.col("status_date")),
            "is_rural": ~F.col("hukou_type").eqNullSafe("urban"),
            "in_registry": F.lit(True),
        }
    )


def _deaths(register: DataFrame, certified: DataFrame) -> DataFrame:
    dead = register.filter("status = 'dead'").select("person", F.col("status_date").alias("died_on"))
    both = dead.unionByName(certified.select(F.col("id_no").alias("person"), "died_on"))
    return both.groupBy("person").agg(F.min("died_on").alias("died_on"))


def _listed(family: DataFrame) -> DataFrame:
    """Of several family lists the one checked last, then the greatest number."""
    newest = F.max_by(F.struct("family_no", "relation"), F.struct("checked_on", "family_no"))
    found = family.groupBy(F.col("id_no").alias("person")).agg(newest.alias("newest"))
    return found.select("person", "newest.family_no", F.col("newest.relation").alias("family_relation"))


def _strangers(landed: Landed, register: DataFrame) -> DataFrame:
    """Who is on assistance or paid and not in the register; all rows count, those dated after D too."""
    aid = landed["mca_assistance"]
    named = aid.select("id_no").union(landed["mca_payment"].select("id_no")).distinct().withColumnRenamed("id_no", "person")
    newest = F.max_by(F.struct("name", "village_code"), F.struct("start_date", "_order")).alias("newest")
    known = aid.groupBy(F.col("id_no").alias("person")).agg(newest).select("person", "newest.*")
    strangers = named.join(register.select("person"), on="person", how="left_anti").join(known, on="person", how="left")
    return strangers.withColumns({"in_registry": F.lit(False), "is_rural": F.lit(True)})


def _homes(persons: DataFrame) -> DataFrame:
    """Households that have a member; the head has the relation, of several it is the oldest, then the smallest ID."""
    is_other = F.coalesce(F.col("relation") != "head", F.lit(True))
    head = F.min_by(F.struct("person", "village_code", "is_rural"), F.struct(is_other, F.col("birth"), F.col("person")))
    found = persons.filter("is_member").groupBy("assigned").agg(head.alias("head"), F.count(F.lit(1)).alias("size"))
    return found.select(
        F.col("head.person").alias("home"),
        F.col("assigned").alias("household_id"),
        "head.village_code",
        "head.is_rural",
        "size",
    )
