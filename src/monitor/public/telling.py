"""What one count tells: nothing, itself rounded to 5, or the value told before.

A change below 8 is not told: the earlier value stands until the count is at least 8 away from the one it was made of.
"""

from __future__ import annotations

from dataclasses import dataclass

SMALL = 8
STEP = 5


@dataclass(frozen=True)
class Told:
    """What is told of a count, and what a reader can make of it at most.

    Attributes:
        count: the true one; never leaves the restricted zone.
        value: what is shown, a multiple of 5; None = hidden.
        made_of: the true count that the newest value was made of, if there ever was one; kept while the count is hidden.
        last_value: that value.
        low, high: what a reader who knows all rules, and every `made_of`, can tell from this count alone; no end = None. That
            reader knows more than any real one: nothing rests on the rounding. A count can therefore not be worked out
            later either, when a later release says more of an earlier value, and every month can be judged by itself.
    """

    count: int
    value: int | None
    made_of: int | None
    last_value: int | None
    low: int
    high: int | None

    @property
    def is_fresh(self) -> bool:
        """The value is made of this very count."""
        return self.value is not None and self.made_of == self.count


def tell(count: int, before: Told | None) -> Told:
    """Tell a count as far as it may be told when nothing else is."""
    made_of, last_value = (before.made_of, before.last_value) if before else (None, None)
    if count < SMALL:
        return hide(Told(count, None, made_of, last_value, 0, None))
    if made_of is not None and abs(count - made_of) < SMALL:
        return Told(count, last_value, made_of, last_value, max(SMALL, made_of - SMALL + 1), made_of + SMALL - 1)
    value = rounded(count)
    return Told(count, value, count, value, count, count)


def hide(told: Told, before: Told | None = None) -> Told:
    """Tell nothing of it; what an earlier value was made of is remembered, but not one that was never shown."""
    made_of, last_value = told.made_of, told.last_value
    if told.is_fresh:
        made_of, last_value = (before.made_of, before.last_value) if before else (None, None)
    return Told(told.count, None, made_of, last_value, 0, None)


def rounded(count: int) -> int:
    """To the nearest multiple of 5."""
    return (count + STEP // 2) // STEP * STEP
