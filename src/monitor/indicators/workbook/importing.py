"""Rows of the sheet 新指标 become indicator files: all of them or none, and every mistake is told at once with its cell."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.errors import CatalogueInvalid, Fault, UsageError
from monitor.indicators.examples import run_examples
from monitor.indicators.indicator import Indicator, Measure
from monitor.indicators.laws import collective_faults, indicator_faults
from monitor.indicators.load import Catalogue
from monitor.indicators.toml_text import indicator_text
from monitor.indicators.workbook.columns import NEW_SHEET
from monitor.indicators.workbook.conditions import Condition, joiner_faults, read_condition
from monitor.indicators.workbook.headline import Headline, Known, continuation_faults, read_headline
from monitor.indicators.workbook.proofs import Draft, prove
from monitor.indicators.workbook.reading import Row, read_sheet
from monitor.indicators.workbook.reasons import read_reason, too_long
from monitor.indicators.workbook.words import CellFault
from monitor.vocabulary import Outcome

_WORSE = {">": "higher", ">=": "higher", "<": "lower", "<=": "lower"}


@dataclass(frozen=True)
class Imported:
    """A rule of the sheet that became an indicator, and the file it is written to."""

    indicator: Indicator
    path: Path


def import_workbook(
    path: Path, catalogue: Catalogue, out: Path, *, sheet: str = NEW_SHEET, replace: bool = False
) -> list[Imported]:
    """Write `<out>/<domain>/<CODE>_<name>.toml` for every rule of a sheet.

    Args:
        path: the workbook.
        catalogue: the catalogue in force; codes, titles and rules must differ from it.
        out: a folder of indicators, such as `<home>/indicators`.
        sheet: title of the sheet.
        replace: whether a rule may take the code of one in the catalogue or a file in `out`.

    Raises:
        UsageError: there is no such file.
        CatalogueInvalid: with every mistake of the sheet; nothing is written.
    """
    if not path.is_file():
        raise UsageError("文件不存在。", [Fault(str(path), "没有这个文件")])
    indicators, faults = read_rules(path, catalogue, sheet=sheet, replace=replace)
    imported = [Imported(indicator, out / indicator.folder / _file_name(indicator)) for indicator in indicators]
    faults += [] if replace else [fault for one in imported for fault in _taken(one, out)]
    if faults:
        raise CatalogueInvalid(f"{path.name} 有 {len(faults)} 处要改；一个文件也没有写。", faults)
    _write(imported, out, {one.indicator.code for one in imported} if replace else set())
    return imported


def read_rules(path: Path, catalogue: Catalogue, *, sheet: str, replace: bool) -> tuple[list[Indicator], list[CellFault]]:
    """The indicators of a sheet, with their examples run, and every mistake."""
    rows, faults = read_sheet(path, sheet)
    if not rows:
        return [], faults
    families = frozenset(i.family for i in catalogue.indicators.values() if i.family)
    known = Known({code: indicator.title for code, indicator in catalogue.indicators.items()}, families)
    earlier: dict[str, Row] = {}
    found: list[tuple[Row, Indicator]] = []
    for group in _groups(rows, faults):
        indicator, wrong = _rule(group, known, earlier, replace=replace)
        faults += wrong
        earlier.setdefault(group[0].get("code"), group[0])
        found += [(group[0], indicator)] if indicator else []
    faults += _same_rules(found, catalogue)
    return [indicator for _, indicator in found], sorted(set(faults), key=lambda fault: _order(fault.where))


def _groups(rows: list[Row], faults: list[CellFault]) -> list[list[Row]]:
    """Rows by rule: a row without a code, or with the code of the row above, continues it."""
    groups: list[list[Row]] = []
    for row in rows:
        code = row.get("code")
        if groups and code in ("", groups[-1][0].get("code")):
            groups[-1].append(row)
        elif code:
            groups.append([row])
        else:
            faults.append(
                CellFault(row.places["code"], "没有填编号，上面也没有指标", "如 EXP-901", remedy="在指标的第一行填编号")
            )
    return groups


def _rule(
    group: list[Row], known: Known, earlier: dict[str, Row], *, replace: bool
) -> tuple[Indicator | None, list[CellFault]]:
    first = group[0]
    headline, faults = read_headline(first, known, earlier, replace=replace)
    faults += [fault for row in group[1:] for fault in continuation_faults(row, first.get("code"))]
    joiner, wrong = joiner_faults(group)
    faults += wrong
    conditions: list[Condition] = []
    for row in group:
        condition, wrong = read_condition(row, headline.unit)
        faults += wrong
        conditions += [condition] if condition else []
    if len(conditions) < len(group) or headline.unit is None:
        return None, faults
    faults += _repeated(conditions) + _exempt_conditions(first, headline, conditions)
    headline.fields["say"], wrong = read_reason(first, headline.unit, conditions)
    faults += wrong
    if faults:
        return None, faults
    return _proven(first, headline, Draft(tuple(conditions), joiner, headline.unless))


def _proven(row: Row, headline: Headline, draft: Draft) -> tuple[Indicator | None, list[CellFault]]:
    """Put the indicator together and ask the real rule for its examples."""
    examples, faults = prove(draft)
    if faults:
        return None, faults
    read = [condition.fact.name for condition in draft.conditions] + [fact.name for fact in draft.unless]
    evidence = dict.fromkeys([*read, *(name for example in examples for name in example.given)])
    fields: dict[str, Any] = {
        **headline.fields,
        "when": f" {draft.joiner} ".join(condition.text for condition in draft.conditions),
        "unless": " or ".join(fact.name for fact in draft.unless) or None,
        "evidence": tuple(evidence),
        "measure": _measure(draft),
        "examples": tuple(examples),
    }
    indicator = Indicator.model_validate(fields)
    broken = indicator_faults(indicator)
    if broken:
        return None, [CellFault(row.places["code"], f"指标不合目录的规矩：{fault}") for fault in broken]
    told = run_examples(indicator)
    wrong = [one for one in told if not one.is_as_expected]
    faults = [
        CellFault(row.places["code"], f"例子“{one.example.name}”得出 {one.outcome}，应为 {one.example.expect}") for one in wrong
    ]
    longest = max((one.reason for one in told if one.outcome is Outcome.HIT), key=len, default="")
    faults += too_long(row, longest)
    return (None, faults) if faults else (indicator, [])


def _measure(draft: Draft) -> Measure | None:
    """By what a hit worsens: the first amount or share that is compared upward or downward."""
    for condition in draft.conditions:
        if condition.fact.type in ("money", "num") and condition.sign in _WORSE:
            return Measure.model_validate({"fact": condition.fact.name, "worse": _WORSE[condition.sign]})
    return None


def _repeated(conditions: list[Condition]) -> list[CellFault]:
    faults, seen = [], set()
    for condition in conditions:
        if condition.text in seen:
            faults.append(
                CellFault(condition.row.places["fact"], "这个条件上面已经有了", "每个条件写一次", remedy="删掉这一行")
            )
        seen.add(condition.text)
    return faults


def _exempt_conditions(row: Row, headline: Headline, conditions: list[Condition]) -> list[CellFault]:
    """A fact that both makes and unmakes a hit leaves nothing to ask."""
    read = {condition.fact.name for condition in conditions}
    return [
        CellFault(row.places["unless"], f"“{fact.zh}”也在条件里", "条件里没有的事实", "同一件事又预警又不预警", "从一处删掉")
        for fact in headline.unless
        if fact.name in read
    ]


def _same_rules(found: list[tuple[Row, Indicator]], catalogue: Catalogue) -> list[CellFault]:
    new = {indicator.code for _, indicator in found}
    old = [(code, indicator) for code, indicator in catalogue.indicators.items() if code not in new]
    faults = []
    for number, (row, indicator) in enumerate(found):
        above = [*old, *((other.code, other) for _, other in found[:number])]
        for name, other in above:
            if collective_faults([(name, other), (indicator.code, indicator)]):
                found_text = f"条件和 {name}“{other.title}”完全一样"
                faults.append(CellFault(row.places["fact"], found_text, "和已有指标不同的条件", remedy="删掉，或改条件"))
    return faults


def _file_name(indicator: Indicator) -> str:
    word = re.sub(r"[^a-z0-9]+", "_", indicator.title_en.lower()).strip("_")
    return f"{indicator.code}_{word if word[:1].isalpha() else 'indicator'}.toml"


def _taken(one: Imported, out: Path) -> list[CellFault]:
    same = sorted(out.rglob(f"{one.indicator.code}_*.toml")) if out.is_dir() else []
    return [CellFault(str(same[0]), "这个编号的文件已经有了", "没有用过的编号", remedy="要替换请加 --replace")] if same else []


def _write(imported: list[Imported], out: Path, replaced: set[str]) -> None:
    """Write all texts beside their places first, so that a full disk leaves nothing half done."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".import-") as beside:
        for one in imported:
            Path(beside, one.path.name).write_text(indicator_text(one.indicator), encoding="utf-8")
        for one in imported:
            one.path.parent.mkdir(parents=True, exist_ok=True)
            old = [path for path in out.rglob(f"{one.indicator.code}_*.toml") if path.parent != Path(beside)]
            Path(beside, one.path.name).replace(one.path)
            for path in old:
                if one.indicator.code in replaced and path != one.path:
                    path.unlink()


def _order(where: str) -> tuple[int, int, str]:
    """Mistakes in reading order: by row, then by column."""
    found = re.search(r"!([A-Z]*)(\d*)$", where)
    return (int(found[2] or 0), len(found[1]), found[1]) if found else (0, 0, where)
