"""What came back: answers, how often a warning was right (with its interval), and what random audits say was missed."""

from __future__ import annotations

from monitor.bulletin.blocks import Row, Section, Table, Words, count, interval, percent, stacked
from monitor.bulletin.figures import Figures
from monitor.bulletin.figures import Row as Numbers
from monitor.contracts import answers
from monitor.vocabulary import CaseKind

SHOWN = 12
# fewer judged answers say next to nothing of a single rule
ENOUGH = 5
_INTERVAL_LEGEND = (("range", "95%置信区间"), ("stroke", "估计值"))


def answers_section(figures: Figures) -> Section:
    """Answers, precision, missed need."""
    source = "答复表 answer、精准率表 precision、漏查估计 missed_need；区间为 Wilson 95%"
    blocks = [_answers(figures), *_overall(figures), *_missed(figures), *_rules(figures)]
    return Section("answers", "答复与精准", tuple(blocks), source)


def overall(figures: Figures) -> Numbers | None:
    """The precision of all rules together; None when nothing has been judged."""
    return next((row for row in figures.tables["precision"] if row["indicator"] == "all"), None)


def _answers(figures: Figures) -> Table | Words:
    rows = {row["answer"]: row for row in figures.tables["answer_count"] if row["kind"] == CaseKind.VISIT}
    if not rows:
        return Words("还没有收回答复", "名单填好收回后，这里按结果计数，并算出属实率。")
    total, fresh = (sum(row[name] for row in rows.values()) for name in ("cases", "of_period"))
    most = max(row["cases"] for row in rows.values())
    lines = tuple(
        Row(choice.zh, (count(row["cases"]), count(row["of_period"])), marks=stacked(((_look(code), row["cases"]),), most))
        for code, choice in answers().choices.items()
        if (row := rows.get(code))
    )
    span = figures.edition.span
    others = sum(row["cases"] for row in figures.tables["answer_count"] if row["kind"] != CaseKind.VISIT)
    note = f"每件工单只计现行的一份答复。另有复核、抽查答复{count(others)}件。" if others else "每件工单只计现行的一份答复。"
    legend = (("true", "属实"), ("false", "不属实"), ("open", "未判明"))
    return Table(
        f"走访答复{count(total)}件，{span}新收{count(fresh)}件",
        ("答复", "累计", f"{span}新收"),
        lines,
        legend=legend,
        note=note,
        shape="tall",
    )


def _span(rows: list[Numbers]) -> str:
    low, high = percent(rows[-1]["fact_share"]), percent(rows[0]["fact_share"])
    return low if low == high else f"从{low}到{high}"


def _look(code: str) -> str:
    return "true" if code.startswith("true_") else "false" if code.startswith("false_") else "open"


def _overall(figures: Figures) -> list[Table]:
    whole = overall(figures)
    if whole is None:
        return []
    judged = whole["judged"]
    kinds = (("fact", "属实率"), ("action", "行动率"), ("enrolment", "纳入率"))
    table = Table(
        f"判明{count(judged)}件，属实{percent(whole['fact_share'])}（{_ends(whole, 'fact')}）",
        ("口径", "件数", "比率", "区间"),
        tuple(_line(zh, whole, name) for name, zh in kinds),
        legend=_INTERVAL_LEGEND,
        note="行动率：已纳入、转介或临时救助；纳入率：已纳入。分母都是判明的件数。",
    )
    return [table]


def _rules(figures: Figures) -> list[Table]:
    rules = [row for row in figures.tables["precision"] if row["indicator"] != "all"]
    enough = [row for row in rules if row["judged"] >= ENOUGH]
    if not enough:
        return []
    enough.sort(key=lambda row: (-row["fact_share"], -row["judged"], row["indicator"]))
    lines = tuple(_line(_title(figures, row["indicator"]), row, "fact", row["indicator"]) for row in enough)
    few = f"判明不足{ENOUGH}件的{len(rules) - len(enough)}项指标不列。" if len(rules) > len(enough) else ""
    table = Table(
        f"{len(enough)}项指标判明{ENOUGH}件以上，属实率{_span(enough)}",
        ("指标", "判明", "属实率", "区间"),
        lines[:SHOWN],
        lines[SHOWN:],
        f"其余{len(lines) - SHOWN}项指标",
        _INTERVAL_LEGEND,
        f"区间宽，是因为判明的还少；区间重叠的指标分不出高下。{few}",
        "wide",
    )
    return [table]


def _line(label: str, row: Numbers, name: str, note: str = "") -> Row:
    low, share, high = (row[f"{name}_{end}"] for end in ("low", "share", "high"))
    number = row["judged"] if note else row[name]
    return Row(label, (count(number), percent(share), _ends(row, name)), note, interval(low, share, high))


def _ends(row: Numbers, name: str) -> str:
    return f"{percent(row[f'{name}_low'])}–{percent(row[f'{name}_high'])}"


def _title(figures: Figures, code: str) -> str:
    rule = figures.book.rules.get(code)
    return rule.title if rule else code


def _missed(figures: Figures) -> list[Table]:
    """What random audits say of households without a warning."""
    rows = [row for row in figures.tables["missed_need"] if row["judged"] and row["share"] is not None]
    if not rows:
        return []
    (row,) = rows
    line = Row(
        "没有工单的家庭",
        (count(row["judged"]), percent(row["share"]), f"{percent(row['share_low'])}–{percent(row['share_high'])}"),
        marks=interval(row["share_low"], row["share"], row["share_high"]),
    )
    estimate = f"{count(row['missed_households_low'])}–{count(row['missed_households_high'])}户"
    return [
        Table(
            f"随机抽查判明{count(row['judged'])}户，估计漏查{estimate}",
            ("对象", "判明", "漏查率", "区间"),
            (line,),
            legend=_INTERVAL_LEGEND,
            note=f"由随机抽查推算到没有走访工单的{count(row['households'])}户，不是查实的数。",
        )
    ]
