"""What the codes of a fact mean to a reader."""

from __future__ import annotations

from typing import Final

from monitor.contracts import Fact, codes

# the facts that repeat a department's code, with its code list
CODE_LISTS: Final = {
    "refused_for": "refusal",
    "house_damage_12m": "house_damage",
    "disability_kind": "disability_kind",
    "disability_grade": "disability_grade",
    "ability_level": "ability",
}


def code_labels(fact: Fact) -> dict[str, str]:
    """Code -> label; empty for a fact that is no code."""
    name = CODE_LISTS.get(fact.name)
    return codes()[name] if name else {}
