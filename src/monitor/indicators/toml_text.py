"""An indicator as the text of its file, in the order and spacing of the catalogue."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from monitor.indicators.indicator import Example, Indicator

TomlValue = bool | int | Decimal | date | str


def indicator_text(indicator: Indicator) -> str:
    """The text of an indicator file; reading it gives the same indicator."""
    fields: list[tuple[str, str | None]] = [
        ("title", quoted(indicator.title)),
        ("title_en", quoted(indicator.title_en)),
        ("why", quoted(indicator.why)),
        ("unit", quoted(indicator.unit)),
        ("direction", quoted(indicator.direction.value)),
        ("level", quoted(indicator.level.value)),
        ("family", quoted(indicator.family) if indicator.family else None),
        ("route", quoted(indicator.route)),
        ("since", indicator.since.isoformat()),
        ("until", indicator.until.isoformat() if indicator.until else None),
        ("asks", quoted(indicator.asks) if indicator.asks else None),
        ("when", quoted(indicator.when)),
        ("unless", quoted(indicator.unless) if indicator.unless else None),
        ("evidence", _list(indicator.evidence)),
        ("measure", _measure(indicator)),
        ("say", quoted(indicator.say)),
        ("ask", quoted(indicator.ask)),
        ("false_alarms", _list(indicator.false_alarms)),
        ("basis", _list(indicator.basis)),
    ]
    head = "".join(f"{name} = {value}\n" for name, value in fields if value is not None)
    return head + "".join(f"\n{_example(example)}" for example in indicator.examples)


def quoted(text: str) -> str:
    """A TOML string on one line; whatever the text holds, it stays text."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _example(example: Example) -> str:
    param = f"param = {_table(example.param)}\n" if example.param else ""
    return (
        f"[[examples]]\nname = {quoted(example.name)}\ngiven = {_table(example.given)}\n{param}"
        f"expect = {quoted(example.expect.value)}\n"
    )


def _measure(indicator: Indicator) -> str | None:
    measure = indicator.measure
    return f"{{ fact = {quoted(measure.fact)}, worse = {quoted(measure.worse)} }}" if measure else None


def _list(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(map(quoted, values)) + "]"


def _table(values: Mapping[str, TomlValue]) -> str:
    return "{ " + ", ".join(f"{name} = {_written(value)}" for name, value in values.items()) + " }" if values else "{}"


def _written(value: TomlValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return quoted(value) if isinstance(value, str) else str(value)
