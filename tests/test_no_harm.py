"""A warning only adds a visit. Nothing that doubts a benefit reaches a visit list, a referral, or a benefit itself.

Integrity rules ask whether a benefit should be looked at again. The tests below run the same nights twice, with these rules and
without them, over generated people, and compare everything that sends somebody to a door.
"""

import csv
import re
import sys
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent / "cases"))
from case_nights import Answer, Hit, Home, Night, Nights

from monitor import steps
from monitor.contracts import outputs
from monitor.indicators import load_catalogue
from monitor.referrals import referral_contract, routes_of
from monitor.run import Night as RunNight
from monitor.settings import load_settings
from monitor.synth import Plan, synthesise
from monitor.transform import SQL
from monitor.vocabulary import Direction

FIRST = date(2026, 11, 16)
HOMES = [Home(f"H:{n}", (2 * n, 2 * n + 1)) for n in range(1, 6)]
TAKES_AWAY = re.compile("停发|追缴|终止|核减|渐退|退出")
RULES = {"risk": ("INC-001", "INC-002"), "uncovered": ("HLT-001", "EHD-003"), "integrity": ("BEN-001", "AST-001", "IDH-020")}


@dataclass(frozen=True)
class Step:
    """One night: what hits, and which answers came in for the cases listed the night before."""

    hits: tuple[Hit, ...]
    visits: tuple[str, ...]
    reviews: tuple[str, ...]


@st.composite
def a_hit(draw: Any) -> Hit:
    direction = draw(st.sampled_from(sorted(RULES)))
    level = draw(st.sampled_from(["urgent", "high", "medium", "low"]))
    indicator = draw(st.sampled_from(RULES[direction]))
    return Hit(indicator, draw(st.integers(2, 11)), level, direction, measure=draw(st.integers(0, 9)))


def once(hits: list[Hit]) -> tuple[Hit, ...]:
    """A rule hits a person once."""
    return tuple({(hit.indicator, hit.of): hit for hit in hits}.values())


VISIT_ANSWERS = ["true_enrolled", "true_referred", "false_data", "not_found", "declined", "pending"]
A_STEP = st.builds(
    Step,
    st.lists(a_hit(), max_size=14).map(once),
    st.lists(st.sampled_from(VISIT_ANSWERS), max_size=3).map(tuple),
    st.lists(st.sampled_from(["keep", "stop", "pending"]), max_size=2).map(tuple),
)


def live(folder: Path, nights: list[Step], *, with_doubts: bool) -> list[dict[str, list[Any]]]:
    """What every night sends to doors, in order."""
    home = Nights(folder, visits_per_week=3)
    seen: list[dict[str, list[Any]]] = []
    listed: dict[str, list[str]] = {"V": [], "R": []}
    for number, step in enumerate(nights):
        day = FIRST + timedelta(days=number)
        before = (day - timedelta(days=1)).isoformat()
        given_answers = [*zip(listed["V"], step.visits, strict=False)]
        if with_doubts:
            given_answers += zip(listed["R"], step.reviews, strict=False)
        hits = [hit for hit in step.hits if with_doubts or hit.direction != "integrity"]
        answers = tuple(Answer(case_no, answer, before) for case_no, answer in given_answers)
        night = home.night(day.isoformat(), hits, HOMES, answers=answers)
        rows = night.rows("select case_no from cases.listed order by case_no")
        listed = {kind: [no for (no,) in rows if no[0] == kind] for kind in "VR"}
        seen.append(to_doors(night))
    return seen


def to_doors(night: Night) -> dict[str, list[Any]]:
    """All that a night says of visits and audits."""
    return {
        "cases": night.rows("select * from cases.case where kind <> 'review' order by case_no"),
        "hits": night.rows("select * from cases.case_hit where case_no not like 'R%' order by case_no, indicator, subject_key"),
        "listed": night.rows("select * from cases.listed where case_no not like 'R%' order by case_no"),
        "left off": night.rows("select * from cases.left_off where case_no not like 'R%' order by case_no"),
    }


DOUBTED = tuple(Hit(code, n, "urgent", "integrity") for code in RULES["integrity"] for n in (2, 5, 8))
NEEDY = (Hit("INC-001", 2, "medium"), Hit("HLT-001", 5, "high", "uncovered"), Hit("INC-002", 9, "medium"))


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(A_STEP, min_size=2, max_size=3))
@example([Step(DOUBTED + NEEDY, (), ()), Step(DOUBTED + NEEDY, ("pending", "true_referred"), ("stop", "keep"))])
def test_visits_their_points_and_their_order_are_the_same_without_any_integrity_rule(nights: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        doubted = live(Path(folder, "with"), nights, with_doubts=True)
        trusted = live(Path(folder, "without"), nights, with_doubts=False)
    assert doubted == trusted


@dataclass(frozen=True)
class Twice:
    """A made-up county: one night's lists, with and without the hits of integrity rules."""

    with_doubts: dict[str, bytes]
    without: dict[str, bytes]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Twice:
    folder = tmp_path_factory.mktemp("no_harm")
    night = date(2026, 11, 20)
    synthesise(Plan(persons=400, seed=3, as_of=night), folder / "inbox")
    made = load_settings(folder / "home", inbox=folder / "inbox", threads=2)
    steps.begin(made, night)
    for verb in (steps.land, steps.gate, steps.build, steps.evaluate):
        verb(made, night)
    lists = []
    for select in ("select 1", "delete from hits.hit where direction = 'integrity'"):
        with RunNight(made, night).connect() as connection:
            connection.execute(select)
        steps.open_cases(made, night)
        outbox = RunNight(made, night).outbox
        lists.append({p.relative_to(outbox).as_posix(): p.read_bytes() for p in sorted(outbox.rglob("*.csv"))})
    return Twice(*lists)


def visits(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if re.fullmatch(r"\d{6}/\d{9}\.csv", name)}


def test_a_whole_county_has_the_same_visit_lists_byte_for_byte_without_integrity_rules(county: Twice) -> None:
    assert any("/reviews/" in name for name in county.with_doubts), "there must be doubts to leave out"
    assert visits(county.with_doubts)
    assert visits(county.with_doubts) == visits(county.without)


def test_a_list_for_doors_never_speaks_of_taking_away(county: Twice) -> None:
    for content in visits(county.with_doubts).values():
        for row in csv.DictReader(content.decode("utf-8-sig").splitlines()):
            assert not TAKES_AWAY.search(row["可能适用的政策"])


def test_what_may_end_a_benefit_stands_in_reviews_only() -> None:
    """The office's own lists may name it; they are proposals to review, with a row to answer for each."""
    for code, rule in load_catalogue().indicators.items():
        if TAKES_AWAY.search(rule.route):
            assert rule.direction in (Direction.INTEGRITY, Direction.PROCESS), code


def test_no_rule_of_doubt_teaches_or_refers() -> None:
    assert set(steps.NEED) == {Direction.RISK, Direction.UNCOVERED}


def test_no_department_can_be_told_of_a_doubt() -> None:
    """The routes it knows are those of need, and no column of a referral holds a reason."""
    rules = load_catalogue().indicators.values()
    doubts = {route for one in rules if one.direction not in steps.NEED for route in routes_of(one.route)}
    needs = {route for one in rules if one.direction in steps.NEED for route in routes_of(one.route)}
    contract = referral_contract()
    assert (doubts - needs) & contract.routes.keys() == set()
    assert not any(TAKES_AWAY.search(route) for route in contract.routes)
    assert not {"reason", "reasons", "reasons_zh", "indicator", "indicators"} & contract.columns.keys()


def test_no_table_of_a_run_holds_a_decision_about_a_benefit() -> None:
    columns = {(table.name, column.name) for table in outputs("restricted").values() for column in table.columns}
    assert not [one for one in columns if re.search(r"stop_on|suspend|terminate|deduct|recover_", one[1])]


def test_only_reviews_take_up_integrity_hits() -> None:
    """In the SQL of cases the direction of a hit is read in two places: to tell reviews from visits, and supervision."""
    readers = {path.stem for path in (SQL / "cases").glob("*.sql") if "direction" in path.read_text(encoding="utf-8")}
    assert readers == {"standing_hit", "supervision"}
