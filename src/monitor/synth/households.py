"""Households as eight seats, filled by type: shapes, sexes and ages, without a loop over households."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from monitor.synth.rates import rates
from monitor.synth.streams import Bools, Ints, pick_index

TYPES = (
    "elder_alone",
    "adult_alone",
    "elder_couple",
    "couple",
    "family",
    "single_parent",
    "three_generations",
    "skip_generation",
)
GRANDFATHER, GRANDMOTHER, HEAD, SPOUSE, CHILD_1, CHILD_2, CHILD_3, SIBLING = range(8)
SEATS = 8
RELATION = ("parent", "parent", "head", "spouse", "child", "child", "child", "sibling")
HEAD_AGES = {
    "elder_alone": (61, 90),
    "adult_alone": (22, 59),
    "elder_couple": (61, 86),
    "couple": (24, 58),
    "family": (26, 57),
    "single_parent": (26, 50),
    "three_generations": (27, 54),
    "skip_generation": (60, 76),
}
OLDEST = 99


@dataclass(frozen=True)
class Shapes:
    """Drawn households; arrays of shape (households, 8) unless said otherwise.

    Attributes:
        kind: position in `TYPES`, shape (households,).
        taken: the seat is taken.
        is_man, age: of who sits there; age in years.
    """

    kind: Ints
    taken: Bools
    is_man: Bools
    age: Ints

    def first(self, count: int) -> Shapes:
        """The first `count` households."""
        return Shapes(self.kind[:count], self.taken[:count], self.is_man[:count], self.age[:count])


def draw_shapes(rng: np.random.Generator, people: int) -> Shapes:
    """Households of at least `people` people together."""
    share = rates("household")
    count = int(people / 2.6) + 40
    kind = pick_index(rng, len(TYPES), count, [share["types"][name] for name in TYPES])
    taken = _seats(rng, kind, share)
    is_man = _sexes(rng, kind, count, share)
    age = _ages(rng, kind, is_man, count)
    enough = int(np.searchsorted(np.cumsum(taken.sum(axis=1)), people)) + 1
    return Shapes(kind, taken, is_man, age).first(enough)


def _is(kind: Ints, *names: str) -> Bools:
    return np.isin(kind, [TYPES.index(name) for name in names])


def _seats(rng: np.random.Generator, kind: Ints, share: dict[str, Any]) -> Bools:
    count = len(kind)
    taken = np.zeros((count, SEATS), dtype=bool)
    taken[:, HEAD] = True
    taken[:, SPOUSE] = _is(kind, "elder_couple", "couple", "family", "three_generations")
    taken[:, SPOUSE] |= _is(kind, "skip_generation") & (rng.random(count) < 0.6)
    children = 1 + pick_index(rng, 3, count, share["children"])
    with_children = _is(kind, "family", "single_parent", "three_generations", "skip_generation")
    for seat in (CHILD_1, CHILD_2, CHILD_3):
        taken[:, seat] = with_children & (children > seat - CHILD_1)
    three = _is(kind, "three_generations")
    both, first = rng.random(count) < share["grandparents_both"], rng.random(count) < 0.4
    taken[:, GRANDFATHER] = three & (both | first)
    taken[:, GRANDMOTHER] = three & (both | ~first)
    taken[:, SIBLING] = _is(kind, "family", "three_generations") & (rng.random(count) < share["sibling"])
    return taken


def _sexes(rng: np.random.Generator, kind: Ints, count: int, share: dict[str, Any]) -> Bools:
    is_man = rng.random((count, SEATS)) < 0.515
    coupled = ~_is(kind, "elder_alone", "adult_alone", "single_parent")
    is_man[:, HEAD] = np.where(coupled, rng.random(count) < share["head_is_man_of_a_couple"], rng.random(count) < 0.5)
    is_man[:, SPOUSE] = ~is_man[:, HEAD]
    is_man[:, GRANDFATHER], is_man[:, GRANDMOTHER] = True, False
    return is_man


def _ages(rng: np.random.Generator, kind: Ints, is_man: Bools, count: int) -> Ints:
    low, high = np.array([HEAD_AGES[name] for name in TYPES]).T
    skew = np.where(_is(kind, "elder_alone", "elder_couple"), 1.8, 1.0)
    age = np.zeros((count, SEATS), dtype=np.int64)
    head = low[kind] + ((high - low)[kind] * rng.random(count) ** skew).astype(np.int64)
    age[:, HEAD] = head
    age[:, SPOUSE] = np.maximum(head + np.where(is_man[:, HEAD], -1, 1) * rng.integers(-1, 5, count), 21)
    elders_only = _is(kind, "elder_couple")
    age[:, SPOUSE] = np.where(elders_only, np.maximum(age[:, SPOUSE], 60), age[:, SPOUSE])
    mother = np.where(_is(kind, "single_parent"), head, np.minimum(age[:, HEAD], age[:, SPOUSE]))
    oldest = np.clip(mother - rng.integers(21, 31, count), 0, 30)
    oldest = np.where(_is(kind, "single_parent"), np.minimum(oldest, 17), oldest)
    oldest = np.where(_is(kind, "skip_generation"), rng.integers(4, 15, count), oldest)
    for position, seat in enumerate((CHILD_1, CHILD_2, CHILD_3)):
        age[:, seat] = np.maximum(oldest - position * rng.integers(1, 5, count), 0)
    for seat in (GRANDFATHER, GRANDMOTHER):
        age[:, seat] = np.clip(head + rng.integers(21, 33, count), 50, OLDEST)
    age[:, SIBLING] = np.clip(head + rng.integers(-8, 8, count), 19, 58)
    return age
