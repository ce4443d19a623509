"""The catalogue that a night uses, and the last good one when tonight's is broken.

A slip in an indicator file must not leave a county without its lists: every run keeps the catalogue that it used, and the next
night falls back on it, whole, and says so.
"""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

from monitor.errors import CatalogueInvalid, Fault
from monitor.indicators.indicator import Indicator
from monitor.indicators.load import CATALOGUE, Catalogue, code_of, load_catalogue, read_text, read_texts

STORED = "catalogue.json"
OWN = "indicators"


def own_indicators(home: Path) -> Path:
    """Where an installation keeps its own indicators: `<home>/indicators/<domain>/<CODE>_<name>.toml`."""
    return home / OWN


def load_catalogue_for_night(
    home: Path, previous: Path | None, shipped: Path = CATALOGUE
) -> tuple[Catalogue, tuple[Fault, ...]]:
    """The catalogue of tonight, or that of the run before when tonight's is broken.

    Args:
        home: the home folder.
        previous: the run folder that the night starts from; None on the first night.
        shipped: the shipped catalogue.

    Returns:
        the catalogue, and the faults because of which it is not tonight's (empty when it is).

    Raises:
        CatalogueInvalid: tonight's is broken and no run before kept a good one; names every fault of tonight's.
    """
    try:
        return load_catalogue(shipped, own_indicators(home)), ()
    except CatalogueInvalid as broken:
        kept = stored_catalogue(previous) if previous else None
        if kept is None:
            raise
        return kept, broken.faults


def store_catalogue(catalogue: Catalogue, folder: Path) -> None:
    """Keep the catalogue that a run uses in its folder; the same catalogue gives the same bytes."""
    kept = {"files": catalogue.files, "own": catalogue.own, "replaced": catalogue.replaced, "sha256": catalogue.sha256}
    (folder / STORED).write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def stored_catalogue(folder: Path) -> Catalogue | None:
    """The catalogue that a run used.

    Returns:
        None when the run kept none, or one that today's facts and parameters no longer fit.
    """
    path = folder / STORED
    if not path.is_file():
        return None
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    catalogue, _ = read_texts(kept["files"])
    if catalogue is None:
        return None
    return Catalogue(catalogue.indicators, kept["sha256"], catalogue.files, tuple(kept["own"]), tuple(kept["replaced"]))


def stored_indicator(folder: Path, code: str) -> Indicator | None:
    """One indicator of the catalogue that a run used; reading all of it would take longer than whoever asks for one can wait.

    Returns:
        None when the run kept no such indicator, or one that today's facts and parameters no longer fit.
    """
    path = folder / STORED
    files: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["files"] if path.is_file() else {}
    for name, text in files.items():
        if code_of(name) == code:
            indicator, faults = read_text(PurePosixPath(name), text)
            return None if faults else indicator
    return None


def catalogue_of(run: Path) -> Catalogue:
    """The catalogue that a run, or a night in the making, used.

    Raises:
        CatalogueInvalid: it kept none, or one that today's facts and parameters no longer fit.
    """
    kept = stored_catalogue(run)
    if kept is None:
        remedy = "用原来的软件版本看这一晚，或用 --again 重跑"
        raise CatalogueInvalid(
            "这一晚的指标目录不能用。", [Fault(f"{run.name}/{STORED}", "没有，或与现在的事实、参数不合", remedy=remedy)]
        )
    return kept


def catalogue_notices(catalogue: Catalogue, faults: tuple[Fault, ...]) -> list[str]:
    """What the summary must say of the catalogue: that it is the last good one and why, and what the installation changed."""
    notices = []
    if faults:
        notices.append(
            f"【警告】指标目录有{len(faults)}处错误，今晚没有采用，沿用上一晚的目录"
            f"（{len(catalogue.indicators)}项指标）。请尽快用 monitor indicators check 查错改正。"
        )
        notices += [f"指标目录错误：{fault}" for fault in faults]
    added = [code for code in catalogue.own if code not in catalogue.replaced]
    notices += [f"本地指标替换了随系统提供的指标：{'、'.join(catalogue.replaced)}"] if catalogue.replaced else []
    return notices + ([f"本地新增指标：{'、'.join(added)}"] if added else [])
