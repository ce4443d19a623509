"""A home of two nights whose people, names and telephones are known, so that a test can look for them."""

from __future__ import annotations

import json
from pathlib import Path

from case_nights import Hit, Home, Night, Nights

from monitor import run
from monitor.contracts import facts
from monitor.publish import publish, write_parameters
from monitor.settings import Settings
from monitor.store import identifier, write_parquet

NAMES = {1: "甲某某", 2: "乙某某", 3: "丙某某"}
PHONES = {1: "13800000001", 2: "13800000002"}
HOUSE = "H:5306220012345"
# what an installation may write into its own rule; nothing of it may do anything anywhere
HOSTILE = "=cmd|'/c calc'!A1 <script>alert(1)</script>'; drop table hit; -- \\u001b[31m"
RULE = f'''
title = "{HOSTILE}"
title_en = "{HOSTILE}"
why = "w"
unit = "person"
direction = "risk"
level = "high"
route = "r"
since = 2023-01-01
when = "a > param.b"
evidence = ["a"]
say = "{{a}} {{param.c}}"
'''
DAYS = ("2026-11-18", "2026-11-19")


def finish_run(night: Night, home: run.Home, day: str) -> None:
    """What the other steps of a night write, over the same people."""
    connection, folder = night.connection, night.folder
    connection.execute(
        "create table deliveries.ledger as "
        "select 'mca_assistance' as extract, 'mca_assistance_20261118' as delivery, "
        "3 as rows_read, 3 as loaded, 0 as superseded, 0 as quarantined, 0 as blanked, "
        "'in_force' as state, null::varchar as reason"
    )
    connection.execute(
        "create table parameters.resolved as select 1 as place_id, 'review_months' as parameter, 12.5::decimal(18,6) as value, "
        "'53' as region_code, 'any' as area_kind, date '2023-01-01' as valid_from, '某文件' as document"
    )
    place = "village_code, township, county, area_kind"
    selects = {
        "ledger": "select * from deliveries.ledger order by extract",
        "freshness": "select * from deliveries.freshness order by extract",
        "person": "select id_no as subject, id_no, name, '1' as sex, date '1970-01-01' as birth_date, phone, address, "
        f"household_id as household, is_member, true as is_living, {place} from core.person order by subject",
        "household": "select household_id as subject, household_id as household, id_text(head) as head, "
        f"'' as name, '' as phone, '' as address, member_count, {place} from core.household order by subject",
        "facts_person": f"select id_no as subject, {fact_columns('person')} from core.person order by subject",
        "facts_household": f"select household_id as subject, {fact_columns('household')} from core.household order by subject",
        "hits": "select indicator, unit, if(unit = 'person', id_text(hit.subject), own.household_id) as subject, "
        "own.household_id as household, hit.county, level, evidence, measure, direction, family from hits.hit as hit "
        "left join core.household as own on own.household = hit.household order by indicator, subject",
        "coverage": "select 'A' as indicator, '530622' as county, 1 as hit, 1 as clear, 1 as unknown, 0 as exempt",
    }
    for name, select in selects.items():
        write_parquet(connection, select, folder / f"{name}.parquet")
    write_parameters(connection, folder)
    manifest = {"as_of": day, "run_id": "abc", "software": "0", "previous": None}
    (folder / "catalogue.json").write_text(json.dumps({"files": {"health/HLT-001_x.toml": RULE}}), encoding="utf-8")
    (folder / run.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def fact_columns(unit: str) -> str:
    declared = facts("person" if unit == "person" else "household").values()
    return ", ".join(f"cast(null as {fact.sql_type}) as {identifier(fact.name)}" for fact in declared)


def made_home(folder: Path) -> run.Home:
    """Two nights, published."""
    home = run.Home(folder)
    home.make()
    nights = Nights(home.runs)
    people = {"names": NAMES, "phones": PHONES, "addresses": {1: "莲塘路9号"}}
    hits = [Hit("A", 1, "high"), Hit("B", HOUSE), Hit("P", 3, direction="process"), Hit("C", 3, "low")]
    for day, tonight in zip(DAYS, (hits, hits[:1]), strict=True):
        night = nights.night(day, tonight, [Home(HOUSE, (1, 2))], alone=(3,), stale=("dpf_disability",), **people)  # type: ignore[arg-type]
        finish_run(night, home, day)
    publish(home, Settings(threads=1))
    return home
