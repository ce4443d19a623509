"""Missed need is estimated from audits; progress counts what is listed, answered and late."""

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from answered import Answered, audit, give, insert, night, visit

from monitor.learned import learn, take_stock

TOWN, SMALL = "530622001", "530622002"


def stock(
    folder: Path, answers: list[Answered], households: dict[str, int], select: str, **given: Any
) -> list[tuple[Any, ...]]:
    """Households per township, answers, and what `select` finds."""
    connection = night()
    number = iter(range(10**6))
    for township, count in households.items():
        rows = [
            (n, f"H:{n}", n, 1, township + "001", township, township[:6]) for n, _ in zip(number, range(count), strict=False)
        ]
        insert(connection, "core.household", rows)
    for table, rows in given.items():
        insert(connection, f"cases.{table}", rows)
    learn(connection, give(connection, folder, answers), {})
    take_stock(connection)
    return connection.execute(select).fetchall()


def audits(township: str, missed: int, of: int, start: int = 1) -> list[Answered]:
    return [
        Answered(audit(start + n), "true_enrolled" if n < missed else "false_changed", township=township) for n in range(of)
    ]


def test_the_share_of_one_township_is_that_of_its_visits(tmp_path: Path) -> None:
    columns = "households, visited, judged, missed, share, share_low, share_high"
    select = f"select {columns} from learned.missed_need where county = '530622'"
    found = stock(tmp_path, audits(TOWN, 12, 40), {TOWN: 200}, select)
    assert found == [(200, 40, 40, 12, Decimal("0.3000"), Decimal("0.1807"), Decimal("0.4543"))]


def test_townships_weigh_by_their_households(tmp_path: Path) -> None:
    """A tenth of the households live where everybody is in need, but half of the visits went there."""
    answers = audits(TOWN, 0, 10) + audits(SMALL, 10, 10, start=50)
    select = "select share, missed_households, share_high - share_low > 0.3 from learned.missed_need where county = 'all'"
    assert stock(tmp_path, answers, {TOWN: 180, SMALL: 20}, select) == [(Decimal("0.1000"), 20, True)]


def test_covered_need_is_not_missed_and_who_was_not_met_judges_nothing(tmp_path: Path) -> None:
    answers = [
        Answered(audit(n), a) for n, a in enumerate(["true_covered", "not_found", "declined", "pending", "true_temporary"])
    ]
    select = "select visited, judged, missed, share from learned.missed_need where county = '530622'"
    assert stock(tmp_path, answers, {TOWN: 30}, select) == [(5, 2, 1, Decimal("0.5000"))]


def test_audits_of_last_year_count_no_more(tmp_path: Path) -> None:
    old = [Answered(audit(1), "true_enrolled", on=date(2025, 11, 20))]
    select = "select visited, share from learned.missed_need where county = '530622'"
    assert stock(tmp_path, old, {TOWN: 30}, select) == [(0, None)]


def test_households_with_an_open_visit_case_are_not_asked_about_but_reviews_do_not_count(tmp_path: Path) -> None:
    cases = [("V1", "visit", 0, None, "new"), ("R1", "review", 1, None, "new"), ("V2", "visit", 2, None, "cleared")]
    select = "select households from learned.missed_need where county = '530622'"
    assert stock(tmp_path, [], {TOWN: 30}, select, case=cases) == [(29,)]


def test_the_interval_holds_the_truth_in_93_to_97_of_100_draws_of_a_county(tmp_path: Path) -> None:
    """Three townships of unlike size and need; each draw visits households of each at random, small ones more often."""
    chance = random.Random(20261120)
    need = {"530622001": (1200, 84), "530622002": (600, 60), "530622003": (200, 26)}
    visits = {"530622001": 90, "530622002": 50, "530622003": 30}
    truth = Decimal(sum(n for _, n in need.values())) / sum(size for size, _ in need.values())
    draws = 400
    connection = night()
    connection.execute("create schema if not exists learned")
    rows = [
        (
            f"{draw:06d}",
            township,
            size,
            visits[township],
            visits[township],
            sum(x < poor for x in chance.sample(range(size), visits[township])),
        )
        for draw in range(draws)
        for township, (size, poor) in need.items()
    ]
    connection.execute("""create table learned.audited_township(county varchar, township varchar, households bigint,
        visited bigint, judged bigint, missed bigint)""")
    insert(connection, "learned.audited_township", rows)
    held = _held(connection, truth)
    assert 0.93 * draws <= held <= 0.97 * draws


def _held(connection: Any, truth: Decimal) -> int:
    from monitor.learned import make_interval_macros
    from monitor.transform import run_layer

    make_interval_macros(connection)
    run_layer(connection, "learned", prefix="missed_need")
    select = "select count(*) from learned.missed_need where county <> 'all' and $truth between share_low and share_high"
    return int(connection.execute(select, {"truth": truth}).fetchall()[0][0])


def test_progress_counts_lists_answers_and_visitors_by_township_county_and_over_all(tmp_path: Path) -> None:
    cases = [(visit(8), "visit", 0, date(2026, 11, 19), "new"), (visit(9), "visit", 1, date(2026, 11, 20), "new")]
    listed = [(visit(8), TOWN, 1, "red"), (visit(9), SMALL, 1, "ranked"), (audit(3), TOWN, 1, "audit")]
    answers = [
        Answered(visit(1), "true_enrolled", by="甲"),
        Answered(visit(2), "false_data", by="甲"),
        Answered(visit(3), "not_found", by="乙"),
        Answered(visit(4), "true_covered", by="丙", on=date(2026, 10, 1)),
    ]
    select = """
        select county, township, listed, overdue, answered, answered_recently, judged, fact, action, enrolment, visitors,
            answered_per_visitor, listed_per_visitor
        from learned.progress where kind = 'visit' order by all
    """
    found = stock(tmp_path, answers, {TOWN: 3}, select, case=cases, listed=listed)
    total = (2, 1, 4, 3, 3, 2, 1, 1, 2, Decimal("1.5"), Decimal("1.0"))
    assert found == [
        ("530622", TOWN, 1, 1, 4, 3, 3, 2, 1, 1, 2, Decimal("1.5"), Decimal("0.5")),
        ("530622", SMALL, 1, 0, 0, 0, 0, 0, 0, 0, 0, None, None),
        ("530622", "all", *total),
        ("all", "all", *total),
    ]


def test_threads_and_the_order_of_answers_change_no_byte(tmp_path: Path) -> None:
    from monitor.learned import write_learned

    answers = [Answered(visit(n), ("true_enrolled", "false_data", "not_found")[n % 3], f"INC-00{n % 4}") for n in range(60)]
    written: Callable[[int], list[bytes]] = lambda threads: _bytes(tmp_path, answers, threads, write_learned)  # noqa: E731
    assert written(1) == written(4)


def _bytes(folder: Path, answers: list[Answered], threads: int, write: Any) -> list[bytes]:
    connection = night(threads=threads)
    learn(connection, give(connection, folder, answers), {})
    take_stock(connection)
    run = folder / f"run{threads}"
    run.mkdir()
    write(connection, run)
    return [path.read_bytes() for path in sorted(run.glob("*.parquet"))]
