"""A night for which the register of residents has not come cannot stand."""

from __future__ import annotations

from monitor.contracts import extracts
from monitor.errors import Fault, NightCannotStand
from monitor.run import Night
from monitor.sources import Judgement
from monitor.vocabulary import DeliveryState

REGISTER = "psb_resident"
_WHY = "没有户籍人口信息,谁也比对不了,在办工单会全部误作解除"


def refuse_a_night_without_people(night: Night, judged: Judgement) -> None:
    """With no register in force everybody would vanish and every case with them, whether it was refused or never came.

    Raises:
        NightCannotStand: names every refused delivery, or the inbox that holds none, and where the reports lie.
    """
    register = [line for line in judged.ledger if line.extract == REGISTER]
    if any(line.state == DeliveryState.IN_FORCE for line in register):
        return
    reports = night.deliver_reports()
    if not register:
        contract = extracts()[REGISTER]
        fault = Fault(
            str(night.settings.inbox_folder),
            f"{contract.title}一份也没有",
            f"至少一份 {REGISTER}_<日期>,日期不晚于 {night.as_of}",
            _WHY,
            f"请{contract.department}报送,或把取走的文件放回收件目录后再运行;各部门的报告在 {reports}",
        )
        raise NightCannotStand("户籍人口信息一份也没有,今晚不能成立;上一晚的名单仍然有效。", [fault])
    remedy = f"请公安按 {reports} 里的报告改正、重新报送后再运行"
    faults = [Fault(line.delivery, line.reason or "", why=_WHY, remedy=remedy) for line in register]
    raise NightCannotStand("户籍人口信息没有一份可用,今晚不能成立;上一晚的名单仍然有效。", faults)
