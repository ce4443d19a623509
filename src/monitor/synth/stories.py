"""Planted cases: every indicator has a story, and every county at least a few households of each."""

from __future__ import annotations

from collections import Counter

import numpy as np

from monitor.synth import (
    stories_benefits,
    stories_health,
    stories_identity,
    stories_income,
    stories_living,
    stories_property,
    stories_spending,
)
from monitor.synth.households import HEAD
from monitor.synth.life import Life, quieten
from monitor.synth.people import Block
from monitor.synth.rates import rates
from monitor.synth.story import Story
from monitor.synth.streams import Bools
from monitor.synth.tale import Tale

SHELVES = (
    stories_identity,
    stories_income,
    stories_property,
    stories_spending,
    stories_health,
    stories_living,
    stories_benefits,
)


def stories() -> list[Story]:
    """All stories, in the order in which households are given to them."""
    return [story for shelf in SHELVES for story in shelf.STORIES]


def plant(block: Block, life: Life) -> Counter[str]:
    """Choose households for every story and tell it; returns how many each got.

    No household gets two stories. Rare kinds of households are kept for the stories that need them: the stories with the
    fewest candidates choose first.
    """
    rng, share = block.stream("stories"), rates("stories")
    free = block.of_kind(*{kind for story in stories() for kind in story.of}) & (block.seat[block.head] == HEAD)
    free &= (life.status == "normal").to_numpy()[block.head]
    room = int(share["cap"] * block.households)
    candidates = {story: free & _fits(story, block) for story in stories()}
    planted: Counter[str] = Counter()
    chosen = []
    for story in sorted(candidates, key=lambda one: (int(candidates[one].sum()), one.title)):
        wanted = int(share["share"] * story.weight * block.households + rng.random())
        wanted = min(max(wanted, share["least"] if block.number == 0 else 0), room)
        open_to = np.flatnonzero(candidates[story] & free)
        homes = np.sort(rng.choice(open_to, min(wanted, len(open_to)), replace=False))
        free[homes] = False
        room -= len(homes)
        planted[story.title] = len(homes)
        chosen.append((story, homes))
    quieten(block, life, np.concatenate([homes for _, homes in chosen]).astype(np.int64))
    for story, homes in chosen:
        if len(homes):
            story.tell(Tale(block, life, homes))
    return planted


def _fits(story: Story, block: Block) -> Bools:
    fits = block.of_kind(*story.of)
    if story.rural is not None:
        fits &= block.rural == story.rural
    home, age = block.household[: block.registered], block.age[: block.registered]
    for low, high in story.ages:
        inside = np.bincount(home[(age >= low) & (age <= high)], minlength=block.households)
        fits &= inside > 0
    if story.least_size:
        fits &= block.size >= story.least_size
    if story.parents_away:
        named = (block.father[: block.registered] >= block.registered) & (block.mother[: block.registered] >= block.registered)
        fits &= np.bincount(home[named], minlength=block.households) > 0
    if story.infant:
        days = (block.today - block.born[: block.registered]).astype(np.int64)
        fits &= np.bincount(home[(days >= 95) & (days <= 690)], minlength=block.households) > 0
    return fits
