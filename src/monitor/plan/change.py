"""What an officer wants to try: numbers for a region, or one changed indicator file; checked before anything is asked."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from monitor.errors import CatalogueInvalid, Fault, UsageError
from monitor.indicators import Catalogue, Indicator, check_file
from monitor.indicators.load import read_indicator
from monitor.indicators.standing import Standing
from monitor.parameters.load import COLUMNS, DECIMALS
from monitor.parameters.named import named, near
from monitor.vocabulary import DOMAINS

_LARGEST = Decimal(10) ** 12
_REGION_LENGTHS = (2, 4, 6, 9, 12)
DOCUMENT = "试算"


@dataclass(frozen=True)
class Change:
    """A change that has not taken effect.

    Attributes:
        values: parameter -> its new value in `region`.
        region: division code whose places get the values, as if a row of it were added.
        indicator: the changed or new indicator.
    """

    values: dict[str, Decimal]
    region: str
    indicator: Indicator | None = None

    def write(self, folder: Path, as_of: date) -> None:
        """Write the values as parameter files: the row that would really be added, in force from `as_of` on."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, value in self.values.items():
            with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as handle:
                csv.writer(handle).writerows([COLUMNS, (self.region, "any", as_of.isoformat(), f"{value:f}", DOCUMENT)])

    def catalogue(self, now: Catalogue) -> Catalogue:
        """The catalogue with the changed indicator in it."""
        if self.indicator is None:
            return now
        changed = {**now.indicators, self.indicator.code: self.indicator}
        return Catalogue(dict(sorted(changed.items())), now.sha256)


def read_change(
    settings: Sequence[str], region: str, indicator_file: Path | None = None, now: Mapping[str, Standing] | None = None
) -> Change:
    """Check what was asked for.

    Args:
        settings: `parameter=value` each; a parameter by its name or its Chinese name.
        region: division code.
        indicator_file: `<CODE>_<name>.toml`, wherever it lies.
        now: parameter -> what it is today, for the names that a message proposes.

    Raises:
        UsageError: nothing is changed, or a name, value or region is wrong; names every fault.
        CatalogueInvalid: the indicator file is wrong; names every fault.
    """
    faults: list[Fault] = []
    values = dict(filter(None, (_value(text, faults, now or {}) for text in settings)))
    if not (region.isascii() and region.isdigit() and len(region) in _REGION_LENGTHS):
        faults.append(Fault("--region", repr(region), "2、4、6、9或12位区划代码，如 5306"))
    if not settings and indicator_file is None:
        faults.append(Fault("plan", "没有要试算的改动", "--set 参数=数值，或 --indicator-file 指标文件"))
    if len(values) + sum(1 for fault in faults if fault.where.startswith("--set")) < len(settings):
        faults.append(Fault("--set", "同一个参数写了两次", "每个参数一次"))
    if faults:
        raise UsageError("试算的改动有误，没有计算。", faults)
    return Change(values, region, read_changed(indicator_file) if indicator_file else None)


def read_changed(path: Path) -> Indicator:
    """Read an indicator file that is not in the catalogue, with its examples.

    Raises:
        UsageError: there is no such file.
        CatalogueInvalid: it is wrong; names every fault.
    """
    if not path.is_file():
        raise UsageError("指标文件不存在。", [Fault(str(path), "没有这个文件")])
    with tempfile.TemporaryDirectory() as folder:
        # the laws want it in the folder of its domain, where it will lie once it is adopted
        copy = Path(folder, DOMAINS.get(path.name[:3], ("",))[0], path.name)
        copy.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, copy)
        faults = check_file(copy)
        indicator, _ = read_indicator(copy)
    if faults or indicator is None:
        raise CatalogueInvalid(f"{path.name} 有{len(faults)}处错误，没有计算。", faults)
    return indicator


def _value(text: str, faults: list[Fault], now: Mapping[str, Standing]) -> tuple[str, Decimal] | None:
    name, equals, written = (part.strip() for part in text.replace("＝", "=").partition("="))
    if not equals:
        faults.append(Fault("--set", repr(text), "参数=数值，如 低保标准(月)=760 或 dibao_month_yuan=760"))
        return None
    parameter = named(name)
    if parameter is None:
        close = "；".join(str(now.get(one.name) or f"{one.zh}（{one.name}，{one.unit_zh}）") for one in near(name))
        remedy = "用 monitor indicators parameters 查看全部参数的名称、单位和现行值"
        faults.append(Fault("--set", f"没有名为 {name} 的参数", close, remedy=remedy))
        return None
    try:
        value = Decimal(written)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value < _LARGEST or -int(value.normalize().as_tuple().exponent) > DECIMALS:
        allowed = f"{parameter.zh}（{parameter.unit_zh}）：不小于0的数，至多{DECIMALS}位小数，如 20000"
        remedy = "只写数字，不要写逗号、单位或汉字数字"
        faults.append(Fault(f"--set {name}", repr(written), allowed, remedy=remedy))
        return None
    return parameter.name, value
