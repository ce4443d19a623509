"""Have Great Expectations judge figures; its results hold no values, and it is loaded only if there is something new to judge.

An expectation costs milliseconds whatever it looks at, and a night has a thousand. So figures of which the same is expected
are first judged together, as the values of one column; only where one of them fails is each judged alone.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from monitor.gate.figures import Figure
from monitor.gate.suite import IS_SHARE, Expectation, suite_of
from monitor.store import write_json

Limits = tuple[str, float | None, float | None]
VERDICT = 1  # raise it when the same figures would be judged differently


@dataclass(frozen=True)
class Asked:
    """The figures of a delivery, and where its verdict is kept (None: nowhere)."""

    extract: str
    figures: Mapping[Figure, float]
    verdict: Path | None = None

    def expectations(self) -> list[Expectation]:
        """Those of the suite whose figure could be told."""
        return [e for e in suite_of(self.extract) if (e.figure, e.column) in self.figures]

    def fingerprint(self) -> str:
        """Of all that the verdict depends on."""
        judged = [(asdict(e), self.figures[e.figure, e.column]) for e in self.expectations()]
        return hashlib.sha256(json.dumps([VERDICT, judged]).encode()).hexdigest()


@dataclass(frozen=True)
class Doubt:
    """One expectation that a delivery does not meet.

    Attributes:
        extract: the extract.
        figure, column: the figure doubted; the column is "" when it is of the whole delivery.
        found: its value.
        allowed: what is expected, in plain Chinese.
        broken: what is the case instead; `{}` stands for the value.
        advice: what the department should look at.
    """

    extract: str
    figure: str
    column: str
    found: float
    allowed: str
    broken: str
    advice: str

    @property
    def found_zh(self) -> str:
        """The value as an officer writes it."""
        return f"{self.found:.1%}" if self.figure in IS_SHARE else f"{self.found:,.2f}".rstrip("0").rstrip(".")

    @property
    def said_zh(self) -> str:
        """What is the case, in one sentence."""
        return self.broken.replace("{}", self.found_zh)


def inspect(asked: list[Asked]) -> list[Doubt]:
    """Judge; return the doubts in order of extract and suite. Figures judged before are not judged again."""
    failed = {one.extract: kept for one in asked if (kept := _kept(one)) is not None}
    fresh = [one for one in asked if one.extract not in failed]
    names = _failed({_name(one, e): (one.figures[e.figure, e.column], e) for one in fresh for e in one.expectations()})
    for one in fresh:
        mine = {(e.figure, e.column) for e in one.expectations() if _name(one, e) in names}
        failed[one.extract] = mine
        if one.verdict:
            write_json(one.verdict, {"fingerprint": one.fingerprint(), "failed": sorted(mine)})
    return [
        Doubt(one.extract, e.figure, e.column, round(one.figures[e.figure, e.column], 4), e.allowed, e.broken, e.advice)
        for one in sorted(asked, key=lambda one: one.extract)
        for e in one.expectations()
        if (e.figure, e.column) in failed[one.extract]
    ]


def _kept(one: Asked) -> set[Figure] | None:
    """The figures that failed when the very same were judged before."""
    try:
        values: dict[str, Any] = json.loads(one.verdict.read_text(encoding="utf-8")) if one.verdict else {}
        if values.get("fingerprint") == one.fingerprint():
            return {(figure, column) for figure, column in values["failed"]}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        pass  # half a verdict is none
    return None


def _name(one: Asked, expectation: Expectation) -> str:
    return f"{one.extract}.{expectation.figure}.{expectation.column}"


def _failed(judged: Mapping[str, tuple[float, Expectation]]) -> set[str]:
    """The names of the figures that are not as expected."""
    alike: dict[Limits, list[str]] = {}
    for name, (_, e) in judged.items():
        alike.setdefault((e.figure, e.low, e.high), []).append(name)
    values = {str(limits): [judged[name][0] for name in names] for limits, names in alike.items()}
    odd = _validate(values, {str(limits): limits[1:] for limits in alike})
    names = [name for limits, names in alike.items() if str(limits) in odd for name in names]
    return _validate({n: [judged[n][0]] for n in names}, {n: (judged[n][1].low, judged[n][1].high) for n in names})


def _validate(columns: Mapping[str, list[float]], limits: Mapping[str, tuple[float | None, float | None]]) -> set[str]:
    """The columns with a value beyond their limits."""
    if not columns:
        return set()
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    # imported late: it takes longer than a small night
    import great_expectations as gx
    import great_expectations.expectations as gxe
    import pandas as pd
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    frame = pd.DataFrame({name: pd.Series(values, dtype="float64") for name, values in columns.items()})
    batch = (
        context.data_sources.add_pandas("deliveries")
        .add_dataframe_asset("figures")
        .add_batch_definition_whole_dataframe("tonight")
        .get_batch({"dataframe": frame})
    )
    asked = [gxe.ExpectColumnValuesToBeBetween(column=n, min_value=low, max_value=high) for n, (low, high) in limits.items()]
    result = batch.validate(gx.ExpectationSuite(name="deliveries", expectations=asked), result_format="BOOLEAN_ONLY")
    return {r.expectation_config.kwargs["column"] for r in result.results if not r.success}
