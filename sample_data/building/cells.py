"""How departments write a value into a cell: dates in four forms, labels or codes, thousands separators, and dirt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from building.cast import codes

_DATE_FORMS = {
    "dash": "%Y-%m-%d",
    "compact": "%Y%m%d",
    "slash": "{0.year}/{0.month}/{0.day}",
    "zh": "{0.year}年{0.month}月{0.day}日",
}
_FULL_WIDTH = {ord(c): ord(c) + 0xFEE0 for c in "0123456789X"}
_ODDLY: dict[str, Callable[[str], str]] = {
    "15 digits": lambda text: text[:6] + text[8:17],
    "lower case": lambda text: text.lower(),
    "full width": lambda text: text.translate(_FULL_WIDTH),
    "apostrophe": lambda text: "'" + text,
    "blanks around": lambda text: f"\u00a0{text}\u3000",
}


def written(value: Any, kind: str, delivery: dict[str, Any], number: int) -> str:
    """The text of a cell. `number` is the row's, so that a `mixed` file uses every date form in turn."""
    if value is None:
        return str(delivery.get("blank", ""))
    if kind.startswith("code:"):
        return str(value) if delivery.get("values") == "codes" else codes()[kind[5:]][str(value)]
    if kind == "bool":
        return str(delivery.get("bools", "是/否")).split("/")[0 if value else 1]
    if kind == "date":
        return _date(value, delivery.get("dates", "dash"), number)
    if kind == "month":
        day = value if isinstance(value, date) else date.fromisoformat(f"{value}-01")
        return f"{day:%Y%m}" if number % 2 else f"{day:%Y-%m}"
    if kind == "money":
        amount = f"{Decimal(str(value)):,.2f}"
        return {"commas": amount, "yuan": amount + "元"}.get(delivery.get("money", ""), amount.replace(",", ""))
    return str(value)


def _date(day: date, form: str, number: int) -> str:
    chosen = list(_DATE_FORMS.values())[number % 4] if form == "mixed" else _DATE_FORMS[form]
    return chosen.format(day) if "{" in chosen else day.strftime(chosen)


def oddly(text: str, how: str) -> str:
    """The same value as a hurried clerk writes it; every way is one that the reader repairs."""
    return _ODDLY[how](text)
