"""Two tiny run folders written by hand: one household with a visit case, one person who stands alone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb

from monitor.contracts import facts, outputs
from monitor.contracts.facts import Unit
from monitor.indicators import load_catalogue, own_indicators, store_catalogue
from monitor.settings import Settings
from monitor.store import connect, identifier, literal, write_parquet

HEAD, CHILD, ALONE = "990000197001010015", "990000201501010013", "990000195001010014"
PLACE = {"village_code": "530622001001", "township": "530622001", "county": "530622", "area_kind": "rural"}
CASE = "V530622-20261119-0001"
AUDIT = "A530622-20261119-0001"
RULE = "INC-001"  # income below dibao, dependants, nobody at work
NIGHTS = ("2026-11-19", "2026-11-20")
AUDITED = {"answer": "false_data", "answered_on": NIGHTS[1], "ended_on": NIGHTS[1]}


def make_runs(home: Path) -> None:
    """The case opens on the first night as orange; on the second its income has fallen and a second reason has gone."""
    with connect(None, Settings(threads=1)) as connection:
        for night, income in zip(NIGHTS, ("700", "300.50"), strict=True):
            _make_run(connection, home / "runs" / night, night, income)


def _make_run(connection: duckdb.DuckDBPyConnection, run: Path, night: str, income: str) -> None:
    run.mkdir(parents=True)
    store_catalogue(load_catalogue(own=own_indicators(run.parents[1])), run)
    first = night == NIGHTS[0]
    head = {"name": "赵大山", "phone": "13900000000", "address": "一组1号", "household": "H:1"}
    people = [
        {"subject": HEAD, "id_no": HEAD, **head},
        {"subject": CHILD, "id_no": CHILD, "name": "赵小山", "household": "H:1"},
        {"subject": ALONE, "id_no": ALONE, "name": "钱老", "phone": "13900000001"},
    ]
    _write(connection, run, "person", [{**one, **PLACE, "is_member": True, "is_living": True} for one in people])
    home = {"subject": "H:1", "head": HEAD, **head}
    empty = {"subject": "H:2", "household": "H:2", "head": ALONE, "name": "钱老"}
    _write(connection, run, "household", [{**one, "member_count": 2, **PLACE} for one in (home, empty)])
    case = {"case_no": CASE, "kind": "visit", "subject": "H:1", "household": "H:1", "colour": "orange", "points": 5}
    case |= {"state": "new" if first else "continuing", "first_seen": NIGHTS[0], "last_seen": night, "first_listed": NIGHTS[0]}
    alone = {"case_no": "V530622-20261119-0002", "kind": "visit", "subject": ALONE, "colour": "blue", "points": 1}
    alone |= {"state": "carried", "first_seen": NIGHTS[0], "last_seen": NIGHTS[0]}
    places = {"village": PLACE["village_code"], "township": PLACE["township"], "county": PLACE["county"]}
    _write(connection, run, "cases", [{**one, **places, "due": "2026-12-03"} for one in (case, alone)])
    hit = {"case_no": CASE, "indicator": RULE, "unit": "household", "subject": "H:1", "state": "hit", "level": "high"}
    hit |= {"points": 5, "reason_zh": "收入低", "first_seen": NIGHTS[0], "last_hit": night}
    gone = [{**hit, "indicator": "EXP-004", "unit": "person", "subject": CHILD, "reason_zh": "医疗费高"}] if first else []
    late = {**hit, "case_no": alone["case_no"], "indicator": "EXP-004", "unit": "person", "subject": ALONE, "state": "unknown"}
    _write(connection, run, "case_hits", [hit, *gone, {**late, "late_zh": "医保"}])
    place = {name: places[name] for name in ("county", "township")}
    audit = {"case_no": AUDIT, "subject": "H:3", **place, "drawn_on": NIGHTS[0], "households": 612, "drawn": 2}
    _write(connection, run, "audits", [audit if first else {**audit, **AUDITED}])
    _write_facts(connection, run, income)
    parameter = {"parameter": "dibao_month_yuan", "valid_from": "2025-07-01"}
    _write(
        connection,
        run,
        "parameters",
        [
            {**parameter, "region_code": "53", "area_kind": "rural", "value": "533.33", "document": "省文件"},
            {**parameter, "region_code": "5306", "area_kind": "any", "value": "760.00", "document": "市文件"},
            {**parameter, "region_code": "5301", "area_kind": "any", "value": "900.00", "document": "别市文件"},
        ],
    )
    _write(connection, run, "region", [{"code": "530622001", "full_name": "某县某镇"}, {"code": "5306", "full_name": "某市"}])
    delivery = {"extract": "psb_resident", "delivery": f"psb_resident_{night.replace('-', '')}", "state": "in_force"}
    _write(connection, run, "ledger", [delivery])
    fresh = [{"extract": name, "is_stale": False} for name in ("psb_resident", "sta_income")]
    _write(connection, run, "freshness", [*fresh, {"extract": "nhsa_settlement", "is_stale": True}])
    inputs = [{"delivery": delivery["delivery"], "file_ending": ".csv"}]
    (run / "manifest.json").write_text(json.dumps({"as_of": night, "inputs": inputs}), encoding="utf-8")


def _write(connection: duckdb.DuckDBPyConnection, run: Path, name: str, rows: list[dict[str, object]]) -> None:
    """Rows with the columns that the output promises; what is not given is empty."""
    columns = outputs("restricted")[name].columns
    selects = [
        "select " + ", ".join(f"cast({literal(row.get(c.name))} as {c.type}) as {identifier(c.name)}" for c in columns)  # type: ignore[arg-type]
        for row in rows
    ]
    write_parquet(connection, " union all ".join(selects) + " order by 1", run / f"{name}.parquet")


def _write_facts(connection: duckdb.DuckDBPyConnection, run: Path, income: str) -> None:
    known: dict[Unit, dict[str, dict[str, str]]] = {
        "household": {
            "H:1": {
                "income_pc_month_yuan": income,
                "member_count": "2",
                "dependent_count": "1",
                "employed_count": "0",
                "assets_within_limits": "true",
                "on_dibao": "false",
                "on_tekun": "false",
            }
        },
        "person": {HEAD: {}, CHILD: {}, ALONE: {}},
    }
    for unit, subjects in known.items():
        selects = []
        for subject, given in subjects.items():
            columns = [
                f"cast({literal(given.get(f.name))} as {f.sql_type}) as {identifier(f.name)}" for f in facts(unit).values()
            ]
            selects.append(f"select {literal(subject)} as subject, {', '.join(columns)}")
        write_parquet(connection, " union all ".join(selects) + " order by 1", run / f"facts_{unit}.parquet")


def day(text: str) -> date:
    return date.fromisoformat(text)
