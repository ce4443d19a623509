"""Templates and the words in them. Whatever comes from data is escaped by the template engine; no page says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from monitor.indicators import Indicator
from monitor.run import Home
from monitor.ui.cases import answer_label
from monitor.ui.rules import rules_of
from monitor.vocabulary import COLOUR_ZH, DIRECTION_ZH, DOMAINS, KIND_ZH, LEVEL_ZH, STATE_ZH, CaseState, Colour

FOLDER = Path(__file__).with_name("pages")
PLACE_ZH = {
    "listed": "列入名单",
    "capacity": "未列入：本周走访能力已满",
    "blue": "未列入：蓝色只关注",
    "muted": "未列入：已答复，静默中",
}


def _number(value: int | Decimal | None) -> str:
    """Thousands apart; nothing for nothing."""
    return "" if value is None else f"{value:,}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "—"


def _environment() -> Environment:
    made = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    made.filters |= {"number": _number, "answer": answer_label}
    made.globals |= {
        "colours": {one.value: zh for one, zh in COLOUR_ZH.items()},
        "states": {one.value: zh for one, zh in STATE_ZH.items()},
        "standing_states": [one.value for one in CaseState if one not in (CaseState.CLEARED, CaseState.CLOSED)],
        "kinds": {one.value: zh for one, zh in KIND_ZH.items()},
        "levels": {one.value: zh for one, zh in LEVEL_ZH.items()},
        "directions": {one.value: zh for one, zh in DIRECTION_ZH.items()},
        "domains": {code: zh for code, (_, zh) in DOMAINS.items()},
        "places": PLACE_ZH,
        "share": _share,
        "red": Colour.RED.value,
    }
    return made


class Pages:
    """Fills a template; every page knows the night shown and whether names may be looked at.

    Args:
        home: whose rules are named.
        is_restricted: whether the restricted pages are there.
    """

    def __init__(self, home: Home, *, is_restricted: bool) -> None:
        self._home = home
        self._environment = _environment()
        self._is_restricted = is_restricted

    def rules(self, as_of: date) -> Mapping[str, Indicator]:
        """code -> indicator, as that night asked them."""
        return rules_of(self._home, as_of)

    def page(self, name: str, *, status: int = 200, as_of: date | None = None, **values: Any) -> HTMLResponse:
        """One page.

        Args:
            name: of the template, without `.html`.
            status: of HTTP.
            as_of: the night shown, None on pages of no night.
            values: what the template shows.
        """
        template = self._environment.get_template(f"{name}.html")
        return HTMLResponse(template.render(values | {"as_of": as_of, "is_restricted": self._is_restricted}), status)
