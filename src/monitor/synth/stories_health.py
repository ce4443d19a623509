"""Disability, disease, old people who need care: domain HLT."""

from __future__ import annotations

import numpy as np

from monitor.synth.life import DIBAO, EDGE, FARMER, JOBLESS, TEKUN
from monitor.synth.story import ALONE, COUPLE, ELDER_ALONE, ELDERS, Story
from monitor.synth.streams import Ints
from monitor.synth.tale import LOW_PENSION, Tale

COUPLES = ("couple", "family")


def _new_severe(t: Tale) -> None:
    t.work(t.members(18, 59), FARMER)
    t.disable(t.head, 4, 2, [30, 89, 90, -1])
    t.grant(t.head, "disability_care", 5, 100)


def _no_care_allowance(t: Tale) -> None:
    t.work(t.members(18, 59), FARMER)
    t.disable(t.head, 4, 1)


def _care_granted_later(t: Tale) -> None:
    """Severely disabled without the allowance until the second or third night."""
    t.work(t.members(18, 59), FARMER)
    t.disable(t.head, 1, 1)
    t.grant(t.head, "disability_care", [-1, -2], 100)


def _no_living_allowance(t: Tale) -> None:
    t.put_on(DIBAO)
    t.disable(t.head, 4, 3)


def _certificate_ends_soon(t: Tale) -> None:
    t.disable(t.head, 4, 2, 3600, [-30, 0, -60, -61])
    t.grant(t.head, "disability_care", 900, 100)


def _certificate_ended(t: Tale) -> None:
    t.disable(t.head, 4, 2, 3900, [200, 90])
    t.grant(t.head, "disability_care", 900, 100)


def _no_certificate(t: Tale) -> None:
    t.grant(t.head, "disability_living", 900, 90)


def _allowance_after_death(t: Tale) -> None:
    t.change(t.head, "dead", [120, 90])
    t.disable(t.head, 4, 2)
    t.grant(t.head, "disability_care", 900, 100)


def _tekun_and_allowance(t: Tale) -> None:
    t.put_on(TEKUN)
    t.disable(t.head, 4, 2)
    t.grant(t.head, "disability_care", 900, 100)


def _severe_in_edge_home(t: Tale) -> None:
    t.put_on(EDGE)
    t.work(t.members(18, 59), FARMER)
    t.disable(t.head, 4, 2)
    t.grant(t.head, "disability_care", 900, 100)


def _ill_in_edge_home(t: Tale) -> None:
    t.put_on(EDGE)
    t.work(t.members(18, 59), FARMER)
    t.ail(t.head, "cancer")


def _mental_grade_three(t: Tale) -> None:
    t.disable(t.head, 5, 3)
    t.work(t.head, JOBLESS)


def _several_disabled(t: Tale) -> None:
    for people, grade in ((t.head, 2), (t.one(0, 17), 3)):
        t.disable(people, 4, grade)
    t.grant(t.head, "disability_care", 900, 100)


def _old_care_for_disabled(t: Tale) -> None:
    t.disable(t.head, 6, 1)
    t.grant(t.head, "disability_care", 900, 100)


def _unsupported_elder(t: Tale) -> None:
    t.life.pension[t.head], t.life.pension_is_worker[t.head] = LOW_PENSION, False
    t.leave_childless(t.head)


def _unsupported_disabled(t: Tale) -> None:
    t.disable(t.head, 4, 2)
    t.grant(t.head, "disability_care", 900, 100)
    t.work(t.head, JOBLESS)
    t.leave_childless(t.head)


def _able_tekun(t: Tale) -> None:
    t.grant(t.head, "tekun_dispersed", 900, 980)
    t.work(t.head, FARMER)


def _new_disease(t: Tale) -> None:
    t.work(t.members(18, 59), FARMER)
    t.ail(t.head, "cancer", [30, 89, 90, 10])


def _weak_guardian(t: Tale) -> None:
    guardian = t.block.spouse[t.head]
    t.ail(t.head, "severe_mental", risk_level=3)
    t.disable(t.head, 6, 2, guardian_id_no=t.block.id_of(guardian))
    t.grant(t.head, "disability_care", 900, 100)


def _no_guardian(t: Tale) -> None:
    t.ail(t.head, "severe_mental", risk_level=3)


def _not_assessed(t: Tale) -> None:
    t.life.listed[t.homes] = DIBAO
    t.life.listed_on[t.homes] = t.ago(900, t.homes)
    late = t.head[::2]
    t.add("nhc_elder_ability", late, score=90, ability="0", assessed_on=t.ago([420, 395], late))


def _needs_service(t: Tale) -> None:
    t.life.listed[t.homes] = DIBAO
    t.life.listed_on[t.homes] = t.ago(900, t.homes)
    t.add("nhc_elder_ability", t.head, score=_scores(t, [55, 65, 66, 46]), assessed_on=t.ago(100, t.head))


def _dependent_alone(t: Tale) -> None:
    t.add("nhc_elder_ability", t.head, score=_scores(t, [40, 45, 29, 0]), assessed_on=t.ago(100, t.head))


def _scores(t: Tale, values: list[int]) -> Ints:
    return np.resize(values, len(t.head))


def _severe_alone(t: Tale) -> None:
    t.disable(t.head, 4, 1)
    t.grant(t.head, "disability_care", 900, 100)


STORIES = [
    Story("newly certified severe disability", ("HLT-001",), COUPLES, _new_severe),
    Story("no care allowance", ("HLT-002",), COUPLES, _no_care_allowance),
    Story("care allowance granted on a later night", ("HLT-002",), COUPLES, _care_granted_later),
    Story("no living allowance", ("HLT-003",), ELDERS, _no_living_allowance),
    Story("certificate ends soon", ("HLT-004",), COUPLES, _certificate_ends_soon),
    Story("certificate ended", ("HLT-005",), COUPLES, _certificate_ended),
    Story("allowance without a certificate", ("HLT-006",), COUPLES, _no_certificate),
    Story("allowance after death", ("HLT-007",), ELDERS, _allowance_after_death),
    Story("tekun and allowance", ("HLT-008",), ELDER_ALONE, _tekun_and_allowance),
    Story("severely disabled in an edge household", ("HLT-009",), COUPLES, _severe_in_edge_home),
    Story("severely ill in an edge household", ("HLT-009",), COUPLES, _ill_in_edge_home),
    Story("jobless with a mental disability", ("HLT-010",), ("couple",), _mental_grade_three),
    Story("several disabled", ("HLT-011",), COUPLE[1:], _several_disabled, ages=((0, 17),)),
    Story("old people care for the disabled", ("HLT-012",), ("elder_couple",), _old_care_for_disabled),
    Story("elder without support", ("HLT-013",), ELDER_ALONE, _unsupported_elder),
    Story("disabled without support", ("HLT-014",), ALONE, _unsupported_disabled),
    Story("tekun able to work", ("HLT-015",), ALONE, _able_tekun),
    Story("newly diagnosed", ("HLT-016",), COUPLES, _new_disease),
    Story("weak guardian", ("HLT-017",), ("elder_couple",), _weak_guardian, ages=((70, 200),)),
    Story("no guardian", ("HLT-022",), ALONE, _no_guardian),
    Story("not assessed", ("HLT-018",), ELDERS, _not_assessed),
    Story("needs service", ("HLT-019",), ELDER_ALONE, _needs_service),
    Story("dependent and alone", ("HLT-020",), ELDER_ALONE, _dependent_alone),
    Story("severely disabled and alone", ("HLT-021",), ALONE, _severe_alone),
]
