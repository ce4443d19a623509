"""The job with Spark on one machine.

    python benchmarks/peers/spark_peer.py INBOX OUT_DIR

Writes hits.parquet, counts.json and lists/ into a folder that is there.
"""

from __future__ import annotations

import sys
import tempfile
from functools import reduce
from pathlib import Path
from typing import Any

import job
import spark_facts as topics
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812
from rules import Columns, hit
from spark_facts import or_no, rounded
from spark_landing import land
from spark_people import Keep, Landed, Population, populate

from monitor.contracts import facts

SETTINGS = {
    "spark.driver.memory": "8g",
    "spark.driver.extraJavaOptions": "-XX:-DontCompileHugeMethods",  # rules of all indicators make one long method
    "spark.sql.autoBroadcastJoinThreshold": "64m",
    "spark.sql.shuffle.partitions": "16",  # adaptive execution merges those that are small
    "spark.sql.legacy.javaCharsets": "true",  # GB18030 is not among Spark's own
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.constraintPropagation.enabled": "false",  # with so many columns it plans for minutes
    "spark.sql.maxPlanStringLength": "1000",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


def session() -> SparkSession:
    """Local Spark on all cores."""
    builder = SparkSession.builder.master("local[*]").appName("peer")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def main(inbox: Path, out: Path) -> None:
    """Land, find out, ask, list."""
    spark = session()
    delivered = job.deliveries(inbox)
    with tempfile.TemporaryDirectory(dir=out) as folder:
        landed = job.land_all(delivered, out, lambda name, delivery: land(spark, name, delivery, Path(folder)))

        def keep(name: str, frame: DataFrame) -> DataFrame:
            path = f"{folder}/kept_{name}"
            frame.write.parquet(path)
            return spark.read.parquet(path)

        people = populate(landed, keep)
        running = job.running_months(delivered, lambda name, month: dict(landed[name].groupBy(month).count().collect()))
        persons = keep("person_facts", _person_facts(landed, people, running, delivered, keep))
        homes = keep("home_facts", _home_facts(landed, people, persons, running, keep))
        hits = keep("hits", _hits("person", persons).unionByName(_hits("household", homes)))
        _write_hits(hits, people, out)
        job.write_lists(out, (tuple(row) for row in _cases(spark, hits, people).collect()))
    spark.stop()


def _person_facts(
    landed: Landed, people: Population, running: dict[str, int], delivered: dict[str, job.Delivery], keep: Keep
) -> DataFrame:
    """Every person fact of the job, and a few that households need."""
    aid, settled = landed["mca_assistance"], landed["nhsa_settlement"]
    earnings = keep("earnings", topics.earnings(landed["sta_income"], running["sta_income"]))
    insured = keep("insured", topics.insured(landed["hrss_insurance"], running["hrss_insurance"]))
    pension = keep("pension", topics.pension(landed["hrss_pension"], running["hrss_pension"]))
    unemployed = topics.unemployed(landed["hrss_unemployment"])
    made = {
        "income": topics.work_and_income(earnings, insured, unemployed, pension),
        "health_spending": topics.health_spending(settled),
        "unaided_stays": topics.unaided_stays(settled, aid),
        "benefits": topics.benefits(aid),
        "benefit_terms": topics.benefit_terms(aid, delivered["mca_assistance"].day),
        "wrong_payments": topics.wrong_payments(landed["mca_payment"], people, landed["dpf_disability"]),
        "learning": topics.learning(landed["moe_student"]),
        "enrolment": topics.enrolment(landed["nhsa_enrolment"], delivered["nhsa_enrolment"].day),
        "disability": topics.disability(landed["dpf_disability"]),
        "disease": topics.disease(landed["nhc_disease"]),
    }
    found = [earnings, insured.drop("wage_base"), pension, *(keep(name, frame) for name, frame in made.items())]
    wide = reduce(_spread, found, keep("identity", _identity(people)))
    unfit = F.col("is_unfit") | (F.col("age_years") < 16) | (F.col("age_years") >= 60)
    return wide.withColumn("has_no_work_capacity", unfit)


def _spread(wide: DataFrame, topic: DataFrame) -> DataFrame:
    """A sparse topic for everybody: who has no record gets what the contract says."""
    names = [name for name in topic.columns if name != "person"]
    nothing = job.no_record("person", names) | job.NO_RECORD
    absent = F.col("on_record").isNull()
    filled = {name: F.when(absent, F.lit(nothing[name])).otherwise(F.col(name)) for name in names if name in nothing}
    return wide.join(topic.withColumn("on_record", F.lit(True)), on="person", how="left").withColumns(filled).drop("on_record")


def _identity(people: Population) -> DataFrame:
    wide, parents = people.persons, ("father_id_no", "mother_id_no")
    for parent in parents:
        died = people.deaths.select(F.col("person").alias(parent), F.lit(True).alias(f"{parent}_died"))
        wide = wide.join(F.broadcast(died), on=parent, how="left")
    moved = or_no(F.col("status") == "moved")
    county = {name: F.call_function("div", F.col(name), F.lit(10**6)) for name in ("residence_village", "own_village")}
    found = {
        "is_moved_out": moved,
        "moved_out_days": F.when(moved, F.date_diff(F.lit(job.AS_OF), "status_date")),
        "lives_elsewhere": or_no(county["residence_village"] != county["own_village"]),
        "lives_alone": F.col("is_member") & or_no(F.col("size") == 1),
        "parents_named_count": sum(F.col(parent).isNotNull().cast("int") for parent in parents),
        "parents_dead_count": sum(F.col(f"{parent}_died").isNotNull().cast("int") for parent in parents),
    }
    kept = ("person", "home", "is_member", "is_living", "is_dead", "is_rural", "in_registry", "age_years")
    return wide.select(*kept, *(value.alias(name) for name, value in found.items()))


def _home_facts(landed: Landed, people: Population, persons: DataFrame, running: dict[str, int], keep: Keep) -> DataFrame:
    """Every household fact of the job."""
    age, can_work = F.col("age_years"), ~F.col("has_no_work_capacity")
    unseen = age.between(18, 59) & can_work & ~F.col("is_student") & ~F.col("work_is_on_record")
    aided = F.col("has_student_aid") | F.col("has_student_loan")
    counts = {
        "member_count": F.lit(True),
        "minor_count": age < 18,
        "adult_count": age >= 18,
        "elder_count": age >= 60,
        "working_age_count": age.between(16, 59) & can_work & ~F.col("is_student"),
        "dependent_count": (age < 16) | (age >= 60) | F.col("is_severely_disabled"),
        "able_young_adult_count": age.between(18, 59) & can_work,
        "not_on_dibao_count": ~F.col("on_dibao") & ~F.col("on_tekun"),
        "dibao_member_count": F.col("on_dibao"),
        "employed_count": F.col("is_employed"),
        "pensioner_count": F.col("has_any_pension"),
        "fee_student_count": F.col("is_fee_student"),
        "unaided_university_student_count": F.col("is_university_student") & ~aided,
        "student_loan_count": F.col("is_student") & F.col("has_student_loan"),
        "disabled_count": F.col("has_valid_disability"),
        "severely_disabled_count": F.col("is_severely_disabled"),
        "blank_incomes": unseen | F.col("recorded_income_month_yuan").isNull(),
    }
    sums = {
        "self_paid_12m_yuan": F.col("self_paid_12m_yuan"),
        "school_cost_year_yuan": F.col("school_cost_year_yuan"),
        "transfer_income_12m_yuan": F.col("transfer_income_12m_yuan"),
        "earnings_3m": F.col("earnings_3m"),
        "earnings_12m": F.col("taxable_income_12m_yuan"),
        "month_income": F.coalesce("recorded_income_month_yuan", F.lit(0)),
        "year_income": F.coalesce("earnings_year", F.lit(0)) + 12 * F.col("pension_month_yuan"),
    }
    flags = ("on_tekun", "on_edge", "on_rigid", "on_low_income_list")
    found = (
        persons.filter("is_member")
        .groupBy("home")
        .agg(
            *(F.count_if(flag).alias(name) for name, flag in counts.items()),
            *(F.sum(value).alias(name) for name, value in sums.items()),
            *(F.bool_or(name).alias(name) for name in flags),
        )
    )
    power = _power(landed["grid_power"], people, running["grid_power"], keep)
    return (
        found.withColumns(_reckoned())
        .join(people.homes.select("home", "is_rural"), on="home")
        .join(_vehicles(landed["psb_vehicle"], people), on="home", how="left")
        .join(keep("power", power), on="home", how="left")
        .fillna({"vehicle_count": 0, "truck_count": 0, "zero_power_months": 0, "power_cut": False})
    )


def _reckoned() -> dict[str, Column]:
    """What follows from the sums of a household."""
    is_whole = F.col("blank_incomes") == 0
    heads = F.col("member_count")
    return {
        "on_dibao": F.col("dibao_member_count") > 0,
        "head_is_minor": F.col("adult_count") == 0,
        "earnings_3m_month_yuan": rounded(F.col("earnings_3m"), 3),
        "earnings_prior_9m_month_yuan": rounded(F.col("earnings_12m") - F.col("earnings_3m"), 9),
        "income_pc_month_yuan": F.when(is_whole, rounded(F.col("month_income"), heads)),
        "income_pc_year_yuan": F.when(is_whole, rounded(F.col("year_income"), heads)),
        "income_year_yuan": F.when(is_whole, F.col("year_income")),
    }


def _vehicles(vehicles: DataFrame, people: Population) -> DataFrame:
    """Blank prices and no vehicle at all hit nothing alike."""
    counts = F.col("vehicle_kind").isin("car", "truck", "bus", "machinery") & ~or_no(F.col("scrapped"))
    price = F.col("purchase_price")
    return (
        vehicles.filter(counts)
        .join(people.members.withColumnRenamed("person", "id_no"), on="id_no")
        .groupBy("home")
        .agg(
            F.count(F.lit(1)).alias("vehicle_count"),
            F.count_if(F.col("vehicle_kind").isin("truck", "bus")).alias("truck_count"),
            F.max(price).alias("vehicle_dearest_yuan"),
            F.max(F.when(F.col("registered_on") > topics.WINDOW_12, price)).alias("vehicle_bought_12m_yuan"),
        )
    )


def _power(power: DataFrame, people: Population, running: int, keep: Keep) -> DataFrame:
    """The account of the newest month speaks, then the greatest number; a missing month ends the run without power."""
    cut = or_no(F.col("disconnected")).alias("power_cut")
    newest = F.max(F.struct("use_month", "account_no", "id_no", "kwh", cut)).alias("newest")
    accounts = power.filter(F.col("use_month") >= running - 3).groupBy("account_no").agg(newest).select("newest.*")
    own = accounts.join(people.members.withColumnRenamed("person", "id_no"), on="id_no")
    chosen = (
        own.groupBy("home")
        .agg(F.max(F.struct("use_month", "account_no", "kwh", "power_cut")).alias("newest"))
        .select("home", "newest.*")
        .filter((F.col("kwh") == 0) | F.col("power_cut"))
    )
    chosen = keep("dark_homes", chosen)
    ended = chosen.filter("kwh = 0").select("account_no", "home", F.col("use_month").alias("last"))
    back = (F.col("last") - F.col("use_month")).alias("back")
    dark = (
        power.filter("kwh = 0").join(F.broadcast(ended), on="account_no").select("home", back).filter("back between 0 and 11")
    )
    bits = (
        dark.filter("back between 0 and 11")
        .groupBy("home")
        .agg(F.bit_or(F.call_function("shiftleft", F.lit(1), F.col("back"))).alias("bits"))
    )
    # the lowest bit that is not set tells how long the run is
    length = F.bit_count(F.col("bits").bitwiseXOR(F.col("bits") + 1)) - 1
    return chosen.select("home", "power_cut").join(
        bits.select("home", length.alias("zero_power_months")), on="home", how="left"
    )


def _hits(unit: str, table: DataFrame) -> DataFrame:
    """indicator, unit, subject (a person's key or that of a household's head), home."""
    declared = facts("person" if unit == "person" else "household")

    def column(name: str) -> Column:
        is_number = name in declared and declared[name].type != "bool"
        return F.col(name).cast("bigint") if is_number else F.col(name)

    columns = Columns(unit, column, lambda a, b: F.when(F.col("is_rural"), F.lit(a)).otherwise(F.lit(b)))
    codes = [F.when(hit(i, columns), F.lit(i.code)) for i in job.indicators() if i.unit == unit]
    subject = F.col("person" if unit == "person" else "home").alias("subject")
    found = table.select(subject, "home", F.array_compact(F.array(*codes)).alias("codes")).filter(F.size("codes") > 0)
    return found.select(F.explode("codes").alias("indicator"), F.lit(unit).alias("unit"), "subject", "home")


def _id_text(key: Column) -> Column:
    sign = F.substring(F.lit("0123456789X"), (key % 16).cast("int") + 1, F.lit(1))
    return F.concat(F.call_function("div", key, F.lit(16)).cast("string"), sign)


def _write_hits(hits: DataFrame, people: Population, out: Path) -> None:
    names = people.homes.select("home", F.col("household_id").alias("household"))
    subject = F.when(F.col("unit") == "person", _id_text(F.col("subject"))).otherwise(F.col("household"))
    written = hits.join(names, on="home", how="left").select("indicator", "unit", subject.alias("subject"), "household")
    written.write.parquet(str(out / "hits.parquet"))


def _cases(spark: SparkSession, hits: DataFrame, people: Population) -> DataFrame:
    """The rows of the lists, in order; a case is a household's head, or a person without one."""
    worth: list[Any] = [tuple(row.values()) for row in job.points()]
    points = spark.createDataFrame(worth, "indicator string, points int, family string")
    visits = hits.join(F.broadcast(points), on="indicator").withColumn("case", F.coalesce("home", "subject"))
    per_family = visits.groupBy("case", "family").agg(
        F.max("points").alias("points"), F.collect_set("indicator").alias("codes")
    )
    reasons = F.array_join(F.array_sort(F.flatten(F.collect_list("codes"))), ";").alias("indicators")
    cases = (
        per_family.groupBy("case").agg(F.sum("points").alias("points"), reasons).filter(F.col("points") >= job.COLOURS[-1][1])
    )
    colour = F.lit("blue")
    for name, at in reversed(job.COLOURS):
        colour = F.when(F.col("points") >= at, F.lit(name)).otherwise(colour)
    heads = people.persons.select(F.col("person").alias("case"), "name", "village_code")
    homes = people.homes.select(F.col("home").alias("case"), "household_id")
    return (
        cases.join(heads, on="case")
        .join(homes, on="case", how="left")
        .select(
            F.call_function("div", F.col("village_code"), F.lit(1000)).cast("string").alias("township"),
            F.coalesce("household_id", _id_text(F.col("case"))).alias("shown"),
            "name",
            colour.alias("colour"),
            "points",
            "indicators",
        )
        .orderBy(F.asc_nulls_first("township"), F.desc("points"), "shown")
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
