"""What a late extract does to a rule, found from the rule's tree with the facts of that extract taken as not known."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import reduce

from monitor.indicators import Indicator
from monitor.indicators.syntax import FactRef, Junction, Node, Not, walk

Truth = bool | None
Truths = frozenset[Truth]
_OPEN: Truths = frozenset({True, False})
_LOST: Truths = frozenset({None})


class Effect(StrEnum):
    """How far a rule still speaks while an extract is late.

    BLIND: nobody can be judged. MISSES: nobody new can be found, though some are still clear or exempt.
    PARTLY: some hits are still found by another part of the rule.
    """

    BLIND = "blind"
    MISSES = "misses"
    PARTLY = "partly"


def effect(indicator: Indicator, late: Iterable[str]) -> Effect | None:
    """What happens to an indicator while some extracts are late; None = the rule reads nothing of them."""
    late_extracts = frozenset(late)
    lost = frozenset(name for name in indicator.rule.facts if late_extracts.intersection(indicator.declared_facts[name].needs))
    if not lost:
        return None
    rule = indicator.rule
    when = truths(rule.when, lost)
    unless = truths(rule.unless, lost) if rule.unless else frozenset({False})
    if True in when and False in unless:
        return Effect.PARTLY
    can_be_clear = False in when and unless != {True}
    return Effect.MISSES if can_be_clear or True in unless else Effect.BLIND


def truths(node: Node, lost: frozenset[str]) -> Truths:
    """What a condition can come out as (None = not known) when the lost facts are not known and the others are free."""
    match node:
        case Not(operand=operand):
            return frozenset(None if truth is None else not truth for truth in truths(operand, lost))
        case Junction(word=word, operands=operands):
            return reduce(_either if word == "or" else _both, (truths(operand, lost) for operand in operands))
    return _LOST if any(isinstance(part, FactRef) and part.name in lost for part in walk(node)) else _OPEN


def _both(left: Truths, right: Truths) -> Truths:
    return frozenset(False if False in (a, b) else None if None in (a, b) else True for a in left for b in right)


def _either(left: Truths, right: Truths) -> Truths:
    return frozenset(True if True in (a, b) else None if None in (a, b) else False for a in left for b in right)
