"""What a story is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from monitor.synth.tale import Tale


@dataclass(frozen=True)
class Story:
    """One kind of case and the households it may happen to.

    Attributes:
        title: its name; `covers` the indicators it is meant to make hit.
        of: types of households; `rural` their hukou, None for either.
        ages: ranges of ages of which a member must be of each.
        least_size: members at least.
        parents_away: both parents of the children are named and in no register.
        infant: has a child of three to twenty-three months.
        weight: how much commoner than other stories.
        tell: makes it happen.
    """

    title: str
    covers: tuple[str, ...]
    of: tuple[str, ...]
    tell: Callable[[Tale], None]
    ages: tuple[tuple[int, int], ...] = ()
    rural: bool | None = None
    least_size: int = 0
    parents_away: bool = False
    infant: bool = False
    weight: float = 1.0


ALONE = ("adult_alone",)
ELDER_ALONE = ("elder_alone",)
ELDERS = ("elder_alone", "elder_couple")
FAMILY = ("family", "three_generations")
COUPLE = ("couple", "family", "three_generations")
SKIP = ("skip_generation",)
EVERY_GROWN = ("adult_alone", "couple", "family", "three_generations")
