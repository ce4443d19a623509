"""Vehicles, dwellings, businesses of covered households, and refusals whose ground is gone: domain AST."""

from __future__ import annotations

from monitor.synth.life import DIBAO, EDGE, FARMER, TEKUN
from monitor.synth.story import ALONE, ELDER_ALONE, ELDERS, Story
from monitor.synth.tale import Tale

COUPLES = ("couple", "family")


def _covered(t: Tale, listed: int = DIBAO) -> None:
    t.put_on(listed)
    t.work(t.members(18, 59), FARMER)


def _old_car(t: Tale) -> None:
    _covered(t)
    t.own_vehicle(t.head, "car", 3_800_000, 2500)


def _new_car(t: Tale) -> None:
    _covered(t, EDGE)
    t.own_vehicle(t.head, "car", t.around(50_000, t.head), [100, 360, 200])


def _dear_car(t: Tale) -> None:
    _covered(t, EDGE)
    t.own_vehicle(t.head, "car", t.around(150_000, t.head), 900)


def _truck(t: Tale) -> None:
    _covered(t)
    t.own_vehicle(t.head, "truck", 6_000_000)


def _machinery(t: Tale) -> None:
    _covered(t)
    t.own_vehicle(t.head, "machinery", 8_000_000)


def _machinery_subsidy(t: Tale) -> None:
    _covered(t)
    year = t.block.plan.as_of.year
    t.add("mara_subsidy", t.head, year=year, land_mu=600, subsidy=50_000, machinery_subsidy=t.around(20_000, t.head))


def _two_homes(t: Tale) -> None:
    _covered(t)
    t.own_estate(t.head)
    t.own_estate(t.head)


def _shop(t: Tale) -> None:
    _covered(t, EDGE)
    t.own_estate(t.head, "shop")


def _new_home(t: Tale) -> None:
    _covered(t)
    t.own_estate(t.head, ago=[100, 364, 365, 10], commodity=True)


def _company(t: Tale) -> None:
    _covered(t)
    t.own_business(t.head, "company", t.around(200_000, t.head))


def _sole_business(t: Tale) -> None:
    _covered(t)
    t.own_business(t.head, "sole")


def _cooperative(t: Tale) -> None:
    _covered(t)
    t.own_business(t.head, "coop")


def _property_sold(t: Tale) -> None:
    _covered(t, EDGE)
    t.earn(t.head, 260_000, [4], "transfer")


def _divorced(t: Tale) -> None:
    _covered(t)
    others = t.block.plain(t.block.head[t.block.of_kind("adult_alone")])[-len(t.head) :]
    on = t.ago([100, 300, 364, 400], others)
    t.add("mca_marriage", t.head[: len(others)], spouse_id_no=t.block.id_of(others), marriage="divorced", registered_on=on)


def _tekun_with_car(t: Tale) -> None:
    t.put_on(TEKUN)
    t.own_vehicle(t.head, "car", 2_500_000)


def _refused_for_a_car(t: Tale) -> None:
    t.impoverish(60_000)
    t.apply(t.head, "refused", [400, 200, 760], "vehicle")


def _refused_for_a_business(t: Tale) -> None:
    t.impoverish(60_000)
    t.apply(t.head, "refused", [400, 200], "business")
    t.own_business(t.head, "company", status="closed")


def _rents_and_owns(t: Tale) -> None:
    t.dwell(t.head, "A", public_rental=True, only_dwelling=False)
    t.own_estate(t.head)


STORIES = [
    Story("old car", ("AST-001",), COUPLES, _old_car),
    Story("new car", ("AST-002",), COUPLES, _new_car),
    Story("dear car", ("AST-003",), COUPLES, _dear_car),
    Story("truck", ("AST-004",), COUPLES, _truck),
    Story("machinery", ("AST-005",), COUPLES, _machinery),
    Story("machinery subsidy", ("AST-005",), COUPLES, _machinery_subsidy, rural=True),
    Story("two homes", ("AST-006",), COUPLES, _two_homes),
    Story("shop", ("AST-007",), COUPLES, _shop),
    Story("new home", ("AST-008",), COUPLES, _new_home),
    Story("company", ("AST-009", "AST-011"), COUPLES, _company),
    Story("sole business", ("AST-010",), COUPLES, _sole_business),
    Story("cooperative", ("AST-012",), COUPLES, _cooperative),
    Story("property sold", ("AST-013",), COUPLES, _property_sold),
    Story("divorced and alone", ("AST-014",), ALONE, _divorced),
    Story("tekun with a car", ("AST-015",), ELDER_ALONE, _tekun_with_car),
    Story("refused for a car that is gone", ("AST-016",), ELDERS, _refused_for_a_car),
    Story("refused for a business that is closed", ("AST-017",), ELDERS, _refused_for_a_business),
    Story("rents and owns", ("AST-018",), COUPLES, _rents_and_owns, rural=False),
]
