"""The analyst file of hand-made rows: made once, and put back after every test; and a home of two nights."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from made_file import COUNTY, FIRST, LAST, TOWN, VILLAGE, case, empty_file, given

sys.path[:0] = [str(Path(__file__).parents[1] / folder) for folder in ("cases", "publish")]

PLACES = [
    {"code": COUNTY, "name": "某县", "level": "county"},
    {"code": TOWN, "name": "甲镇", "level": "township"},
    {"code": VILLAGE, "name": "乙乡", "level": "township"},
]
RULES = [
    {"indicator": "INC-001", "title_zh": "收入低", "direction": "uncovered", "level": "high", "unit": "household",
     "evidence": "income_pc_month_yuan", "parameters": "dibao_month_yuan", "domain": "INC", "route": "低保评估", "rule": "r1"},
    {"indicator": "EXP-004", "title_zh": "自付高", "direction": "risk", "level": "medium", "unit": "person",
     "evidence": "self_paid_12m_yuan", "parameters": "self_paid_resident_yuan", "domain": "EXP", "route": "医疗", "rule": "r2"},
    {"indicator": "HLT-001", "title_zh": "大病", "direction": "risk", "level": "urgent", "unit": "person",
     "evidence": "has_major_disease", "parameters": "", "domain": "HLT", "route": "医疗救助", "rule": "r3"},
    {"indicator": "BEN-020", "title_zh": "超期未办", "direction": "process", "level": "low", "unit": "person",
     "evidence": "application_open_days", "parameters": "", "domain": "BEN", "route": "督办", "rule": "r4"},
]  # fmt: skip


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    connection = empty_file(tmp_path_factory.mktemp("shapes"))
    given(
        connection,
        {
            "region": PLACES,
            "run": [{"as_of": day, "run_id": f"r{day}", "software": "0"} for day in (FIRST, LAST)],
            "catalogue": [{"as_of": day, **rule} for day in (FIRST, LAST) for rule in RULES],
        },
    )
    return connection


@pytest.fixture
def file(_made: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file with two nights, three places and four rules, and nobody in it."""
    _made.execute("begin")
    yield _made
    _made.execute("rollback")


def _case_nights() -> list[dict[str, Any]]:
    """The seven cases of `county`, on each night that knew them."""
    v1 = {"colour": "red", "points": 8, "first_listed": FIRST, "due": FIRST, "indicators": "HLT-001,INC-001"}
    v3 = {"subject": "p-9", "household": None, "colour": "yellow", "points": 3, "township": VILLAGE, "indicators": "EXP-004"}
    return [
        case(FIRST, "V1", state="new", **v1),
        case(LAST, "V1", **v1),
        case(FIRST, "V2", state="new", first_listed=FIRST, due="2026-11-30"),
        case(LAST, "V2", state="closed", first_listed=FIRST, due="2026-11-30", answer="true_enrolled"),
        case(FIRST, "V3", state="new", **v3),
        case(LAST, "V3", **v3),
        case(LAST, "V4", state="new", colour="blue", points=1, first_seen=LAST, township=VILLAGE, indicators="EXP-004"),
        case(FIRST, "V5", state="new", first_listed=FIRST, due="2026-11-30"),
        case(LAST, "V5", state="reopened", first_listed=FIRST, due="2026-11-30", answer="false_data"),
        case(LAST, "R1", kind="review", state="new", subject="h-V1", household="h-V1", first_seen=LAST, points=3),
    ]


@pytest.fixture
def county(file: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Five visits, a review and an audit over two nights.

    V1 red, listed, overdue; V2 orange, enrolled and closed; V3 a lone person, yellow, no room; V4 blue and new; V5 answered as
    wrong data, then reopened; R1 a review of V1's household; A1 an audit that found need.
    """
    given(
        file,
        {
            "case_history": _case_nights(),
            "case_hit": [
                *({"as_of": day, "case_no": no, "indicator": code, "subject": f"h-{no}"}
                  for day in (FIRST, LAST)
                  for no, code in (("V1", "INC-001"), ("V1", "HLT-001"), ("V3", "EXP-004"), ("V5", "INC-001"))),
                {"as_of": FIRST, "case_no": "V2", "indicator": "INC-001", "subject": "h-V2"},
                {"as_of": LAST, "case_no": "V4", "indicator": "EXP-004", "subject": "p-4"},
            ],
            "listing": [
                *(
                    {"as_of": FIRST, "case_no": no, "township": TOWN, "is_listed": True, "why": "red"}
                    for no in ("V1", "V2", "V5")
                ),
                {"as_of": FIRST, "case_no": "V3", "township": VILLAGE, "is_listed": False, "why": "capacity"},
                {"as_of": LAST, "case_no": "V1", "township": TOWN, "is_listed": True, "why": "red"},
                {"as_of": LAST, "case_no": "R1", "township": TOWN, "is_listed": True, "why": "ranked"},
                {"as_of": LAST, "case_no": "V3", "township": VILLAGE, "is_listed": False, "why": "capacity"},
                {"as_of": LAST, "case_no": "V4", "township": VILLAGE, "is_listed": False, "why": "blue"},
                {"as_of": LAST, "case_no": "V5", "township": TOWN, "is_listed": False, "why": "capacity"},
            ],
            "hit": [
                {"as_of": LAST, "indicator": code, "subject": one, "household": home, "county": COUNTY, "direction": direction}
                for code, one, home, direction in (
                    ("INC-001", "h-V1", "h-V1", "uncovered"), ("INC-001", "h-V5", "h-V5", "uncovered"),
                    ("HLT-001", "p-1", "h-V1", "risk"), ("EXP-004", "p-9", None, "risk"), ("EXP-004", "p-4", "h-V4", "risk"),
                )
            ],
            "answer": [
                {"case_no": "V2", "answer_order": 1, "kind": "visit", "county": COUNTY, "indicators": "INC-001",
                 "answer": "true_enrolled", "answered_on": LAST, "is_in_force": True},
                {"case_no": "V5", "answer_order": 2, "kind": "visit", "county": COUNTY, "indicators": "INC-001",
                 "answer": "false_data", "answered_on": FIRST, "is_in_force": True},
                {"case_no": "A1", "answer_order": 3, "kind": "audit", "county": COUNTY, "indicators": "",
                 "answer": "true_referred", "answered_on": FIRST, "is_in_force": True},
            ],
            "audit": [
                {"case_no": "A1", "subject": "h-a", "county": COUNTY, "township": TOWN, "answer": "true_referred"},
                {"case_no": "A2", "subject": "h-b", "county": COUNTY, "township": TOWN},
            ],
        },
    )  # fmt: skip
    return file
