"""Households drawn at random although nothing speaks in them."""

from __future__ import annotations

from pathlib import Path

from case_nights import Answer, Hit, Home, Nights

MONDAY, TUESDAY, WEDNESDAY, NEXT_MONDAY = "2026-11-16", "2026-11-17", "2026-11-18", "2026-11-23"
HOMES = [Home(f"H:{n}", (n,)) for n in range(1, 31)]


def test_five_of_a_hundred_places_a_week_and_at_least_one_go_to_households_without_a_visit_case(tmp_path: Path) -> None:
    hits = [Hit("A", n, "low") for n in range(1, 11)]
    for visits, audits in ((1, 1), (29, 1), (30, 2), (100, 5)):
        night = Nights(tmp_path / str(visits), visits_per_week=visits).night(MONDAY, hits, HOMES)
        drawn = night.rows("select subject, households, drawn from cases.audit order by case_no")
        assert [row[1:] for row in drawn] == [(20, audits)] * audits
        assert not {subject for subject, *_ in drawn} & {f"H:{n}" for n in range(1, 11)}
        assert (
            night.cases("kind, colour, points, state, score, due::varchar", audits=True)
            == [("audit", None, 0, "new", None, "2026-12-14")] * audits
        )
        assert night.rows("select count(*), max(rank) from cases.listed where why = 'audit'") == [(audits, audits)]


def test_a_week_draws_once_and_the_next_fills_up_what_was_answered(tmp_path: Path) -> None:
    nights = Nights(tmp_path, visits_per_week=40)
    first = nights.night(MONDAY, [], HOMES).cases("case_no", audits=True)
    assert sorted(first) == [("A530622-20261116-0001",), ("A530622-20261116-0002",)]
    number = first[0][0]
    closed = nights.night(TUESDAY, [], HOMES, answers=(Answer(number, "false_changed", MONDAY),))
    assert sorted(closed.cases("state, answer", audits=True)) == [("closed", "false_changed"), ("continuing", None)]
    assert closed.rows("select count(*) from cases.listed") == [(1,)]
    assert len(nights.night(WEDNESDAY, [], HOMES).cases("state", audits=True)) == 1
    monday = nights.night(NEXT_MONDAY, [], HOMES)
    assert sorted(monday.cases("state", audits=True)) == [("continuing",), ("new",)]
    assert monday.rows("select count(*) from cases.audit") == [(3,)]


def test_an_audit_older_than_every_case_keeps_its_day_due(tmp_path: Path) -> None:
    nights = Nights(tmp_path, visits_per_week=1)
    drawn = nights.night(MONDAY, [], HOMES[:1]).cases("case_no, due::varchar", audits=True)
    for day in ("2026-12-10", "2026-12-26"):
        night = nights.night(day, [Hit("A", 2)], HOMES[:2])
        assert night.cases("case_no, due::varchar", audits=True) == drawn
    assert drawn[0][1] < "2026-12-26"


def test_pending_leaves_an_audit_on_the_list(tmp_path: Path) -> None:
    nights = Nights(tmp_path, visits_per_week=1)
    number = nights.night(MONDAY, [], HOMES).cases("case_no", audits=True)[0][0]
    night = nights.night(TUESDAY, [], HOMES, answers=(Answer(number, "pending", MONDAY),))
    assert night.cases("case_no, state, answer", audits=True) == [(number, "continuing", "pending")]


def test_an_audit_ends_when_its_household_has_left(tmp_path: Path) -> None:
    nights = Nights(tmp_path, visits_per_week=1)
    nights.night(MONDAY, [], HOMES[:1])
    assert nights.night(TUESDAY, [], []).cases("state, ended_zh", audits=True) == [("cleared", "该户已不在本乡镇")]
    assert nights.night(WEDNESDAY, [], []).cases("state", audits=True) == []


def test_a_pending_audit_ends_when_its_household_has_left(tmp_path: Path) -> None:
    nights = Nights(tmp_path, visits_per_week=1)
    number = nights.night(MONDAY, [], HOMES[:1]).cases("case_no", audits=True)[0][0]
    night = nights.night(TUESDAY, [], [], answers=(Answer(number, "pending", MONDAY),))
    assert night.cases("state, ended_zh", audits=True) == [("cleared", "该户已不在本乡镇")]


def test_an_audited_household_in_which_something_hits_later_has_both(tmp_path: Path) -> None:
    nights = Nights(tmp_path, visits_per_week=1)
    nights.night(MONDAY, [], HOMES[:1])
    night = nights.night(TUESDAY, [Hit("A", 1)], HOMES[:1])
    assert night.rows("select why from cases.listed order by 1") == [("audit",), ("ranked",)]


def test_a_review_changes_no_draw(tmp_path: Path) -> None:
    drawn = [
        Nights(tmp_path / name).night(MONDAY, hits, HOMES).rows("select subject from cases.audit order by case_no")
        for name, hits in (("a", []), ("b", [Hit("R", n, "urgent", "integrity") for n in range(1, 31)]))
    ]
    assert drawn[0] == drawn[1]


def test_another_week_draws_others(tmp_path: Path) -> None:
    weeks = ["2026-11-16", "2026-11-22", "2026-11-23"]
    drawn = [
        Nights(tmp_path / day).night(day, [], HOMES).rows("select subject from cases.audit order by subject") for day in weeks
    ]
    assert drawn[0] == drawn[1] != drawn[2]
