"""What arrived, and what cannot be seen because it did not."""

from __future__ import annotations

from collections import defaultdict

from monitor.bulletin.blocks import Block, Row, Section, Table, Words, count, percent, stacked
from monitor.bulletin.figures import Figures
from monitor.bulletin.figures import Row as Numbers
from monitor.contracts import extracts

SHOWN = 8
_LEGEND = (("fresh", "距今天数"), ("stale", "超过允许天数"))
_UNITS = {"person": "人", "household": "户"}


def arrivals_section(figures: Figures) -> Section:
    """Departments, rows, and deliveries that were refused. The same on every page: departments deliver for everybody."""
    blocks = [_departments(figures), _rows_read(figures), *_refused(figures)]
    return Section("arrivals", "数据到了多少", tuple(blocks), "时效表 freshness、交付台账 ledger；部门数据为全域合计，不分地方")


def blindness_section(figures: Figures) -> Section:
    """Indicators that could not tell."""
    return Section("blindness", "哪里看不清", tuple(_blindness(figures)), "覆盖表 coverage；判不了不当作没有问题")


def late_extracts(figures: Figures) -> list[str]:
    """The extracts that are late on the night."""
    return [row["extract"] for row in figures.book.deliveries if row["is_stale"]]


def blind_because_late(figures: Figures) -> list[Numbers]:
    """Rows of indicators that could not tell of somebody and rest on a late extract, the most unknown first."""
    late = set(late_extracts(figures))
    rules = figures.book.rules
    return [row for row in figures.tables["blind"] if row["indicator"] in rules and late & {*rules[row["indicator"]].extracts}]


def departments_of(names: list[str]) -> str:
    """The departments that owe these extracts."""
    return "、".join(dict.fromkeys(extracts()[name].department for name in names if name in extracts()))


def _departments(figures: Figures) -> Block:
    by_department: dict[str, list[Numbers]] = defaultdict(list)
    for row in figures.book.deliveries:
        contract = extracts().get(row["extract"])
        by_department[contract.department if contract else row["extract"]].append(row)
    late = late_extracts(figures)
    lines = sorted((_department(figures, name, rows) for name, rows in by_department.items()), key=lambda pair: pair[0])
    shown = tuple(line for (on_time, _), line in lines if not on_time)
    rest = tuple(line for (on_time, _), line in lines if on_time)
    head = ("部门", "数据项", "迟到", "最迟或最近到期的一项距今", *(("本月迟到夜数",) if figures.edition.month else ()))
    total = len(figures.book.deliveries)
    title = f"{len(by_department)}个部门{total}项数据，" + (f"{departments_of(late)}{len(late)}项迟到" if late else "全部按时")
    if figures.book.refused:
        title += f"，{len(figures.book.refused)}份被退回"
    return Table(title, head, shown, rest, f"{'其余' if shown else ''}{len(rest)}个按时的部门", _LEGEND if shown else ())


def _department(figures: Figures, name: str, rows: list[Numbers]) -> tuple[tuple[bool, str], Row]:
    late = [row for row in rows if row["is_stale"]]
    ages = [row for row in rows if row["age_days"] is not None]
    latest = max(ages, key=lambda row: row["age_days"] - row["late_after"], default=None)
    never = [row for row in rows if row["age_days"] is None]
    age = f"{latest['age_days']}天（允许{latest['late_after']}）" if latest else "从未收到"
    marks = stacked(_age(latest), max(latest["age_days"], latest["late_after"])) if latest else ()
    note = "、".join(f"{_title(row['extract'])}{'从未收到' if row in never else ''}" for row in late)
    nights = (count(sum(row["nights_late"] for row in rows)),) if figures.edition.month else ()
    return (not late, name), Row(name, (count(len(rows)), count(len(late)), age, *nights), note, marks)


def _age(row: Numbers) -> tuple[tuple[str, int], ...]:
    return ("fresh", min(row["age_days"], row["late_after"])), ("stale", max(row["age_days"] - row["late_after"], 0))


def _title(extract: str) -> str:
    return extracts()[extract].title if extract in extracts() else extract


def _rows_read(figures: Figures) -> Table:
    sums = {
        name: sum(row[name] for row in figures.book.deliveries) for name in ("rows_read", "loaded", "superseded", "quarantined")
    }
    words = (("loaded", "入库"), ("superseded", "被新记录取代"), ("quarantined", "读不懂而隔离"))
    whole = sums["rows_read"]
    rest = whole - sum(sums[name] for name, _ in words)
    share = percent(sums["quarantined"] / whole) if whole else "—"
    marks = stacked([*((name, sums[name]) for name, _ in words), ("refused", rest)], whole)
    cells = (count(whole), *(count(sums[name]) for name, _ in words), count(rest))
    return Table(
        f"共读{count(whole)}行，隔离{count(sums['quarantined'])}行（{share}）",
        ("全部数据", "读到", "入库", "被取代", "隔离", "退回"),
        (Row("行数", cells, marks=marks),),
        legend=(*words, ("refused", "随整份退回")),
    )


def _refused(figures: Figures) -> list[Table]:
    rows = figures.book.refused
    if not rows:
        return []
    lines = tuple(Row(_title(row["extract"]), (), f"{row['delivery']}　{row['reason'] or ''}") for row in rows)
    more = f"其余{len(lines) - SHOWN}份"
    return [Table(f"退回{len(rows)}份数据，等部门重报", ("数据与原因",), lines[:SHOWN], lines[SHOWN:], more, shape="wide")]


def _blindness(figures: Figures) -> list[Block]:
    late = blind_because_late(figures)
    others = [row for row in figures.tables["blind"] if row not in late]
    blocks: list[Block] = []
    if late:
        most, rule = late[0], figures.book.rules[late[0]["indicator"]]
        title = f"{len(late)}项指标因数据迟到判不了，最多的一项{count(most['unknown'])}{_UNITS[rule.unit]}"
        blocks += [_by_department(figures, late, title), _unknown(figures, late, "判不了最多的指标", SHOWN)]
    else:
        blocks.append(Words("没有指标因数据迟到看不清"))
    if others:
        worst = max(others, key=lambda row: row["unknown"] / row["asked"])
        share = percent(worst["unknown"] / worst["asked"])
        title = f"另有{len(others)}项指标对部分对象判不了，最多的一项{share}，因为记录里缺所需的内容"
        blocks.append(_unknown(figures, others, title, 0))
    return blocks


def _by_department(figures: Figures, rows: list[Numbers], title: str) -> Table:
    """Who is late, and what cannot be seen because of it."""
    lines = []
    for department in departments_of(late_extracts(figures)).split("、"):
        names = [name for name in late_extracts(figures) if name in extracts() and extracts()[name].department == department]
        blind = [row for row in rows if {*names} & {*figures.book.rules[row["indicator"]].extracts}]
        if blind:
            rule = figures.book.rules[blind[0]["indicator"]]
            most = f"{count(blind[0]['unknown'])}{_UNITS[rule.unit]}"
            cells = (count(len(blind)), most, percent(blind[0]["unknown"] / blind[0]["asked"]))
            marks = stacked((("unknown", len(blind)),), len(figures.book.rules))
            lines.append(Row(department, cells, "、".join(map(_title, names)), marks))
    lines.sort(key=lambda line: -float(line.marks[0].width))
    legend = (("unknown", "受影响的指标占全部指标的比例"),)
    return Table(title, ("迟到的部门", "受影响指标", "最多一项判不了", "占比"), tuple(lines), legend=legend)


def _unknown(figures: Figures, rows: list[Numbers], title: str, shown: int) -> Table:
    lines = tuple(_blind_line(figures, row) for row in rows)
    more = f"{'其余' if shown else '列出'}{len(lines) - shown}项"
    legend = (("unknown", "判不了的比例"),) if shown else ()
    return Table(title, ("指标", "判不了", "共比对", "比例"), lines[:shown], lines[shown:], more, legend)


def _blind_line(figures: Figures, row: Numbers) -> Row:
    rule = figures.book.rules.get(row["indicator"])
    late = departments_of([name for name in rule.extracts if name in late_extracts(figures)]) if rule else ""
    unit = _UNITS[rule.unit] if rule else ""
    cells = (f"{count(row['unknown'])}{unit}", count(row["asked"]), percent(row["unknown"] / row["asked"]))
    note = f"{row['indicator']}{f'　缺{late}' if late else ''}"
    return Row(rule.title if rule else row["indicator"], cells, note, stacked((("unknown", row["unknown"]),), row["asked"]))
