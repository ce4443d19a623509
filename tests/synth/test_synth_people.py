"""Who is made up: numbers of nobody, believable families, nested places, a story for every indicator."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from monitor.synth.ids import check_positions, number_people
from monitor.synth.people import Block, completed_years, people_of
from monitor.synth.plan import BLOCK_PEOPLE, Plan
from monitor.synth.stories import stories
from monitor.synth.synthesise import frames_of
from monitor.synth.villages import divisions

PLAN = Plan(persons=12_000, dirt="none")


@pytest.fixture(scope="module")
def block() -> Block:
    return people_of(PLAN, 0)


@pytest.fixture(scope="module")
def frames() -> dict[str, pl.DataFrame]:
    return frames_of(people_of(PLAN, 0))[0]


def test_a_known_number_has_the_check_character_of_the_standard() -> None:
    first17 = np.array([11010519491231002, 44052418800101001], dtype=np.int64)
    assert ["10X98765432"[n] for n in check_positions(first17)] == ["X", "4"]


def test_numbers_are_valid_unique_and_of_the_prefix_990(block: Block) -> None:
    ids = block.ids
    assert ids.n_unique() == len(ids)
    assert ids.str.contains(r"^990\d{14}[\dX]$").all()
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    for number in ids.head(500):
        total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
        assert number[17] == "10X98765432"[total % 11]
        assert date(int(number[6:10]), int(number[10:12]), int(number[12:14])) > date(1900, 1, 1)


def test_number_tells_birth_date_and_sex(block: Block) -> None:
    born = pl.Series(block.born).dt.strftime("%Y%m%d")
    assert (block.ids.str.slice(6, 8) == born).all()
    odd = block.ids.str.slice(16, 1).cast(pl.Int64) % 2 == 1
    assert (odd.to_numpy() == block.is_man).all()


def test_people_born_on_one_day_in_one_block_get_different_numbers() -> None:
    born = np.full(900, np.datetime64("1990-05-01"))
    ids = number_people(999, born, np.arange(900) % 2 == 0)
    assert ids.n_unique() == 900


def test_numbers_of_two_blocks_never_meet() -> None:
    born = np.full(10, np.datetime64("1990-05-01"))
    man = np.ones(10, dtype=bool)
    assert not set(number_people(1, born, man)) & set(number_people(2, born, man))


def test_ages_count_whole_years() -> None:
    born = np.array(["2000-11-20", "2000-11-21", "2026-12-01"], dtype="datetime64[D]")
    assert completed_years(born, np.datetime64("2026-11-20")).tolist() == [26, 25, -1]


def test_the_register_holds_exactly_the_people_asked_for() -> None:
    plan = Plan(persons=BLOCK_PEOPLE + 700, dirt="none")
    assert plan.blocks == (BLOCK_PEOPLE, 700)
    assert people_of(plan, 1).registered == 700


def test_households_hold_one_to_eight_people_and_mostly_one_head(block: Block) -> None:
    assert block.size.min() >= 1
    assert block.size.max() <= 8
    assert 2.8 < block.size.mean() < 3.8


def test_parents_are_at_least_fifteen_years_older_than_their_children(block: Block) -> None:
    for parent in (block.father, block.mother):
        named = np.flatnonzero(parent >= 0)
        years = (block.born[named] - block.born[parent[named]]).astype(np.int64) / 365.25
        assert len(named) > 1_000
        assert years.min() > 15


def test_some_parents_live_elsewhere_and_some_are_in_no_register(block: Block) -> None:
    child = np.flatnonzero(block.father >= 0)
    father = block.father[child]
    assert (father >= block.registered).any()
    inside = father < block.registered
    assert (block.household[father[inside]] != block.household[child[inside]]).any()


def test_village_codes_are_known_and_nested_in_known_divisions(frames: dict[str, pl.DataFrame]) -> None:
    codes = frames["psb_resident"]["village_code"].unique()
    known = set(divisions()["code"])
    assert len(codes) > 50
    for code in codes:
        assert {code[:2], code[:4], code[:6], code[:9], code} <= known
        assert code.startswith(PLAN.region)


def test_phones_begin_with_a_prefix_that_nobody_has(frames: dict[str, pl.DataFrame]) -> None:
    phones = frames["psb_resident"]["phone"].drop_nulls()
    assert phones.str.contains(r"^154\d{8}$").all()
    assert 0.4 < len(phones) / 12_000 < 0.9


def test_every_indicator_has_a_story() -> None:
    domains = {"IDH": 20, "INC": 20, "AST": 18, "EXP": 21, "HLT": 22, "EHD": 20, "BEN": 23}
    every = {f"{domain}-{number:03d}" for domain, count in domains.items() for number in range(1, count + 1)}
    assert len(every) == 144
    assert every == {code for story in stories() for code in story.covers}


def test_every_story_is_planted_in_a_small_county() -> None:
    told = frames_of(people_of(Plan(persons=20_000, dirt="none"), 0))[1]
    assert {story.title for story in stories()} == {title for title, count in told.items() if count >= 3}


def test_no_household_gets_two_stories_and_few_get_any(block: Block) -> None:
    fresh = people_of(PLAN, 0)
    told = frames_of(fresh)[1]
    assert fresh.is_told.sum() == told.total()
    assert told.total() < 0.19 * fresh.households


def test_shares_are_those_of_the_table(frames: dict[str, pl.DataFrame]) -> None:
    people = len(frames["psb_resident"])
    dibao = frames["mca_assistance"].filter(pl.col("benefit").str.starts_with("dibao"))["id_no"].n_unique()
    assert 0.03 < dibao / people < 0.15
    insured = frames["nhsa_enrolment"].filter(pl.col("year") == 2026)["id_no"].n_unique()
    assert insured / people > 0.93
    assert 0.03 < frames["dpf_disability"]["id_no"].n_unique() / people < 0.09
