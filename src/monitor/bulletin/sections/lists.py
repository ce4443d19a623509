"""The lists: what waits at the door, what is overdue, and how much that is for each visitor."""

from __future__ import annotations

from decimal import Decimal

from monitor.bulletin.blocks import Row, Section, Table, Words, count, stacked
from monitor.bulletin.figures import Figures

SHOWN = 20
WHOLE = "all"
_LEFT_OFF = {"capacity": "因每周走访能力已满暂未列入", "blue": "蓝色仅关注", "muted": "静默期内"}


def lists_section(figures: Figures) -> Section:
    """Load and overdue by place."""
    source = "进度表 progress、清单表 listing；核查人为近28天有答复的人，在两地走访的两地都计"
    return Section("lists", "名单与超期", (_load(figures),), source)


def _load(figures: Figures) -> Table | Words:
    parts = [row for row in figures.tables["field"] if row["part"] != WHOLE and (row["listed"] or row["answered"])]
    left = [f"{zh}{count(n)}户" for why, zh in _LEFT_OFF.items() if (n := figures.total("left_off", "cases", why=why))]
    note = f"未列入名单：{'，'.join(left)}。" if left else ""
    if not parts:
        return Words("没有列入名单的家庭", note)
    parts.sort(key=lambda row: (-row["overdue"], -row["listed"], row["part"]))
    listed, overdue = listed_and_overdue(figures)
    most = max(row["listed"] for row in parts)
    lines = tuple(_line(figures, row, most) for row in parts)
    whole = next(row for row in figures.tables["field"] if row["part"] == WHOLE)
    total = Row("合计", (count(listed), count(overdue), count(whole["answered"]), _per_visitor(whole)))
    where = f"，{figures.name(parts[0]['part'])}最多" if overdue and len(parts) > 1 else ""
    return Table(
        f"名单上{count(listed)}户待走访，{f'{count(overdue)}户超期{where}' if overdue else '没有超期'}",
        ("地方", "名单", "超期", "已答复", "人均待走访"),
        (total, *lines[:SHOWN]),
        lines[SHOWN:],
        f"其余{len(lines) - SHOWN}个地方",
        (("overdue", "超期"), ("listed", "未到期")),
        note,
    )


def listed_and_overdue(figures: Figures) -> tuple[int, int]:
    """Visit cases on tonight's lists, and of these past their day."""
    return figures.total("field", "listed", part=WHOLE), figures.total("field", "overdue", part=WHOLE)


def _line(figures: Figures, row: dict[str, int], most: int) -> Row:
    code, late = str(row["part"]), row["overdue"]
    marks = stacked((("overdue", late), ("listed", row["listed"] - late)), most)
    cells = (count(row["listed"]), count(late), count(row["answered"]), _per_visitor(row))
    return Row(figures.name(code), cells, marks=marks, page=code if len(code) <= 6 else "")


def _per_visitor(row: dict[str, int]) -> str:
    return f"{Decimal(row['listed']) / row['visitors']:.1f}" if row["visitors"] else "—"
