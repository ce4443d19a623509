"""Figures of a made-up county, so that a test says only what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from monitor.bulletin.edition import Edition
from monitor.bulletin.figures import Book, Row
from monitor.contracts import extracts
from monitor.indicators import load_catalogue

DAY = date(2026, 11, 20)
COUNTY = "530622"
NAMES = {"53": "云南省", "5306": "昭通市", COUNTY: "巧家县", "530622001": "白鹤滩镇", "530622002": "大寨镇"}
TABLES = (
    "household", "trend", "case_now", "part_case", "field", "left_off", "answer_count", "precision", "blind", "policy",
    "process", "missed_need",
)  # fmt: skip


@cache
def rules() -> dict[str, Any]:
    return dict(load_catalogue().indicators)


def edition(nights: int = 3, month: str | None = None) -> Edition:
    days = tuple(DAY - timedelta(days=nights - 1 - n) for n in range(nights))
    return Edition(DAY, days[-2] if nights > 1 and not month else None, days, month, begins=True)


def book(
    tables: Mapping[str, Sequence[Row]] | None = None,
    *,
    of: Edition | None = None,
    names: Mapping[str, str] | None = None,
    late: Mapping[str, int | None] | None = None,
    refused: Sequence[Row] = (),
    place: str = COUNTY,
    rules_of: Mapping[str, Any] | None = None,
) -> Book:
    """A book of one place.

    Args:
        tables: table -> rows about the place.
        of: the edition; three nights when not given.
        late: extract -> its age in days, None = it never came; all others came yesterday.
    """
    filled = {name: [dict(row) for row in (tables or {}).get(name, ())] for name in TABLES}
    ages = dict.fromkeys(extracts(), 1) | dict(late or {})
    return Book(
        edition=of or edition(),
        places={place: filled},
        names=NAMES | dict(names or {}),
        deliveries=[delivery(name, age) for name, age in ages.items()],
        refused=list(refused),
        rules=dict(rules_of if rules_of is not None else rules()),
        run_id="0123456789ab",
        software="0.1.0",
    )


def delivery(extract: str, age: int | None) -> Row:
    after = extracts()[extract].late_after
    day = DAY - timedelta(days=age) if age is not None else None
    is_stale = age is None or age > after
    rows = {"rows_read": 100, "loaded": 90, "superseded": 5, "quarantined": 5, "refused": 0, "nights_late": int(is_stale)}
    return {"extract": extract, "newest_delivery": day, "age_days": age, "late_after": after, "is_stale": is_stale} | rows


def cases(number: int, colour: str = "red", domain: str = "EXP", kind: str = "visit", *, is_muted: bool = False) -> Row:
    return {"kind": kind, "domain": domain, "colour": colour, "is_muted": is_muted, "cases": number}


def night(days_ago: int, stands: int, came: int = 0, went: int = 0, colour: str = "red") -> Row:
    return {"as_of": DAY - timedelta(days=days_ago), "colour": colour, "stands": stands, "came": came, "went": went}


def field(part: str = "all", listed: int = 10, overdue: int = 0, answered: int = 0, visitors: int = 0) -> Row:
    given = {"part": part, "listed": listed, "overdue": overdue, "answered": answered}
    return given | {"answered_recently": answered, "visitors": visitors}
