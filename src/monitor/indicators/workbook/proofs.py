"""Examples for a rule from the sheet: a hit, a clear, one exactly on each threshold, an unknown for each fact, an exempt.

Values come from the officer's own cells where there are any, else from beside the thresholds. What is expected is reasoned
out here from the conditions alone; whether the compiled rule says the same is asked afterwards of the real one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from monitor.contracts import Fact
from monitor.indicators.indicator import Example
from monitor.indicators.workbook.conditions import Condition, Value
from monitor.indicators.workbook.words import SIGNS_ZH, CellFault
from monitor.vocabulary import Outcome

_SCALE = {"int": Decimal(1), "money": Decimal("0.01"), "num": Decimal("0.0001")}
_FEWEST = 4
_COMPANY: dict[str, tuple[str, int]] = {"person": ("age_years", 40), "household": ("member_count", 3)}
_NO_DECIDING = "条件不能永远成立，也不能永远不成立"


@dataclass(frozen=True)
class Draft:
    """A rule before it is an indicator: its conditions, how they are joined, and the facts that exempt."""

    conditions: tuple[Condition, ...]
    joiner: str
    unless: tuple[Fact, ...]

    def by_fact(self) -> dict[str, list[Condition]]:
        """The conditions of each fact, in reading order."""
        grouped: dict[str, list[Condition]] = {}
        for condition in self.conditions:
            grouped.setdefault(condition.fact.name, []).append(condition)
        return grouped

    def meets(self, conditions: list[Condition], value: Value) -> bool:
        """Whether a value of one fact meets its conditions."""
        met = [condition.holds(value) for condition in conditions]
        return all(met) if self.joiner == "and" else any(met)

    @property
    def parameters(self) -> dict[str, Decimal]:
        """The parameters it reads, with their value in the examples."""
        return {c.parameter: c.right for c in self.conditions if c.parameter and isinstance(c.right, Decimal)}


def prove(draft: Draft) -> tuple[list[Example], list[CellFault]]:
    """The examples of a draft; faults instead where no value, or the officer's own, can decide a condition."""
    grouped = draft.by_fact()
    hits, clears, faults = {}, {}, []
    for name, conditions in grouped.items():
        hits[name], wrong = _deciding(draft, conditions, wanted=True)
        clears[name], more = _deciding(draft, conditions, wanted=False)
        faults += wrong + more
    if faults:
        return [], faults
    examples = _examples(draft, grouped, _known(hits), _known(clears))
    return examples + _in_company(draft, examples), []


def _in_company(draft: Draft, examples: list[Example]) -> list[Example]:
    """A rule of one yes/no fact has three examples only; one more shows it beside something that it does not read."""
    if len(examples) >= _FEWEST:
        return []
    fact, value = _COMPANY[draft.conditions[0].fact.unit]
    hit = next(example for example in examples if example.expect is Outcome.HIT)
    return [Example(name="别的情况知道也不影响", given={**hit.given, fact: value}, param=hit.param, expect=Outcome.HIT)]


def _known(values: dict[str, Value | None]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}


def _deciding(draft: Draft, conditions: list[Condition], *, wanted: bool) -> tuple[Value | None, list[CellFault]]:
    """A value of one fact that meets its conditions, or does not."""
    key = "hit_value" if wanted else "clear_value"
    for condition in conditions:
        own = condition.hit_value if wanted else condition.clear_value
        if own is None:
            continue
        if draft.meets(conditions, own) == wanted:
            return own, []
        found = f"例子的值按这个条件{'不预警' if wanted else '会预警'}"
        return None, [
            CellFault(
                condition.row.places[key], found, f"{'' if wanted else '不'}满足条件的值", remedy="改例子的值，或检查比较和界限"
            )
        ]
    found_value = next((value for value in _candidates(conditions) if draft.meets(conditions, value) == wanted), None)
    if found_value is None:
        last = conditions[-1]
        found = f"“{last.fact.zh}”的条件{'互相矛盾，什么值都不预警' if wanted else '什么值都满足'}"
        return None, [CellFault(last.row.places["sign"], found, _NO_DECIDING, remedy="检查比较和界限")]
    return found_value, []


def _candidates(conditions: list[Condition]) -> Iterable[Value]:
    """Values beside and on the thresholds of a fact, the plainest first."""
    fact = conditions[0].fact
    if fact.type == "bool":
        return [True, False]
    if fact.type == "text":
        return list(fact.labels)
    found: list[Value] = []
    for near in (Decimal("0.2"), Decimal(0)):
        for condition in conditions:
            threshold = on_scale(fact, Decimal(str(condition.right)))
            step = max(_SCALE[fact.type], on_scale(fact, threshold * near))
            found += [_typed(fact, threshold + step), _typed(fact, threshold - step), _typed(fact, threshold)]
    return [value for value in found if not isinstance(value, (int, Decimal)) or value >= 0]


def on_scale(fact: Fact, value: Decimal) -> Decimal:
    """A number with as many digits behind the point as the fact has."""
    return value.quantize(_SCALE[fact.type], rounding=ROUND_HALF_UP)


def _typed(fact: Fact, value: Decimal) -> Value:
    return int(value) if fact.type == "int" else value


def _examples(
    draft: Draft, grouped: dict[str, list[Condition]], hits: dict[str, Value], clears: dict[str, Value]
) -> list[Example]:
    free: dict[str, Value] = {fact.name: False for fact in draft.unless}
    is_and = draft.joiner == "and"
    decisive, blocked = (hits, clears) if is_and else (clears, hits)  # the others stand so that one fact decides
    others = {**decisive, **free}
    first = next(iter(grouped))
    hit_name, clear_name, only = (
        ("条件都满足", "一个条件不满足", "不满足") if is_and else ("满足一个条件", "条件都不满足", "满足")
    )
    told = [
        _example(draft, hit_name, {**others, first: hits[first]}, Outcome.HIT),
        _example(draft, clear_name, {**others, first: clears[first]}, Outcome.CLEAR),
    ]
    for name, conditions in grouped.items():
        if name != first:
            expect = Outcome.CLEAR if is_and else Outcome.HIT
            told.append(_example(draft, f"只有“{conditions[0].fact.zh}”{only}", {**others, name: blocked[name]}, expect))
        told += _on_thresholds(draft, conditions, others)
    told += [_without(draft, conditions[0].fact, others) for conditions in grouped.values()]
    told += [
        _example(draft, f"已有保障：{fact.zh}", {**hits, **free, fact.name: True}, Outcome.EXEMPT) for fact in draft.unless
    ]
    return told


def _on_thresholds(draft: Draft, conditions: list[Condition], others: dict[str, Value]) -> list[Example]:
    """The fact exactly on each of its thresholds, everything else such that it decides."""
    told = []
    for condition in conditions:
        fact = condition.fact
        if fact.type in ("bool", "text"):
            continue
        value = _typed(fact, on_scale(fact, Decimal(str(condition.right))))
        expect = Outcome.HIT if draft.meets(conditions, value) else Outcome.CLEAR
        sign = SIGNS_ZH[condition.sign]
        name = f"{fact.zh}正好{value:f}（要求{sign}）" if isinstance(value, Decimal) else f"{fact.zh}正好{value}（要求{sign}）"
        told.append(_example(draft, name, {**others, fact.name: value}, expect))
    return told


def _without(draft: Draft, fact: Fact, others: dict[str, Value]) -> Example:
    given = {name: value for name, value in others.items() if name != fact.name}
    return _example(draft, f"“{fact.zh}”的数据没有按时送到", given, Outcome.UNKNOWN)


def _example(draft: Draft, name: str, given: dict[str, Value], expect: Outcome) -> Example:
    return Example(name=name, given=dict(given), param=dict(draft.parameters), expect=expect)
