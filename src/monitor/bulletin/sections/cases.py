"""Cases by colour and domain."""

from __future__ import annotations

from monitor.bulletin.blocks import Row, Section, Table, Words, count, percent, stacked
from monitor.bulletin.figures import Figures
from monitor.vocabulary import COLOUR_ZH, DOMAINS, CaseKind, Colour

COLOURS = tuple((colour.value, zh) for colour, zh in COLOUR_ZH.items())
LEGEND = tuple((look, f"{zh}色") for look, zh in COLOURS)


def cases_section(figures: Figures) -> Section:
    """Visit cases that stand, then the reviews of benefits beside them."""
    blocks = [_visits(figures), *_reviews(figures)]
    return Section("cases", "哪些困难最多", tuple(blocks), "工单表 case_history；每件工单按最重的一项原因归入一个领域")


def _visits(figures: Figures) -> Table | Words:
    rows = _by_domain(figures, CaseKind.VISIT)
    muted = figures.total("case_now", "cases", kind=CaseKind.VISIT, is_muted=True)
    note = f"另有{count(muted)}户已有答复、在静默期内，不计在内。" if muted else ""
    if not rows:
        return Words("没有需要走访的家庭", note)
    total = sum(number for _, number in rows)
    name, most = rows[0]
    title = f"{DOMAINS[name][1]}最多，{count(most)}户，占{percent(most / total)}"
    return _table(figures, CaseKind.VISIT, rows, title, f"一户计一件；红色8分以上、橙色5分、黄色3分、蓝色仅关注。{note}")


def _reviews(figures: Figures) -> list[Table | Words]:
    rows = _by_domain(figures, CaseKind.REVIEW)
    lines = sum(row["lines"] for row in figures.tables["process"])
    note = f"由县级经办复核，不入户；另有经办督办{count(lines)}条。"
    if not rows:
        return [Words("没有待复核的待遇", note)] if lines else []
    total = sum(number for _, number in rows)
    title = f"另有{count(total)}件待遇需要复核，{DOMAINS[rows[0][0]][1]}最多"
    return [_table(figures, CaseKind.REVIEW, rows, title, note)]


def _by_domain(figures: Figures, kind: CaseKind) -> list[tuple[str, int]]:
    """Domains that have standing cases, the largest first."""
    numbers = [(name, figures.total("case_now", "cases", kind=kind, is_muted=False, domain=name)) for name in DOMAINS]
    return sorted((one for one in numbers if one[1]), key=lambda one: -one[1])


def _table(figures: Figures, kind: CaseKind, rows: list[tuple[str, int]], title: str, note: str) -> Table:
    most = rows[0][1]
    lines = []
    for name, total in rows:
        parts = [
            (look, figures.total("case_now", "cases", kind=kind, is_muted=False, domain=name, colour=look))
            for look, _ in COLOURS
        ]
        cells = (*(count(number) for _, number in parts), count(total))
        lines.append(Row(DOMAINS[name][1], cells, marks=stacked(parts, most)))
    sums = [figures.total("case_now", "cases", kind=kind, is_muted=False, colour=look) for look, _ in COLOURS]
    lines.append(Row("合计", (*map(count, sums), count(sum(sums)))))
    return Table(title, ("领域", *(zh for _, zh in COLOURS), "合计"), tuple(lines), legend=LEGEND, note=note)


def standing(figures: Figures, colour: Colour | None = None) -> int:
    """Visit cases that are open and not muted."""
    wanted = {"colour": colour.value} if colour else {}
    return figures.total("case_now", "cases", kind=CaseKind.VISIT, is_muted=False, **wanted)
