"""Is this delivery fit to be used? Great Expectations asks it of each delivery's figures, never of people's cells."""

from monitor.gate.figures import delivery_figures
from monitor.gate.inspect import Doubt, inspect

__all__ = ["Doubt", "delivery_figures", "inspect"]
