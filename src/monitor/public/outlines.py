"""What the public is told: which tables, what they count, what adds up in them."""

from __future__ import annotations

from functools import cache

from monitor.contracts import answers, extracts
from monitor.public.sheet import PREFECTURE, Outline
from monitor.vocabulary import COLOUR_ZH, DOMAINS

_OUTCOMES = {"hit": "命中", "unknown": "无法判断", "clear": "未命中", "exempt": "已满足"}
_FATES = {"loaded": "采用", "superseded": "被替代", "quarantined": "隔离"}
_ANSWERS = {
    "true": ("true_enrolled", "true_referred", "true_temporary", "true_covered"),
    "false": ("false_data", "false_changed"),
    "open": ("not_found", "declined", "pending"),
}


@cache
def outlines() -> tuple[Outline, ...]:
    """The tables of a release; each is named as its file and as its query in `sql/public/`."""
    return (_cases(), _answers(), _coverage(), _deliveries())


def _cases() -> Outline:
    colours = {colour.value: f"走访:{zh}" for colour, zh in COLOUR_ZH.items()}
    domains = {code: f"走访:主要因{zh}" for code, (_, zh) in DOMAINS.items()} | {"other": "走访:主要因其他"}
    items = {"open": "在办工单", "visit": "走访", **colours, **domains, "review": "复核"}
    splits = (("open", ("visit", "review")), ("visit", tuple(colours)), ("visit", tuple(domains)))
    return Outline(
        "cases", "在办工单,按颜色和主要原因", "open cases by colour and by domain of the weightiest reason", items, splits
    )


def _answers() -> Outline:
    items = {"answered": "已答复的走访", "judged": "已判明", "true": "属实", "false": "不属实", "open": "未判明"}
    items |= {code: answers().choices[code].zh for part in _ANSWERS.values() for code in part}
    splits = (("answered", ("judged", "open")), ("judged", ("true", "false")), *_ANSWERS.items())
    return Outline("answers", "走访的答复,每户取现行的一份", "answers to visits, the newest of each case", items, splits)


def _coverage() -> Outline:
    asked = {f"{code}_asked": f"{zh}:判断次数" for code, (_, zh) in DOMAINS.items()}
    outcomes = {f"{code}_{one}": f"{zh}:{said}" for code, (_, zh) in DOMAINS.items() for one, said in _OUTCOMES.items()}
    splits = (("asked", tuple(asked)), *((f"{code}_asked", tuple(f"{code}_{one}" for one in _OUTCOMES)) for code in DOMAINS))
    title = "指标判断次数与判断不了的次数,按领域(一人一户可被问多次)"
    english = "questions that rules asked, and those that could not be answered, by domain"
    return Outline("coverage", title, english, {"asked": "判断次数", **asked, **outcomes}, splits, (PREFECTURE,))


def _deliveries() -> Outline:
    read = {f"{name}_read": f"{one.department} {one.title}:读入行" for name, one in extracts().items()}
    fates = {
        f"{name}_{fate}": f"{one.department} {one.title}:{zh}"
        for name, one in extracts().items()
        for fate, zh in _FATES.items()
    }
    splits = tuple((f"{name}_read", tuple(f"{name}_{fate}" for fate in _FATES)) for name in extracts())
    return Outline("deliveries", "各部门数据的行数,不含整份拒收的", "rows of departments' deliveries", read | fates, splits, ())
