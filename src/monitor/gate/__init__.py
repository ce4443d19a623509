"""Is this delivery fit to be used? Great Expectations asks it of each delivery's figures, never of people's cells.

profile     the rows of a landed file -> counts, once
figures     counts of a delivery and of those before it -> figures
suite       a contract -> what is expected of the figures
validate    figures -> doubts
"""

from monitor.gate.figures import LAST_SEVERAL, Delivered, figures
from monitor.gate.profile import Profile, kept_profile, together
from monitor.gate.suite import Expectation, suite_of
from monitor.gate.validate import Asked, Doubt, inspect

__all__ = [
    "LAST_SEVERAL",
    "Asked",
    "Delivered",
    "Doubt",
    "Expectation",
    "Profile",
    "figures",
    "inspect",
    "kept_profile",
    "suite_of",
    "together",
]
