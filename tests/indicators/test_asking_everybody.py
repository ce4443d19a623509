"""A night of indicators: who is asked, what is stored of a hit, and counts that add up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from monitor.indicators import Catalogue, evaluate, judge, load_catalogue, write_hits


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def only(catalogue: Catalogue, *codes: str) -> Catalogue:
    return Catalogue({code: catalogue.indicators[code] for code in codes}, "")


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()


def test_a_hit_keeps_its_numbers_its_parameters_and_its_deliveries(night: Any, catalogue: Catalogue) -> None:
    night.person(101, household=101, self_paid_12m_yuan=Decimal("18300.50"), on_low_income_list=False)
    evaluate(night.connection, only(catalogue, "EXP-004"))
    [(evidence, measure, points, case_subject)] = rows(
        night.connection, "select evidence, measure, points, case_subject from hits.hit"
    )
    assert evidence == (
        '{"facts":{"self_paid_12m_yuan":18300.50,"on_low_income_list":false},'
        '"param":{"self_paid_resident_yuan":15000},'
        '"deliveries":{"mca_assistance":"2026-11-19","nhsa_settlement":"2026-11-19"}}'
    )
    assert json.loads(evidence)["facts"]["on_low_income_list"] is False
    assert (measure, points, case_subject) == (Decimal("18300.5"), 5, 101)


def test_the_reason_names_number_threshold_departments_and_day(night: Any, catalogue: Catalogue) -> None:
    night.connection.execute("update deliveries.freshness set newest_delivery = '2025-12-31' where extract = 'mca_assistance'")
    night.person(101, self_paid_12m_yuan=Decimal("18300.00"), on_low_income_list=False)
    evaluate(night.connection, only(catalogue, "EXP-004"))
    [(reason,)] = rows(night.connection, "select reason_zh from hits.hit")
    assert "18300 元" in reason
    assert "15000 元" in reason
    assert reason.endswith("（医保、民政，数据至2025年12月31日）")


def test_the_reason_names_three_departments_and_the_oldest_day_of_all(night: Any, catalogue: Catalogue) -> None:
    night.connection.execute("update deliveries.freshness set newest_delivery = '2026-11-06' where extract = 'mca_assistance'")
    needy = {"income_pc_month_yuan": Decimal(1), "assets_within_limits": True, "dependent_count": 1, "employed_count": 0}
    night.household(1, **needy, on_dibao=False, on_tekun=False)
    evaluate(night.connection, only(catalogue, "INC-001"))
    [(reason,)] = rows(night.connection, "select reason_zh from hits.hit")
    note = reason[reason.rindex("（") :]
    assert re.fullmatch(r"（[^、，]+、[^、，]+、[^、，]+等\d+部门，数据至11月6日）", note), note


def test_a_code_is_told_by_its_label_and_a_share_in_percent(night: Any, catalogue: Catalogue) -> None:
    night.household(101, house_damage_12m="collapsed", disaster_loss_12m_yuan=Decimal("8000.55"))
    night.household(102, self_paid_12m_yuan=Decimal(9000), income_year_yuan=Decimal(9000), on_dibao=False, on_tekun=False)
    evaluate(night.connection, only(catalogue, "EHD-012", "EXP-008"))
    said = dict(rows(night.connection, "select indicator, reason_zh from hits.hit"))
    assert "因灾房屋倒塌" in said["EHD-012"]
    assert "8000.55 元" in said["EHD-012"]
    assert "不详" in said["EHD-012"]
    assert "40%" in said["EXP-008"]


def test_visits_ask_members_and_reviews_ask_everybody(night: Any, catalogue: Catalogue) -> None:
    for person, member, living in ((1, True, True), (2, False, True), (3, False, False)):
        night.person(person, is_member=member, is_living=living, is_dead=not living, current_benefit_count=1, is_homeless=True)
    evaluate(night.connection, only(catalogue, "EXP-004", "IDH-001", "EHD-017"))
    asked = dict(rows(night.connection, "select indicator, hit + clear + unknown + exempt from hits.coverage"))
    assert asked == {"EXP-004": 1, "IDH-001": 3, "EHD-017": 2}


def test_a_place_has_its_own_threshold(night: Any, catalogue: Catalogue) -> None:
    for household, county in ((1, "530625"), (2, "530102")):
        night.household(
            household,
            county,
            on_dibao=True,
            on_edge=False,
            on_rigid=False,
            member_count=1,
            dibao_member_count=1,
            dwelling_count=2,
        )
    evaluate(night.connection, only(catalogue, "AST-006"))
    assert rows(night.connection, "select subject, evidence::json->'param'->>'dwelling_limit' from hits.hit") == [(1, "1")]


def mixed(night: Any) -> None:
    """Forty people and households whose facts are known to differing degrees, in three counties."""
    for n in range(40):
        key = (1000 + n) * 16  # the key of an ID with the check character 0
        county = ("530625", "530102", "000000")[n % 3]
        known = {
            "age_years": n * 2 if n % 5 else None,
            "has_any_pension": None if n % 7 == 0 else n % 2 == 0,
            "on_dibao": None if n % 11 == 0 else n % 3 == 0,
            "on_tekun": False,
            "self_paid_12m_yuan": Decimal(n * 700) if n % 4 else None,
            "on_low_income_list": n % 6 == 0,
        }
        night.person(key, county, household=key, **known)
        night.household(
            key,
            county,
            income_pc_month_yuan=Decimal(n * 40) if n % 5 else None,
            assets_within_limits=True,
            dependent_count=n % 3,
            employed_count=0 if n % 4 else None,
            on_dibao=n % 7 == 0,
            on_tekun=False,
            on_low_income_list=n % 7 == 0,
            unsafe_home=n % 2 == 0,
        )


def test_the_four_outcomes_add_up_to_those_asked(night: Any, catalogue: Catalogue) -> None:
    mixed(night)
    evaluate(night.connection, catalogue)
    in_county = dict(rows(night.connection, "select county, count(*) from facts.person group by county"))
    for code, county, hit, clear, unknown, exempt in rows(night.connection, "from hits.coverage"):
        assert hit + clear + unknown + exempt == in_county[county], code
        assert min(hit, clear, unknown, exempt) >= 0
    counties = rows(night.connection, "select indicator, count(*) from hits.coverage group by all")
    assert counties == [(code, 3) for code, _ in counties]
    assert len(counties) == len(catalogue.indicators)


def test_counts_hits_and_single_judgements_agree(night: Any, catalogue: Catalogue) -> None:
    mixed(night)
    evaluate(night.connection, catalogue)
    codes = ", ".join(f"('{code}', '{i.unit}')" for code, i in catalogue.indicators.items())
    night.connection.execute(
        "create temp table pairs as select indicator, person as subject "
        f"from (values {codes}) as i(indicator, unit), facts.person"
    )
    judge(night.connection, catalogue, "pairs")
    told = rows(night.connection, "select indicator, outcome, count(*) from hits.judged group by all order by all")
    counted = rows(
        night.connection,
        "select indicator, outcome, n from (select indicator, sum(clear) as clear, sum(exempt) as exempt, sum(hit) as hit, "
        "sum(unknown) as unknown from hits.coverage group by indicator) "
        "unpivot (n for outcome in (clear, exempt, hit, unknown)) where n > 0 order by all",
    )
    assert told == counted
    hits = "select indicator, subject from hits.hit order by all"
    assert rows(night.connection, hits) == rows(
        night.connection, "select indicator, subject from hits.judged where outcome = 'hit' order by all"
    )


def test_what_is_gone_or_out_of_reach_is_not_asked(night: Any, catalogue: Catalogue) -> None:
    night.person(1, is_member=False, self_paid_12m_yuan=Decimal(99999))
    night.connection.execute(
        "create temp table pairs as from (values ('EXP-004', 1), ('EXP-004', 2), ('IDH-999', 1), "
        "('IDH-001', 1), ('IDH-001', 1)) as t(indicator, subject)"
    )
    judge(night.connection, catalogue, "pairs")
    assert rows(night.connection, "from hits.judged") == [
        ("EXP-004", 1, "not_asked"),
        ("EXP-004", 2, "not_known"),
        ("IDH-001", 1, "unknown"),
        ("IDH-999", 1, "not_asked"),
    ]


def test_no_pairs_give_an_empty_table(night: Any, catalogue: Catalogue) -> None:
    night.connection.execute("create temp table pairs (indicator varchar, subject bigint)")
    judge(night.connection, catalogue, "pairs")
    assert rows(night.connection, "from hits.judged") == []


def test_an_indicator_is_asked_from_since_to_until(
    night: Any, write_rule: Callable[..., Path], catalogue_of: Callable[[Path], Catalogue]
) -> None:
    write_rule("IDH-901_future", since="2026-11-21")
    write_rule("IDH-902_last_day", until="2026-11-20", when='"age_years >= 61"')
    path = write_rule("IDH-903_over", until="2026-11-19", when='"age_years >= 62"')
    night.person(1, age_years=90)
    assert evaluate(night.connection, catalogue_of(path))["indicators"] == 1
    assert rows(night.connection, "select indicator from hits.hit") == [("IDH-902",)]


def test_the_summary_names_indicators_that_could_judge_nobody(night: Any, catalogue: Catalogue) -> None:
    night.person(1, self_paid_12m_yuan=None, age_years=84, on_elder_age=False)
    summary = evaluate(night.connection, only(catalogue, "EXP-004", "BEN-013"))
    assert summary == {
        "indicators": 2,
        "hits": 1,
        "hits_by_direction": {"uncovered": 1},
        "hits_by_domain": {"BEN": 1},
        "indicators_that_judged_nobody": ["EXP-004"],
    }


@pytest.mark.parametrize("shuffled", [False, True])
def test_the_files_have_the_same_bytes_with_any_threads_and_row_order(
    night_with: Callable[[int], Any], catalogue: Catalogue, tmp_path: Path, shuffled: bool
) -> None:
    written = []
    for threads in (1, 2):
        night = night_with(threads)
        mixed(night)
        if shuffled and threads == 2:
            for unit in ("person", "household"):
                night.connection.execute(f"create or replace table facts.{unit} as from facts.{unit} order by {unit} desc")
        evaluate(night.connection, catalogue)
        folder = tmp_path / str(threads)
        folder.mkdir()
        write_hits(night.connection, folder)
        written.append([(folder / name).read_bytes() for name in ("hits.parquet", "coverage.parquet")])
        night.connection.close()
    assert written[0] == written[1]


def test_the_files_name_subjects_as_the_restricted_zone_does(night: Any, catalogue: Catalogue, tmp_path: Path) -> None:
    mixed(night)
    evaluate(night.connection, catalogue)
    counts = write_hits(night.connection, tmp_path)
    found = rows(night.connection, f"from '{tmp_path}/hits.parquet'")
    assert counts["hits.parquet"] == len(found) > 0
    names = [d[0] for d in night.connection.execute(f"from '{tmp_path}/hits.parquet'").description]
    assert names == [
        "indicator",
        "unit",
        "subject",
        "household",
        "county",
        "level",
        "evidence",
        "measure",
        "direction",
        "family",
    ]
    for _, unit, subject, household, *_ in found:
        assert household.startswith("H:")
        assert subject == household if unit == "household" else len(subject) == 18
