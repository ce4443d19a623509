"""A night for which the register of residents has not come cannot stand."""

from __future__ import annotations

from monitor.errors import Fault, NightCannotStand
from monitor.run import Night
from monitor.sources import Judgement
from monitor.vocabulary import DeliveryState

REGISTER = "psb_resident"


def refuse_a_night_without_people(night: Night, judged: Judgement) -> None:
    """With the register refused and none before it in force, everybody would vanish and every case with them.

    Raises:
        NightCannotStand: names every refused delivery, and where its report lies.
    """
    register = [line for line in judged.ledger if line.extract == REGISTER]
    if register and all(line.state == DeliveryState.REFUSED for line in register):
        remedy = f"请公安按 {night.deliver_reports()} 里的报告改正、重新报送后再运行"
        faults = [
            Fault(
                line.delivery,
                line.reason or "",
                why="没有户籍人口信息,谁也比对不了",
                remedy=remedy,
            )
            for line in register
        ]
        raise NightCannotStand("户籍人口信息没有一份可用,今晚不能成立;上一晚的名单仍然有效。", faults)
