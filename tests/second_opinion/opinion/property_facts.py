"""Facts of households about what they own, where they live and what struck them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

from opinion.calendar_rules import plus_months, rounded, within_days, within_months
from opinion.population import Population
from opinion.world import Record, World, newest

Facts = dict[str, object]
COUNTED = ("car", "truck", "bus", "machinery")


def _of_members(world: World, extract: str, members: list[str]) -> list[Record]:
    """The members' records in the order they arrived."""
    return sorted((row for p in members for row in world.of(extract, p)), key=lambda row: row["_order"])


def _dearest(vehicles: list[Record]) -> Decimal | None:
    if not vehicles:
        return Decimal(0)
    return max((v["purchase_price"] for v in vehicles if v["purchase_price"] is not None), default=None)


def assets(people: Population, members: list[str]) -> Facts:
    world = people.world
    vehicles = [v for v in _of_members(world, "psb_vehicle", members) if not v["scrapped"] and v["vehicle_kind"] in COUNTED]
    lately = [v for v in vehicles if within_months(v["registered_on"], 12, people.today)]
    estates = _of_members(world, "mnr_realestate", members)
    dwellings = {e["unit_no"] for e in estates if e["estate_use"] == "dwelling"}
    others = {e["unit_no"] for e in estates if e["estate_use"] in ("shop", "office")}
    firms = [e for e in _of_members(world, "samr_entity", members) if e["status"] == "open"]
    companies: dict[str, Decimal] = {}
    for e in firms:
        if e["entity_kind"] == "company" and e["role"] in ("legal_rep", "shareholder"):
            companies[e["entity_no"]] = max(companies.get(e["entity_no"], Decimal(0)), e["capital"] or Decimal(0))
    place = people.place(members[0])
    dearest = _dearest(vehicles)
    within = dearest is None or dearest < world.parameter("vehicle_price_limit_yuan", place.code, place.area)
    return {
        "vehicle_count": len(vehicles),
        "vehicle_dearest_yuan": dearest,
        "vehicle_bought_12m_yuan": _dearest(lately),
        "machinery_count": sum(v["vehicle_kind"] == "machinery" for v in vehicles),
        "truck_count": sum(v["vehicle_kind"] in ("truck", "bus") for v in vehicles),
        "dwelling_count": len(dwellings),
        "non_dwelling_count": len(others),
        "dwelling_bought_12m_count": len(
            {
                e["unit_no"]
                for e in estates
                if e["estate_use"] == "dwelling" and e["is_commodity"] and within_months(e["registered_on"], 12, people.today)
            }
        ),
        "company_count": len(companies),
        "sole_count": len({e["entity_no"] for e in firms if e["entity_kind"] == "sole"}),
        "coop_count": len({e["entity_no"] for e in firms if e["entity_kind"] == "coop"}),
        "entity_capital_yuan": sum(companies.values(), Decimal(0)),
        "assets_within_limits": within
        and len(dwellings) <= world.parameter("dwelling_limit", place.code, place.area)
        and not others
        and not companies,
        "has_no_home": not dwellings and not _of_members(world, "mohurd_housing", members),
    } | _land(world, members)


def _land(world: World, members: list[str]) -> Facts:
    newest_years = [max(rows, key=lambda r: r["year"]) for p in members if (rows := world.of("mara_subsidy", p))]
    return {
        "land_mu": sum((row["land_mu"] or Decimal(0) for row in newest_years), Decimal(0)),
        "machinery_subsidy_yuan": sum((row["machinery_subsidy"] or Decimal(0) for row in newest_years), Decimal(0)),
    }


def home(people: Population, members: list[str]) -> Facts:
    row = newest(_of_members(people.world, "mohurd_housing", members), "surveyed_on")
    if row is None:
        return {
            "unsafe_home": False,
            "unsafe_only_home": False,
            "unsafe_water": False,
            "in_public_rental": False,
            "rent_arrears_months": 0,
        }
    grade, renovated = row["dwelling_grade"], row["renovated_on"]
    restored = renovated is not None and renovated >= row["surveyed_on"]
    unsafe = False if restored else None if grade is None else grade in ("C", "D")
    only = row["only_dwelling"]
    return {
        "unsafe_home": unsafe,
        "unsafe_only_home": False if unsafe is False or only is False else None if unsafe is None or only is None else True,
        "unsafe_water": None if row["safe_water"] is None else not row["safe_water"],
        "in_public_rental": row["public_rental"],
        "rent_arrears_months": row["rent_arrears_months"] or 0,
    }


def shocks(people: Population, members: list[str], land_mu: object) -> Facts:
    today = people.today
    rows = _of_members(people.world, "mem_disaster", members)
    year = [row for row in rows if within_months(row["happened_on"], 12, today)]
    damages = {row["house_damage"] for row in year}
    collapses = [row["happened_on"] for row in rows if row["house_damage"] == "collapsed"]
    lost = sum((row["crop_loss_mu"] or Decimal(0) for row in year), Decimal(0))
    land = Decimal(str(land_mu))
    share = Decimal(0) if not lost else rounded(Fraction(lost) / Fraction(land), 4) if land else None
    return {
        "house_damage_12m": next((d for d in ("collapsed", "serious", "minor") if d in damages), "none"),
        "had_disaster_12m": bool(year),
        "disaster_days": (today - max(row["happened_on"] for row in rows)).days if rows else None,
        "collapse_days": (today - max(collapses)).days if collapses else 0,
        "disaster_loss_12m_yuan": sum((row["loss"] or Decimal(0) for row in year), Decimal(0)),
        "disaster_relief_12m_yuan": sum((row["relief_paid"] or Decimal(0) for row in year), Decimal(0)),
        "fire_180d": any(row["disaster_kind"] == "fire" and within_days(row["happened_on"], 180, today) for row in rows),
        "crop_loss_share": share,
    }


def accounts(world: World) -> dict[str, tuple[str, date, dict[date, Record]]]:
    """Account -> who it belongs to (its newest row), its newest month, its rows by month."""
    grouped: dict[str, list[Record]] = defaultdict(list)
    for row in world.rows("grid_power"):
        grouped[row["account_no"]].append(row)
    found = {}
    for number, rows in grouped.items():
        last = newest(rows, "use_month")
        assert last is not None
        found[number] = (last["id_no"], last["use_month"], {row["use_month"]: row for row in rows})
    return found


def power(people: Population, members: list[str], known: dict[str, tuple[str, date, dict[date, Record]]]) -> Facts:
    first = people.world.window("grid_power", 3)[0]
    mine = [(month, number) for number, (owner, month, _) in known.items() if owner in members and month >= first]
    if not mine:
        return {"zero_power_months": 0, "power_cut": False}
    month, number = max(mine)
    rows = known[number][2]
    run = 0
    while run < 12 and (row := rows.get(plus_months(month, -run))) is not None and row["kwh"] == 0:
        run += 1
    return {"zero_power_months": run, "power_cut": bool(rows[month]["disconnected"])}


def monitoring(people: Population, members: list[str]) -> Facts:
    rows = _of_members(people.world, "mara_monitor", members)
    return {"is_monitored": any(not row["risk_removed"] for row in rows), "was_monitored": bool(rows)}
