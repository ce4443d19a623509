"""The catalogue as a handbook: an index, and a page per domain with a section per indicator."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from monitor.contracts import extracts
from monitor.handbook.markdown import anchor, bullets, link, page, table
from monitor.handbook.thresholds import threshold_table, with_unit
from monitor.indicators import Indicator, run_examples
from monitor.indicators.indicator import Example
from monitor.indicators.laws import sources
from monitor.indicators.pages import ASKED_ZH, OUTCOME_ZH, UNIT_ZH
from monitor.indicators.plain_rule import PlainRule, plain_condition, plain_exemption
from monitor.parameters.load import parameter_index
from monitor.vocabulary import DIRECTION_ZH, DOMAINS, LEVEL_ZH, Outcome

FOLDER = "catalogue"
NOT_KNOWN = "不详"
_BESIDE = """\
另见：[事实词典](../facts.zh-CN.md)（条件里的每个说法取自哪里）、[部门索引](../departments.zh-CN.md)（数据迟到时哪些指标判断不了）、\
[数据词典](../extracts.zh-CN.md)、[结果词典](../outputs.zh-CN.md)。"""


def catalogue_pages(indicators: dict[str, Indicator]) -> dict[str, str]:
    """Path below `docs/` -> text: the index and one page per domain."""
    pages = {f"{FOLDER}/README.md": _index(indicators)}
    for domain, (folder, name) in DOMAINS.items():
        own = [indicator for indicator in indicators.values() if indicator.domain == domain]
        lead = f"本领域{len(own)}项指标。阈值为本省现行值，各地另有规定的列在其后；〔〕中的是参数。"
        pages[f"{FOLDER}/{folder}.md"] = page(f"指标手册：{name}", lead, [_contents(own), *map(_section, own)])
    return pages


def indicator_link(indicator: Indicator, *, inside: bool = False) -> str:
    """A link to an indicator's section, from `docs/` or from inside the catalogue folder."""
    folder = "" if inside else f"{FOLDER}/"
    return link(indicator.code, f"{folder}{indicator.folder}.md{anchor(_heading(indicator))}")


def _heading(indicator: Indicator) -> str:
    return f"{indicator.code} {indicator.title}"


def _index(indicators: dict[str, Indicator]) -> str:
    parts = []
    for domain, (folder, name) in DOMAINS.items():
        own = [indicator for indicator in indicators.values() if indicator.domain == domain]
        rows = [
            (
                indicator_link(indicator, inside=True),
                indicator.title,
                UNIT_ZH[indicator.unit],
                DIRECTION_ZH[indicator.direction],
                LEVEL_ZH[indicator.level],
                indicator.route,
            )
            for indicator in own
        ]
        header = ("编号", "名称", "对象", "方向", "级别", "去向")
        parts += [f"## {link(name, f'{folder}.md')}（{len(own)}项）", table(header, rows)]
    directions = [
        f"- **{label}**：{sum(indicator.direction == direction for indicator in indicators.values())}项"
        for direction, label in DIRECTION_ZH.items()
    ]
    lead = f"全部{len(indicators)}项指标，按领域排列；点编号看条件、阈值、例子和依据。"
    return page("指标手册", lead, [_BESIDE, "\n".join(directions), *parts])


def _contents(indicators: Iterable[Indicator]) -> str:
    return "\n".join(f"- {link(_heading(one), anchor(_heading(one)))}" for one in indicators)


def _section(indicator: Indicator) -> str:
    rule = PlainRule(indicator.declared_facts)
    thresholds = threshold_table(indicator.parameters)
    return "\n\n".join(
        [
            f"## {_heading(indicator)}",
            indicator.why,
            bullets(_fields(indicator)),
            *([f"**现行阈值**\n\n{thresholds}"] if thresholds else []),
            f"**例子**\n\n{_examples(indicator, rule)}",
            link("回到目录", "README.md"),
        ]
    )


def _fields(indicator: Indicator) -> list[tuple[str, str]]:
    kind = f"{DIRECTION_ZH[indicator.direction]}，级别{LEVEL_ZH[indicator.level]}（{indicator.points}分）"
    until = f"至{indicator.until}" if indicator.until else "起"
    return [
        ("类别", kind + ("，与同组指标只计最重的一项" if indicator.family else "")),
        ("问谁", "全部家庭" if indicator.unit == "household" else f"每一个人（{ASKED_ZH[indicator.asked]}）"),
        ("预警条件", plain_condition(indicator)),
        ("不再预警（已有保障）", plain_exemption(indicator)),
        ("名单上的话（举例）", f"“{_said(indicator)}”"),
        ("上门问什么", indicator.ask),
        ("常见误报", "；".join(indicator.false_alarms)),
        ("去向", indicator.route),
        ("政策依据", "\n".join(f"- {name}" for name in dict.fromkeys(sources()[key] for key in indicator.basis))),
        ("数据来自", "\n".join(f"- {extracts()[name].department}：{extracts()[name].title}" for name in indicator.extracts)),
        ("启用", f"{indicator.since}{until}"),
    ]


def _said(indicator: Indicator) -> str:
    """The reason as it would stand on a list for the first example that hits."""
    hit = next(example for example in indicator.examples if example.expect == Outcome.HIT)
    return run_examples(indicator.model_copy(update={"examples": (hit,)}))[0].reason


def _examples(indicator: Indicator, rule: PlainRule) -> str:
    """The first example with all it knows; the others with what differs from it."""
    first = _known(indicator.examples[0], indicator, rule)
    rows = []
    for number, example in enumerate(indicator.examples):
        known = _known(example, indicator, rule)
        told = known if number == 0 else {name: value for name, value in known.items() if first.get(name) != value}
        gone = {name: NOT_KNOWN for name in first if name not in known}
        differs = "；".join(f"{name}：{value}" for name, value in (told | gone).items())
        rows.append((example.name, differs or "同第一例", OUTCOME_ZH[example.expect]))
    return table(("例子", "已知情况（第二例起只写与第一例不同之处）", "结论"), rows)


def _known(example: Example, indicator: Indicator, rule: PlainRule) -> dict[str, str]:
    known = {indicator.declared_facts[name].zh: rule.value(name, value) for name, value in example.given.items()}
    return known | {
        f"〔{parameter_index()[name].zh}〕": with_unit(name, Decimal(value)) for name, value in example.param.items()
    }
