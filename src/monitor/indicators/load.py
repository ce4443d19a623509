"""Read the catalogue: every file is checked against every law, and every fault is told at once."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError

from monitor.errors import CatalogueInvalid, Fault
from monitor.indicators.indicator import CODE_PATTERN, Indicator
from monitor.indicators.laws import collective_faults, indicator_faults, sources
from monitor.parameters.nearest import did_you_mean
from monitor.vocabulary import DOMAINS

CATALOGUE = Path(__file__).parent / "catalogue"
_FORMS = {"date": "日期，如 2026-01-01，不加引号", "string": "加引号的文字", "tuple": "方括号里的列表", "bool": "true 或 false"}
_FILE_NAME = re.compile(rf"({CODE_PATTERN})_([a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Catalogue:
    """The indicators of a night.

    Attributes:
        indicators: by code, in the order of their codes.
        sha256: of their files and of the list of sources.
        files: `<folder>/<file name>` -> text, as they were read.
        own: codes of the installation's own indicators, `replaced` those among them that take a shipped one's place.
    """

    indicators: dict[str, Indicator]
    sha256: str
    files: dict[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()

    @property
    def worse(self) -> dict[str, str]:
        """Indicator -> the direction in which its measure worsens, of those that declare one."""
        return {code: rule.measure.worse for code, rule in self.indicators.items() if rule.measure}

    def in_force(self, as_of: date) -> list[Indicator]:
        """The indicators that are asked on a day."""
        return [indicator for indicator in self.indicators.values() if indicator.is_in_force(as_of)]


def load_catalogue(folder: Path = CATALOGUE, own: Path | None = None) -> Catalogue:
    """Read `<folder>/<domain>/<CODE>_<name>.toml`, and the installation's own files beside them.

    Args:
        folder: the shipped catalogue.
        own: folder of the installation's own indicators; one with the code of a shipped one replaces it. A folder that does
            not exist holds nothing.

    Raises:
        CatalogueInvalid: with every fault of every file.
    """
    shipped, faults = _texts(folder)
    added, own_faults = _texts(own) if own else ({}, [])
    codes = {code_of(name) for name in added}
    kept = {name: text for name, text in shipped.items() if code_of(name) not in codes}
    catalogue, found = read_texts(kept | added)
    faults += own_faults + found
    if faults or catalogue is None:
        raise CatalogueInvalid(f"指标目录有 {len(faults)} 处错误，没有采用。", faults)
    replaced = codes & {code_of(name) for name in shipped}
    return Catalogue(catalogue.indicators, catalogue.sha256, catalogue.files, tuple(sorted(codes)), tuple(sorted(replaced)))


def read_texts(files: Mapping[str, str]) -> tuple[Catalogue | None, list[Fault]]:
    """Read a catalogue from texts, `<folder>/<file name>` -> text.

    Returns:
        the catalogue (None when anything is wrong) and every fault found.
    """
    faults: list[Fault] = []
    found: list[tuple[str, Indicator]] = []
    digest = hashlib.sha256(repr(sorted(sources().items())).encode())
    ordered = dict(sorted(files.items(), key=lambda pair: (pair[0].rpartition("/")[2], pair[0])))
    for name, text in ordered.items():
        digest.update(f"{name}\n{text}".encode())
        indicator, wrong = read_text(PurePosixPath(name), text)
        faults += wrong
        if indicator:
            found.append((PurePosixPath(name).name, indicator))
    faults += collective_faults(found)
    if faults:
        return None, faults
    return Catalogue({indicator.code: indicator for _, indicator in found}, digest.hexdigest(), ordered), []


def read_indicator(path: Path) -> tuple[Indicator | None, list[Fault]]:
    """Read one file.

    Returns:
        the indicator (None when its fields cannot be read) and every fault found.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return None, [_not_utf8(path, error)]
    return read_text(PurePosixPath(path.parent.name, path.name), text)


def read_text(path: PurePosixPath, text: str) -> tuple[Indicator | None, list[Fault]]:
    """Read the text of one file; `path` is its folder and name. Returns the same as `read_indicator`."""
    name = _FILE_NAME.fullmatch(path.stem)
    if not name or name[1][:3] not in DOMAINS:
        allowed = f"代码_英文词.toml，代码以 {'、'.join(DOMAINS)} 开头，如 EXP-004_resident_self_paid.toml"
        return None, [Fault(path.name, "文件名里没有代码", allowed, "文件名就是指标的身份")]
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        return None, [Fault(path.name, f"不是 TOML：{error}")]
    if "code" in values:
        why = "文件名就是指标的身份"
        return None, [Fault(f"{path.name}: code", "代码由文件名定", why=why, remedy="删掉这一行")]
    try:
        indicator = Indicator.model_validate({"code": name[1], **values})
    except ValidationError as error:
        return None, [_field_fault(path.name, detail) for detail in error.errors(include_url=False)]
    faults = [] if path.parent.name == indicator.folder else [Fault(f"{path.name}: folder", path.parent.name, indicator.folder)]
    return indicator, faults + [
        Fault(f"{path.name}: {fault.where}", fault.found, fault.allowed, fault.why, fault.remedy)
        for fault in indicator_faults(indicator)
    ]


def _texts(folder: Path) -> tuple[dict[str, str], list[Fault]]:
    """The texts of a folder's files, and what cannot be read as text."""
    texts, faults = {}, []
    for path in sorted(folder.glob("*/*.toml")):
        try:
            texts[f"{path.parent.name}/{path.name}"] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            faults.append(_not_utf8(path, error))
    return texts, faults


def code_of(name: str) -> str:
    """The code in the name of a file."""
    return name.rpartition("/")[2].partition("_")[0]


def _not_utf8(path: Path, error: UnicodeDecodeError) -> Fault:
    return Fault(path.name, f"不是 UTF-8 的 TOML：{error.reason}", remedy="另存为 UTF-8")


def _field_fault(name: str, detail: Any) -> Fault:
    """One finding of pydantic in Chinese, with the nearest field for a name that does not exist."""
    where = f"{name}: {'.'.join(map(str, detail['loc'])) or 'file'}"
    context = detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            near = did_you_mean(str(detail["loc"][-1]), Indicator.model_fields)
            return Fault(where, "没有这个字段", near or "、".join(Indicator.model_fields))
        case "missing":
            return Fault(where, "没有填")
        case "string_too_short":
            return Fault(where, "空着")
        case "too_short":
            return Fault(where, f"只有 {context['actual_length']} 个", f"至少 {context['min_length']} 个")
        case "literal_error" | "enum":
            return Fault(where, "不是可选的值", str(context["expected"]).replace(" or ", "、").replace(", ", "、"))
        case "value_error":
            return Fault(where, str(context["error"]))
        case other:
            return Fault(where, "写法不对", _FORMS.get(other.split("_")[0], detail["msg"]))
