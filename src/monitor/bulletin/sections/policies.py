"""Policies looking for people (政策找人): who is entitled by the records and has nothing, who was visited, who is enrolled."""

from __future__ import annotations

from monitor.bulletin.blocks import Row, Section, Table, Words, count, stacked
from monitor.bulletin.figures import Figures

SHOWN = 12


def policies_section(figures: Figures) -> Section:
    """A line per policy to which a rule of the direction uncovered leads."""
    source = "命中表 hit、答复表 answer；政策取自应享未享类指标的办理去向，一户可对应几项政策"
    return Section("policies", "政策找人", (_policies(figures),), source)


def _policies(figures: Figures) -> Table | Words:
    rows = figures.tables["policy"]
    if not rows:
        return Words("没有发现符合条件而未享受政策的家庭")
    not_enrolled, enrolled = (sum(row[name] for row in rows) for name in ("not_enrolled", "enrolled"))
    title = f"{len(rows)}项政策找到应享未享{count(not_enrolled)}户次"
    title += f"，走访后已纳入{count(enrolled)}户次" if enrolled else "，还没有走访后纳入的"
    most = rows[0]["eligible"]
    lines = tuple(_line(row, most) for row in rows)
    return Table(
        title,
        ("政策", "符合条件", "尚未享受", "已走访", "已纳入"),
        lines[:SHOWN],
        lines[SHOWN:],
        f"其余{len(lines) - SHOWN}项政策",
        (("enrolled", "走访后已纳入"), ("visited", "已走访、未纳入"), ("found", "尚未走访")),
        "符合条件：按现有记录符合而没有享受，含走访后已纳入的；是否真的符合，以走访核实为准。单位：户。",
    )


def _line(row: dict[str, int | str], most: int) -> Row:
    eligible, visited, enrolled = int(row["eligible"]), int(row["visited"]), int(row["enrolled"])
    parts = (("enrolled", enrolled), ("visited", visited - enrolled), ("found", eligible - visited))
    cells = tuple(count(int(row[name])) for name in ("eligible", "not_enrolled", "visited", "enrolled"))
    return Row(str(row["route"]).replace(",", "、"), cells, marks=stacked(parts, most))
