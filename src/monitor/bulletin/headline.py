"""What a head of office should know if he reads one sentence only, and the numbers that matter."""

from __future__ import annotations

from monitor.bulletin.blocks import Figure, count, percent
from monitor.bulletin.edition import chinese_day
from monitor.bulletin.figures import Figures
from monitor.bulletin.sections.answers import overall
from monitor.bulletin.sections.arrivals import blind_because_late, departments_of, late_extracts
from monitor.bulletin.sections.cases import standing
from monitor.bulletin.sections.lists import listed_and_overdue
from monitor.bulletin.sections.nights import came_and_went
from monitor.vocabulary import Colour


def headline(figures: Figures) -> str:
    """The sentence."""
    edition, total, red = figures.edition, standing(figures), standing(figures, Colour.RED)
    when = f"截至{chinese_day(edition.as_of)}，"
    if not total:
        return f"{when}没有需要走访的家庭。"
    said = [f"{when}{count(total)}户需要走访", f"其中{count(red)}户红色" if red else "没有红色"]
    if edition.after:
        came, went = came_and_went(figures)
        said.append(f"{edition.span}新增{count(came)}户、消除或办结{count(went)}户")
    _, overdue = listed_and_overdue(figures)
    said.append(f"{count(overdue)}户走访超期" if overdue else "没有超期")
    return "，".join(said) + "。"


def warning(figures: Figures) -> str:
    """What cannot be trusted tonight; empty when everything arrived."""
    late = late_extracts(figures)
    if not late:
        return ""
    blind = blind_because_late(figures)
    what = f"{len(blind)}项指标对部分家庭判不了" if blind else "没有指标因此判不了"
    return f"{departments_of(late)}有{len(late)}项数据迟到，{what}；判不了不等于没有困难。"


def key_figures(figures: Figures) -> tuple[Figure, ...]:
    """The large numbers under the headline."""
    came, went = came_and_went(figures)
    listed, overdue = listed_and_overdue(figures)
    precision, late = overall(figures), late_extracts(figures)
    fact = percent(precision["fact_share"]) if precision else "—"
    note = f"区间{percent(precision['fact_low'])}–{percent(precision['fact_high'])}" if precision else "还没有判明的答复"
    red, span = standing(figures, Colour.RED), figures.edition.span
    return (
        Figure("需要走访", count(standing(figures)), f"红色{count(red)}户", "red" if red else ""),
        Figure(f"{span}新增", count(came), "含首晚新开的全部" if figures.edition.after is None else "含重启"),
        Figure(f"{span}消除或办结", count(went), "不再命中或已有答复"),
        Figure("在名单上", count(listed), f"超期{count(overdue)}户" if overdue else "没有超期", "late" if overdue else ""),
        Figure("走访属实率", fact, note),
        Figure("数据迟到", f"{len(late)}项", f"共{len(figures.book.deliveries)}项", "late" if late else ""),
    )
