"""The files of a release, made from what is told alone; no true count comes here."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping

from monitor.contracts import extracts
from monitor.lists.cells import safe_texts
from monitor.public.ledger import Release
from monitor.public.outlines import outlines
from monitor.public.sheet import COUNTY, EVERYWHERE, PREFECTURE, Cell, Outline
from monitor.public.telling import SMALL, STEP

HIDDEN = "*"
_NO_PLACE = "住址不详"
_LEVELS = {PREFECTURE: "市州", COUNTY: "区县"}
# at least so many judged visits (as shown) before a share is shown
_ENOUGH = 30

_RULES_ZH = (
    f"小于{SMALL}的数不公布,以 {HIDDEN} 表示;为防止由合计倒推,另有一些数也以 {HIDDEN} 表示",
    f"其余的数四舍五入到{STEP}的倍数,所以各分项之和与合计可能不等",
    f"与形成上次公布值时的数相比,变化小于{SMALL}的,沿用上次公布值",
    "比率由公布的数算出,取整到百分之一",
)

# shown values: cell -> multiple of 5, None = hidden
Shown = Mapping[Cell, int | None]


def files_of(release: Release) -> dict[str, bytes]:
    """File name -> content; the same release gives the same bytes."""
    shown = {name: {cell: one.told.value for cell, one in cells.items()} for name, cells in release.tables.items()}
    names = dict(zip(release.names, safe_texts(list(release.names.values())), strict=True))
    files = {f"{one.name}.csv": _table(one, shown[one.name], names) for one in outlines()}
    files["rates.csv"] = _rates(shown["answers"], names)
    files["freshness.csv"] = _csv(["部门", "数据", "最近一次报送", "是否迟到"], _freshness(release))
    files["release.json"] = _described(release, files)
    return files


def _table(outline: Outline, shown: Shown, names: Mapping[str, str]) -> bytes:
    header = ["区划代码", "区划", "级别", "项目代码", "项目", "数量"]
    rows = (
        [place, *_place(place, names), item, outline.items[item], HIDDEN if value is None else str(value)]
        for (place, item), value in shown.items()
    )
    return _csv(header, rows)


def _rates(shown: Shown, names: Mapping[str, str]) -> bytes:
    """Shares of published numbers: whoever has those learns nothing new from them."""
    header = ["区划代码", "区划", "级别", "已判明", "属实率%", "纳入率%"]
    return _csv(header, _rate_rows(shown, names))


def _rate_rows(shown: Shown, names: Mapping[str, str]) -> Iterator[list[str]]:
    for place in dict.fromkeys(place for place, _ in shown):
        judged = shown[place, "judged"]
        if judged is None or judged < _ENOUGH:
            continue
        shares = (shown[place, item] for item in ("true", "true_enrolled"))
        told = (HIDDEN if one is None else str(min(100, (200 * one + judged) // (2 * judged))) for one in shares)
        yield [place, *_place(place, names), str(judged), *told]


def _freshness(release: Release) -> Iterator[list[str]]:
    for name, day, late in release.freshness:
        yield [
            extracts()[name].department,
            extracts()[name].title,
            day.isoformat() if day else "从未报送",
            "是" if late else "否",
        ]


def _described(release: Release, files: Mapping[str, bytes]) -> bytes:
    """What the release is, by which rules, what adds up in it, and the hash of every file."""
    described = {
        "month": release.month,
        "as_of": release.as_of.isoformat(),
        "rules_zh": _RULES_ZH,
        "rules": {"hidden": HIDDEN, "hidden_below": SMALL, "rounded_to": STEP, "change_told_from": SMALL},
        "tables": {
            one.name: {
                "zh": one.zh,
                "en": one.en,
                "sums": {f"{whole}#{n}": parts for n, (whole, parts) in enumerate(one.splits)},
            }
            for one in outlines()
        },
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode()


def _place(place: str, names: Mapping[str, str]) -> tuple[str, str]:
    if place == EVERYWHERE:
        return "合计", "合计"
    return names.get(place, place) if place.strip("0") else _NO_PLACE, _LEVELS[len(place)]


def _csv(header: list[str], rows: Iterator[list[str]]) -> bytes:
    """For programs to read: codes stay codes. Names of places, the only texts from outside, are made safe before."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([header, *rows])
    return out.getvalue().encode("utf-8-sig")
