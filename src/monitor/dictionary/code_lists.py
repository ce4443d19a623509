"""Every code list, of departments and of the system itself, with both labels of each code."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from monitor.contracts import answers, codes, english
from monitor.vocabulary import COLOUR_ZH, DIRECTION_ZH, DOMAINS, LEVEL_ZH, STATE_ZH

Labels = dict[str, tuple[str, str]]  # code -> Chinese, English

_WORDS: dict[str, dict[str, str]] = {
    "area_kind": {"rural": "农村", "urban": "城镇", "any": "城乡"},
    "case_kind": {"visit": "走访", "review": "复核", "audit": "随机抽查"},
    "delivery_state": {"in_force": "有效", "replaced": "已被取代", "refused": "整批退回"},
    "hit_state": {"hit": "今晚命中", "unknown": "今晚无法判断，沿用上次命中"},
    "listing_why": {
        "red": "红色必列",
        "kept": "已列入未结",
        "ranked": "按名次",
        "audit": "随机抽查",
        "blue": "蓝色仅关注",
        "capacity": "本周走访能力已满",
        "muted": "已答复静默中",
    },
    "outcome": {"hit": "预警", "clear": "不预警", "unknown": "无法判断", "exempt": "已有保障"},
    "unit": {"person": "个人", "household": "家庭"},
}


@cache
def code_lists() -> dict[str, Labels]:
    """Code list -> code -> (Chinese, English). The codes of the system are English words already."""
    own = {
        **_WORDS,
        "answer": {code: one.zh for code, one in answers().choices.items()},
        "case_state": _plain(STATE_ZH.items()),
        "colour": _plain(COLOUR_ZH.items()),
        "direction": _plain(DIRECTION_ZH.items()),
        "level": _plain(LEVEL_ZH.items()),
    }
    lists: dict[str, Labels] = {
        name: {code: (label, english().codes[name][code]) for code, label in labels.items()} for name, labels in codes().items()
    }
    lists |= {name: {code: (zh, code.replace("_", " ")) for code, zh in labels.items()} for name, labels in own.items()}
    lists["domain"] = {code: (zh, en) for code, (en, zh) in DOMAINS.items()}
    return dict(sorted(lists.items()))


def _plain(labels: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {str(code): zh for code, zh in labels}
