"""Cases over several nights: what goes on, what ends, what an unknown may and may not do."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from case_nights import Answer, Hit, Home, Nights, citizen

from monitor.contracts import outputs

ONE, TWO, THREE, FOUR = "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"


@pytest.mark.parametrize(
    ("yesterday", "today", "state"),
    [
        ("medium", "medium", "continuing"),
        ("medium", "high", "escalated"),
        ("medium", "urgent", "escalated"),
        ("urgent", "high", "eased"),
        ("medium", "low", "eased"),
        ("low", "low", "continuing"),
    ],
)
def test_a_case_is_compared_with_its_colour_of_the_night_before(tmp_path: Path, yesterday: str, today: str, state: str) -> None:
    nights = Nights(tmp_path)
    first = nights.night(ONE, [Hit("A", 1, yesterday)])
    second = nights.night(TWO, [Hit("A", 1, today)])
    assert second.cases("state") == [(state,)]
    assert second.cases("case_no") == first.cases("case_no")
    assert second.cases("first_seen::varchar, last_seen::varchar") == [(ONE, TWO)]


def test_points_may_move_within_a_colour(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night(ONE, [Hit("A", 1, "medium")])
    assert nights.night(TWO, [Hit("A", 1, "medium"), Hit("B", 1, "low")]).cases() == [("visit", "yellow", 4, "continuing")]


def test_a_cleared_case_is_told_once_and_a_later_hit_opens_a_new_one(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night(ONE, [Hit("A", 1, "high", reason="甲")])
    cleared = nights.night(TWO, [])
    assert cleared.cases("colour, points, state, reasons_zh, last_seen::varchar, due is null") == [
        ("orange", 5, "cleared", "甲", ONE, False)
    ]
    assert cleared.rows("select * from cases.case_hit") == []
    assert cleared.listed() == []
    assert nights.night(THREE, []).cases() == []
    again = nights.night(FOUR, [Hit("A", 1, "high")])
    assert again.cases("state, case_no") == [("new", "V530622-20261120-0001")]


def test_a_cleared_case_whose_hit_comes_back_the_next_night_is_a_new_one(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night(ONE, [Hit("A", 1)])
    nights.night(TWO, [])
    assert nights.night(THREE, [Hit("A", 1)]).cases("state, case_no") == [("new", "V530622-20261119-0001")]


def test_an_unknown_never_clears_a_case_and_only_what_was_judged_falls_away(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night(ONE, [Hit("A", 1, "high"), Hit("B", 2, "medium")])
    carried = nights.night(TWO, [], unknown=(("A", 1),))
    assert carried.cases("colour, points, state, last_seen::varchar") == [("orange", 5, "carried", ONE)]
    assert carried.rows("select indicator, state, last_hit::varchar from cases.case_hit") == [("A", "unknown", ONE)]
    still = nights.night(THREE, [], unknown=(("A", 1),))
    assert still.cases() == [("visit", "orange", 5, "carried")]
    assert still.rows("select indicator, first_seen::varchar, last_hit::varchar from cases.case_hit") == [("A", ONE, ONE)]
    assert nights.night(FOUR, []).cases() == [("visit", "orange", 5, "cleared")]


@pytest.mark.parametrize(
    ("stale", "state"),
    [("mca_assistance", "carried"), ("mca_payment", "cleared"), ("dpf_disability", "cleared"), ("", "cleared")],
)
def test_who_is_known_through_a_late_department_alone_is_not_cleared(tmp_path: Path, stale: str, state: str) -> None:
    nights = Nights(tmp_path)
    hits = [Hit("A", 5, "high", "integrity", extracts=("mca_assistance", "dpf_disability"))]
    (first,) = nights.night(ONE, hits, alone=(5,)).cases("case_no, subject, township, village")
    for day in (TWO, THREE):
        late = nights.night(day, [], not_known=(("A", 5),), stale=(stale,) if stale else ())
        assert late.cases("state, colour") == [(state, "orange")]
        if state == "cleared":
            return
        assert late.cases("case_no, subject, township, village") == [first]
        assert late.rows("select state, late_zh is not null from cases.case_hit") == [("unknown", True)]
    assert nights.night(FOUR, hits, alone=(5,)).cases("state, case_no") == [("continuing", first[0])]


def test_a_case_at_rest_stays_so_while_its_person_is_known_through_a_late_department_alone(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    hits = [Hit("A", 5, "high", "integrity", extracts=("mca_payment",))]
    ((number,),) = nights.night(ONE, hits, alone=(5,)).cases("case_no")
    nights.night(TWO, hits, alone=(5,), answers=(Answer(number, "keep", ONE),))
    late = nights.night(THREE, [], not_known=(("A", 5),), stale=("mca_payment",))
    assert late.cases("state, case_no") == [("muted", number)]


def test_a_carried_case_hits_again(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    first = nights.night(ONE, [Hit("A", 1, "high")])
    nights.night(TWO, [], unknown=(("A", 1),))
    again = nights.night(THREE, [Hit("A", 1, "high")])
    assert again.cases("case_no, state") == [(first.cases("case_no")[0][0], "continuing")]
    assert again.rows("select state, first_seen::varchar, last_hit::varchar from cases.case_hit") == [("hit", ONE, THREE)]


def test_an_unknown_beside_a_hit_lowers_no_colour(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night(ONE, [Hit("A", 1, "high"), Hit("B", 1, "medium"), Hit("C", 1, "low")])
    night = nights.night(TWO, [Hit("B", 1, "medium")], unknown=(("A", 1),))
    assert night.cases() == [("visit", "red", 8, "continuing")]
    assert night.rows("select indicator, state from cases.case_hit order by 1") == [("A", "unknown"), ("B", "hit")]


def test_what_was_never_in_the_case_is_not_carried(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night(ONE, [Hit("A", 1, "high")])
    assert nights.night(TWO, [], unknown=(("B", 1), ("A", 2))).cases("state") == [("cleared",)]


def test_visits_and_reviews_live_apart(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night(ONE, [Hit("A", 1), Hit("R", 1, "high", "integrity")])
    night = nights.night(TWO, [Hit("A", 1)], unknown=(("R", 1),))
    assert night.cases() == [("review", "orange", 5, "carried"), ("visit", "yellow", 3, "continuing")]


def test_an_unknown_reason_says_whose_data_are_late_and_from_when_it_is(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night(TWO, [Hit("A", 1, reason="残疾二级", extracts=("dpf_disability", "mca_assistance"))])
    night = nights.night(THREE, [], unknown=(("A", 1),), stale=("dpf_disability",))
    assert night.cases("reasons_zh") == [("残疾二级（残联数据迟到，沿用11月18日）",)]
    assert night.rows("select late_zh from cases.case_hit") == [("残联",)]


def test_an_unknown_without_a_late_department_says_that_data_are_missing(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night(TWO, [Hit("A", 1, reason="残疾二级", extracts=("dpf_disability",))])
    night = nights.night(THREE, [], unknown=(("A", 1),))
    assert night.cases("reasons_zh") == [("残疾二级（今晚数据不全，沿用11月18日）",)]


def test_a_household_keeps_its_case_when_its_head_changes(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    first = nights.night(ONE, [Hit("A", "H:1", "high")], [Home("H:1", (1, 2))])
    second = nights.night(TWO, [], [Home("H:1", (2, 1))], unknown=(("A", "H:1"),))
    assert second.cases("case_no, state") == [(first.cases("case_no")[0][0], "carried")]


def test_a_household_under_a_new_number_keeps_its_case(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    first = nights.night(ONE, [Hit("A", "H:1", "high")], [Home("H:1", (1, 2))])
    second = nights.night(TWO, [Hit("A", "F:7", "high")], [Home("F:7", (2, 1))])
    assert second.cases("case_no, subject, state") == [(first.cases("case_no")[0][0], "F:7", "continuing")]


def test_a_household_that_dissolves_is_followed_through_its_head(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    first = nights.night(ONE, [Hit("A", "H:1", "high"), Hit("B", 1, "medium")], [Home("H:1", (1,))])
    carried = nights.night(TWO, [], [], alone=(1,), unknown=(("B", 1),))
    assert carried.cases("case_no, subject, state, points") == [(first.cases("case_no")[0][0], citizen(1), "carried", 3)]
    assert nights.night(THREE, [], [], alone=(1,)).cases("state") == [("cleared",)]


def test_a_household_that_is_gone_with_all_its_people_ends_with_a_reason(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night(ONE, [Hit("A", "H:1", "high"), Hit("B", 1, "medium")], [Home("H:1", (1,))])
    gone = nights.night(TWO, [], [])
    assert gone.cases("subject, household, township, state, ended_zh") == [
        ("H:1", "H:1", "530622001", "cleared", "原家庭已不存在，随户主核对后均不再命中")
    ]


def test_a_person_who_joins_a_household_brings_the_case(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    first = nights.night(ONE, [Hit("A", 3)], [Home("H:1", (1, 2))], alone=(3,))
    second = nights.night(TWO, [Hit("A", 3)], [Home("H:1", (1, 2, 3))])
    assert second.cases("case_no, subject, state") == [(first.cases("case_no")[0][0], "H:1", "continuing")]


def test_of_cases_that_merge_the_oldest_goes_on_and_the_other_names_it(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    old = nights.night(ONE, [Hit("A", "H:1", "high")], [Home("H:1", (1, 2))], alone=(3,)).cases("case_no")[0][0]
    nights.night(TWO, [Hit("A", "H:1", "high"), Hit("B", 3)], [Home("H:1", (1, 2))], alone=(3,))
    merged = nights.night(THREE, [Hit("A", "H:1", "high"), Hit("B", 3)], [Home("H:1", (1, 2, 3))])
    assert merged.cases("state, points, ended_zh") == [("cleared", 3, f"并入{old}"), ("escalated", 8, None)]
    assert merged.rows("select case_no, indicator from cases.case_hit order by 2") == [(old, "A"), (old, "B")]


def test_a_member_who_leaves_takes_the_unknown_hit_along(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night(ONE, [Hit("A", 2, "high")], [Home("H:1", (1, 2))])
    left = nights.night(TWO, [], [Home("H:1", (1,)), Home("H:2", (2,))], unknown=(("A", 2),))
    assert left.cases("subject, state, points") == [("H:1", "cleared", 5), ("H:2", "carried", 5)]


def test_the_run_folder_is_all_that_a_night_remembers(tmp_path: Path) -> None:
    night = Nights(tmp_path).night(ONE, [Hit("A", 1, "low"), Hit("B", "H:1"), Hit("P", 1, direction="process")])
    counts = {
        path.stem: duckdb.sql(f"select count(*) from '{path}'").fetchall()[0][0] for path in night.folder.glob("*.parquet")
    }
    memory = {"cases": 1, "case_hits": 2, "case_answers": 0, "audits": 0}
    assert counts == memory | {"listed": 1, "left_off": 0, "supervision": 1, "household": 1}


def test_every_file_keeps_its_promise(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    homes = [Home(f"H:{n}", (n, n + 100)) for n in range(1, 30)]
    hits = [Hit(code, m, "low") for n in range(1, 30) for m in (n, n + 100) for code in ("A", "B")]
    nights.night(ONE, [*hits, Hit("P", 1, direction="process")], homes)
    night = nights.night(TWO, [*hits[::2], Hit("P", 1, direction="process")], homes, unknown=(("B", 1), ("B", 101)))
    for name in ("cases", "case_hits", "case_answers", "audits", "listed", "left_off", "supervision"):
        promised = outputs("restricted")[name]
        found = duckdb.sql(f"describe select * from '{night.folder / name}.parquet'").fetchall()
        assert [(column, type_.lower()) for column, type_, *_ in found] == [(c.name, c.type) for c in promised.columns]
        keys = f"select {', '.join(promised.key)} from '{night.folder / name}.parquet' group by all having count(*) > 1"
        assert duckdb.sql(keys).fetchall() == []


def test_the_same_nights_give_the_same_bytes_with_any_number_of_threads(tmp_path: Path) -> None:
    def bytes_after(folder: Path, count: int) -> dict[str, bytes]:
        nights = Nights(folder, count)
        homes = [Home(f"H:{n}", (n, n + 500)) for n in range(1, 300)]
        hits = [Hit(code, n, level) for n in range(1, 300) for code, level in (("A", "low"), ("B", "high"))]
        nights.night(ONE, hits, homes)
        last = nights.night(TWO, hits[::-1][:200], homes[::-1], unknown=tuple(("A", n) for n in range(1, 9)))
        return {path.name: path.read_bytes() for path in sorted(last.folder.glob("*.parquet")) if path.stem != "household"}

    assert bytes_after(tmp_path / "a", 1) == bytes_after(tmp_path / "b", 2)
