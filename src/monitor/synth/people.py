"""The people of one block: who lives with whom, who is whose child, where, under which number and name."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from monitor.synth import names
from monitor.synth.households import CHILD_1, CHILD_3, GRANDFATHER, GRANDMOTHER, HEAD, SEATS, SPOUSE, TYPES, draw_shapes
from monitor.synth.ids import number_people
from monitor.synth.plan import Plan
from monitor.synth.rates import rates
from monitor.synth.streams import Bools, Days, Ints, chance, stream
from monitor.synth.villages import Villages, villages_of

NOBODY = -1


@dataclass
class Block:
    """People and households of one block. Arrays are per person unless said otherwise.

    The register's people come first, household by household; behind them parents who live elsewhere and are in no register.

    Attributes:
        plan, number, today, villages: what the block was made from; `today` is the first night's date.
        registered: people in the resident register (the first so many).
        household: position of the household, -1 for outsiders; `seat` the seat in it.
        is_man, born, age: sex, birth date, completed years at `today`.
        father, mother, spouse: positions of people, -1 if not named.
        ids, name: String series.
        kind, head, village, rural, size: per household: type, position of the head, village, hukou, members.
        is_told: per household: a story speaks of it, ordinary hardship keeps away.
    """

    plan: Plan
    number: int
    today: np.datetime64
    villages: Villages
    registered: int
    household: Ints
    seat: Ints
    is_man: Bools
    born: Days
    age: Ints
    father: Ints
    mother: Ints
    spouse: Ints
    kind: Ints
    head: Ints
    village: Ints
    rural: Bools
    size: Ints
    ids: pl.Series = field(default_factory=pl.Series)
    name: pl.Series = field(default_factory=pl.Series)
    is_told: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))

    @property
    def people(self) -> Ints:
        """Positions of everybody in the register."""
        return np.arange(self.registered)

    @property
    def households(self) -> int:
        return len(self.kind)

    def stream(self, name: str) -> np.random.Generator:
        """The stream of chance of one purpose in this block."""
        return stream(self.plan.seed, "block", self.number, name)

    def of_kind(self, *names_: str) -> Bools:
        """Per household: is of one of these types."""
        return np.isin(self.kind, [TYPES.index(name) for name in names_])

    def plain(self, people: Ints) -> Ints:
        """Those of `people` of whom no story speaks."""
        return people[~self.is_told[self.household[people]]]

    def id_of(self, people: Ints) -> pl.Series:
        """Their ID numbers; null for -1."""
        wanted = pl.Series(people).to_frame("i").select(pl.when(pl.col("i") >= 0).then("i")).to_series()
        return self.ids.gather(wanted.cast(pl.UInt32))

    def village_code(self, people: Ints) -> pl.Series:
        return self.villages.code.gather(self.village[self.household[people]])


def people_of(plan: Plan, number: int) -> Block:
    """Draw block `number` of a plan."""
    rng = stream(plan.seed, "block", number, "people")
    today = np.datetime64(plan.as_of, "D")
    target = plan.blocks[number]
    shapes = draw_shapes(rng, target)
    household, seat = (part[:target].astype(np.int64) for part in np.nonzero(shapes.taken))
    shapes = shapes.first(int(household[-1]) + 1)
    count = len(shapes.kind)
    position = np.full((count, SEATS), NOBODY, dtype=np.int64)
    position[household, seat] = np.arange(target)
    villages = villages_of(plan.region, plan.seed)
    before = sum(plan.blocks[:number])
    village = villages.at((before + target * np.arange(count) / count) / plan.persons)
    born = _birthdays(rng, today, shapes.age[household, seat])
    nobody = np.full(target, NOBODY, dtype=np.int64)
    block = Block(
        plan=plan,
        number=number,
        today=today,
        villages=villages,
        registered=target,
        household=household,
        seat=seat,
        is_man=shapes.is_man[household, seat],
        born=born,
        age=completed_years(born, today),
        father=nobody.copy(),
        mother=nobody.copy(),
        spouse=nobody.copy(),
        kind=shapes.kind,
        head=_heads(position),
        village=village,
        rural=_hukou(rng, villages, village),
        size=np.bincount(household, minlength=count),
    )
    _marry(block, position)
    _name_parents(rng, block, position)
    block.age = completed_years(block.born, today)
    block.ids = number_people(number, block.born, block.is_man)
    block.name = _names(rng, block)
    block.is_told = np.zeros(count, dtype=bool)
    return block


def completed_years(born: Days, day: np.datetime64) -> Ints:
    """Whole years from each birth date to `day`; -1 before birth."""
    months = (day.astype("datetime64[M]") - born.astype("datetime64[M]")).astype(np.int64)
    day_of_month = (born - born.astype("datetime64[M]")).astype(np.int64)
    short = day_of_month > (day - day.astype("datetime64[M]")).astype(np.int64)
    years: Ints = (months - short) // 12
    return years


def _birthdays(rng: np.random.Generator, today: np.datetime64, age: Ints) -> Days:
    """Birth dates of that age at `today`; some of the youngest are born in the month to come."""
    days = (age * 365.25).astype(np.int64) + rng.integers(1, 365, len(age))
    unborn = (age == 0) & chance(rng, len(age), rates("person")["born_next_month"] * 60)
    days = np.where(unborn, -rng.integers(1, 31, len(age)), days)
    born: Days = today - days.astype("timedelta64[D]")
    return born


def _heads(position: Ints) -> Ints:
    """The head, or the first member where the block's edge cut the head off."""
    first = np.where(position >= 0, position, np.iinfo(np.int64).max).min(axis=1)
    return np.where(position[:, HEAD] >= 0, position[:, HEAD], first)


def _hukou(rng: np.random.Generator, villages: Villages, village: Ints) -> Bools:
    share = rates("person")
    urban = np.where(villages.is_community[village], share["urban_in_communities"], share["urban_elsewhere"])
    return ~chance(rng, len(village), urban)


def _marry(block: Block, position: Ints) -> None:
    for one, other in ((HEAD, SPOUSE), (GRANDFATHER, GRANDMOTHER)):
        both = (position[:, one] >= 0) & (position[:, other] >= 0)
        block.spouse[position[both, one]] = position[both, other]
        block.spouse[position[both, other]] = position[both, one]


def _name_parents(rng: np.random.Generator, block: Block, position: Ints) -> None:
    head, spouse = position[:, HEAD], position[:, SPOUSE]
    head_is_man = block.is_man[np.maximum(head, 0)]
    father, mother = np.where(head_is_man, head, spouse), np.where(head_is_man, spouse, head)
    skip = block.of_kind("skip_generation")
    father, mother = np.where(skip, NOBODY, father), np.where(skip, NOBODY, mother)
    is_child = (block.seat >= CHILD_1) & (block.seat <= CHILD_3)
    with_children = np.zeros(block.households, dtype=bool)
    with_children[block.household[is_child]] = True
    named = chance(rng, block.households, rates("household")["parent_outside_named"])
    father = _outsiders(rng, block, with_children & named & (father < 0), father, position, is_man=True)
    mother = _outsiders(rng, block, with_children & named & (mother < 0), mother, position, is_man=False)
    here = np.flatnonzero(is_child)
    block.father[here], block.mother[here] = father[block.household[here]], mother[block.household[here]]
    for parent, seat in ((block.father, GRANDFATHER), (block.mother, GRANDMOTHER)):
        grown = position[:, seat] >= 0
        parent[head[grown & (head >= 0)]] = position[grown & (head >= 0), seat]
    _elders_nearby(rng, block, head)


def _outsiders(rng: np.random.Generator, block: Block, wanted: Bools, known: Ints, position: Ints, *, is_man: bool) -> Ints:
    """Add a parent outside the register for each wanted household; returns the parents' positions."""
    where = np.flatnonzero(wanted)
    first_child = np.where(position[where, CHILD_1] >= 0, position[where, CHILD_1], position[where, CHILD_1:].max(axis=1))
    count, start = len(where), len(block.born)
    born = block.born[first_child] - (rng.integers(22, 32, count) * 365 + rng.integers(0, 300, count)).astype("timedelta64[D]")
    nobody = np.full(count, NOBODY, dtype=np.int64)
    block.born = np.r_[block.born, born]
    block.is_man = np.r_[block.is_man, np.full(count, is_man)]
    block.household, block.seat = np.r_[block.household, nobody], np.r_[block.seat, nobody]
    block.father, block.mother, block.spouse = (np.r_[part, nobody] for part in (block.father, block.mother, block.spouse))
    parents = known.copy()
    parents[where] = start + np.arange(count)
    return parents


def _elders_nearby(rng: np.random.Generator, block: Block, head: Ints) -> None:
    """Most elders who keep house alone are parents of a head elsewhere in the block."""
    elders = np.flatnonzero(block.of_kind("elder_alone", "elder_couple") & (head >= 0))
    elders = elders[chance(rng, len(elders), rates("household")["elder_has_children_nearby"])]
    heirs = np.flatnonzero(block.of_kind("couple", "family", "three_generations", "adult_alone") & (head >= 0))
    heirs = heirs[(block.father[head[heirs]] < 0) & (block.mother[head[heirs]] < 0)]
    if not len(elders) or not len(heirs):
        return
    order = heirs[np.argsort(block.born[head[heirs]], kind="stable")]
    wished = block.born[head[elders]] + np.timedelta64(26 * 365, "D")
    at = np.searchsorted(block.born[head[order]], wished) + rng.integers(-40, 41, len(elders))
    heir, elder = head[order[np.clip(at, 0, len(order) - 1)]], head[elders]
    old_enough = (block.born[heir] - block.born[elder]).astype(np.int64) > 17 * 366
    heir, elder = heir[old_enough], elder[old_enough]
    man, woman = _couple(block, elder)
    block.father[heir], block.mother[heir] = man, woman


def _couple(block: Block, one: Ints) -> tuple[Ints, Ints]:
    other = block.spouse[one]
    return np.where(block.is_man[one], one, other), np.where(block.is_man[one], other, one)


def _names(rng: np.random.Generator, block: Block) -> pl.Series:
    """Children bear the father's surname, brothers and sisters the same one."""
    surname = names.surnames(rng, len(block.born))
    for child in (np.flatnonzero(block.seat[: block.registered] == HEAD), np.flatnonzero(block.father >= 0)):
        named = child[block.father[child] >= 0]
        surname[named] = surname[block.father[named]]
    share = rates("person")
    minority = chance(rng, block.households, share["minority"])
    dotted = np.zeros(len(block.born), dtype=bool)
    dotted[: block.registered] = minority[block.household[: block.registered]]
    return names.full_names(rng, surname, dotted & chance(rng, len(dotted), share["dotted_name"]))
