"""Which answers the public counts are made of."""

from __future__ import annotations

import duckdb

from monitor.transform import SQL


def test_the_latest_day_is_counted_and_not_what_was_collected_last() -> None:
    with duckdb.connect() as connection:
        connection.execute("""
            create table answer (case_no varchar, kind varchar, county varchar, answer varchar, answer_order bigint,
                answered_on date, collected_on date);
            insert into answer values
                ('V1', 'visit', '530622', 'true_enrolled', 1, date '2026-11-18', date '2026-11-18'),
                ('V1', 'visit', '530622', 'false_data', 2, date '2026-11-17', date '2026-11-20'),
                ('V2', 'visit', '530622', 'declined', 3, date '2026-11-18', date '2026-11-20'),
                ('V2', 'visit', '530622', 'not_found', 4, date '2026-11-18', date '2026-11-20');
            set variable as_of = date '2026-11-20';
        """)
        select = (SQL / "public" / "answers.sql").read_text(encoding="utf-8")
        assert connection.execute(select).fetchall() == [("530622", "not_found", 1), ("530622", "true_enrolled", 1)]
