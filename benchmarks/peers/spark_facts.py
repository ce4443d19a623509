"""The facts of the job with Spark: one frame per topic, sparse."""

from __future__ import annotations

from datetime import date

import job
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812
from spark_people import D, Population, month_of, months_since

WINDOW_12, WINDOW_6, WINDOW_3 = (job.before(job.AS_OF, months) for months in (12, 6, 3))


def person() -> Column:
    """Whose record it is."""
    return F.col("id_no").alias("person")


def rounded(number: Column, divisor: Column | int) -> Column:
    """Quotient of whole numbers, rounded half away from zero."""
    divisor = F.lit(divisor) if isinstance(divisor, int) else divisor
    return F.signum(number).cast("bigint") * F.call_function("div", 2 * F.abs(number) + divisor, 2 * divisor)


def or_no(flag: Column) -> Column:
    """A blank is no."""
    return F.coalesce(flag, F.lit(False))


def if_(flag: Column, value: str | Column) -> Column:
    """The sum of a value over the rows of a flag."""
    return F.sum(F.when(flag, F.col(value) if isinstance(value, str) else value).otherwise(0))


def health_spending(settled: DataFrame) -> DataFrame:
    in_6m, in_3m, is_stay = F.col("settled_on") > WINDOW_6, F.col("settled_on") > WINDOW_3, F.col("visit_kind") == "inpatient"
    treated = in_6m & F.col("visit_kind").isin("chronic", "inpatient") & F.col("disease").isin(*job.LONG_TREATMENT)
    bit = F.call_function(
        "shiftleft", F.lit(1), F.month("settled_on")
    )  # a bit per month of the year tells the at most 7 months apart
    found = (
        settled.filter(F.col("settled_on") > WINDOW_12)
        .groupBy(person())
        .agg(
            F.sum("self_paid").alias("self_paid_12m_yuan"),
            if_(in_3m, "self_paid").alias("self_paid_3m_yuan"),
            if_(in_6m & or_no(F.col("injury")), "self_paid").alias("injury_self_paid_6m_yuan"),
            F.coalesce(F.max(F.when(is_stay, F.col("self_paid"))), F.lit(0)).alias("largest_stay_self_paid_12m_yuan"),
            F.count_if(is_stay).alias("inpatient_12m_count"),
            F.bit_count(F.bit_or(F.when(or_no(treated), bit).otherwise(0))).alias("long_treatment_months_6m"),
        )
    )
    quarter = rounded(F.col("self_paid_12m_yuan") - F.col("self_paid_3m_yuan"), 3)
    return found.withColumn("self_paid_prior_quarter_yuan", quarter)


def _is_current() -> Column:
    running = F.col("end_date").isNull() | (F.col("end_date") > D)
    return (F.col("status") == "active") & running & (F.col("start_date") <= D)


def benefits(aid: DataFrame) -> DataFrame:
    counties = F.count_distinct(F.call_function("div", F.col("village_code"), F.lit(10**6)))
    per_benefit = (
        aid.filter(_is_current()).groupBy(person(), "benefit").agg(F.count(F.lit(1)).alias("n"), counties.alias("counties"))
    )
    found = per_benefit.groupBy("person").agg(
        *(F.bool_or(F.col("benefit").isin(*codes)).alias(name) for name, codes in job.BENEFITS_OF.items()),
        if_(F.col("benefit") != "temporary", "n").alias("current_benefit_count"),
        F.max("counties").alias("same_benefit_county_count"),
    )
    listed = F.expr(" or ".join(list(job.BENEFITS_OF)[:5]))
    return found.withColumn("on_low_income_list", listed)


def benefit_terms(aid: DataFrame, e: date) -> DataFrame:
    """Of several current records of one kind the newest speaks, of equals the last row."""

    def newest(kind: str, value: Column) -> Column:
        is_kind = F.col("benefit").isin(*job.BENEFITS_OF[kind])
        return F.max(F.when(is_kind, F.struct("start_date", "_order", value.alias("value"))))["value"]

    return (
        aid.filter(_is_current())
        .groupBy(person())
        .agg(
            newest("on_dibao", F.coalesce("reviewed_on", "start_date")).alias("reviewed_on"),
            newest("on_rigid", F.col("start_date")).alias("rigid_since"),
            newest("on_tekun", F.col("monthly_amount")).alias("tekun_monthly_yuan"),
            newest("on_child_aid", F.col("monthly_amount")).alias("child_aid_monthly_yuan"),
        )
        .select(
            "person",
            "tekun_monthly_yuan",
            "child_aid_monthly_yuan",
            months_since(F.col("rigid_since")).alias("rigid_months"),
            F.when(F.col("reviewed_on").isNotNull(), F.greatest(months_since(F.col("reviewed_on"), e), F.lit(0))).alias(
                "dibao_review_months"
            ),
        )
    )


def wrong_payments(payments: DataFrame, people: Population, certificates: DataFrame) -> DataFrame:
    expired = certificates.filter(F.col("expires_on") < D).select("id_no", month_of(F.col("expires_on")).alias("expiry"))
    dead = people.deaths.select(F.col("person").alias("id_no"), month_of(F.col("died_on")).alias("death"))
    limits = dead.join(expired, on="id_no", how="full")
    after_death, after_expiry = (or_no(F.col("pay_month") > F.col(limit)) for limit in ("death", "expiry"))
    is_disability = F.col("benefit").isin("disability_living", "disability_care")
    return (
        payments.filter("pay_status = 'ok'")
        .join(F.broadcast(limits), on="id_no")
        .groupBy(person())
        .agg(
            F.count_if(after_death).alias("paid_after_death_count"),
            F.count_if(after_death & (F.col("benefit") == "elder_age")).alias("elder_age_paid_after_death_count"),
            F.count_if(after_death & is_disability).alias("disability_paid_after_death_count"),
            F.count_if(after_expiry & is_disability).alias("disability_paid_on_expired_count"),
        )
    )


def earnings(income: DataFrame, running: int) -> DataFrame:
    is_transfer, is_work = F.col("tax_item") == "transfer", F.col("tax_item").isin("wage", "labour", "business")
    newest = F.col("tax_month") >= running - 3
    return (
        income.filter(F.col("tax_month").between(running - 12, running - 1))
        .groupBy(person())
        .agg(
            if_(~is_transfer, "amount").alias("taxable_income_12m_yuan"),
            if_(is_transfer, "amount").alias("transfer_income_12m_yuan"),
            if_(~is_transfer & newest, "amount").alias("earnings_3m"),
            F.bool_or(~is_transfer).alias("earned"),
            F.bool_or(is_work).alias("worked"),
            F.bool_or(is_work & newest).alias("worked_3m"),
        )
    )


def insured(insurance: DataFrame, running: int) -> DataFrame:
    is_worker = F.col("insured_kind") == "worker"
    unknown = F.col("most_months").isNull() & ~F.col("is_migrant_worker")
    lapsed = F.when(F.col("paid").isNotNull(), F.greatest(F.lit(running) - F.col("paid"), F.lit(0)))
    return (
        insurance.groupBy(person())
        .agg(
            F.bool_or(is_worker).alias("is_insured_worker"),
            F.max(F.when(is_worker, F.col("last_paid_month"))).alias("paid"),
            F.max(F.when(is_worker, F.col("wage_base"))).alias("wage_base"),
            F.bool_or(or_no(F.col("migrant_work"))).alias("is_migrant_worker"),
            F.max("months_worked_12m").alias("most_months"),
        )
        .withColumns(
            {
                "paid_as_worker": or_no(F.col("paid") >= running - 3),
                "lapsed_insurance_months": lapsed,
                "months_worked_12m": F.when(unknown, 0).otherwise(F.col("most_months")),
            }
        )
        .drop("paid")
    )


def unemployed(register: DataFrame) -> DataFrame:
    newest = register.groupBy(person()).agg(F.max_by("status", "registered_on").alias("status"))
    return newest.select("person", F.col("status").isin("registered", "receiving").alias("is_unemployed"))


def pension(pensions: DataFrame, running: int) -> DataFrame:
    return (
        pensions.filter(F.col("last_paid_month").isNull() | (F.col("last_paid_month") >= running - 3))
        .groupBy(person())
        .agg(
            F.sum("monthly_amount").alias("pension_month_yuan"),
            F.bool_or(F.col("pension_kind") == "worker").alias("has_worker_pension"),
            F.lit(True).alias("has_any_pension"),
        )
    )


def work_and_income(t: DataFrame, i: DataFrame, u: DataFrame, p: DataFrame) -> DataFrame:
    """Three-valued on purpose: months of a migrant worker that nobody gave leave open whether somebody works."""
    flags = ("earned", "worked", "worked_3m", "paid_as_worker", "is_migrant_worker", "is_insured_worker", "is_unemployed")
    known = {name: or_no(F.col(name)) for name in flags}
    known |= {name: F.coalesce(name, F.lit(0)) for name in ("taxable_income_12m_yuan", "pension_month_yuan")}
    months, wage = F.col("most_months"), F.col("wage")
    employed = F.col("paid_as_worker") | F.col("worked_3m") | (F.col("is_migrant_worker") & (months >= 6))
    works = or_no(F.col("is_employed")) | F.col("is_migrant_worker") | or_no(months > 0)
    year = F.col("taxable_income_12m_yuan") + 12 * F.coalesce(wage, F.lit(0))
    seen = F.col("is_insured_worker") | F.col("is_migrant_worker") | months.isNotNull()
    return (
        t.join(i, on="person", how="full")
        .join(u, on="person", how="full")
        .join(p, on="person", how="full")
        .withColumns(known)
        .withColumns({"is_employed": employed, "wage": F.when(~F.col("worked") & F.col("paid_as_worker"), F.col("wage_base"))})
        .withColumn("earnings_year", F.when(F.col("worked") | ~works | wage.isNotNull(), year))
        .select(
            "person",
            "is_employed",
            (F.col("earned") | seen | F.col("is_unemployed")).alias("work_is_on_record"),
            "earnings_year",
            (rounded(F.col("earnings_year"), 12) + F.col("pension_month_yuan")).alias("recorded_income_month_yuan"),
        )
    )


def learning(students: DataFrame) -> DataFrame:
    since = job.AS_OF.year - (1 if job.AS_OF.month >= 9 else 2)
    row = F.struct("school_year", "stage", "status", "status_date", "tuition", "aid_amount", "loan")
    newest = students.groupBy(person()).agg(F.max_by(row, "school_year").alias("newest")).select("person", "newest.*")
    is_student = (F.col("status") == "enrolled") & (F.col("school_year") >= since)
    basic, higher = F.col("stage").isin("primary", "junior"), F.col("stage").isin("college", "university", "graduate")
    graduated = (F.col("status") == "graduated") & (higher | (F.col("stage") == "vocational"))
    tuition, aid = (F.coalesce(name, F.lit(0)) for name in ("tuition", "aid_amount"))
    return newest.select(
        "person",
        is_student.alias("is_student"),
        (is_student & ~basic).alias("is_fee_student"),
        (is_student & higher).alias("is_university_student"),
        (F.col("status").isin("dropout", "left") & basic).alias("dropped_out"),
        (aid > 0).alias("has_student_aid"),
        or_no(F.col("loan")).alias("has_student_loan"),
        F.lit(True).alias("has_school_record"),
        graduated.alias("has_graduated"),
        F.when(graduated, months_since(F.col("status_date"))).alias("graduated_months"),
        F.when(is_student, F.greatest(tuition - aid, F.lit(0))).otherwise(0).alias("school_cost_year_yuan"),
    )


def unaided_stays(settled: DataFrame, aid: DataFrame) -> DataFrame:
    paid_alone = (F.col("self_paid") > 0) & (F.coalesce("aid_paid", F.lit(0)) == 0)
    stays = settled.filter((F.col("visit_kind") == "inpatient") & paid_alone & (F.col("settled_on") > WINDOW_12))
    running = F.col("end_date").isNotNull() | (F.col("status") == "active")
    held = aid.filter(F.col("benefit").isin(*job.AID) & running & (F.col("start_date") <= D))
    during = (F.col("start_date") <= F.col("settled_on")) & (
        F.col("end_date").isNull() | (F.col("end_date") > F.col("settled_on"))
    )
    both = stays.select("id_no", "settled_on", F.col("_order").alias("stay")).join(
        held.select("id_no", "start_date", "end_date"), on="id_no"
    )
    return both.filter(during).groupBy(person()).agg(F.count_distinct("stay").alias("unaided_stay_12m_count"))


def enrolment(enrolled: DataFrame, e: date) -> DataFrame:
    own = enrolled.filter(F.col("year") == e.year)
    return own.select(person(), F.lit(True).alias("is_insured_this_year"), F.col("subsidised").alias("is_insurance_subsidised"))


def disability(certificates: DataFrame) -> DataFrame:
    kind, grade = F.col("disability_kind"), F.col("disability_grade")
    valid = F.col("expires_on").isNull() | (F.col("expires_on") >= D)
    of_mind = kind.isin("5", "6")
    unfit = (of_mind & grade.isin("1", "2", "3")) | ((kind == "4") & grade.isin("1", "2")) | ((kind == "1") & (grade == "1"))
    return certificates.select(
        person(),
        valid.alias("has_valid_disability"),
        (valid & grade.isin("1", "2")).alias("is_severely_disabled"),
        (valid & of_mind & (grade == "3")).alias("is_mentally_disabled_3"),
        F.lit(True).alias("has_disability_certificate"),
        F.date_diff(F.lit(D), F.coalesce("first_issued_on", "issued_on")).alias("disability_issued_days"),
        F.coalesce(F.date_diff("expires_on", F.lit(D)), F.lit(99_999)).alias("disability_expires_in_days"),
        (valid & unfit).alias("is_unfit"),
    )


def disease(register: DataFrame) -> DataFrame:
    major = register.filter(F.col("disease").isin(*job.MAJOR_DISEASES)).groupBy(person()).agg(F.max("diagnosed_on").alias("on"))
    return major.select(
        "person", F.lit(True).alias("has_major_disease"), F.date_diff(F.lit(D), F.col("on")).alias("major_disease_days")
    )
