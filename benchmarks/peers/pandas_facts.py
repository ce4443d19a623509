"""The facts of the job with pandas: one table per topic, sparse, then side by side."""

from __future__ import annotations

from typing import Any

import job
import numpy as np
import pandas as pd
from pandas_people import Population, days_of, days_since, months_since

Series = pd.Series
WINDOW_12, WINDOW_6, WINDOW_3 = (job.before(job.AS_OF, months) for months in (12, 6, 3))


def rounded(number: Any, divisor: Any) -> Any:
    """Quotient of whole numbers, rounded half away from zero."""
    return np.sign(number) * ((2 * abs(number) + divisor) // (2 * divisor))


def true(column: Any) -> Any:
    """A blank is no."""
    return column.fillna(False).to_numpy(bool)


def _totals(person: Any, **columns: Any) -> pd.DataFrame:
    """Sums by person; flags count as numbers."""
    return pd.DataFrame(columns).groupby(np.asarray(person, np.int64), sort=False).sum()


def health_spending(s: pd.DataFrame) -> pd.DataFrame:
    s = s[true(s["settled_on"] > WINDOW_12)]
    person, paid, day = s["id_no"].to_numpy(np.int64), s["self_paid"].to_numpy(np.int64), s["settled_on"]
    in_6m, in_3m = true(day > WINDOW_6), true(day > WINDOW_3)
    is_stay = (s["visit_kind"] == "inpatient").to_numpy()
    found = _totals(
        person,
        self_paid_12m_yuan=paid,
        self_paid_3m_yuan=np.where(in_3m, paid, 0),
        injury_self_paid_6m_yuan=np.where(in_6m & true(s["injury"]), paid, 0),
        inpatient_12m_count=is_stay.astype(np.int64),
    )
    found["self_paid_prior_quarter_yuan"] = rounded(found["self_paid_12m_yuan"] - found["self_paid_3m_yuan"], 3)
    found["largest_stay_self_paid_12m_yuan"] = Series(paid[is_stay]).groupby(person[is_stay]).max()
    treated = (
        in_6m & s["visit_kind"].isin(["chronic", "inpatient"]).to_numpy() & s["disease"].isin(job.LONG_TREATMENT).to_numpy()
    )
    months = pd.DataFrame(
        {"person": person[treated], "month": days_of(day[treated]).astype("datetime64[M]").astype(int)}
    ).drop_duplicates()
    found["long_treatment_months_6m"] = months.groupby("person").size()
    return found.fillna(0).astype(np.int64)


def benefits(aid: pd.DataFrame) -> pd.DataFrame:
    aid = aid[_is_current(aid)]
    person, benefit = aid["id_no"].to_numpy(np.int64), aid["benefit"]
    flags = {name: benefit.isin(codes).to_numpy() for name, codes in job.BENEFITS_OF.items()}
    found = _totals(person, current_benefit_count=(benefit != "temporary").to_numpy(), **flags)
    kinds = list(flags)
    found[kinds] = found[kinds] > 0
    found["on_low_income_list"] = found[kinds[:5]].any(axis=1)
    counties = pd.DataFrame({"person": person, "benefit": benefit.cat.codes.to_numpy(), "county": aid["village_code"] // 10**6})
    per_benefit = counties.drop_duplicates().groupby(["person", "benefit"]).size()
    found["same_benefit_county_count"] = per_benefit.groupby("person").max()
    return found


def _is_current(aid: pd.DataFrame) -> Any:
    running = aid["end_date"].isna().to_numpy(bool) | true(aid["end_date"] > job.AS_OF)
    return (aid["status"] == "active").to_numpy() & running & true(aid["start_date"] <= job.AS_OF)


def benefit_terms(aid: pd.DataFrame, e: Any) -> pd.DataFrame:
    """Of several current records of one kind the newest speaks, of equals the last row."""
    current = aid[_is_current(aid)].sort_values("start_date", kind="stable")
    newest = {
        kind: current[current["benefit"].isin(benefits)].drop_duplicates("id_no", keep="last").set_index("id_no")
        for kind, benefits in {
            "dibao": ["dibao_urban", "dibao_rural"],
            "tekun": ["tekun_dispersed", "tekun_institution"],
            "rigid": ["rigid"],
            "child": ["orphan", "unattended_child"],
        }.items()
    }
    reviewed = newest["dibao"]["reviewed_on"].fillna(newest["dibao"]["start_date"])
    found = {
        "dibao_review_months": months_since(reviewed, e).clip(lower=0),
        "rigid_months": months_since(newest["rigid"]["start_date"]),
        "tekun_monthly_yuan": newest["tekun"]["monthly_amount"].astype("Int64"),
        "child_aid_monthly_yuan": newest["child"]["monthly_amount"].astype("Int64"),
    }
    return pd.concat(found, axis=1)


def wrong_payments(payments: pd.DataFrame, people: Population, certificates: pd.DataFrame) -> pd.DataFrame:
    paid = payments[(payments["pay_status"] == "ok").to_numpy()]
    dead = people.deaths
    expired = certificates.set_index("id_no")["expires_on"]
    expired = expired[true(expired < job.AS_OF)]
    paid = paid[(paid["id_no"].isin(dead.index) | paid["id_no"].isin(expired.index)).to_numpy(bool)]
    person, month, benefit = paid["id_no"].to_numpy(np.int64), paid["pay_month"].to_numpy(np.int64), paid["benefit"]
    after_death, after_expiry = (month > _months(days).reindex(person).fillna(10**6).to_numpy() for days in (dead, expired))
    is_disability = benefit.isin(["disability_living", "disability_care"]).to_numpy()
    return _totals(
        person,
        paid_after_death_count=after_death,
        elder_age_paid_after_death_count=after_death & (benefit == "elder_age").to_numpy(),
        disability_paid_after_death_count=after_death & is_disability,
        disability_paid_on_expired_count=after_expiry & is_disability,
    )


def _months(days: Series[Any]) -> Series[Any]:
    """Month number of each day; blank days are left out."""
    known = days.dropna()
    return Series(
        days_of(known).astype("datetime64[M]").astype(np.int64) + job.month_of(job.EPOCH), index=known.index.to_numpy(np.int64)
    )


def earnings(income: pd.DataFrame, running: int) -> pd.DataFrame:
    income = income[true((income["tax_month"] >= running - 12) & (income["tax_month"] < running))]
    person, amount, item = income["id_no"].to_numpy(np.int64), income["amount"].to_numpy(np.int64), income["tax_item"]
    is_transfer, is_work = (item == "transfer").to_numpy(), item.isin(["wage", "labour", "business"]).to_numpy()
    newest = (income["tax_month"] >= running - 3).to_numpy(bool)
    found = _totals(
        person,
        taxable_income_12m_yuan=np.where(is_transfer, 0, amount),
        transfer_income_12m_yuan=np.where(is_transfer, amount, 0),
        earnings_3m=np.where(~is_transfer & newest, amount, 0),
        earned=~is_transfer,
        worked=is_work,
        worked_3m=is_work & newest,
    )
    return found.astype({"earned": bool, "worked": bool, "worked_3m": bool})


def insured(insurance: pd.DataFrame, running: int) -> pd.DataFrame:
    person = insurance["id_no"].to_numpy(np.int64)
    is_worker = (insurance["insured_kind"] == "worker").to_numpy()
    found = _totals(person, is_insured_worker=is_worker, is_migrant_worker=true(insurance["migrant_work"])) > 0
    of_worker = insurance[is_worker].set_index("id_no")[["last_paid_month", "wage_base"]]
    of_worker.index = of_worker.index.astype(np.int64)
    worked = insurance.groupby(person)["months_worked_12m"].max().astype("Int64")
    found = found.join(of_worker.astype("Int64"))
    found["lapsed_insurance_months"] = (running - found["last_paid_month"]).clip(lower=0)
    found["most_months"] = worked
    found["months_worked_12m"] = worked.mask(worked.isna() & ~found["is_migrant_worker"], 0)
    found["paid_as_worker"] = true(found["last_paid_month"] >= running - 3)
    return found


def unemployed(register: pd.DataFrame) -> pd.DataFrame:
    newest = register.sort_values("registered_on", kind="stable").drop_duplicates("id_no", keep="last")
    is_unemployed = newest["status"].isin(["registered", "receiving"]).to_numpy()
    return pd.DataFrame({"is_unemployed": is_unemployed}, index=newest["id_no"].to_numpy(np.int64))


def pension(pensions: pd.DataFrame, running: int) -> pd.DataFrame:
    paid = pensions[pensions["last_paid_month"].isna().to_numpy(bool) | true(pensions["last_paid_month"] >= running - 3)]
    kinds = (paid["pension_kind"] == "worker").to_numpy()
    found = _totals(paid["id_no"], pension_month_yuan=paid["monthly_amount"].to_numpy(np.int64), has_worker_pension=kinds)
    return found.astype({"has_worker_pension": bool}).assign(has_any_pension=True)


def work_and_income(t: pd.DataFrame, i: pd.DataFrame, u: pd.DataFrame, p: pd.DataFrame) -> pd.DataFrame:
    """Three-valued on purpose: months of a migrant worker that nobody gave leave open whether somebody works."""
    known = pd.Index(np.unique(np.concatenate([t.index, i.index, u.index, p.index])))
    t, p = t.reindex(known, fill_value=0), p.reindex(known, fill_value=0)
    i, u = i.reindex(known), u.reindex(known, fill_value=False)
    flag = {name: i[name].fillna(False).astype(bool) for name in ("paid_as_worker", "is_migrant_worker", "is_insured_worker")}
    worked, worked_3m = t["worked"].astype(bool), t["worked_3m"].astype(bool)
    employed = flag["paid_as_worker"] | worked_3m | (flag["is_migrant_worker"] & (i["most_months"] >= 6))
    wage = i["wage_base"].where(~worked & flag["paid_as_worker"])
    works = true(employed) | flag["is_migrant_worker"] | true(i["most_months"] > 0)
    has_figure = worked | ~works | wage.notna()
    year = (t["taxable_income_12m_yuan"] + 12 * wage.fillna(0)).astype("Int64").where(has_figure)
    seen = flag["is_insured_worker"] | flag["is_migrant_worker"] | i["most_months"].notna()
    return pd.DataFrame(
        {
            "is_employed": employed,
            "work_is_on_record": t["earned"].astype(bool) | seen | u["is_unemployed"],
            "earnings_year": year,
            "recorded_income_month_yuan": rounded(year, 12) + p["pension_month_yuan"],
        }
    )


def learning(students: pd.DataFrame) -> pd.DataFrame:
    newest = students.sort_values("school_year", kind="stable").drop_duplicates("id_no", keep="last").set_index("id_no")
    newest.index = newest.index.astype(np.int64)
    stage, status = newest["stage"], newest["status"]
    since = job.AS_OF.year - (1 if job.AS_OF.month >= 9 else 2)
    is_student = (status == "enrolled") & true(newest["school_year"] >= since)
    basic, higher = stage.isin(["primary", "junior"]), stage.isin(["college", "university", "graduate"])
    graduated = (status == "graduated") & (higher | (stage == "vocational"))
    tuition, aid = (newest[name].fillna(0).to_numpy(np.int64) for name in ("tuition", "aid_amount"))
    return pd.DataFrame(
        {
            "is_student": is_student,
            "is_fee_student": is_student & ~basic,
            "is_university_student": is_student & higher,
            "dropped_out": status.isin(["dropout", "left"]) & basic,
            "has_student_aid": aid > 0,
            "has_student_loan": true(newest["loan"]),
            "has_school_record": True,
            "has_graduated": graduated,
            "graduated_months": months_since(newest["status_date"]).where(graduated),
            "school_cost_year_yuan": np.where(is_student, np.maximum(tuition - aid, 0), 0),
        }
    )


def unaided_stays(s: pd.DataFrame, aid: pd.DataFrame) -> pd.DataFrame:
    unaided = (s["visit_kind"] == "inpatient") & true(s["self_paid"] > 0) & (s["aid_paid"].fillna(0) == 0).to_numpy(bool)
    stays = s.loc[unaided & true(s["settled_on"] > WINDOW_12), ["id_no", "settled_on"]].reset_index(names="stay")
    aid = aid[aid["benefit"].isin(job.AID) & (aid["end_date"].notna().to_numpy(bool) | (aid["status"] == "active").to_numpy())]
    both = stays.merge(aid[["id_no", "start_date", "end_date"]], on="id_no")
    during = true(both["start_date"] <= both["settled_on"]) & ~true(both["end_date"] <= both["settled_on"])
    during &= true(both["start_date"] <= job.AS_OF)
    counted = both.loc[during, ["id_no", "stay"]].drop_duplicates().groupby("id_no").size()
    return pd.DataFrame({"unaided_stay_12m_count": counted.to_numpy()}, index=counted.index.to_numpy(np.int64))


def enrolment(enrolled: pd.DataFrame, e: Any) -> pd.DataFrame:
    own = enrolled[true(enrolled["year"] == e.year)]
    subsidised = own["subsidised"].astype("boolean").array
    return pd.DataFrame(
        {"is_insured_this_year": True, "is_insurance_subsidised": subsidised}, index=own["id_no"].to_numpy(np.int64)
    )


def disability(certificates: pd.DataFrame) -> pd.DataFrame:
    own = certificates.set_index("id_no")
    own.index = own.index.astype(np.int64)
    kind, grade = own["disability_kind"], own["disability_grade"]
    is_valid = own["expires_on"].isna().to_numpy(bool) | true(own["expires_on"] >= job.AS_OF)
    of_mind = kind.isin(["5", "6"])
    unfit = (
        (of_mind & grade.isin(["1", "2", "3"])) | ((kind == "4") & grade.isin(["1", "2"])) | ((kind == "1") & (grade == "1"))
    )
    return pd.DataFrame(
        {
            "has_valid_disability": is_valid,
            "is_severely_disabled": is_valid & grade.isin(["1", "2"]),
            "is_mentally_disabled_3": is_valid & of_mind & (grade == "3"),
            "has_disability_certificate": True,
            "disability_issued_days": days_since(own["first_issued_on"].fillna(own["issued_on"])),
            "disability_expires_in_days": (-days_since(own["expires_on"])).fillna(99_999),
            "is_unfit": is_valid & unfit,
        }
    )


def disease(register: pd.DataFrame) -> pd.DataFrame:
    major = register[register["disease"].isin(job.MAJOR_DISEASES)]
    newest = major.groupby(major["id_no"].to_numpy(np.int64))["diagnosed_on"].max()
    return pd.DataFrame({"has_major_disease": True, "major_disease_days": days_since(newest)})
