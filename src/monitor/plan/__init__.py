"""What a change of a number or a rule would do: to the last night before it takes effect, and to the nights that were."""

from monitor.plan.backtest import NightSaid, backtest
from monitor.plan.change import Change, read_change, read_changed
from monitor.plan.compare import Effect, Movement
from monitor.plan.foresee import foresee
from monitor.plan.missed import Catch, Missed, catches, missed
from monitor.plan.sensitivity import Sensitivity, Step, sensitivity
from monitor.plan.would_hit import WouldHit

__all__ = [
    "Catch",
    "Change",
    "Effect",
    "Missed",
    "Movement",
    "NightSaid",
    "Sensitivity",
    "Step",
    "WouldHit",
    "backtest",
    "catches",
    "foresee",
    "missed",
    "read_change",
    "read_changed",
    "sensitivity",
]
