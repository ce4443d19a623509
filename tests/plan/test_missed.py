"""Households helped without a warning are found, and what is told of a number is what the rule says of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from pathlib import Path

import duckdb
import pytest
from plan_home import LAST, NIGHTS, County, rows

from monitor.errors import UsageError
from monitor.indicators import load_catalogue
from monitor.plan import Catch, Missed, WouldHit, catches, missed, sensitivity
from monitor.plan.recall import recall_facts, recall_parameters, recall_people
from monitor.plan.would_hit import Said, ask_rule
from monitor.settings import Settings
from monitor.store import connect
from monitor.vocabulary import Outcome

FIRST = NIGHTS[0]
CATALOGUE = load_catalogue().indicators
# not on the low-income list on the first night, without a case on it, not touched by anything that happens on the second
QUIET = """
select was.subject from '{first}/facts_household.parquet' as was
join '{last}/facts_household.parquet' as now using (subject)
where not was.on_low_income_list and not now.on_low_income_list
    and now.temporary_aid_12m_count = was.temporary_aid_12m_count
    and was.subject not in (select household from '{first}/cases.parquet' where kind = 'visit' and household is not null)
order by was.self_paid_12m_yuan desc nulls last, was.subject
"""


@dataclass(frozen=True)
class Helped:
    """A home in whose last night four households are helped, and what is told of it."""

    settings: Settings
    enrolled: str
    aided: str
    warned: str
    audited: str
    told: dict[str, Missed]

    def run(self, night: date) -> Path:
        return self.settings.home / "runs" / night.isoformat()


@pytest.fixture(scope="module")
def helped(county: County, tmp_path_factory: pytest.TempPathFactory) -> Helped:
    home = tmp_path_factory.mktemp("helped") / "home"
    shutil.copytree(county.settings.home, home)
    first, last = (home / "runs" / night.isoformat() for night in NIGHTS)
    enrolled, aided, audited, false_alarm = (who for (who,) in rows(QUIET.format(first=first, last=last))[:4])
    ((warned,),) = rows(
        f"select household from '{first}/cases.parquet' where kind = 'visit' and household in "
        f"(select subject from '{first}/facts_household.parquet' where not on_low_income_list) order by 1 limit 1"
    )
    again(
        last / "facts_household.parquet",
        f"* replace (on_low_income_list or subject in ('{enrolled}', '{warned}') as on_low_income_list, "
        f"temporary_aid_12m_count + (subject = '{aided}')::integer as temporary_aid_12m_count)",
    )
    add_audits(last, {audited: "true_referred", false_alarm: "false_data"})
    settings = county.settings.model_copy(update={"home": home})
    return Helped(settings, enrolled, aided, warned, audited, {one.household: one for one in missed(settings)})


def again(path: Path, columns: str) -> None:
    """Write a file anew with other columns."""
    beside = path.with_suffix(".new")
    duckdb.sql(f"copy (select {columns} from '{path}') to '{beside}' (format parquet)")
    beside.replace(path)


def add_audits(run: Path, answers: dict[str, str]) -> None:
    """Households that were drawn on the first night and have been visited."""
    values = ", ".join(f"('{who}', '{answer}')" for who, answer in answers.items())
    duckdb.sql(
        f"copy (from '{run}/audits.parquet' union all by name select 'A-' || answer as case_no, subject, '530622' as county, "
        f"date '{FIRST}' as drawn_on, answer, date '{LAST}' as answered_on from (values {values}) as t(subject, answer)) "
        f"to '{run}/audits.new' (format parquet)"
    )
    (run / "audits.new").replace(run / "audits.parquet")


def test_who_was_helped_without_a_case_is_told_with_how_and_when(helped: Helped) -> None:
    how = {who: (helped.told[who].how, helped.told[who].asked_on, helped.told[who].known_on)
           for who in (helped.enrolled, helped.aided, helped.audited)}  # fmt: skip
    assert how == {
        helped.enrolled: ("enrolled", FIRST, LAST),
        helped.aided: ("temporary", FIRST, LAST),
        helped.audited: ("audit", FIRST, LAST),
    }


def test_who_had_a_case_or_was_on_the_list_already_or_was_no_need_is_not_missed(helped: Helped) -> None:
    assert helped.warned not in helped.told
    before = rows(f"select subject from '{helped.run(FIRST)}/facts_household.parquet' where on_low_income_list")
    cases = rows(f"select household from '{helped.run(FIRST)}/cases.parquet' where kind = 'visit'")
    assert not helped.told.keys() & {who for (who,) in [*before, *cases]}
    audited = [one for one in helped.told.values() if one.how == "audit"]
    assert [one.household for one in audited] == [helped.audited]


def test_a_household_is_in_no_representation(helped: Helped) -> None:
    assert helped.enrolled not in repr(helped.told[helped.enrolled])


def test_the_number_told_catches_the_household_and_one_yuan_more_does_not(helped: Helped) -> None:
    name = "self_paid_resident_yuan"
    near = next(one for one in helped.told[helped.enrolled].near if (one.indicator, one.parameter) == ("EXP-004", name))
    ((dearest,),) = rows(
        f"select max(self_paid_12m_yuan) from '{helped.run(FIRST)}/facts_person.parquet' where subject in "
        f"(select subject from '{helped.run(FIRST)}/person.parquet' where household = '{helped.enrolled}' and is_member)"
    )
    assert near == WouldHit("EXP-004", name, Decimal(15000), Decimal(ceil(dearest) - 1))
    tried = sensitivity(helped.settings, name, [near.value, near.value + 1], as_of=FIRST)
    assert tried.steps[0].cases > tried.steps[1].cases


def test_nearest_is_first_and_no_age_is_moved(helped: Helped) -> None:
    for one in helped.told.values():
        assert [near.change for near in one.near] == sorted(near.change for near in one.near)
        assert not [near for near in one.near if near.parameter.endswith("_age")]


@pytest.mark.parametrize("code", ["EXP-004", "INC-001", "INC-004", "EXP-010", "BEN-013", "EHD-018"])
def test_a_rule_says_of_everybody_what_the_night_said(county: County, code: str) -> None:
    said = asked(county, code)
    ((hit, clear, unknown, exempt),) = rows(
        "select sum(hit), sum(clear), sum(unknown), sum(exempt) "
        f"from '{county.runs / str(LAST)}/coverage.parquet' where indicator = '{code}'"
    )
    wanted = {Outcome.HIT: hit, Outcome.CLEAR: clear, Outcome.UNKNOWN: unknown, Outcome.EXEMPT: exempt}
    assert {outcome: sum(one.outcome == outcome for one in said) for outcome in wanted} == wanted
    assert not [one for one in said if one.would_hit and one.outcome != Outcome.CLEAR]


def test_of_every_clear_person_the_highest_line_that_hits_is_told(county: County) -> None:
    told = {one.subject: [near.value for near in one.would_hit] for one in asked(county, "EXP-004") if one.outcome == "clear"}
    paid = dict(
        rows(
            "select cast(left(subject, 17) as bigint) * 16 + strpos('0123456789X', right(subject, 1)) - 1, "
            "self_paid_12m_yuan "
            f"from '{county.runs / str(LAST)}/facts_person.parquet'"
        )
    )
    assert told == {who: [Decimal(ceil(paid[who]) - 1)] if paid[who] > 1 else [] for who in told}
    assert any(told.values())


def asked(county: County, code: str) -> list[Said]:
    """What a rule says of everybody on the last night."""
    rule, run = CATALOGUE[code], county.runs / LAST.isoformat()
    with connect(None, county.settings, variables={"as_of": LAST, "region": "53"}) as connection:
        recall_people(connection, run)
        assert recall_parameters(connection, run, rule.rule.parameters) == []
        recall_facts(connection, run, rule.unit, rule.rule.facts)
        return ask_rule(connection, rule)


def test_a_number_the_night_did_not_have_is_named(county: County) -> None:
    run = county.runs / LAST.isoformat()
    with connect(None, county.settings, variables={"as_of": LAST, "region": "53"}) as connection:
        recall_people(connection, run)
        assert recall_parameters(connection, run, ["dibao_month_yuan", "not_yet"]) == ["not_yet"]


def near(code: str, now: int, value: int) -> WouldHit:
    return WouldHit(code, "dibao_month_yuan", Decimal(now), Decimal(value))


def home(*nears: WouldHit) -> Missed:
    return Missed("H:1", "530622", "enrolled", FIRST, LAST, (), nears)


def test_catches_add_up_by_the_way_a_number_moves_and_stop_at_half_of_it() -> None:
    up, further, down = near("INC-001", 500, 550), near("INC-001", 500, 600), near("INC-001", 500, 490)
    homes = [home(up), home(up, near("INC-002", 500, 800)), home(further), home(down)]
    assert catches(homes) == [Catch(further, 3), Catch(up, 2), Catch(down, 1)]
    assert catches(homes, within=Fraction(1, 10)) == [Catch(up, 2), Catch(down, 1)]
    assert catches([]) == []


def test_a_home_without_a_night_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="还没有任何一晚"):
        missed(Settings(home=tmp_path))
