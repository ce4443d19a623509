"""Facts of households that are counted from their members' facts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from opinion.benefit_facts import newest_refused
from opinion.calendar_rules import plus_months, rounded, within_days, years_since
from opinion.income_facts import income_of, taxed
from opinion.population import Population
from opinion.world import newest

Facts = dict[str, object]
ByPerson = dict[str, Facts]


def composition(people: Population, members: list[str], facts: ByPerson) -> Facts:
    ages = [people.age(p) for p in members]
    return {
        "member_count": len(members),
        "minor_count": sum(age < 18 for age in ages),
        "elder_count": sum(age >= 60 for age in ages),
        "adult_count": sum(age >= 18 for age in ages),
        "working_age_count": sum(
            16 <= people.age(p) <= 59 and not facts[p]["is_student"] and not facts[p]["has_no_work_capacity"] for p in members
        ),
        "dependent_count": sum(not 16 <= people.age(p) < 60 or bool(facts[p]["is_severely_disabled"]) for p in members),
        "head_is_minor": not any(age >= 18 for age in ages),
        "able_young_adult_count": sum(18 <= people.age(p) <= 59 and not facts[p]["has_no_work_capacity"] for p in members),
        "is_rural": people.place(members[0]).area == "rural",
    } | _lost_earners(people, members)


def _lost_earners(people: Population, members: list[str]) -> Facts:
    """Of everybody of a member's hukou or family: who died, who is in custody."""
    hukous = {people.registry[p]["hukou_no"] for p in members}
    families = {people.family_rows[p]["family_no"] for p in members if p in people.family_rows}
    kin = {p for p, row in people.registry.items() if row["hukou_no"] in hukous}
    kin |= {p for p, row in people.family_rows.items() if row["family_no"] in families}
    died = [(p, day) for p in kin if (day := people.death_date(p)) is not None]
    custody = [people.custody_months(p) or 0 for p in kin if 18 <= people.age(p) <= 59]
    return {
        "earner_death_180d": any(
            within_days(day, 180, people.today) and 18 <= years_since(people.born(p), day) <= 59 for p, day in died
        ),
        "earner_custody_months": max(custody, default=0),
    }


def benefits(people: Population, household: str, members: list[str], facts: ByPerson) -> Facts:
    def any_of(name: str) -> bool:
        return any(facts[p][name] for p in members)

    today = people.today
    left = [int(str(m)) for p in members if (m := facts[p]["left_aid_months"]) is not None]
    has_left = bool(left) and not any_of("on_low_income_list")
    refused_months = [int(str(m)) for p in members if (m := facts[p]["refused_months"]) is not None]
    refusals = sorted((row for p in members if (row := newest_refused(people.world, p)) is not None), key=lambda r: r["_order"])
    refused = newest(refusals, "decided_on")
    dibao = [p for p in members if facts[p]["on_dibao"]]
    return {
        **{name: any_of(name) for name in ("on_dibao", "on_tekun", "on_edge", "on_rigid", "on_low_income_list", "was_refused")},
        "not_on_dibao_count": sum(not facts[p]["on_dibao"] and not facts[p]["on_tekun"] for p in members),
        "dibao_member_count": len(dibao),
        "has_left_aid": has_left,
        "left_aid_months": min(left) if has_left else None,
        "refused_months": min(refused_months, default=None),
        "refused_for": refused["refusal"] if refused else None,
        "temporary_aid_12m_count": sum(int(str(facts[p]["temporary_aid_12m_count"])) for p in members),
        "infant_without_dibao_count": sum(
            plus_months(today, -24) <= people.born(p) and (today - people.born(p)).days >= 90 and p not in dibao
            for p in members
        ),
        "is_single_person_dibao_with_kin": _is_split(people, household, members, dibao),
    }


def _is_split(people: Population, household: str, members: list[str], dibao: list[str]) -> bool:
    if not dibao or len(members) > 1 or not household.startswith("F:"):
        return False
    hukou = people.registry[members[0]]["hukou_no"]
    return sum(row["hukou_no"] == hukou and not people.is_dead(p) for p, row in people.registry.items()) >= 2


def income(people: Population, members: list[str], facts: ByPerson) -> Facts:
    world = people.world
    known = all(
        facts[p]["work_is_on_record"]
        for p in members
        if 18 <= people.age(p) <= 59 and not facts[p]["is_student"] and not facts[p]["has_no_work_capacity"]
    )
    incomes = [income_of(world, p) for p in members]
    told = known and all(i.known for i in incomes)
    year = sum((i.year or Decimal(0) for i in incomes), Decimal(0)) if told else None
    month = sum((i.month or Decimal(0) for i in incomes), Decimal(0))
    lately = sum((row["amount"] for p in members for row in taxed(world, p, 3)), Decimal(0))
    before = sum((row["amount"] for p in members for row in taxed(world, p, 12, skip=3)), Decimal(0))
    unemployed = [p for p in members if 16 <= people.age(p) <= 59 and facts[p]["is_unemployed"]]
    return {
        "income_is_known": known,
        "income_year_yuan": year,
        "income_pc_year_yuan": rounded(Fraction(year) / len(members)) if year is not None else None,
        "income_pc_month_yuan": rounded(Fraction(month) / len(members)) if told else None,
        "earnings_3m_month_yuan": rounded(Fraction(lately) / 3),
        "earnings_prior_9m_month_yuan": rounded(Fraction(before) / 9),
        "transfer_income_12m_yuan": _total(facts, members, "transfer_income_12m_yuan"),
        "employed_count": sum(facts[p]["is_employed"] is True for p in members),
        "unemployed_count": len(unemployed),
        "unemployed_earner_days": min((int(str(facts[p]["unemployed_days"])) for p in unemployed), default=None),
        "pensioner_count": sum(bool(facts[p]["has_any_pension"]) for p in members),
        "hardship_worker_count": sum(bool(facts[p]["is_hardship_worker"]) for p in members),
    } | _spending(members, facts, year)


def _total(facts: ByPerson, members: list[str], name: str) -> Decimal:
    return sum((Decimal(str(facts[p][name])) for p in members), Decimal(0))


def _spending(members: list[str], facts: ByPerson, year: Decimal | None) -> Facts:
    medical, school = _total(facts, members, "self_paid_12m_yuan"), _total(facts, members, "school_cost_year_yuan")
    spent, most = medical + school, Decimal("9.99")
    share: Decimal | None = Decimal(0)
    if spent:
        share = None if year is None else most if year == 0 else min(rounded(Fraction(spent) / Fraction(year), 4), most)
    students = [facts[p] for p in members]
    return {
        "self_paid_12m_yuan": medical,
        "school_cost_year_yuan": school,
        "rigid_spending_12m_yuan": spent,
        "rigid_share": share,
        "fee_student_count": sum(bool(f["is_fee_student"]) for f in students),
        "unaided_university_student_count": sum(
            bool(f["is_university_student"] and not f["has_student_aid"] and not f["has_student_loan"]) for f in students
        ),
        "student_loan_count": sum(bool(f["is_student"] and f["has_student_loan"]) for f in students),
        "disabled_count": sum(bool(f["has_valid_disability"]) for f in students),
        "severely_disabled_count": sum(bool(f["is_severely_disabled"]) for f in students),
        "major_disease_count": sum(bool(f["has_major_disease"]) for f in students),
    }
