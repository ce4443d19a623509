"""Lists that do not agree, payments, applications, services: domain BEN."""

from __future__ import annotations

import numpy as np

from monitor.synth.life import DIBAO, EDGE, FARMER, TEKUN
from monitor.synth.rows import last_month
from monitor.synth.story import ALONE, ELDER_ALONE, ELDERS, Story
from monitor.synth.tale import Tale

COUPLES = ("couple", "family")


def _monitored_unlisted(t: Tale) -> None:
    t.work(t.members(18, 59), FARMER)
    t.watch(t.members(), removed=False)


def _dibao_and_tekun(t: Tale) -> None:
    t.put_on(TEKUN)
    t.grant(t.head, "dibao_rural", 500)


def _edge_below_dibao(t: Tale) -> None:
    t.put_on(EDGE)
    t.impoverish()


def _members_left_out(t: Tale) -> None:
    t.impoverish()
    t.grant(np.r_[t.head, t.block.spouse[t.head]], "dibao_rural", 700)


def _payment_fails(t: Tale) -> None:
    t.grant(t.head, "dibao_rural", 700, 0)
    for ago in (0, 1):
        month = last_month(t.block, ago)
        t.add(
            "mca_payment",
            t.head,
            benefit="dibao_rural",
            pay_month=month,
            batch_no=f"{month}"[:7].replace("-", "") + "01",
            amount=40_000,
            pay_status="failed",
            account_name=t.block.name.gather(t.head),
        )


def _other_payee(t: Tale) -> None:
    t.grant(t.head, "dibao_rural", 700)
    for ago in (0, 1):
        month = last_month(t.block, ago)
        other = t.block.name.gather(np.roll(t.block.head, 7)[: len(t.head)]) + "代"
        t.add(
            "mca_payment",
            t.head,
            benefit="dibao_rural",
            pay_month=month,
            batch_no=f"{month}"[:7].replace("-", "") + "02",
            amount=40_000,
            pay_status="ok",
            account_name=other,
        )


def _low_tekun(t: Tale) -> None:
    t.grant(t.head, "tekun_dispersed", 900, monthly_amount=np.resize([95_000, 96_799, 96_800], len(t.head)))


def _review_overdue(t: Tale) -> None:
    t.grant(t.head, "dibao_rural", 900, reviewed_on=t.ago([400, 366, 350, 700], t.head))


def _repeated_aid(t: Tale) -> None:
    t.work(t.members(18, 59), FARMER)
    for ago in (60, 200):
        t.grant(t.head, "temporary", ago, 1500, status="ended", end_date=t.ago(ago - 30, t.head))


def _left_and_ill(t: Tale) -> None:
    _left(t)
    t.visit(t.head, t.around(10_000, t.head), 70)


def _left_and_poor(t: Tale) -> None:
    t.impoverish()
    _left(t)


def _left(t: Tale) -> None:
    t.grant(t.head, "dibao_rural", 1500, status="ended", end_date=t.ago([200, 700, 300], t.head), exit_reason="income")


def _refused_and_ill(t: Tale) -> None:
    t.work(t.members(18, 59), FARMER)
    t.apply(t.head, "refused", [300, 100, 600], "income")
    t.ail(t.head, "stroke", 200)


def _no_elder_allowance(t: Tale) -> None:
    t.life.is_unclaimed[t.head] = True


def _uninsured(t: Tale) -> None:
    t.put_on(DIBAO)
    t.life.insurance[t.head] = 0


def _not_subsidised(t: Tale) -> None:
    t.put_on(DIBAO)
    t.life.insurance[t.head] = 1


def _away_and_ill(t: Tale) -> None:
    t.work(t.members(18, 59), FARMER)
    t.life.is_away[t.head] = True
    t.visit(t.head, t.around(15_000, t.head), 100)


def _application_open(t: Tale) -> None:
    t.apply(t.head, "pending", [60, 46, 45, 90])


def _underserved(t: Tale) -> None:
    t.add("mca_service_client", t.head, layer="basic", planned_days=25, planned_hours=6000, started_on=t.ago(200, t.head))
    for ago in (30, 35, 40):
        t.serve(t.head, ago, dispatched_on=ago, served_on=ago - 1, signed=True, followed_up_on=ago - 5, satisfaction=5)


def _not_dispatched(t: Tale) -> None:
    t.serve(t.head[::2], [6, 4, 3])
    t.serve(t.head[1::2], [20, 12], dispatched_on=[18, 9])


def _not_signed(t: Tale) -> None:
    t.serve(t.head, 50, dispatched_on=50, served_on=48, signed=False, followed_up_on=45, satisfaction=4)


def _not_followed_up(t: Tale) -> None:
    t.serve(t.head, 40, dispatched_on=40, served_on=[38, 16, 15], signed=True)


def _dissatisfied(t: Tale) -> None:
    t.serve(t.head, [40, 20], dispatched_on=[40, 20], served_on=[38, 18], signed=True, followed_up_on=[30, 10], satisfaction=2)


def _served_after_death(t: Tale) -> None:
    t.change(t.head, "dead", 100)
    t.serve(t.head, 60, dispatched_on=59, served_on=58, signed=True, followed_up_on=50, satisfaction=5)


def _gets_worse(t: Tale) -> None:
    """A case of the first night escalates on a later one: a costly stay on top of an unsafe home."""
    t.work(t.members(18, 59), FARMER)
    t.dwell(t.head, "C")
    t.visit(t.head, 6_000_000, [-1, -2])


def _second_shock(t: Tale) -> None:
    t.watch(t.members(), removed=False)
    t.strike(t.head, "fire", [-1, -2], house_damage="serious", loss=2_000_000, relief_paid=200_000)


def _eases(t: Tale) -> None:
    """Overdue orders that are served on a later night."""
    t.serve(t.head, 9, dispatched_on=8, served_on=-1, signed=True, followed_up_on=-6, satisfaction=5)


STORIES = [
    Story("monitored but not listed", ("BEN-001",), COUPLES, _monitored_unlisted, rural=True),
    Story("dibao and tekun", ("BEN-002",), ELDER_ALONE, _dibao_and_tekun),
    Story("edge household below dibao", ("BEN-003",), ELDERS, _edge_below_dibao),
    Story("members left out", ("BEN-004",), ("family",), _members_left_out, ages=((0, 15),)),
    Story("payment fails", ("BEN-005",), ALONE, _payment_fails),
    Story("other payee", ("BEN-006",), ALONE, _other_payee),
    Story("low tekun allowance", ("BEN-007",), ELDER_ALONE, _low_tekun),
    Story("review overdue", ("BEN-008",), ALONE, _review_overdue),
    Story("repeated temporary aid", ("BEN-009",), COUPLES, _repeated_aid),
    Story("left aid and fell ill", ("BEN-010",), COUPLES, _left_and_ill),
    Story("left aid and still poor", ("BEN-011",), ELDERS, _left_and_poor),
    Story("refused and fell ill", ("BEN-012",), COUPLES, _refused_and_ill),
    Story("old-age allowance not claimed", ("BEN-013", "IDH-011"), ELDER_ALONE, _no_elder_allowance, ages=((80, 200),)),
    Story("listed and uninsured", ("BEN-015",), ELDERS, _uninsured),
    Story("insured without subsidy", ("BEN-016",), ELDERS, _not_subsidised),
    Story("away and ill", ("BEN-017",), COUPLES, _away_and_ill),
    Story("application open too long", ("BEN-018",), COUPLES, _application_open),
    Story("served too little", ("BEN-019",), ELDERS, _underserved),
    Story("order not dispatched", ("BEN-020",), ELDERS, _not_dispatched),
    Story("service not signed", ("BEN-021",), ELDERS, _not_signed),
    Story("service not followed up", ("BEN-021",), ELDERS, _not_followed_up),
    Story("dissatisfied", ("BEN-022",), ELDERS, _dissatisfied),
    Story("served after death", ("BEN-023",), ELDERS, _served_after_death),
    Story("case gets worse on a later night", ("EHD-008", "EXP-009"), COUPLES, _gets_worse),
    Story("second shock on a later night", ("BEN-001", "EHD-016"), COUPLES, _second_shock, rural=True),
    Story("late order served on a later night", ("BEN-020",), ELDERS, _eases),
]
