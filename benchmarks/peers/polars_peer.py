"""The job with polars: lazy queries on the streaming engine.

    python benchmarks/peers/polars_peer.py INBOX OUT_DIR

Writes hits.parquet, counts.json and lists/ into a folder that is there.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import job
import polars as pl
import polars_facts as topics
from polars_facts import rounded
from polars_landing import land
from polars_people import Landed, Population, populate
from rules import Columns, hit

col = pl.col
IDENTITY = ("person", "name", "home", "village_code", "is_member")


def main(inbox: Path, out: Path) -> None:
    """Land, find out, ask, list."""
    delivered = job.deliveries(inbox)
    landed = job.land_all(delivered, out, land)
    people = populate(landed)
    running = job.running_months(delivered, lambda name, month: dict(landed[name][month].value_counts().iter_rows()))
    persons = _person_facts(landed, people, running, delivered)
    homes = _home_facts(landed, people, persons, running)
    asked = [_asked("person", persons), _asked("household", homes)]
    of_persons, of_homes = pl.collect_all(asked, engine="streaming")
    hits = pl.concat([_hits("person", of_persons), _hits("household", of_homes)])
    _write_hits(hits, people, out)
    job.write_lists(out, _cases(hits, people))


def _person_facts(
    landed: Landed, people: Population, running: dict[str, int], delivered: dict[str, job.Delivery]
) -> pl.LazyFrame:
    """Every person fact of the job, and a few that households need. Topics are small; who holds them all is streamed past."""
    aid, settled = landed["mca_assistance"], landed["nhsa_settlement"]
    work = [
        topics.earnings(landed["sta_income"], running["sta_income"]),
        topics.insured(landed["hrss_insurance"], running["hrss_insurance"]),
        topics.unemployed(landed["hrss_unemployment"]),
        topics.pension(landed["hrss_pension"], running["hrss_pension"]),
    ]
    earnings, insured, unemployed, pension = (frame.lazy() for frame in pl.collect_all(work, engine="streaming"))
    made = [
        topics.health_spending(settled),
        topics.unaided_stays(settled, aid),
        topics.benefits(aid),
        topics.benefit_terms(aid, delivered["mca_assistance"].day),
        topics.wrong_payments(landed["mca_payment"], people, landed["dpf_disability"]),
        topics.work_and_income(earnings, insured, unemployed, pension),
        topics.learning(landed["moe_student"]),
        topics.enrolment(landed["nhsa_enrolment"], delivered["nhsa_enrolment"].day),
        topics.disability(landed["dpf_disability"]),
        topics.disease(landed["nhc_disease"]),
    ]
    found = [earnings, insured.drop("wage_base"), pension, *(f.lazy() for f in pl.collect_all(made, engine="streaming"))]
    wide = _identity(people)
    for topic in found:
        wide = _spread(wide, topic)
    unfit = col("is_unfit") | (col("age_years") < 16) | (col("age_years") >= 60)
    return wide.with_columns(has_no_work_capacity=unfit)


def _spread(wide: pl.LazyFrame, topic: pl.LazyFrame) -> pl.LazyFrame:
    """A sparse topic for everybody: who has no record gets what the contract says."""
    names = [name for name in topic.collect_schema().names() if name != "person"]
    nothing = job.no_record("person", names) | job.NO_RECORD
    absent = col("on_record").is_null()
    filled = [pl.when(absent).then(nothing[name]).otherwise(name).alias(name) for name in names if name in nothing]
    return wide.join(topic.with_columns(on_record=True), on="person", how="left").with_columns(filled).drop("on_record")


def _identity(people: Population) -> pl.LazyFrame:
    sizes = people.members.lazy().group_by("home").agg(size=pl.len())
    dead = people.deaths.lazy().select("person")
    wide = people.persons.lazy().join(sizes, on="home", how="left")
    parents = ("father_id_no", "mother_id_no")
    for parent in parents:
        died = dead.select(pl.col("person").alias(parent), pl.lit(True).alias(f"{parent}_died"))
        wide = wide.join(died, on=parent, how="left")
    moved = (col("status") == "moved").fill_null(False)
    return wide.select(
        *IDENTITY,
        "is_living",
        "is_dead",
        "is_rural",
        "in_registry",
        "age_years",
        is_moved_out=moved,
        moved_out_days=pl.when(moved).then((pl.lit(job.AS_OF) - col("status_date")).dt.total_days()),
        lives_elsewhere=(col("residence_village") // 10**6 != col("own_village") // 10**6).fill_null(False),
        lives_alone=col("is_member") & (col("size") == 1).fill_null(False),
        parents_named_count=sum(col(parent).is_not_null().cast(pl.Int32) for parent in parents),
        parents_dead_count=sum(col(f"{parent}_died").is_not_null().cast(pl.Int32) for parent in parents),
    )


def _home_facts(landed: Landed, people: Population, persons: pl.LazyFrame, running: dict[str, int]) -> pl.LazyFrame:
    """Every household fact of the job."""
    age, can_work = col("age_years"), ~col("has_no_work_capacity")
    unseen = age.is_between(18, 59) & can_work & ~col("is_student") & ~col("work_is_on_record")
    aided = col("has_student_aid") | col("has_student_loan")
    counts = {
        "minor_count": age < 18,
        "adult_count": age >= 18,
        "elder_count": age >= 60,
        "working_age_count": age.is_between(16, 59) & can_work & ~col("is_student"),
        "dependent_count": (age < 16) | (age >= 60) | col("is_severely_disabled"),
        "able_young_adult_count": age.is_between(18, 59) & can_work,
        "not_on_dibao_count": ~col("on_dibao") & ~col("on_tekun"),
        "dibao_member_count": col("on_dibao"),
        "employed_count": col("is_employed"),
        "pensioner_count": col("has_any_pension"),
        "fee_student_count": col("is_fee_student"),
        "unaided_university_student_count": col("is_university_student") & ~aided,
        "student_loan_count": col("is_student") & col("has_student_loan"),
        "disabled_count": col("has_valid_disability"),
        "severely_disabled_count": col("is_severely_disabled"),
        "blank_incomes": unseen | col("recorded_income_month_yuan").is_null(),
    }
    sums = {
        "self_paid_12m_yuan": col("self_paid_12m_yuan"),
        "school_cost_year_yuan": col("school_cost_year_yuan"),
        "transfer_income_12m_yuan": col("transfer_income_12m_yuan"),
        "earnings_3m": col("earnings_3m"),
        "earnings_12m": col("taxable_income_12m_yuan"),
        "month_income": col("recorded_income_month_yuan").fill_null(0),
        "year_income": col("earnings_year").fill_null(0) + 12 * col("pension_month_yuan"),
    }
    found = (
        persons.filter("is_member")
        .group_by("home")
        .agg(
            *(flag.sum().cast(pl.Int64).alias(name) for name, flag in counts.items()),
            *(value.sum().alias(name) for name, value in sums.items()),
            *(col(name).any() for name in ("on_tekun", "on_edge", "on_rigid", "on_low_income_list")),
            member_count=pl.len().cast(pl.Int64),
        )
    )
    vehicles = _vehicles(landed["psb_vehicle"], people)
    power = _power(landed["grid_power"], people, running["grid_power"])
    return (
        found.with_columns(**_reckoned())
        .join(people.homes.lazy().select("home", "is_rural"), on="home")
        .join(vehicles, on="home", how="left")
        .join(power, on="home", how="left")
        .with_columns(
            col("vehicle_count", "truck_count", "zero_power_months").fill_null(0),
            col("power_cut").fill_null(False),
        )
    )


def _reckoned() -> dict[str, pl.Expr]:
    """What follows from the sums of a household."""
    is_whole = col("blank_incomes") == 0
    return {
        "on_dibao": col("dibao_member_count") > 0,
        "head_is_minor": col("adult_count") == 0,
        "earnings_3m_month_yuan": rounded(col("earnings_3m"), 3),
        "earnings_prior_9m_month_yuan": rounded(col("earnings_12m") - col("earnings_3m"), 9),
        "income_pc_month_yuan": pl.when(is_whole).then(rounded(col("month_income"), col("member_count"))),
        "income_pc_year_yuan": pl.when(is_whole).then(rounded(col("year_income"), col("member_count"))),
        "income_year_yuan": pl.when(is_whole).then("year_income"),
    }


def _vehicles(vehicles: pl.DataFrame, people: Population) -> pl.LazyFrame:
    """Blank prices and no vehicle at all hit nothing alike."""
    is_recent = col("registered_on") > topics.WINDOW_12
    return (
        vehicles.lazy()
        .filter(col("vehicle_kind").is_in(["car", "truck", "bus", "machinery"]), ~col("scrapped").fill_null(False))
        .join(people.members.lazy(), left_on="id_no", right_on="person")
        .group_by("home")
        .agg(
            vehicle_count=pl.len().cast(pl.Int64),
            truck_count=col("vehicle_kind").is_in(["truck", "bus"]).sum().cast(pl.Int64),
            vehicle_dearest_yuan=col("purchase_price").max(),
            vehicle_bought_12m_yuan=pl.when(is_recent).then("purchase_price").max(),
        )
    )


def _power(power: pl.DataFrame, people: Population, running: int) -> pl.LazyFrame:
    """The account of the newest month speaks, then the greatest number; a missing month ends the run without power."""
    newest = (
        power.lazy()
        .filter(col("use_month") >= running - 3)
        .group_by("account_no")
        .agg(col("id_no", "kwh", "disconnected", "use_month").sort_by("use_month").last())
        .join(people.members.lazy(), left_on="id_no", right_on="person")
        .with_columns(power_cut=col("disconnected").fill_null(False))
        .with_columns(tells=(col("kwh") == 0) | col("power_cut"))
    )
    chosen = (
        newest.join(newest.filter("tells").select("home").unique(), on="home", how="semi")
        .group_by("home")
        .agg(col("account_no", "use_month", "kwh", "power_cut", "tells").sort_by("use_month", "account_no").last())
        .filter("tells")
        .collect(engine="streaming")
        .lazy()
    )
    back = col("use_month_last") - col("use_month")
    runs = (
        power.lazy()
        .filter(col("kwh") == 0)
        .join(chosen.filter(col("kwh") == 0).select("account_no", "home", use_month_last="use_month"), on="account_no")
        .filter(back.is_between(0, 11))
        .group_by("home")
        .agg(back.sort().alias("back"))
        .explode("back")
        .filter(col("back") == pl.int_range(pl.len()).over("home"))
        .group_by("home")
        .agg(zero_power_months=pl.len().cast(pl.Int64))
    )
    return chosen.select("home", "power_cut").join(runs, on="home", how="left")


def _asked(unit: str, facts: pl.LazyFrame) -> pl.LazyFrame:
    """Of a unit those whom an indicator hits, with a flag per indicator."""
    columns = Columns(unit, col, lambda a, b: pl.when("is_rural").then(a).otherwise(b))
    masks = [hit(i, columns).fill_null(False).alias(i.code) for i in job.indicators() if i.unit == unit]
    subject = ["person", "home"] if unit == "person" else ["home"]
    return facts.select(*subject, *masks).filter(pl.any_horizontal([mask.meta.output_name() for mask in masks]))


def _hits(unit: str, asked: pl.DataFrame) -> pl.DataFrame:
    """indicator, unit, subject (a person's key or a household's row), home."""
    subject = "person" if unit == "person" else "home"
    codes = [i.code for i in job.indicators() if i.unit == unit]
    return pl.concat(
        asked.filter(code).select(
            pl.lit(code).alias("indicator"), pl.lit(unit).alias("unit"), col(subject).cast(pl.Int64).alias("subject"), "home"
        )
        for code in codes
    )


def _id_text(key: pl.Expr) -> pl.Expr:
    signs = enumerate("0123456789X")
    sign = (key % 16).replace_strict(dict(signs), default=None, return_dtype=pl.String)
    return pl.concat_str((key // 16).cast(pl.String), sign)


def _write_hits(hits: pl.DataFrame, people: Population, out: Path) -> None:
    names = people.homes.lazy().select("home", household="household_id")
    subject = pl.when(col("unit") == "person").then(_id_text(col("subject"))).otherwise("household")
    hits.lazy().join(names, on="home", how="left").select(
        "indicator", "unit", subject.alias("subject"), "household"
    ).collect().write_parquet(out / "hits.parquet")


def _cases(hits: pl.DataFrame, people: Population) -> list[tuple[Any, ...]]:
    """The rows of the lists, in order; a case is a household's head, or a person without one."""
    worth = pl.DataFrame(job.points()).lazy()
    heads = people.homes.lazy().select("home", "head", "household_id")
    visits = hits.lazy().join(worth, on="indicator").join(heads, on="home", how="left")
    visits = visits.with_columns(case=pl.coalesce("head", "subject"))
    per_family = visits.group_by("case", "family").agg(
        col("points").max(), col("indicator").unique(), col("household_id").first()
    )
    colour = pl.lit("blue")
    for name, at in reversed(job.COLOURS):
        colour = pl.when(col("points") >= at).then(pl.lit(name)).otherwise(colour)
    return (
        per_family.group_by("case")
        .agg(col("points").sum(), col("indicator").explode().sort(), col("household_id").first())
        .filter(col("points") >= job.COLOURS[-1][1])
        .join(people.persons.lazy().select("person", "name", "village_code"), left_on="case", right_on="person")
        .select(
            township=(col("village_code") // 1000).cast(pl.String),
            case=pl.coalesce("household_id", _id_text(col("case"))),
            name="name",
            colour=colour,
            points="points",
            indicators=col("indicator").list.join(";"),
        )
        .sort("township", "points", "case", descending=[False, True, False], nulls_last=False)
        .collect()
        .rows()
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
