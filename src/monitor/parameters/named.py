"""Parameters by what people call them: their name, their Chinese name, or something near."""

from __future__ import annotations

from difflib import get_close_matches

from monitor.parameters.load import Parameter, parameter_index

_NEAR = 3


def named(text: str) -> Parameter | None:
    """The parameter of that name, English or Chinese; brackets may be of either width."""
    return _by_name().get(_plain(text))


def near(text: str) -> list[Parameter]:
    """Up to three parameters whose name holds what was written or looks like it."""
    wanted, known = _plain(text), _by_name()
    holding = [name for name in known if wanted and wanted in name]
    found = [known[name] for name in (*holding, *get_close_matches(wanted, list(known), n=_NEAR, cutoff=0.5))]
    return list({one.name: one for one in found}.values())[:_NEAR]


def _by_name() -> dict[str, Parameter]:
    return {_plain(name): one for one in parameter_index().values() for name in (one.name, one.zh)}


def _plain(text: str) -> str:
    return text.strip().lower().replace("（", "(").replace("）", ")")
