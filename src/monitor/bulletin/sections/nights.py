"""Night after night: what came and went, and what stands."""

from __future__ import annotations

from datetime import date

from monitor.bulletin.blocks import Columns, Row, Section, Stack, Words, bars_of, count
from monitor.bulletin.figures import Figures
from monitor.bulletin.sections.cases import COLOURS, LEGEND

# as many nights have room for their names below a picture on a telephone
FEW = 5


def nights_section(figures: Figures) -> Section:
    """Two pictures over the same nights; with a single night there is nothing to compare."""
    nights = figures.edition.nights
    source = f"工单表 case_history，{nights[0]} 至 {nights[-1]}，共{len(nights)}晚"
    if len(nights) < 2:
        words = Words("只有一晚，还没有走势", "从第二晚起，这里逐晚画出新增、消除和存量。")
        return Section("nights", "逐晚变化", (words,), source)
    return Section("nights", "逐晚变化", (_flow(figures), _trend(figures)), source)


def came_and_went(figures: Figures) -> tuple[int, int]:
    """Visit cases that came and that went in the period of the edition."""
    nights = set(figures.edition.period_nights)
    rows = [row for row in figures.tables["trend"] if row["as_of"] in nights]
    return sum(row["came"] for row in rows), sum(row["went"] for row in rows)


def _flow(figures: Figures) -> Columns:
    """The first night of all opens everything at once; it would dwarf the others and is left out."""
    edition = figures.edition
    nights = edition.nights[1:] if edition.begins else edition.nights
    numbers = {night: (_sum(figures, night, "came"), _sum(figures, night, "went")) for night in nights}
    bars, base, top, bottom = bars_of([Stack(n, (("came", a),), (("went", b),)) for n, (a, b) in numbers.items()])
    came, went = (sum(one[i] for one in numbers.values()) for i in (0, 1))
    more = "增多减少" if came > went else "减多增少" if went > came else "增减相当"
    return Columns(
        title=f"{len(nights)}晚新增{count(came)}户，消除或办结{count(went)}户，{more}",
        summary=f"逐晚柱图，向上为新增，向下为消除或办结；最多一晚新增{count(top)}户，消除或办结{count(bottom)}户",
        bars=bars,
        base=base,
        top=f"新增 {count(top)}",
        bottom=f"减少 {count(bottom)}",
        nights=_names(nights),
        head=("日期", "新增或重启", "消除或办结"),
        rows=tuple(Row(n.isoformat(), (count(a), count(b))) for n, (a, b) in numbers.items()),
        legend=(("came", "新增或重启"), ("went", "消除或办结")),
        note="首晚全部是新开工单，不画。" if edition.begins else "",
    )


def _trend(figures: Figures) -> Columns:
    nights = figures.edition.nights
    numbers = {night: [_sum(figures, night, "stands", look) for look, _ in COLOURS] for night in nights}
    stacks = [Stack(n, tuple(zip((look for look, _ in COLOURS), one, strict=True))) for n, one in numbers.items()]
    bars, base, top, _ = bars_of(stacks)
    first, last = sum(numbers[nights[0]]), sum(numbers[nights[-1]])
    change = "持平" if first == last else f"比{_day(nights[0])}{'多' if last > first else '少'}{count(abs(last - first))}户"
    return Columns(
        title=f"需要走访的家庭{count(last)}户，{change}",
        summary=f"逐晚堆叠柱图，按颜色；从{count(first)}户到{count(last)}户，最多{count(top)}户",
        bars=bars,
        base=base,
        top=f"{count(top)} 户",
        bottom="",
        nights=_names(nights),
        head=("日期", *(zh for _, zh in COLOURS), "合计"),
        rows=tuple(Row(n.isoformat(), (*map(count, one), count(sum(one)))) for n, one in numbers.items()),
        legend=LEGEND,
        note="不含静默期内的工单。",
    )


def _sum(figures: Figures, night: date, column: str, look: str = "") -> int:
    wanted = {"as_of": night} | ({"colour": look} if look else {})
    return figures.total("trend", column, **wanted)


def _names(nights: tuple[date, ...]) -> tuple[str, ...]:
    return tuple(_day(night) for night in (nights if len(nights) <= FEW else (nights[0], nights[-1])))


def _day(night: date) -> str:
    return f"{night.month}月{night.day}日"
