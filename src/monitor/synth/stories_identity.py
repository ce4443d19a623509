"""Deaths, moves, children without parents, people in custody: domain IDH."""

from __future__ import annotations

from monitor.synth.life import DIBAO, NOT_WORKING
from monitor.synth.story import ALONE, COUPLE, ELDER_ALONE, FAMILY, SKIP, Story
from monitor.synth.tale import DAY, NEARBY_VILLAGE, Tale


def _paid_after_death(t: Tale) -> None:
    t.change(t.head, "dead", [150, 90, 200, 40])
    t.grant(t.head, "dibao_rural", 1500)
    t.grant(t.head, "elder_age", 1200, 80)


def _moved_and_paid(t: Tale) -> None:
    t.change(t.head, "moved", [90, 61, 60, 300])
    t.grant(t.head, "dibao_rural", 900)


def _unknown_to_the_register(t: Tale) -> None:
    t.grant(t.parents()[0], "dibao_rural", 700)


def _two_counties(t: Tale) -> None:
    t.grant(t.head, "dibao_rural", 900)
    t.grant(t.head, "dibao_rural", 600, village_code=NEARBY_VILLAGE)


def _spouse_left_out(t: Tale) -> None:
    t.put_on(DIBAO)
    others = t.block.plain(t.block.head[t.block.of_kind("adult_alone")])[: len(t.head)]
    t.add(
        "mca_marriage",
        t.head[: len(others)],
        spouse_id_no=t.block.id_of(others),
        marriage="married",
        registered_on=t.ago([400, 61, 60], others),
    )


def _newborn_left_out(t: Tale) -> None:
    t.put_on(DIBAO, 800)


def _earner_dies(t: Tale) -> None:
    t.change(t.head, "dead", [20, 179, 180, -1, 60])


def _single_parent(t: Tale) -> None:
    t.impoverish()


def _minors_alone(t: Tale) -> None:
    t.change(t.members(18), "dead", 300)


def _orphan(t: Tale) -> None:
    for parents in t.parents():
        t.add("nhc_death", parents, died_on=t.ago(500, parents), cause="损伤和中毒")
    saved = t.members(0, 17)
    saved = saved[t.block.household[saved] == t.homes[-1]]
    t.grant(saved, "orphan", 300, 1370)


def _both_incapable(t: Tale) -> None:
    father, mother = t.parents()
    t.jail(father, "prison", [400, 200])
    t.disable(mother, 6, 2)


def _one_gone(t: Tale) -> None:
    father, mother = t.parents()
    t.add("nhc_death", father, died_on=t.ago(500, father), cause="恶性肿瘤")
    t.jail(mother, "drug", 260)


def _ground_gone(t: Tale) -> None:
    t.grant(t.one(1, 17), "unattended_child", 900, 1370)


def _earner_jailed(t: Tale) -> None:
    t.jail(t.head, "prison", [200, 92, 80, 500])


def _jailed_and_paid(t: Tale) -> None:
    t.jail(t.head, "prison", [150, 300])
    t.grant(t.head, "dibao_rural", 900)


def _grown_up(t: Tale) -> None:
    grown = t.one(18, 21)
    t.life.stage[grown] = -1
    t.grant(grown, "orphan", 2500, 1370)


def _split(t: Tale) -> None:
    one = t.one(30, 59)
    t.grant(one, "dibao_rural", 700)
    t.add("mca_family", one, family_no=t.number("mca_family", "JTD", len(one)), relation="head", checked_on=t.ago(700, one))


def _no_trace(t: Tale) -> None:
    t.grant(t.head, "dibao_rural", 900)
    t.life.work[t.head] = NOT_WORKING
    t.life.stage[t.head] = -1
    t.life.is_untreated[t.head] = True


def _dies_tonight(t: Tale) -> None:
    """A beneficiary dies on the second night; the office learns of it two days later."""
    t.put_on(DIBAO)
    t.change(t.head, "dead", -1)
    t.life.ended_on[t.homes] = t.block.today + 3 * DAY


STORIES = [
    Story("paid after death", ("IDH-001", "IDH-002", "BEN-014"), ELDER_ALONE, _paid_after_death, ages=((80, 200),)),
    Story("moved and paid", ("IDH-003",), ALONE, _moved_and_paid),
    Story("unknown to the register", ("IDH-004",), SKIP, _unknown_to_the_register, parents_away=True),
    Story("two counties", ("IDH-005",), ALONE, _two_counties),
    Story("spouse left out", ("IDH-006",), ELDER_ALONE, _spouse_left_out),
    Story("newborn left out", ("IDH-007",), FAMILY, _newborn_left_out, infant=True),
    Story("earner dies", ("IDH-008",), FAMILY, _earner_dies, ages=((0, 15),)),
    Story("single parent", ("IDH-009", "INC-007"), ("single_parent",), _single_parent, ages=((0, 15),)),
    Story("minors alone", ("IDH-010",), SKIP, _minors_alone),
    Story("orphan", ("IDH-012", "EHD-005"), SKIP, _orphan, parents_away=True),
    Story("both parents incapable", ("IDH-013",), SKIP, _both_incapable, parents_away=True),
    Story("one parent gone", ("IDH-014",), SKIP, _one_gone, parents_away=True),
    Story("ground for child aid gone", ("IDH-015",), ("family",), _ground_gone, ages=((1, 17),)),
    Story("earner in custody", ("IDH-016",), FAMILY, _earner_jailed, ages=((0, 15),)),
    Story("paid in custody", ("IDH-017",), ALONE, _jailed_and_paid),
    Story("child aid after eighteen", ("IDH-018",), FAMILY, _grown_up, ages=((18, 21),)),
    Story("split household", ("IDH-019",), COUPLE, _split, ages=((30, 59),), least_size=3),
    Story("no trace", ("IDH-020",), ALONE, _no_trace),
    Story("beneficiary dies on a later night", ("IDH-001",), ELDER_ALONE, _dies_tonight),
]
