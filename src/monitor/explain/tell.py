"""An explanation as plain Chinese lines; identity masked unless it may be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from monitor.contracts import Fact
from monitor.explain.clearing import ClearsAt, Flag
from monitor.explain.explanation import CaseExplained, FactShown, Reason
from monitor.explain.reading import Delivered, Threshold, Who
from monitor.parameters.load import parameter_index
from monitor.vocabulary import AREA_ZH, COLOUR_ZH, KIND_ZH, LEVEL_ZH, STATE_ZH, CaseKind, CaseState, Colour, Level, Outcome

_ENDS_ZH = {Outcome.CLEAR: "即不再预警", Outcome.EXEMPT: "即按已有保障免于预警"}


def lines(told: CaseExplained, *, reveal: bool = False) -> Iterator[str]:
    """The explanation of one case.

    Args:
        told: what was found.
        reveal: show names, IDs, phones and addresses; whoever asks must have been noted in the audit trail before.
    """
    yield from _heading(told, reveal)
    yield from _changes(told)
    yield from _counted_once(told.reasons)
    for number, reason in enumerate(told.reasons, start=1):
        yield ""
        yield from _reason(number, reason, told.deliveries, reveal)


def value_text(fact: Fact, value: Any) -> str:
    """A value with its unit, as a reader of Chinese writes it."""
    if value is None:
        return "不详"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, str):
        return fact.labels.get(value, value)
    return f"{number_text(value)}{fact.unit_zh}"


def number_text(value: int | Decimal) -> str:
    """A number without needless zeros, thousands apart."""
    text = f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def masked_name(name: str) -> str:
    """The surname's first character and 某."""
    return f"{name[:1]}某"


def _heading(told: CaseExplained, reveal: bool) -> Iterator[str]:
    case = told.case
    weight = f"{COLOUR_ZH[Colour(case['colour'])]}色 {case['points']}分" if case["colour"] else "没有预警"
    state = STATE_ZH[CaseState(case["state"])]
    yield f"{case['case_no']}  {KIND_ZH[CaseKind(case['kind'])]}  {weight}  {state}  数据日期 {told.as_of}"
    yield f"户主(本人)：{_who(told.head, reveal)}  {told.village if reveal else told.township}"
    if reveal and told.head:
        yield f"家庭编号：{case['household'] or '独自一人'}  电话：{told.head.phone or '无'}  住址：{told.head.address or '无'}"
    listed = f"{case['first_listed']} 列入名单，{case['due']} 前办理" if case["first_listed"] else _why_not_listed(case)
    yield f"{case['first_seen']} {'首次预警' if case['colour'] else '抽到'}；{listed}"
    if case["ended_zh"]:
        yield f"已结束：{case['ended_zh']}"


def _why_not_listed(case: dict[str, Any]) -> str:
    if case["state"] in (CaseState.MUTED, CaseState.CLOSED):
        return "未列入名单（已有答复，静默中）"
    return "未列入名单（蓝色只关注）" if case["colour"] == Colour.BLUE else "未列入名单（本周走访能力已满）"


def _who(person: Who | None, reveal: bool) -> str:
    if person is None:
        return "不在当晚人员中"
    return f"{person.name} {person.id_no}" if reveal else f"{masked_name(person.name)}（身份号码末四位 {person.id_no[-4:]}）"


def _changes(told: CaseExplained) -> Iterator[str]:
    if told.compared_with is None:
        yield "与前一晚相比：这是第一晚，没有可比的"
        return
    before, case = told.before, told.case
    yield f"与前一晚（{told.compared_with}）相比："
    if before is None:
        yield "  这件工单是新立的"
        return
    found = []
    if before["colour"] != case["colour"] or before["points"] != case["points"]:
        colours = [COLOUR_ZH[Colour(one["colour"])] for one in (before, case)]
        found.append(f"  颜色 {colours[0]} → {colours[1]}，分值 {before['points']} → {case['points']}")
    if before["state"] != case["state"]:
        states = [STATE_ZH[CaseState(one["state"])] for one in (before, case)]
        found.append(f"  状态 {states[0]} → {states[1]}")
    found += [f"  新增原因 {reason.code}" for reason in told.reasons if reason.is_new]
    found += [f"  不再有 {hit['indicator']}：{hit['reason_zh']}" for hit in told.gone]
    changed = {(reason.hit["subject"], one.fact.name): one for reason in told.reasons for one in reason.facts if one.is_changed}
    found += [
        f"  {one.fact.zh} {value_text(one.fact, one.before)} → {value_text(one.fact, one.value)}" for one in changed.values()
    ]
    if not told.has_facts_before:
        found = [*(found or ["  颜色、分值、状态和原因没有变化"]), "  前一晚的人口、户和事实已清理，各项事实的数值不作比较"]
    yield from found or ["  没有变化"]


def _counted_once(reasons: Sequence[Reason]) -> Iterator[str]:
    """Which reasons add their points only once, so that the sum in the heading can be followed."""
    groups: dict[str, list[int]] = {}
    for number, reason in enumerate(reasons, start=1):
        family = reason.indicator.family if reason.indicator else None
        groups.setdefault(family or reason.code, []).append(number)
    for numbers in groups.values():
        if len(numbers) > 1:
            most = max(reasons[number - 1].hit["points"] for number in numbers)
            named = "、".join(f"原因{number}" for number in numbers)
            yield f"计分：{named} 是同一项或同一类指标，只计一次，取最高的{most}分"


def _reason(number: int, reason: Reason, delivered: dict[str, Delivered], reveal: bool) -> Iterator[str]:
    hit = reason.hit
    title = reason.indicator.title if reason.indicator else "（当晚的目录里没有这项指标，或与现行的事实、参数不合）"
    yield f"原因{number}  {reason.code} {title}  级别{LEVEL_ZH[Level(hit['level'])]}（{hit['points']}分）"
    if reason.subject:
        yield f"  成员：{_who(reason.subject, reveal)}"
    yield f"  {hit['reason_zh']}"
    yield f"  {hit['first_seen']} 首次命中，最近一次 {hit['last_hit']}"
    if hit["state"] == "unknown":
        yield f"  今晚无法判断（{hit['late_zh'] or '数据不全'}{'数据迟到' if hit['late_zh'] else ''}），沿用上次结论"
        yield from _missing(reason, delivered)
    for shown in reason.facts:
        yield from _fact(shown, delivered)
    for limit in reason.thresholds:
        yield f"  标准  {_threshold(limit)}"
    yield from _clearing(reason)


def _missing(reason: Reason, delivered: dict[str, Delivered]) -> Iterator[str]:
    """What the rule could not know tonight, why, and what would settle it."""
    asked = reason.indicator.rule.facts if reason.indicator else ()
    for shown in reason.facts:
        if shown.value is not None or shown.fact.name not in asked:
            continue
        late = [one for name in shown.fact.needs if (one := delivered.get(name)) and (one.is_late or one.day is None)]
        why = "；".join(
            f"{one.department}·{one.title}没有按时送到可用的数据，{f'最近一次是 {one.day}' if one.day else '从未收到'}"
            for one in late
        )
        why = why or f"各部门的数据都按时到了，但缺这一户（人）可用的记录或数值（含义：{shown.fact.meaning_zh}）"
        yield f"  今晚不知道  {shown.fact.zh}：{why}"
    yield "  怎样解除  所缺的数据补齐后，下一晚自动重新判断；也可以入户核实，以核查结果为准"


def _fact(shown: FactShown, delivered: dict[str, Delivered]) -> Iterator[str]:
    was = f"（前一晚 {value_text(shown.fact, shown.before)}）" if shown.is_changed else ""
    yield f"  事实  {shown.fact.zh}：{value_text(shown.fact, shown.value)}{was}"
    for name in shown.fact.needs:
        yield f"        来自 {_delivery(delivered[name]) if name in delivered else name}"


def _delivery(one: Delivered) -> str:
    label = f"{one.department}·{one.title}"
    if one.day is None:
        return f"{label}：没有可用的数据"
    more = f" 等{len(one.files) + one.more}份" if one.more else ""
    return f"{label}：{one.day} {'、'.join(one.files)}{more}{'（已迟到，不作数）' if one.is_late else ''}"


def _threshold(limit: Threshold) -> str:
    parameter = parameter_index().get(limit.name)
    label, unit = (parameter.zh, parameter.unit_zh) if parameter else (limit.name, "")
    region = "全国" if limit.region_code == "00" else f"{limit.region_name}（{limit.region_code}）"
    where = f"{region}{AREA_ZH.get(limit.area_kind, limit.area_kind)}"
    return f"{label} {number_text(limit.value)}（{unit}）：{where}，{limit.valid_from} 起，依据 {limit.document}"


def _clearing(reason: Reason) -> Iterator[str]:
    found = reason.clearing
    if found is None:
        return
    if not found.is_hit:
        yield "  怎样解除  规则或标准在当晚之后已有改动，按现行规则不能重算"
        return
    values = [one for one in found.values if _can_happen(one, reason)]
    if values:
        for one in values:
            yield f"  怎样解除  {_value(one, reason)}"
    elif found.flags:
        yield "  怎样解除  没有哪一个数值单独变化就能解除；下列任一项改变才会解除："
        yield from (f"        {_flag(one)}" for one in found.flags)
    elif found.values:
        yield "  怎样解除  没有能由这一户改变的数值；以入户核查的结果为准"
    else:
        yield "  怎样解除  没有哪一个数值或情况单独变化就能解除，要几项同时改变"


def _can_happen(one: ClearsAt, reason: Reason) -> bool:
    """Nobody grows younger, and who lives in a household is no matter of choice; all else may rise and fall."""
    if one.fact.table == "household_composition" and "mca_assistance" not in one.fact.needs:
        return False
    now = next(shown.value for shown in reason.facts if shown.fact.name == one.fact.name)
    return one.fact.unit_zh != "岁" or one.value > now


def _value(one: ClearsAt, reason: Reason) -> str:
    now = next(shown.value for shown in reason.facts if shown.fact.name == one.fact.name)
    way = "升到" if one.value > now else "降到"
    ends = f"{way} {value_text(one.fact, one.value)} {_ENDS_ZH[one.outcome]}"
    return f"{one.fact.zh} {ends}（{value_text(one.fact, one.last_hit)} 时仍预警）"


def _flag(one: Flag) -> str:
    if isinstance(one.value, bool):
        return f"“{one.fact.zh}”变为“{'是' if one.value else '否'}”，{_ENDS_ZH[one.outcome]}"
    said = value_text(one.fact, one.value) if one.value else "规则所列以外的情形"
    return f"“{one.fact.zh}”变为“{said}”，{_ENDS_ZH[one.outcome]}"
