"""The facts of the job with polars: one lazy query per topic, sparse."""

from __future__ import annotations

from datetime import date

import job
import polars as pl
from polars_people import D, Population, month_of, months_since

WINDOW_12, WINDOW_6, WINDOW_3 = (pl.lit(job.before(job.AS_OF, months)) for months in (12, 6, 3))
col = pl.col
PERSON = col("id_no").alias("person")


def rounded(number: pl.Expr, divisor: pl.Expr | int) -> pl.Expr:
    """Quotient of whole numbers, rounded half away from zero."""
    return number.sign() * ((2 * number.abs() + divisor) // (2 * divisor))


def health_spending(settled: pl.DataFrame) -> pl.LazyFrame:
    in_6m, in_3m, is_stay = col("settled_on") > WINDOW_6, col("settled_on") > WINDOW_3, col("visit_kind") == "inpatient"
    treated = in_6m & col("visit_kind").is_in(["chronic", "inpatient"]) & col("disease").is_in(job.LONG_TREATMENT)
    paid = col("self_paid")
    return (
        settled.lazy()
        .filter(col("settled_on") > WINDOW_12)
        .group_by(PERSON)
        .agg(
            self_paid_12m_yuan=paid.sum(),
            self_paid_3m_yuan=pl.when(in_3m).then(paid).otherwise(0).sum(),
            injury_self_paid_6m_yuan=pl.when(in_6m & col("injury")).then(paid).otherwise(0).sum(),
            largest_stay_self_paid_12m_yuan=pl.when(is_stay).then(paid).max().fill_null(0),
            inpatient_12m_count=is_stay.sum().cast(pl.Int64),
            # a bit per month of the year tells the at most 7 months apart
            treated=pl.when(treated).then(2 ** col("settled_on").dt.month().cast(pl.Int32)).otherwise(0).bitwise_or(),
        )
        .with_columns(
            self_paid_prior_quarter_yuan=rounded(col("self_paid_12m_yuan") - col("self_paid_3m_yuan"), 3),
            long_treatment_months_6m=col("treated").bitwise_count_ones(),
        )
        .drop("treated")
    )


def _is_current() -> pl.Expr:
    running = col("end_date").is_null() | (col("end_date") > D)
    return (col("status") == "active") & running & (col("start_date") <= D)


def benefits(aid: pl.DataFrame) -> pl.LazyFrame:
    return (
        aid.lazy()
        .filter(_is_current())
        .group_by(PERSON, "benefit")
        .agg(records=pl.len().cast(pl.Int64), counties=(col("village_code") // 10**6).n_unique())
        .group_by("person")
        .agg(
            *(col("benefit").is_in(codes).any().alias(name) for name, codes in job.BENEFITS_OF.items()),
            current_benefit_count=pl.when(col("benefit") != "temporary").then("records").otherwise(0).sum(),
            same_benefit_county_count=col("counties").max(),
        )
        .with_columns(on_low_income_list=pl.any_horizontal(list(job.BENEFITS_OF)[:5]))
    )


def benefit_terms(aid: pl.DataFrame, e: date) -> pl.LazyFrame:
    """Of several current records of one kind the newest speaks, of equals the last row."""

    def newest(kind: str, value: pl.Expr) -> pl.Expr:
        return value.filter(col("benefit").is_in(job.BENEFITS_OF[kind])).last()

    return (
        aid.lazy()
        .filter(_is_current())
        .sort("start_date", maintain_order=True)
        .group_by(PERSON, maintain_order=True)
        .agg(
            reviewed_on=newest("on_dibao", pl.coalesce("reviewed_on", "start_date")),
            rigid_since=newest("on_rigid", col("start_date")),
            tekun_monthly_yuan=newest("on_tekun", col("monthly_amount")),
            child_aid_monthly_yuan=newest("on_child_aid", col("monthly_amount")),
        )
        .select(
            "person",
            "tekun_monthly_yuan",
            "child_aid_monthly_yuan",
            rigid_months=months_since(col("rigid_since")),
            dibao_review_months=months_since(col("reviewed_on"), e).clip(lower_bound=0),
        )
    )


def wrong_payments(payments: pl.DataFrame, people: Population, certificates: pl.DataFrame) -> pl.LazyFrame:
    expired = certificates.lazy().filter(col("expires_on") < D).select("id_no", expiry=month_of(col("expires_on")))
    dead = people.deaths.lazy().select(id_no="person", death=month_of(col("died_on")))
    limits = dead.join(expired, on="id_no", how="full", coalesce=True)
    after_death = (col("pay_month") > col("death")).fill_null(False)
    after_expiry = (col("pay_month") > col("expiry")).fill_null(False)
    is_disability = col("benefit").is_in(["disability_living", "disability_care"])
    return (
        payments.lazy()
        .filter(col("pay_status") == "ok")
        .join(limits, on="id_no")
        .group_by(PERSON)
        .agg(
            paid_after_death_count=after_death.sum(),
            elder_age_paid_after_death_count=(after_death & (col("benefit") == "elder_age")).sum(),
            disability_paid_after_death_count=(after_death & is_disability).sum(),
            disability_paid_on_expired_count=(after_expiry & is_disability).sum(),
        )
    )


def earnings(income: pl.DataFrame, running: int) -> pl.LazyFrame:
    is_transfer, is_work = col("tax_item") == "transfer", col("tax_item").is_in(["wage", "labour", "business"])
    newest = col("tax_month") >= running - 3
    return (
        income.lazy()
        .filter(col("tax_month").is_between(running - 12, running - 1))
        .group_by(PERSON)
        .agg(
            taxable_income_12m_yuan=pl.when(~is_transfer).then("amount").otherwise(0).sum(),
            transfer_income_12m_yuan=pl.when(is_transfer).then("amount").otherwise(0).sum(),
            earnings_3m=pl.when(~is_transfer & newest).then("amount").otherwise(0).sum(),
            earned=(~is_transfer).any(),
            worked=is_work.any(),
            worked_3m=(is_work & newest).any(),
        )
    )


def insured(insurance: pl.DataFrame, running: int) -> pl.LazyFrame:
    is_worker = col("insured_kind") == "worker"
    found = (
        insurance.lazy()
        .group_by(PERSON)
        .agg(
            is_insured_worker=is_worker.any(),
            paid=pl.when(is_worker).then("last_paid_month").max(),
            wage_base=pl.when(is_worker).then("wage_base").max(),
            is_migrant_worker=col("migrant_work").fill_null(False).any(),
            most_months=col("months_worked_12m").max(),
        )
    )
    unknown = col("most_months").is_null() & ~col("is_migrant_worker")
    return found.with_columns(
        paid_as_worker=(col("paid") >= running - 3).fill_null(False),
        lapsed_insurance_months=(running - col("paid")).clip(lower_bound=0),
        months_worked_12m=pl.when(unknown).then(0).otherwise("most_months"),
    ).drop("paid")


def unemployed(register: pl.DataFrame) -> pl.LazyFrame:
    newest = register.lazy().group_by(PERSON).agg(col("status").sort_by("registered_on").last())
    return newest.select("person", is_unemployed=col("status").is_in(["registered", "receiving"]))


def pension(pensions: pl.DataFrame, running: int) -> pl.LazyFrame:
    return (
        pensions.lazy()
        .filter(col("last_paid_month").is_null() | (col("last_paid_month") >= running - 3))
        .group_by(PERSON)
        .agg(
            pension_month_yuan=col("monthly_amount").sum(),
            has_worker_pension=(col("pension_kind") == "worker").any(),
            has_any_pension=pl.lit(True),
        )
    )


def work_and_income(t: pl.LazyFrame, i: pl.LazyFrame, u: pl.LazyFrame, p: pl.LazyFrame) -> pl.LazyFrame:
    """Three-valued on purpose: months of a migrant worker that nobody gave leave open whether somebody works."""
    flags = ("earned", "worked", "worked_3m", "paid_as_worker", "is_migrant_worker", "is_insured_worker", "is_unemployed")
    months = col("most_months")
    employed = col("paid_as_worker") | col("worked_3m") | (col("is_migrant_worker") & (months >= 6))
    works = employed.fill_null(False) | col("is_migrant_worker") | (months > 0).fill_null(False)
    wage = pl.when(~col("worked") & col("paid_as_worker")).then("wage_base")
    year = pl.when(col("worked") | ~works | wage.is_not_null()).then(col("taxable_income_12m_yuan") + 12 * wage.fill_null(0))
    seen = col("is_insured_worker") | col("is_migrant_worker") | months.is_not_null()
    return (
        t.join(i, on="person", how="full", coalesce=True)
        .join(u, on="person", how="full", coalesce=True)
        .join(p, on="person", how="full", coalesce=True)
        .with_columns(col(flags).fill_null(False), col("taxable_income_12m_yuan", "pension_month_yuan").fill_null(0))
        .select(
            "person",
            is_employed=employed,
            work_is_on_record=col("earned") | seen | col("is_unemployed"),
            earnings_year=year,
            recorded_income_month_yuan=rounded(year, 12) + col("pension_month_yuan"),
        )
    )


def learning(students: pl.DataFrame) -> pl.LazyFrame:
    since = job.AS_OF.year - (1 if job.AS_OF.month >= 9 else 2)
    newest = students.sort("school_year").unique("id_no", keep="last", maintain_order=True).lazy()
    is_student = (col("status") == "enrolled") & (col("school_year") >= since)
    basic, higher = col("stage").is_in(["primary", "junior"]), col("stage").is_in(["college", "university", "graduate"])
    graduated = (col("status") == "graduated") & (higher | (col("stage") == "vocational"))
    tuition, aid = col("tuition").fill_null(0), col("aid_amount").fill_null(0)
    return newest.select(
        PERSON,
        is_student=is_student,
        is_fee_student=is_student & ~basic,
        is_university_student=is_student & higher,
        dropped_out=col("status").is_in(["dropout", "left"]) & basic,
        has_student_aid=aid > 0,
        has_student_loan=col("loan").fill_null(False),
        has_school_record=pl.lit(True),
        has_graduated=graduated,
        graduated_months=pl.when(graduated).then(months_since(col("status_date"))),
        school_cost_year_yuan=pl.when(is_student).then(pl.max_horizontal(tuition - aid, 0)).otherwise(0),
    )


def unaided_stays(settled: pl.DataFrame, aid: pl.DataFrame) -> pl.LazyFrame:
    unaided = (col("visit_kind") == "inpatient") & (col("self_paid") > 0) & (col("aid_paid").fill_null(0) == 0)
    stays = settled.lazy().filter(unaided, col("settled_on") > WINDOW_12).select("id_no", "settled_on").with_row_index("stay")
    running = col("end_date").is_not_null() | (col("status") == "active")
    held = aid.lazy().filter(col("benefit").is_in(job.AID), running, col("start_date") <= D)
    during = (col("start_date") <= col("settled_on")) & (col("end_date").is_null() | (col("end_date") > col("settled_on")))
    both = stays.join(held.select("id_no", "start_date", "end_date"), on="id_no").filter(during)
    return both.group_by(PERSON).agg(unaided_stay_12m_count=col("stay").n_unique())


def enrolment(enrolled: pl.DataFrame, e: date) -> pl.LazyFrame:
    own = enrolled.lazy().filter(col("year") == e.year)
    return own.select(PERSON, is_insured_this_year=pl.lit(True), is_insurance_subsidised=col("subsidised"))


def disability(certificates: pl.DataFrame) -> pl.LazyFrame:
    kind, grade = col("disability_kind"), col("disability_grade")
    valid = col("expires_on").is_null() | (col("expires_on") >= D)
    of_mind = kind.is_in(["5", "6"])
    severe = grade.is_in(["1", "2"])
    unfit = (of_mind & (severe | (grade == "3"))) | ((kind == "4") & severe) | ((kind == "1") & (grade == "1"))
    return certificates.lazy().select(
        PERSON,
        has_valid_disability=valid,
        is_severely_disabled=valid & severe,
        is_mentally_disabled_3=valid & of_mind & (grade == "3"),
        has_disability_certificate=pl.lit(True),
        disability_issued_days=(D - pl.coalesce("first_issued_on", "issued_on")).dt.total_days(),
        disability_expires_in_days=(col("expires_on") - D).dt.total_days().fill_null(99_999),
        is_unfit=valid & unfit,
    )


def disease(register: pl.DataFrame) -> pl.LazyFrame:
    major = register.lazy().filter(col("disease").is_in(job.MAJOR_DISEASES)).group_by(PERSON).agg(col("diagnosed_on").max())
    return major.select("person", has_major_disease=pl.lit(True), major_disease_days=(D - col("diagnosed_on")).dt.total_days())
