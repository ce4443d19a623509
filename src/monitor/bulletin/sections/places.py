"""The tile map: where hardship is dense. One tile, one place, of equal size; no borders, so no claim about them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from monitor.bulletin.blocks import Row, Section, Table, Tile, Tiles, Words, count, stacked
from monitor.bulletin.figures import Figures
from monitor.vocabulary import NO_COUNTY, Colour

SHADES = 5
SHOWN = 8
_LEVELS = {2: "市（州）", 4: "区县", 6: "乡镇（街道）"}


@dataclass(frozen=True)
class Warned:
    """Standing red, orange and yellow cases of a place, and how many they are of a thousand households; None = not known."""

    cases: int
    rate: Decimal | None

    @property
    def value(self) -> Decimal:
        """What tiles are shaded by."""
        return Decimal(self.cases) if self.rate is None else self.rate

    @property
    def shown(self) -> str:
        return count(self.cases) if self.rate is None else f"{self.rate:.1f}"


@cache
def layout() -> dict[str, dict[str, Any]]:
    """Code of a prefecture -> name on its tile, row, column."""
    return tomllib.loads((Path(__file__).parents[1] / "tile_layout.toml").read_text(encoding="utf-8"))


def places_section(figures: Figures) -> Section:
    """Warnings per thousand households in every place right below the page's own; of townships their number."""
    level = _LEVELS[len(figures.place)]
    source = "工单表 case_history、覆盖表 coverage；格子图不表示面积和边界"
    return Section("places", f"在哪里：各{level}", (_tiles(figures, level), *_densest(figures)), source)


def _tiles(figures: Figures, level: str) -> Tiles | Words:
    places = _places(figures)
    if not places:
        return Words(f"没有一个{level}有需要走访的家庭")
    shades = _shades(places)
    order = [code for code in layout() if code[:2] == figures.place] if len(figures.place) == 2 else []
    is_placed = bool(order) and set(places) <= set(order)
    codes = order if is_placed else sorted(places)
    what = "每千户中红、橙、黄色工单数" if len(figures.place) < 6 else "红、橙、黄色工单数"
    return Tiles(
        _title(figures, places),
        tuple(_tile(figures, code, places.get(code), shades.get(code, 0), is_placed) for code in codes),
        is_placed,
        _legend(places, shades),
        f"格内数字是{what}，{'位置按相邻关系' if is_placed else '按区划代码'}排列。",
    )


def _densest(figures: Figures) -> list[Table]:
    """On the page of a province, its counties: the densest, the others folded away."""
    if len(figures.place) > 2:
        return []
    prefectures = [code for code in figures.book.places if len(code) == 4 and code.startswith(figures.place)]
    places = {code: one for prefecture in prefectures for code, one in _places(figures.book.of(prefecture)).items()}
    if not places:
        return []
    order = sorted(places, key=lambda code: (-places[code].value, code))
    most = max(int(places[order[0]].value * 1000), 1)
    lines = tuple(_line(figures, code, places[code], most) for code in order)
    title = f"{len(order)}个区县中{figures.name(order[0])}最密，每千户{places[order[0]].shown}件"
    return [Table(title, ("区县", "每千户", "件数"), lines[:SHOWN], lines[SHOWN:], f"其余{len(lines) - SHOWN}个区县")]


def _line(figures: Figures, code: str, place: Warned, most: int) -> Row:
    marks = stacked((("dense", int(place.value * 1000)),), most)
    return Row(figures.name(code), (place.shown, count(place.cases)), figures.name(code[:4]), marks, code)


def _places(figures: Figures) -> dict[str, Warned]:
    """The places right below the page's own that are known: those with households, or, of townships, with cases."""
    households = {row["part"]: row["households"] for row in figures.tables["household"] if row["part"] != "all"}
    cases = dict.fromkeys(households, 0)
    for row in figures.tables["part_case"]:
        if row["colour"] != Colour.BLUE:
            cases[row["part"]] = cases.get(row["part"], 0) + row["cases"]
    return {
        code: Warned(number, Decimal(number * 1000) / households[code] if households.get(code) else None)
        for code, number in cases.items()
        if code not in ("", NO_COUNTY)
    }


def _shades(places: dict[str, Warned]) -> dict[str, int]:
    """Equally many places for each shade; places of one value have one shade."""
    ordered = sorted(place.value for place in places.values())
    return {code: 1 + SHADES * ordered.index(place.value) // len(ordered) for code, place in places.items()}


def _title(figures: Figures, places: dict[str, Warned]) -> str:
    most = max(places, key=lambda code: (places[code].value, code))
    where = figures.name(most)
    if places[most].rate is None:
        return f"{where}最多，{places[most].shown}件"
    return f"{where}{'最密，' if len(places) > 1 else ''}每千户{places[most].shown}件"


def _tile(figures: Figures, code: str, place: Warned | None, shade: int, is_placed: bool) -> Tile:
    at = layout()[code] if is_placed else {}
    label, row, column = at.get("name") or figures.name(code), at.get("row", 0), at.get("column", 0)
    if place is None:
        return Tile(label, "—", 0, row, column, title="没有数据")
    detail = "" if place.rate is None else f"共{count(place.cases)}件"
    return Tile(label, place.shown, shade, row, column, code if len(code) <= 6 else "", detail)


def _legend(places: dict[str, Warned], shades: dict[str, int]) -> tuple[tuple[str, str], ...]:
    """The range of values of each shade."""
    legend = []
    for shade in sorted(set(shades.values())):
        inside = sorted((place for code, place in places.items() if shades[code] == shade), key=lambda place: place.value)
        low, high = inside[0].shown, inside[-1].shown
        legend.append((f"s{shade}", low if low == high else f"{low}–{high}"))
    return tuple(legend)
