"""What a change does and what a rule would have said, as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.indicators import Catalogue
from monitor.indicators.pages import UNIT_ZH
from monitor.indicators.plain_rule import plain_number
from monitor.indicators.standing import Standing
from monitor.parameters.load import NATION
from monitor.plan.backtest import NightSaid
from monitor.plan.change import Change
from monitor.plan.compare import Effect, Example
from monitor.vocabulary import COLOUR_ZH, KIND_ZH, NO_COUNTY, CaseKind, Colour

_WHY_MOVED = (
    "新进：新命中，或有人退出后名次在后的户补上；退出：不再命中，或被名次在前的户挤出；"
    "命中有变而户数不变：该户因别的原因仍在名单上，或本来就没有排上。"
)
_WHOSE_CAPACITY = (
    "走访能力按乡镇定（每周走访能力），“每周可走访”是全县各乡镇之和；“超出能力的乡镇”是新增走访多于本乡镇一周能力的乡镇个数。"
)
_COLOURS = ("red", "orange", "yellow", "blue", "")


def effect_page(effect: Effect, change: Change, now: Mapping[str, Standing], catalogue: Catalogue) -> RenderableType:
    """The whole answer to a plan; `now` is what each parameter is before the change."""
    parts: list[RenderableType] = [Text(line, style="bold") for line in change_lines(change, now)]
    parts += [Text(f"以 {effect.as_of} 这一晚为准；没有写入任何结果")]
    parts += [Text(f"注意：{notice}") for notice in effect.notices]
    if not effect.hits:
        parts.append(Text("没有哪项指标用到它：名单不变。"))
    parts += [Text(), _movements(effect), Text(), _weeks(effect), Text(), _hits(effect, change.catalogue(catalogue))]
    parts += [part for kind in effect.points for part in (Text(), _colours(effect, kind))]
    if effect.examples:
        parts += [Text(), _examples(effect)]
    return Group(*parts)


def change_lines(change: Change, now: Mapping[str, Standing]) -> Iterator[str]:
    """What is tried, one line per number: what it is, what it would be, and what it rests on today."""
    for name, value in change.values.items():
        one = now[name]
        where = "全国" if change.region == NATION else f"区划 {change.region}"
        moved = f"{one.value_zh} → {plain_number(value)} {one.parameter.unit_zh}"
        yield f"试算：{one.parameter.zh} ({name})：{moved}，{where}；现行值依据 {one.document}"
    if change.indicator:
        yield f"试算：改动的指标 {change.indicator.code} {change.indicator.title}"


def backtest_page(code: str, title: str, nights: Sequence[NightSaid]) -> RenderableType:
    """One row per night, and what they say together."""
    rows = [
        (
            night.as_of.isoformat(),
            f"{night.hit:,}",
            "—" if night.new is None else f"{night.new:,}",
            "—" if night.gone is None else f"{night.gone:,}",
            f"{night.asked:,}",
            f"{night.exempt:,}",
            share(night.unknown, night.asked),
        )
        for night in nights
    ]
    heads = ("数据日期", "命中", "新命中", "不再命中", "被问", "已有保障", "无法判断")
    return _table(f"{code} {title}：过去{len(nights)}晚会怎样说", heads, rows)


def share(part: int, whole: int) -> str:
    """A percentage with one decimal, exactly rounded half up."""
    if not whole:
        return "—"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def _movements(effect: Effect) -> RenderableType:
    rows = [
        (
            KIND_ZH[CaseKind(m.kind)],
            _county(effect, m.county),
            *(f"{n:,}" for n in (m.before, m.after, m.joined, m.left, m.both)),
        )
        for m in effect.movements
    ]
    return _table("名单上的户数", ("名单", "县", "现在", "改后", "新进", "退出", "两边都在"), rows, _WHY_MOVED)


def _weeks(effect: Effect) -> RenderableType:
    rows = [(_county(effect, w.county), f"{w.visits:,}", f"{w.places:,}", f"{w.over:,}") for w in effect.weeks]
    return _table("新增走访与一周的走访能力", ("县", "新增走访", "每周可走访", "超出能力的乡镇"), rows, _WHOSE_CAPACITY)


def _hits(effect: Effect, catalogue: Catalogue) -> RenderableType:
    rules = catalogue.indicators
    rows = [
        (code, rules[code].title, UNIT_ZH[rules[code].unit], f"{before:,}", f"{after:,}", f"{after - before:+,}")
        for code, (before, after) in effect.hits.items()
    ]
    note = "对象是个人的，数的是人；是家庭的，数的是户。"
    return _table("受影响的指标命中数", ("编号", "指标", "对象", "现在", "改后", "增减"), rows, note)


def _colours(effect: Effect, kind: str) -> RenderableType:
    before, after = effect.points[kind]
    rows = []
    for was in _COLOURS:
        counts = [effect.colours.get((kind, was, now), 0) for now in _COLOURS]
        if any(counts):
            rows.append((_colour(was), *(f"{count:,}" if count else "" for count in counts)))
    note = f"数的是全部未结工单，不只是名单上的；总分 {before:,} → {after:,}。"
    title = f"{KIND_ZH[CaseKind(kind)]}的颜色：每行是现在，每列是改后"
    return _table(title, ("", *map(_colour, _COLOURS)), rows, note)


def _examples(effect: Effect) -> RenderableType:
    rows = [
        (
            KIND_ZH[CaseKind(one.kind)],
            "新进" if one.joins else "退出",
            one.place,
            f"{one.name}（{one.id_tail}）",
            f"{_colour(one.colour_before)} → {_colour(one.colour_after)}",
            _why(one),
        )
        for one in effect.examples
    ]
    return _table(f"例子（{len(rows)}户，随机抽取，已遮盖身份）", ("名单", "变动", "地方", "户主", "颜色", "原因变化"), rows)


def _why(one: Example) -> str:
    gained = [f"+{code}" for code in one.indicators_after if code not in one.indicators_before]
    lost = [f"-{code}" for code in one.indicators_before if code not in one.indicators_after]
    return " ".join(gained + lost) or "原因不变"


def _county(effect: Effect, code: str) -> str:
    return "地址不详" if code == NO_COUNTY else effect.regions.get(code, code)


def _colour(colour: str) -> str:
    return COLOUR_ZH[Colour(colour)] if colour else "无工单"


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], note: str = "") -> RenderableType:
    """A table below its title and note; as a table's own title they would break at the width of the table."""
    table = Table(*heads, box=None)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return Group(Text(title, style="italic"), *([Text(note)] if note else []), table)
