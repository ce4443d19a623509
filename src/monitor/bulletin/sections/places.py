"""The tile map: where hardship is dense. One tile, one place, of equal size; no borders, so no claim about them."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from monitor.bulletin.blocks import Row, Section, Table, Tile, Tiles, Words, count, stacked
from monitor.bulletin.figures import Figures
from monitor.vocabulary import NO_COUNTY

SHADES = 5
SHOWN = 8
_LEVELS = {2: "市（州）", 4: "区县", 6: "乡镇（街道）"}


@cache
def layout() -> dict[str, dict[str, Any]]:
    """Code of a prefecture -> name on its tile, row, column."""
    return tomllib.loads((Path(__file__).parents[1] / "tile_layout.toml").read_text(encoding="utf-8"))


def places_section(figures: Figures) -> Section:
    """Warnings per thousand households in every place right below the page's own."""
    level = _LEVELS[len(figures.place)]
    source = "工单表 case_history、覆盖表 coverage；格子图不表示面积和边界"
    return Section("places", f"在哪里：各{level}", (_tiles(figures, level), *_densest(figures)), source)


def _tiles(figures: Figures, level: str) -> Tiles | Words:
    rates = _rates(figures)
    known = {code: rate for code, (_, rate) in rates.items() if rate is not None}
    if not rates:
        return Words(f"没有一个{level}有需要走访的家庭")
    shades = _shades(known)
    order = [code for code in layout() if code[:2] == figures.place] if len(figures.place) == 2 else []
    is_placed = bool(order) and set(rates) <= {*order, NO_COUNTY}
    codes = order if is_placed else sorted(rates)
    return Tiles(
        _title(figures, level, rates, known),
        tuple(_tile(figures, code, rates.get(code), shades.get(code, 0), is_placed) for code in codes),
        is_placed,
        _legend(known, shades),
        "格内数字是每千户中红、橙、黄色工单数" + ("，位置按相邻关系排列。" if is_placed else "，按区划代码排列。"),
    )


def _densest(figures: Figures) -> list[Table]:
    """On the page of a province, its counties: the densest, the others folded away."""
    if len(figures.place) > 2:
        return []
    prefectures = [code for code in figures.book.places if len(code) == 4 and code.startswith(figures.place)]
    rates = {code: rate for prefecture in prefectures for code, rate in _rates(figures.book.of(prefecture)).items()}
    known = {code: (number, rate) for code, (number, rate) in rates.items() if rate is not None}
    if not known:
        return []
    order = sorted(known, key=lambda code: (-known[code][1], code))
    most = max(known[order[0]][1], Decimal(1))
    lines = [
        Row(
            figures.name(code),
            (f"{known[code][1]:.1f}", count(known[code][0])),
            figures.name(code[:4]),
            stacked((("dense", int(known[code][1] * 1000)),), int(most * 1000)),
            code,
        )
        for code in order
    ]
    title = f"{len(order)}个区县中{figures.name(order[0])}最密，每千户{known[order[0]][1]:.1f}件"
    more = f"其余{len(lines) - SHOWN}个区县"
    return [Table(title, ("区县", "每千户", "件数"), tuple(lines[:SHOWN]), tuple(lines[SHOWN:]), more)]


def _rates(figures: Figures) -> dict[str, tuple[int, Decimal | None]]:
    """Place -> standing red, orange and yellow cases, and how many of a thousand households that is."""
    households = {row["part"]: row["households"] for row in figures.tables["household"] if row["part"] != "all"}
    cases = {code: 0 for code in households if code != NO_COUNTY}
    for row in figures.tables["part_case"]:
        if row["part"] not in ("", NO_COUNTY) and row["colour"] != "blue":
            cases[row["part"]] = cases.get(row["part"], 0) + row["cases"]
    return {
        code: (number, Decimal(number * 1000) / households[code] if households.get(code) else None)
        for code, number in cases.items()
    }


def _shades(known: dict[str, Decimal]) -> dict[str, int]:
    """Equally many places for each shade; places of one rate have one shade."""
    ordered = sorted(known.values())
    return {code: 1 + SHADES * ordered.index(rate) // len(ordered) for code, rate in known.items()}


def _title(figures: Figures, level: str, rates: dict[str, tuple[int, Decimal | None]], known: dict[str, Decimal]) -> str:
    if known:
        most = max(known, key=lambda code: (known[code], code))
        return f"{figures.name(most)}最密，每千户{known[most]:.1f}件" if len(known) > 1 else f"每千户{known[most]:.1f}件"
    most = max(rates, key=lambda code: (rates[code][0], code))
    return f"{figures.name(most)}最多，{count(rates[most][0])}件"


def _tile(figures: Figures, code: str, rate: tuple[int, Decimal | None] | None, shade: int, is_placed: bool) -> Tile:
    place = layout()[code] if is_placed else {}
    label = place.get("name") or figures.name(code)
    row, column = place.get("row", 0), place.get("column", 0)
    if rate is None:
        return Tile(label, "—", 0, row, column, title="没有数据")
    number, share = rate
    value = count(number) if share is None else f"{share:.1f}"
    return Tile(label, value, shade, row, column, code if len(code) <= 6 else "", f"{count(number)}件")


def _legend(known: dict[str, Decimal], shades: dict[str, int]) -> tuple[tuple[str, str], ...]:
    legend = []
    for shade in sorted(set(shades.values())):
        rates = [rate for code, rate in known.items() if shades[code] == shade]
        low, high = f"{min(rates):.1f}", f"{max(rates):.1f}"
        legend.append((f"s{shade}", low if low == high else f"{low}–{high}"))
    return tuple(legend)
