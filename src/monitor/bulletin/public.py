"""The public pages of a month: made of the files of its public release and of nothing else.

What may be told was decided there: small counts are hidden, the others rounded. Nothing is computed here but the length of
marks, so whoever has the release learns nothing more from these pages.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.bulletin.blocks import Figure, Row, Section, Table, Tile, Tiles, count, stacked
from monitor.contracts import answers
from monitor.errors import Fault, UsageError
from monitor.vocabulary import COLOUR_ZH, DOMAINS

EVERYWHERE = "all"
HIDDEN_ZH = "不公布"
_TABLES = ("cases", "answers")
_NOTE = f"{HIDDEN_ZH}：小于8，或为防止推算而隐去；其余四舍五入到5的倍数，分项之和与合计可能不等。"


@dataclass(frozen=True)
class Release:
    """A public release as it lies in its folder.

    Attributes:
        month, as_of: of which month, counted on which night.
        rules: in Chinese, how it was made safe.
        names: place -> name; `all` is everywhere.
        cells: table -> (place, item) -> what is shown; None = hidden.
        late, extracts: departments' data that came late, and how many there are.
    """

    month: str
    as_of: str
    rules: tuple[str, ...]
    names: Mapping[str, str]
    cells: Mapping[str, Mapping[tuple[str, str], int | None]]
    late: tuple[str, ...]
    extracts: int

    def shown(self, table: str, place: str, item: str) -> int | None:
        """What is told of a count."""
        return self.cells[table].get((place, item))


def read_release(folder: Path) -> Release:
    """Read a release.

    Raises:
        UsageError: there is none, or it is not as releases are.
    """
    try:
        told = json.loads((folder / "release.json").read_text(encoding="utf-8"))
        tables = {name: list(_rows(folder / f"{name}.csv")) for name in _TABLES}
        fresh = list(_rows(folder / "freshness.csv"))
        places = {row["区划代码"]: row["区划"] for rows in tables.values() for row in rows if _is_place(row["区划代码"])}
        if any(EVERYWHERE not in {row["区划代码"] for row in rows} for rows in tables.values()):
            raise ValueError("a table says nothing of everywhere")
        return Release(
            month=told["month"],
            as_of=told["as_of"],
            rules=tuple(told["rules_zh"]),
            names=places | {EVERYWHERE: "全部地区"},
            cells={
                name: {(row["区划代码"], row["项目代码"]): _number(row["数量"], told["rules"]["hidden"]) for row in rows}
                for name, rows in tables.items()
            },
            late=tuple(f"{row['部门']}（{row['数据']}）" for row in fresh if row["是否迟到"] == "是"),
            extracts=len(fresh),
        )
    except FileNotFoundError:
        fault = Fault(str(folder), "没有公开数据", remedy="先用 monitor public 公布这个月")
        raise UsageError("公开简报只用公开数据来做。", [fault]) from None
    except (KeyError, ValueError) as error:
        fault = Fault(str(folder), f"不是公开数据应有的样子({type(error).__name__})", remedy="用 monitor public 重写")
        raise UsageError("公开数据读不了。", [fault]) from None


def headline(release: Release, place: str) -> str:
    """The sentence."""
    visits, red = (_said(release.shown("cases", place, item)) for item in ("visit", "red"))
    return f"{int(release.month[:4])}年{int(release.month[5:])}月，在办走访工单{visits}，其中红色{red}。"


def key_figures(release: Release, place: str) -> tuple[Figure, ...]:
    """The large numbers."""
    wanted = [("cases", "visit", "在办走访"), ("cases", "review", "在办复核"), ("answers", "answered", "已答复")]
    wanted += [("answers", "true", "属实"), ("answers", "true_enrolled", "已纳入")]
    figures = tuple(_figure(zh, release.shown(table, place, item)) for table, item, zh in wanted)
    return (*figures, Figure("数据迟到", f"{len(release.late)}项", f"共{release.extracts}项"))


def warning(release: Release) -> str:
    """Whose data came late; empty when nobody's did."""
    return f"{'、'.join(release.late)}迟到，数字可能偏少。" if release.late else ""


def sections(release: Release, place: str) -> tuple[Section, ...]:
    """The chapters."""
    source = "公开数据 cases.csv、answers.csv"
    colours = {colour.value: f"{zh}色" for colour, zh in COLOUR_ZH.items()}
    domains = {code: zh for code, (_, zh) in DOMAINS.items()} | {"other": "其他"}
    told = {code: one.zh for code, one in answers().choices.items() if "visit" in one.kinds}
    cases = (
        _table(release, place, "cases", colours, "走访工单，按颜色", "颜色", colours),
        _table(release, place, "cases", domains, "走访工单，按主要困难", "领域"),
    )
    found = [Section("cases", "哪些困难最多", cases, source)]
    found += [Section("places", "在哪里", (tiles,), f"{source}；格子图不表示面积和边界") for tiles in _places(release, place)]
    table = _table(release, place, "answers", told, "走访的答复，每户取现行的一份", "答复")
    found.append(Section("answers", "走访结果", (table,), source))
    rules = Table("公布的规则", ("规则",), tuple(Row(rule) for rule in release.rules))
    return (*found, Section("rules", "怎样保护个人", (rules,), "公开数据 release.json"))


def below(release: Release, place: str) -> list[str]:
    """The places right below one: prefectures of everywhere, counties of a prefecture."""
    digits = 4 if place == EVERYWHERE else 6
    inside = (code for code in release.names if len(code) == digits and code != EVERYWHERE)
    return sorted(code for code in inside if place == EVERYWHERE or (len(place) == 4 and code.startswith(place)))


def _table(
    release: Release,
    place: str,
    table: str,
    items: Mapping[str, str],
    title: str,
    head: str,
    looks: Mapping[str, str] | None = None,
) -> Table:
    numbers = {item: release.shown(table, place, item) for item in items}
    most = max((number for number in numbers.values() if number), default=0)
    rows = tuple(
        Row(items[item], (_cell(number),), marks=stacked(((item if looks else "dense", number or 0),), most))
        for item, number in numbers.items()
    )
    return Table(title, (head, "件数"), rows, note=_NOTE)


def _places(release: Release, place: str) -> list[Tiles]:
    codes = below(release, place)
    if not codes:
        return []
    numbers = {code: release.shown("cases", code, "visit") for code in codes}
    known = sorted(number for number in numbers.values() if number is not None)
    tiles = tuple(
        Tile(
            release.names[code],
            _cell(number),
            0 if number is None else 1 + 5 * known.index(number) // len(known),
            page=code,
        )
        for code, number in numbers.items()
    )
    return [Tiles("各地在办走访工单", tiles, False, note=f"按区划代码排列，颜色越深件数越多。{_NOTE}")]


def _figure(label: str, number: int | None) -> Figure:
    return Figure(label, _cell(number), "" if number is None else "件")


def _is_place(code: str) -> bool:
    """Everywhere, a prefecture or a county; a code becomes the name of a file, so nothing else will do."""
    return code == EVERYWHERE or bool(re.fullmatch(r"(?!0000)([0-9]{4}|[0-9]{6})", code))


def _cell(number: int | None) -> str:
    return HIDDEN_ZH if number is None else count(number)


def _said(number: int | None) -> str:
    return "数量不公布" if number is None else f"约{count(number)}件"


def _number(text: str, hidden: str) -> int | None:
    return None if text == hidden else int(text)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        yield from csv.DictReader(handle)
