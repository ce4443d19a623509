"""The job with pandas, backed by Arrow.

python benchmarks/peers/pandas_peer.py INBOX OUT_DIR
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import job
import numpy as np
import pandas as pd
import pandas_facts as topics
from pandas_facts import rounded, true
from pandas_landing import land
from pandas_people import Landed, Population, days_since, populate
from rules import Columns, hit


def main(inbox: Path, out: Path) -> None:
    """Land, find out, ask, list."""
    delivered = job.deliveries(inbox)
    landed = job.land_all(delivered, out, land)
    people = populate(landed)
    running = job.running_months(delivered, lambda name, month: landed[name][month].value_counts().to_dict())
    persons = _person_facts(landed, people, running, delivered)
    homes = _home_facts(landed, people, persons, running)
    hits = pd.concat([_hits("person", persons, people), _hits("household", homes, people)], ignore_index=True)
    _write_hits(hits, people, out)
    job.write_lists(out, _cases(hits, people))


def _person_facts(
    landed: Landed, people: Population, running: dict[str, int], delivered: dict[str, job.Delivery]
) -> pd.DataFrame:
    """Every person fact of the job, and a few that households need; index person."""
    aid, settled = landed["mca_assistance"], landed["nhsa_settlement"]
    earnings = topics.earnings(landed["sta_income"], running["sta_income"])
    insured = topics.insured(landed["hrss_insurance"], running["hrss_insurance"])
    pension = topics.pension(landed["hrss_pension"], running["hrss_pension"])
    unemployed = topics.unemployed(landed["hrss_unemployment"])
    made = [
        topics.health_spending(settled),
        topics.unaided_stays(settled, aid),
        topics.benefits(aid),
        topics.benefit_terms(aid, delivered["mca_assistance"].day),
        topics.wrong_payments(landed["mca_payment"], people, landed["dpf_disability"]),
        earnings,
        insured,
        pension,
        topics.work_and_income(earnings, insured, unemployed, pension),
        topics.learning(landed["moe_student"]),
        topics.enrolment(landed["nhsa_enrolment"], delivered["nhsa_enrolment"].day),
        topics.disability(landed["dpf_disability"]),
        topics.disease(landed["nhc_disease"]),
    ]
    persons = people.persons
    columns = _identity(people)
    for topic in made:
        columns |= _spread(topic, persons.index)
    columns["has_no_work_capacity"] = columns["is_unfit"] | (columns["age_years"] < 16) | (columns["age_years"] >= 60)
    return pd.DataFrame(columns, index=persons.index)


def _spread(topic: pd.DataFrame, index: pd.Index[Any]) -> dict[str, Any]:
    """A sparse topic for everybody: who has no record gets what the contract says."""
    place = topic.index.get_indexer(index)
    absent = place < 0
    nothing = job.no_record("person", topic.columns) | job.NO_RECORD
    columns = {}
    for name in topic:
        values = topic[name].array.take(place) if len(topic) else pd.array([pd.NA] * len(index), "Int64")
        if name in nothing:
            values[absent] = nothing[name]
        elif absent.any() and isinstance(values, np.ndarray | pd.arrays.NumpyExtensionArray):
            raise TypeError(f"{name} cannot be blank")
        elif absent.any():
            values[absent] = pd.NA
        columns[name] = values
    return columns


def _identity(people: Population) -> dict[str, Any]:
    persons = people.persons
    size = np.bincount(persons["member_home"].to_numpy()[persons["is_member"].to_numpy()], minlength=len(people.homes))
    elsewhere = (persons["residence_village"] // 10**6) != (people.own_village // 10**6)
    moved = persons["status"] == "moved"
    named = {name: persons[name] for name in ("father_id_no", "mother_id_no")}
    return {
        "age_years": persons["age_years"],
        "in_registry": persons["in_registry"],
        "is_member": persons["is_member"],
        "is_living": persons["is_living"],
        "is_dead": persons["is_dead"],
        "is_rural": persons["is_rural"],
        "is_moved_out": moved,
        "moved_out_days": days_since(persons["status_date"]).where(moved),
        "lives_elsewhere": true(elsewhere),
        "lives_alone": persons["is_member"] & (size[persons["home"]] == 1),
        "parents_named_count": sum(parent.notna().astype(np.int64) for parent in named.values()),
        "parents_dead_count": sum(parent.isin(people.deaths.index).astype(np.int64) for parent in named.values()),
    }


def _home_facts(landed: Landed, people: Population, persons: pd.DataFrame, running: dict[str, int]) -> pd.DataFrame:
    """Every household fact of the job; one row per household, in the order of `people.homes`."""
    m = persons[people.persons["is_member"].to_numpy()]
    home = people.persons["member_home"].to_numpy()[people.persons["is_member"].to_numpy()]
    age, grown = m["age_years"], m["age_years"] >= 18
    can_work = ~m["has_no_work_capacity"]
    unseen = (age.between(18, 59) & can_work & ~m["is_student"] & ~m["work_is_on_record"]).to_numpy(bool)
    aided = m["has_student_aid"] | m["has_student_loan"]
    counts = {
        "member_count": 1,
        "minor_count": ~grown,
        "adult_count": grown,
        "elder_count": age >= 60,
        "working_age_count": age.between(16, 59) & ~m["is_student"] & can_work,
        "dependent_count": (age < 16) | (age >= 60) | m["is_severely_disabled"],
        "able_young_adult_count": age.between(18, 59) & can_work,
        "not_on_dibao_count": ~m["on_dibao"] & ~m["on_tekun"],
        "dibao_member_count": m["on_dibao"],
        "employed_count": true(m["is_employed"]),
        "pensioner_count": m["has_any_pension"],
        "fee_student_count": m["is_fee_student"],
        "unaided_university_student_count": m["is_university_student"] & ~aided,
        "student_loan_count": m["is_student"] & m["has_student_loan"],
        "disabled_count": m["has_valid_disability"],
        "severely_disabled_count": m["is_severely_disabled"],
        "blank_incomes": unseen | m["recorded_income_month_yuan"].isna(),
    }
    sums = {
        "self_paid_12m_yuan": m["self_paid_12m_yuan"],
        "school_cost_year_yuan": m["school_cost_year_yuan"],
        "transfer_income_12m_yuan": m["transfer_income_12m_yuan"],
        "earnings_3m": m["earnings_3m"],
        "earnings_12m": m["taxable_income_12m_yuan"],
        "month_income": m["recorded_income_month_yuan"].fillna(0),
        "year_income": m["earnings_year"].fillna(0) + 12 * m["pension_month_yuan"],
    }
    flags = {name: m[name] for name in ("on_tekun", "on_edge", "on_rigid", "on_low_income_list")}
    table = pd.DataFrame({name: np.asarray(v, np.int64) for name, v in (counts | sums | flags).items()}, index=m.index)
    found = table.groupby(home).sum()
    whole = (found["blank_incomes"] == 0).to_numpy()
    for name in flags:
        found[name] = found[name] > 0
    found["on_dibao"] = found["dibao_member_count"] > 0
    found["head_is_minor"] = found["adult_count"] == 0
    found["earnings_3m_month_yuan"] = rounded(found["earnings_3m"], 3)
    found["earnings_prior_9m_month_yuan"] = rounded(found["earnings_12m"] - found["earnings_3m"], 9)
    found["income_pc_month_yuan"] = rounded(found["month_income"], found["member_count"]).astype("Int64").where(whole)
    found["income_pc_year_yuan"] = rounded(found["year_income"], found["member_count"]).astype("Int64").where(whole)
    found["income_year_yuan"] = found["year_income"].astype("Int64").where(whole)
    found["is_rural"] = people.homes["is_rural"]
    found = found.join(_vehicles(landed["psb_vehicle"], people)).join(
        _power(landed["grid_power"], people, running["grid_power"])
    )
    return found.fillna(
        {"vehicle_count": 0, "truck_count": 0, "vehicle_bought_12m_yuan": -1, "zero_power_months": 0, "power_cut": False}
    )


def _vehicles(vehicles: pd.DataFrame, people: Population) -> pd.DataFrame:
    home = people.home_of(vehicles["id_no"])
    counts = (
        (home >= 0)
        & vehicles["vehicle_kind"].isin(["car", "truck", "bus", "machinery"]).to_numpy()
        & ~true(vehicles["scrapped"])
    )
    own, home = vehicles[counts], home[counts]
    price = own["purchase_price"].astype("Int64").reset_index(drop=True)
    is_recent = true(own["registered_on"] > topics.WINDOW_12)
    by_home = price.groupby(home)
    trucks = pd.Series(own["vehicle_kind"].isin(["truck", "bus"]).to_numpy()).groupby(home).sum()
    bought = price.where(is_recent).groupby(home).max()
    return pd.DataFrame(
        {
            "vehicle_count": by_home.size(),
            "truck_count": trucks,
            "vehicle_dearest_yuan": by_home.max(),
            "vehicle_bought_12m_yuan": bought,
        }
    )


def _power(power: pd.DataFrame, people: Population, running: int) -> pd.DataFrame:
    """The account of the newest month speaks, then the greatest number; a missing month ends the run without power."""
    recent = power[true(power["use_month"] >= running - 3)]
    newest = recent.sort_values("use_month", kind="stable").drop_duplicates("account_no", keep="last")
    newest = newest.assign(home=people.home_of(newest["id_no"]), power_cut=true(newest["disconnected"]))
    newest["tells"] = true(newest["kwh"] == 0) | newest["power_cut"]
    newest = newest[newest["home"].isin(newest.loc[newest["tells"], "home"]) & (newest["home"] >= 0)]
    chosen = newest.sort_values(["use_month", "account_no"]).drop_duplicates("home", keep="last")
    chosen = chosen[chosen["tells"]]
    dark = power[true(power["kwh"] == 0)].merge(
        chosen[["account_no", "home", "use_month", "kwh"]], on="account_no", suffixes=("", "_last")
    )
    dark = dark[true(dark["kwh_last"] == 0)]
    back = (dark["use_month_last"] - dark["use_month"]).to_numpy(np.int64)
    dark = dark.assign(back=back)[(back >= 0) & (back < 12)].sort_values(["home", "back"])
    unbroken = dark["back"].to_numpy() == dark.groupby("home").cumcount().to_numpy()
    runs = dark[unbroken].groupby("home").size()
    found = chosen.set_index("home")[["power_cut"]]
    return found.assign(zero_power_months=runs)


def _hits(unit: str, table: pd.DataFrame, people: Population) -> pd.DataFrame:
    """(indicator, unit, subject, home, case): subject is a row of persons or homes; a case is a home, or ~person."""
    rural = table["is_rural"].to_numpy()

    @cache
    def column(name: str) -> Any:
        values = table[name]
        return values.astype("boolean") if values.dtype == object else values

    columns = Columns(unit, column, lambda a, b: pd.Series(np.where(rural, a, b), index=table.index))
    found = []
    for indicator in job.indicators():
        if indicator.unit == unit:
            rows = np.flatnonzero(true(hit(indicator, columns)))
            found.append(pd.DataFrame({"indicator": indicator.code, "unit": unit, "subject": rows}))
    hits = pd.concat(found, ignore_index=True)
    subject = hits["subject"].to_numpy()
    hits["home"] = people.persons["home"].to_numpy()[subject] if unit == "person" else subject
    hits["case"] = np.where(hits["home"] >= 0, hits["home"], ~subject)
    return hits


def _ids(keys: Any) -> Any:
    signs = np.array(list("0123456789X"))
    return np.char.add((keys >> 4).astype("U17"), signs[keys & 15])


def _write_hits(hits: pd.DataFrame, people: Population, out: Path) -> None:
    is_person = (hits["unit"] == "person").to_numpy()
    names = people.homes["household_id"].astype("string[pyarrow]")
    household = names.reindex(hits["home"]).reset_index(drop=True)
    subject = household.copy()
    subject[is_person] = _ids(people.persons.index.to_numpy()[hits["subject"].to_numpy()[is_person]])
    written = pd.DataFrame({"indicator": hits["indicator"], "unit": hits["unit"], "subject": subject, "household": household})
    written.to_parquet(out / "hits.parquet", index=False)


def _cases(hits: pd.DataFrame, people: Population) -> list[tuple[Any, ...]]:
    """The rows of the lists, in order."""
    visits = hits[["indicator", "case"]].drop_duplicates().merge(pd.DataFrame(job.points()), on="indicator")
    points = visits.groupby(["case", "family"])["points"].max().groupby("case").sum()
    points = points[points >= job.COLOURS[-1][1]]
    listed = visits[visits["case"].isin(points.index)].sort_values(["case", "indicator"])
    reasons = listed.groupby("case")["indicator"].agg(";".join)
    case = points.index.to_numpy()
    homes, persons = people.homes, people.persons
    is_home = case >= 0
    head = np.where(
        is_home, homes["head"].to_numpy()[np.where(is_home, case, 0)], persons.index.to_numpy()[np.where(is_home, 0, ~case)]
    )
    rows = persons.loc[head]
    named = np.where(is_home, homes["household_id"].to_numpy()[np.where(is_home, case, 0)], _ids(head))
    township = (
        (rows["village_code"] // 1000).astype("Int64").astype(object).where(rows["village_code"].notna().to_numpy(), None)
    )
    table = pd.DataFrame(
        {
            "township": [None if t is None else str(t) for t in township],
            "case": named,
            "name": rows["name"].astype(object).where(rows["name"].notna().to_numpy(), None).to_numpy(),
            "colour": np.select([points >= at for _, at in job.COLOURS], [colour for colour, _ in job.COLOURS], "blue"),
            "points": points.to_numpy(),
            "indicators": reasons.to_numpy(),
        }
    ).sort_values(["township", "points", "case"], ascending=[True, False, True], na_position="first")
    return list(table.itertuples(index=False, name=None))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
