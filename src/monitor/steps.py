"""The verbs of a night, in order: begin, land, gate, build, evaluate, open_cases, commit, publish.

Every verb takes the settings and the as-of date and finds the rest in the night's folder, so the command line calls them one
after the other and a flow wraps each in a task. What a verb returns is counts and names, never rows of people.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

import monitor
from monitor import (
    answers,
    audit,
    cases,
    facts,
    indicators,
    learned,
    lists,
    parameters,
    publish,
    referrals,
    regions,
    sources,
    workbooks,
)
from monitor.contracts.reading import schemas_folder
from monitor.delivery_reports import doubts_of, write_reports
from monitor.encryption import key_of, must_fit, refuse_what_cannot_be_encrypted
from monitor.errors import Fault, NightCannotStand, NoRoom, UsageError
from monitor.privacy import token_key
from monitor.pulling import pull_for_night, read_report
from monitor.retention import release
from monitor.room import check_room
from monitor.run import Home, Night, read_manifest
from monitor.settings import Settings
from monitor.store import connect, rows_stored, write_parquet
from monitor.summary import summarise
from monitor.transform import SQL, run_layer
from monitor.vocabulary import DeliveryState, Direction

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
REGISTER = "psb_resident"
# rules that ask whether somebody is in need; no other is learned from, and no other refers anybody
NEED = (Direction.RISK, Direction.UNCOVERED)
Figures = dict[str, Any]
Report = Callable[[str, int, int], None]


def silent(what: str, done: int, total: int) -> None:
    """A report that nobody reads."""


@contextmanager
def home_held(settings: Settings) -> Iterator[None]:
    """Hold the home for a night and finish what a crashed one had already made real.

    Raises:
        NightIsRunning: another process holds it.
        UsageError: the key is not that of the home, or the engine cannot encrypt.
    """
    must_fit(settings)
    refuse_what_cannot_be_encrypted(settings)
    home = Home(settings.home)
    with home.locked():
        home.recover()
        if not publish.is_current(home, settings):
            publish.publish(home, settings)
        try:
            yield
        except BaseException as error:
            with suppress(OSError):  # a disk that is full must not hide what went wrong
                audit.record(home.root, audit.Action.RUN_FAILED, error=type(error).__name__)
            raise


def begin(settings: Settings, as_of: date, *, again: bool = False) -> Figures:
    """Find and hash what has arrived; `already` is true when this very night has been run before.

    Raises:
        CatalogueInvalid: indicator files are wrong and no earlier night's catalogue can take their place.
        NothingArrived: there is no delivery dated on or before the as-of date.
        NoRoom: the disk has too little room for what the night writes.
        UsageError: the date is impossible, or the night before it is kept in part only.
    """
    if not FIRST_DAY <= as_of <= LAST_DAY:
        raise UsageError("数据日期有误。", [Fault("as-of", as_of.isoformat(), f"{FIRST_DAY} 至 {LAST_DAY}")])
    if settings.engine == "spark":
        import_module("monitor.spark")  # what it needs and is not installed fails first
    night = Night(settings, as_of)
    if night.previous:
        night.home.must_be_whole([night.previous])
    indicators.load_catalogue_for_night(night.home.root, night.previous)  # a catalogue that cannot be used fails first
    night.begin()
    with _noted(night, "begin") as notes:
        arrivals = sources.arrive(night)
        collected = [(one.delivery, one.sha256) for one in answers.landed_answers(night.home, as_of)]
        notes["fingerprint"] = _fingerprint(night, [(d.name, d.sha256) for d in arrivals.deliveries] + collected)
        notes["pulled"] = read_report(night.home, as_of)
        notes["ignored"] = [{"file": one.file, "reason": one.reason} for one in arrivals.ignored]
    already = not again and night.folder.is_dir() and read_manifest(night.folder)["fingerprint"] == notes["fingerprint"]
    if already:
        night.abandon()
    else:
        _must_have_room(night, arrivals)
        audit.record(settings.home, audit.Action.RUN_BEGUN, as_of=as_of, deliveries=len(arrivals.deliveries))
    return {"as_of": as_of.isoformat(), "deliveries": len(arrivals.deliveries), "already": already}


def land(settings: Settings, as_of: date, report: Report = silent) -> Figures:
    """Read each delivery once into typed Parquet, with the rows that cannot be read beside it."""
    night = Night(settings, as_of)
    with _noted(night, "land") as notes:
        arrivals = sources.read_arrivals(night)
        landed = sources.land(night, arrivals, report)
        notes["inputs"] = [
            {"delivery": d.name, "file_ending": d.ending, "sha256": d.sha256, "rows": one.rows_read}
            for d, one in zip(arrivals.deliveries, landed, strict=True)
        ]
        notes["inputs"] += [
            {"delivery": one.delivery, "file_ending": "", "sha256": one.sha256, "rows": one.rows_read}
            for one in answers.landed_answers(night.home, as_of)
        ]
    return {"files": len(landed), "rows": sum(one.rows_read for one in landed)}


def gate(settings: Settings, as_of: date, report: Report = silent) -> Figures:
    """Decide which deliveries are in force, write the ledger, doubt what looks odd, and tell departments."""
    night = Night(settings, as_of)
    with _noted(night, "gate") as notes, night.connect() as connection:
        arrivals = sources.read_arrivals(night)
        landed = sources.landed_before(night, arrivals)
        judged = sources.judge(connection, night, arrivals, landed)
        doubts = doubts_of(connection, night, arrivals, landed, judged)
        notes["doubts"] = [asdict(doubt) | {"found_zh": doubt.found_zh} for doubt in doubts]
        write_reports(connection, night, arrivals, landed, judged, doubts)
        _refuse_a_night_without_people(night, judged)
        answers.enter_answers(connection, night)
        for table, order in (("ledger", "extract, delivery"), ("freshness", "extract")):
            select = f"select * from deliveries.{table} order by {order}"
            write_parquet(connection, select, night.building / f"{table}.parquet")
    return {"refused": len(judged.refused), "late": len(judged.stale), "doubts": len(doubts)}


def build(settings: Settings, as_of: date, report: Report = silent) -> Figures:
    """Make people, households, places, the parameters in force and all facts.

    Raises:
        ParameterMissing: a parameter has no value for a place and the day.
        PromiseBroken: a built table breaks its contract.
    """
    night = Night(settings, as_of)
    with _noted(night, "build"), night.connect() as connection:
        run_layer(connection, "staging", views=True)
        report("core", 0, 3)
        with _makers(night, connection) as (make_core, make_facts):
            make_core()
            regions.load_regions(connection)
            parameters.resolve_parameters(connection, as_of, folders=_own_parameters(night))
            report("facts", 1, 3)
            make_facts()
        report("facts", 2, 3)
        facts.write_facts(connection, night.building)
        report("facts", 3, 3)
        people, households = (
            connection.execute(f"select count(*) from core.{table}").fetchall()[0][0] for table in ("person", "household")
        )
    return {"people": people, "households": households}


def evaluate(settings: Settings, as_of: date, report: Report = silent) -> Figures:
    """Ask every indicator of everybody it asks; the catalogue asked is kept with the run."""
    night = Night(settings, as_of)
    catalogue, faults = indicators.load_catalogue_for_night(night.home.root, night.previous)
    with _noted(night, "evaluate") as notes, night.connect() as connection:
        indicators.store_catalogue(catalogue, night.building)
        notes["catalogue"] = {
            "sha256": catalogue.sha256,
            "indicators": len(catalogue.indicators),
            "faults": [str(fault) for fault in faults],
        }
        notes["notices"] += indicators.catalogue_notices(catalogue, faults)
        if settings.engine == "spark":
            from monitor import spark

            with spark.opened(night, connection) as tables:
                spark.evaluate(tables, catalogue)
        else:
            indicators.evaluate(connection, catalogue)
        indicators.write_hits(connection, night.building)
        row = connection.execute("select count(*), count(distinct indicator) from hits.hit").fetchall()[0]
    return {"indicators": len(catalogue.indicators), "hits": row[0], "indicators_with_hits": row[1]}


def open_cases(settings: Settings, as_of: date, report: Report = silent) -> Figures:
    """Turn hits and what came back into cases, compare them with the last night's, and write the lists."""
    night = Night(settings, as_of)
    catalogue = indicators.catalogue_of(night.building)
    with _noted(night, "open_cases") as notes, night.connect() as connection:
        titles = {rule.code: rule.title for rule in catalogue.in_force(as_of) if rule.direction in NEED}
        notes["notices"] += learned.learn(connection, night.previous, titles)
        opened = cases.open_cases(
            connection,
            night.previous,
            as_of,
            lambda con, pairs: indicators.judge(con, catalogue, pairs),
            worse=catalogue.worse,
            own_days=night.home.working_days,
        )
        notes["notices"] += opened.notices
        listed = _write_lists(connection, night, catalogue)
        cases.write_cases(connection, night.building)
        learned.take_stock(connection)
        learned.write_learned(connection, night.building)
        publish.write_parameters(connection, night.building)
        notes["summary"] = summarise(connection)
    return {"cases": opened.open, "listed": listed.listed, "lists": listed.files}


def commit(settings: Settings, as_of: date, report: Report = silent) -> Figures:
    """Make the run real by one rename, then put the lists into the outbox."""
    night = Night(settings, as_of)
    notes = json.loads(_notes_file(night).read_text(encoding="utf-8"))
    run_id = notes["fingerprint"][:12]
    head = audit.record(settings.home, audit.Action.RUN_COMMITTED, as_of=as_of, run_id=run_id)
    night.commit(
        {
            "as_of": as_of.isoformat(),
            "run_id": run_id,
            "audit": audit.anchor_for_manifest(settings.home, as_of, head),
            "software": monitor.__version__,
            "previous": read_manifest(night.previous)["run_id"] if night.previous else None,
            "outputs": _outputs(night),
            **notes,
        }
    )
    if settings.engine == "spark":
        from monitor import spark

        spark.forget(night)
    night.deliver_lists()
    return {"run": night.folder.name}


def publish_run(settings: Settings, as_of: date, report: Report = silent) -> Figures:
    """Swap in a new analyst file that holds this run too, then let go of what is kept no longer."""
    home = Home(settings.home)
    path = publish.publish(home, settings)
    released = release(home, settings)
    if released.paths:
        audit.record(home.root, audit.Action.DELETED, as_of=as_of, paths=released.paths, bytes=released.bytes)
    audit.record(home.root, audit.Action.RUN_ENDED, as_of=as_of, published=path)
    return {"file": path.name, "bytes": path.stat().st_size, "released_bytes": released.bytes}


STEPS: tuple[tuple[str, Callable[..., Figures]], ...] = (
    ("land", land),
    ("gate", gate),
    ("build", build),
    ("evaluate", evaluate),
    ("open_cases", open_cases),
    ("commit", commit),
    ("publish", publish_run),
)


def run_night(settings: Settings, as_of: date, report: Report = silent, *, again: bool = False) -> Figures:
    """Run one whole night; return the manifest of its run.

    Args:
        settings: of the installation.
        as_of: the date that everything is asked of.
        report: called with (step or file, done, total) while it works.
        again: run even if the same inputs were run before.
    """
    with home_held(settings):
        pull_for_night(settings, as_of, report)
        if not begin(settings, as_of, again=again)["already"]:
            for number, (name, verb) in enumerate(STEPS):
                report(name, number, len(STEPS))
                verb(settings, as_of, report)
            report("done", len(STEPS), len(STEPS))
    return manifest_of(settings, as_of)


def manifest_of(settings: Settings, as_of: date) -> Figures:
    """The manifest of a run that is real."""
    return read_manifest(Night(settings, as_of).folder)


def _write_lists(connection: duckdb.DuckDBPyConnection, night: Night, catalogue: indicators.Catalogue) -> lists.ListSummary:
    """The lists, the same on paper and for the telephone, and what departments are told."""
    rules = catalogue.indicators
    routes = {code: rule.route for code, rule in rules.items()}
    asks = {code: rule.ask for code, rule in rules.items()}
    key = token_key(night.home.keys, key_of(night.settings))
    listed = lists.write_lists(connection, night.outbox, night.as_of, routes, asks, key)
    workbooks.write_paper(connection, night.outbox, night.as_of, processes=night.settings.threads)
    need = {code: route for code, route in routes.items() if rules[code].direction in NEED}
    referrals.refer(connection, night.previous, night.outbox, need, lists.write_files)
    return listed


def _must_have_room(night: Night, arrivals: sources.Arrivals) -> None:
    try:
        check_room(night, arrivals, publish.published_bytes(night.home))
    except NoRoom:
        night.abandon()
        raise


@contextmanager
def _makers(night: Night, connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    """What makes core, and what makes the facts: here, or on Spark."""
    if night.settings.engine == "duckdb":
        yield partial(run_layer, connection, "core"), partial(facts.build_facts, connection)
        return
    from monitor import spark  # here: the extra is not installed everywhere

    with spark.opened(night, connection) as tables:
        yield partial(spark.build_core, tables), partial(spark.build_facts, tables)


def _refuse_a_night_without_people(night: Night, judged: sources.Judgement) -> None:
    """With the register refused and none before it in force, everybody would vanish and every case with them."""
    register = [line for line in judged.ledger if line.extract == REGISTER]
    if register and all(line.state == DeliveryState.REFUSED for line in register):
        remedy = f"请公安按 {night.deliver_reports()} 里的报告改正、重新报送后再运行"
        faults = [
            Fault(line.delivery, line.reason or "", why="没有户籍人口信息,谁也比对不了", remedy=remedy) for line in register
        ]
        raise NightCannotStand("户籍人口信息没有一份可用,今晚不能成立;上一晚的名单仍然有效。", faults)


def _own_parameters(night: Night) -> list[Path]:
    folder = night.home.root / "parameters"
    return [folder] if folder.is_dir() else []


def _notes_file(night: Night) -> Path:
    return night.work / "notes.json"


@contextmanager
def _noted(night: Night, step: str) -> Iterator[dict[str, Any]]:
    """What a night notes of itself between steps: seconds, notices, figures for the manifest."""
    path = _notes_file(night)
    notes = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"seconds": {}, "notices": [], "inputs": []}
    started = time.perf_counter()
    yield notes
    notes["seconds"][step] = round(time.perf_counter() - started, 3)
    path.write_text(json.dumps(notes, ensure_ascii=False), encoding="utf-8")


def _fingerprint(night: Night, deliveries: list[tuple[str, str]]) -> str:
    """What a run depends on: software, contracts, rules, numbers, SQL, settings that decide, deliveries, the run before."""
    digest = hashlib.sha256()
    package = Path(monitor.__file__).parent
    rules = [package / "indicators", package / "parameters", package / "cases"]
    own = [*_own_parameters(night), indicators.own_indicators(night.home.root)]
    folders = [SQL, schemas_folder(), *rules, *own]
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.suffix in {".sql", ".toml", ".csv"}):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    if night.home.working_days.is_file():
        digest.update(night.home.working_days.read_bytes())
    previous = read_manifest(night.previous)["fingerprint"] if night.previous else ""
    decided = [night.as_of.isoformat(), night.settings.region, sorted(night.settings.accept_deliveries), previous]
    digest.update(json.dumps([monitor.__version__, decided, sorted(deliveries)]).encode())
    return digest.hexdigest()


def _outputs(night: Night) -> dict[str, Any]:
    """sha256, bytes and (of tables) rows of every file of the run."""
    files = sorted(p for p in night.building.rglob("*") if p.is_file() and night.work not in p.parents)
    with connect(None, night.settings) as connection:
        return {p.relative_to(night.building).as_posix(): _output(connection, p) for p in files}


def _output(connection: duckdb.DuckDBPyConnection, path: Path) -> Figures:
    with path.open("rb") as handle:
        figures: Figures = {"sha256": hashlib.file_digest(handle, "sha256").hexdigest(), "bytes": path.stat().st_size}
    return figures | ({"rows": rows_stored(connection, path)} if path.suffix == ".parquet" else {})
