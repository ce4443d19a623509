"""Household facts on top of true person facts, and the vocabulary that the stories of this folder cover."""

from decimal import Decimal

import test_household_assets
import test_household_benefits
import test_household_composition
import test_household_home
import test_household_income
import test_household_power
import test_household_spending
from given import given, made_up_id, night

from monitor.contracts import facts
from monitor.facts import build_facts
from monitor.transform import run_layer

TOPICS = (
    test_household_assets,
    test_household_benefits,
    test_household_composition,
    test_household_home,
    test_household_income,
    test_household_power,
    test_household_spending,
)
WORKER, ELDER, INFANT = made_up_id(1), made_up_id(2, "1960-01-01"), made_up_id(3, "2026-01-01")


def test_three_generations_add_up() -> None:
    connection = night("2026-11-20")
    given(
        connection,
        {
            "psb_resident": [{"id_no": who, "hukou_no": "H1"} for who in (WORKER, ELDER, INFANT)],
            "sta_income": [{"id_no": WORKER, "tax_month": "2026-10-01", "amount": "1000"}],
            "mara_subsidy": [{"id_no": ELDER, "year": 2026, "subsidy": "100", "land_mu": "2"}],
            "hrss_pension": [{"id_no": ELDER, "monthly_amount": "200"}],
            "nhsa_settlement": [{"id_no": INFANT, "settled_on": "2026-11-01", "self_paid": "350"}],
            "mca_assistance": [{"id_no": ELDER, "benefit": "edge", "start_date": "2026-01-01", "status": "active"}],
        },
    )
    for layer in ("staging", "core"):
        run_layer(connection, layer)
    connection.execute(
        "create table parameters.in_force as select place_id, 1::decimal(18,2) as dwelling_limit, "
        "150000::decimal(18,2) as vehicle_price_limit_yuan from core.place"
    )
    build_facts(connection)
    expected = {
        "member_count": 3,
        "on_edge": True,
        "infant_without_dibao_count": 1,
        "income_is_known": True,
        # 1000 / 12 = 83.33 and 100 / 12 + 200 = 208.33 make 291.66 a month; 1000 + 100 + 2400 make 3500 a year
        "income_pc_month_yuan": Decimal("97.22"),
        "income_pc_year_yuan": Decimal("1166.67"),
        "income_year_yuan": Decimal("3500.00"),
        "earnings_3m_month_yuan": Decimal("333.33"),
        "self_paid_12m_yuan": Decimal("350.00"),
        "rigid_share": Decimal("0.1000"),
        "land_mu": Decimal("2.0000"),
        "pensioner_count": 1,
        "employed_count": 1,
    }
    rows = connection.execute(f"select {', '.join(expected)} from facts.household").fetchall()
    assert rows == [tuple(expected.values())]


def test_every_fact_has_a_story() -> None:
    told = {name for topic in TOPICS for story in topic.STORIES for name in story.expect}
    assert facts("household").keys() - told == set()
