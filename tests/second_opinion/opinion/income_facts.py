"""Facts about work and income."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from opinion.calendar_rules import rounded
from opinion.population import Population
from opinion.world import Record, World, newest

Facts = dict[str, object]
WORK = ("wage", "labour", "business")


@dataclass(frozen=True)
class Income:
    """What 12 months brought: earnings, subsidy, pension a month. `known` is false for work without a figure."""

    earnings: Decimal
    subsidy: Decimal
    pension_month: Decimal
    known: bool

    @property
    def year(self) -> Decimal | None:
        return self.earnings + self.subsidy + 12 * self.pension_month if self.known else None

    @property
    def month(self) -> Decimal | None:
        return rounded(Fraction(self.earnings + self.subsidy) / 12 + Fraction(self.pension_month)) if self.known else None


def taxed(world: World, person: str, months: int, *, skip: int = 0) -> list[Record]:
    """Income rows, all items but transfer, of the last `months` whole months without the newest `skip`."""
    first, last = world.window("sta_income", months)[0], world.window("sta_income", skip + 1)[0]
    return [r for r in world.of("sta_income", person) if first <= r["tax_month"] <= last and r["tax_item"] != "transfer"]


def _worker(world: World, person: str) -> Record | None:
    rows = [row for row in world.of("hrss_insurance", person) if row["insured_kind"] == "worker"]
    return rows[-1] if rows else None


def _pays_lately(world: World, row: Record | None) -> bool:
    return bool(row and row["last_paid_month"] and row["last_paid_month"] >= world.window("hrss_insurance", 3)[0])


def is_migrant(world: World, person: str) -> bool:
    return any(row["migrant_work"] for row in world.of("hrss_insurance", person))


def months_worked(world: World, person: str) -> int | None:
    given = [row["months_worked_12m"] for row in world.of("hrss_insurance", person)]
    known = [months for months in given if months is not None]
    if known:
        return max(known)
    return None if is_migrant(world, person) else 0


def is_employed(world: World, person: str) -> bool | None:
    if _pays_lately(world, _worker(world, person)):
        return True
    if any(row["tax_item"] in WORK for row in taxed(world, person, 3)):
        return True
    months = months_worked(world, person)
    if not is_migrant(world, person):
        return False
    return None if months is None else months >= 6


def income_of(world: World, person: str) -> Income:
    rows = taxed(world, person, 12)
    earned = sum((row["amount"] for row in rows), Decimal(0))
    worker = _worker(world, person)
    has_figure = any(row["tax_item"] in WORK for row in rows)
    if worker and not has_figure and _pays_lately(world, worker) and worker["wage_base"] is not None:
        earned += worker["wage_base"] * 12
        has_figure = True
    works = is_employed(world, person) is not False or is_migrant(world, person) or (months_worked(world, person) or 0) > 0
    years = world.of("mara_subsidy", person)
    subsidy = max(years, key=lambda row: row["year"])["subsidy"] if years else None
    return Income(earned, subsidy or Decimal(0), pension_month(world, person), has_figure or not works)


def pension_month(world: World, person: str) -> Decimal:
    return sum((row["monthly_amount"] for row in _pensions(world, person)), Decimal(0))


def newest_unemployment(world: World, person: str) -> Record | None:
    return newest(world.of("hrss_unemployment", person), "registered_on")


def is_unemployed(world: World, person: str) -> bool:
    row = newest_unemployment(world, person)
    return row is not None and row["status"] in ("registered", "receiving")


def work_is_on_record(world: World, person: str) -> bool:
    rows = world.of("hrss_insurance", person)
    return bool(
        taxed(world, person, 12)
        or any(r["insured_kind"] == "worker" or r["migrant_work"] or r["months_worked_12m"] is not None for r in rows)
        or is_unemployed(world, person)
    )


def work(people: Population, person: str) -> Facts:
    world = people.world
    first, last = world.window("sta_income", 12)
    transfers = [
        r["amount"] for r in world.of("sta_income", person) if r["tax_item"] == "transfer" and first <= r["tax_month"] <= last
    ]
    return {
        "recorded_income_month_yuan": income_of(world, person).month,
        "taxable_income_12m_yuan": sum((row["amount"] for row in taxed(world, person, 12)), Decimal(0)),
        "transfer_income_12m_yuan": sum(transfers, Decimal(0)),
        "is_employed": is_employed(world, person),
        "work_is_on_record": work_is_on_record(world, person),
        "is_insured_worker": _worker(world, person) is not None,
        "lapsed_insurance_months": _lapsed(world, _worker(world, person)),
        "is_migrant_worker": is_migrant(world, person),
        "months_worked_12m": months_worked(world, person),
        "is_on_public_payroll": any(r["until"] is None or r["until"] > world.today for r in world.of("mof_payroll", person)),
        "is_hardship_worker": any(
            r["closed_on"] is None or r["closed_on"] > world.today for r in world.of("acftu_worker", person)
        ),
        "is_paying_housing_fund": _pays_fund(world, person),
    }


def _lapsed(world: World, row: Record | None) -> int | None:
    if row is None or row["last_paid_month"] is None:
        return None
    now, paid = world.running_month("hrss_insurance"), row["last_paid_month"]
    return max(12 * (now.year - paid.year) + now.month - paid.month, 0)


def _pays_fund(world: World, person: str) -> bool:
    first, running = world.window("mohurd_fund", 3)[0], world.running_month("mohurd_fund")
    months = [row["last_paid_month"] for row in world.of("mohurd_fund", person)]
    return any(month is not None and first <= month <= running for month in months)


def unemployment_and_pension(people: Population, person: str) -> Facts:
    world, today = people.world, people.today
    row = newest_unemployment(world, person)
    ended = row["benefit_end"] if row and row["status"] != "reemployed" else None
    over = ended is not None and ended <= today
    return {
        "is_unemployed": is_unemployed(world, person),
        "unemployed_days": (today - row["registered_on"]).days if row and is_unemployed(world, person) else None,
        "unemployment_benefit_ended": over,
        "unemployment_benefit_ended_days": (today - ended).days if over and ended else None,
        "pension_month_yuan": pension_month(world, person),
        "has_any_pension": bool(_pensions(world, person)),
        "has_worker_pension": any(r["pension_kind"] == "worker" for r in _pensions(world, person)),
    }


def _pensions(world: World, person: str) -> list[Record]:
    """The pensions that are still paid."""
    first = world.window("hrss_pension", 3)[0]
    return [r for r in world.of("hrss_pension", person) if r["last_paid_month"] is None or r["last_paid_month"] >= first]
