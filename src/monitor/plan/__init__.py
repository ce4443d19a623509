"""What a change of a number or a rule would do: to the last night before it takes effect, and to the nights that were."""

from monitor.plan.backtest import NightSaid, backtest
from monitor.plan.change import Change, read_change
from monitor.plan.compare import Effect, Movement
from monitor.plan.foresee import foresee

__all__ = ["Change", "Effect", "Movement", "NightSaid", "backtest", "foresee", "read_change"]
