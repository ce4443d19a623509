"""The verbs of a night, in order: begin, land, gate, build, evaluate, open_cases, commit, publish.

Every verb takes the settings and the as-of date and finds the rest in the night's folder, so the command line calls them one
after the other and a flow wraps each in a task. What a verb returns is counts and names, never rows of people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date
from importlib import import_module
from pathlib import Path
from time import perf_counter

import duckdb

import monitor
from monitor import (
    answers,
    audit,
    bulletin,
    cases,
    facts,
    indicators,
    learned,
    lists,
    parameters,
    publish,
    rebuilding,
    referrals,
    regions,
    sources,
    workbooks,
)
from monitor.delivery_reports import doubts_of, refuse_a_night_without_people, write_reports
from monitor.encryption import key_of, must_fit, refuse_what_cannot_be_encrypted
from monitor.errors import Fault, MonitorError, UsageError
from monitor.makers import makers
from monitor.privacy import keys_are_back, token_key
from monitor.proof import fingerprint_of, outputs_of, own_parameters
from monitor.pulling import pull_for_night, read_report
from monitor.recovery import recover
from monitor.resume import Figures, Report, has_finished, mark_of, noted, notes_for_manifest, once, silent, start_over, take_up
from monitor.retention import release
from monitor.room import check_room, disk_told
from monitor.run import Home, Night, read_manifest
from monitor.settings import Settings
from monitor.store import write_parquet
from monitor.summary import summarise
from monitor.transform import run_layer
from monitor.vocabulary import Direction

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
# rules that ask whether somebody is in need; no other is learned from, and no other refers anybody
NEED = (Direction.RISK, Direction.UNCOVERED)


@contextmanager
def home_held(settings: Settings, *, new: bool = False) -> Iterator[None]:
    """Hold the home for a night and finish what a crashed one had already made real.

    Args:
        settings: of the home.
        new: make the home if it is not there.

    Raises:
        NightIsRunning: another process holds it.
        UsageError: there is no such home, the key is not its own, the engine cannot encrypt, or a restored home lacks keys.
    """
    must_fit(settings)
    refuse_what_cannot_be_encrypted(settings)
    home = Home(settings.home)
    with disk_told(home.root), home.locked(new=new):
        keys_are_back(home.keys)
        try:
            recover(home)
            _bring_up_published(home, settings)
            _end_rebuilding(home, settings)
            yield
        except BaseException as error:
            audit.record_failed(home.root, error)
            raise


def keep_published(settings: Settings) -> None:
    """Bring the analyst file up to the runs if it is not; a reader that finds it so takes no lock.

    Raises:
        NightIsRunning: another process holds the home, and is about to publish.
    """
    if not publish.is_current(Home(settings.home), settings):
        with home_held(settings):
            pass


def begin(settings: Settings, as_of: date, *, again: bool = False) -> Figures:
    """Find and hash what has arrived; `already` is true when this very night has been run before.

    Raises:
        CatalogueInvalid: indicator files are wrong and no earlier night's catalogue can take their place.
        NothingArrived: there is no delivery dated on or before the as-of date.
        NoRoom: the disk has too little room for what the night writes.
        UsageError: the date is impossible, or the night before it is kept in part only.
    """
    started = perf_counter()
    if not FIRST_DAY <= as_of <= LAST_DAY:
        raise UsageError("数据日期有误。", [Fault("as-of", as_of.isoformat(), f"{FIRST_DAY} 至 {LAST_DAY}")])
    if settings.engine == "spark":
        import_module("monitor.spark")  # what it needs and is not installed fails first
    night = Night(settings, as_of)
    if night.previous:
        night.home.must_be_whole([night.previous])
    indicators.load_catalogue_for_night(night.home.root, night.previous)  # a catalogue that cannot be used fails first
    night.go_on()
    arrivals = sources.arrive(night)
    collected = [(one.delivery, one.sha256) for one in answers.landed_answers(night.home, as_of)]
    fingerprint = fingerprint_of(night, [(d.name, d.sha256) for d in arrivals.deliveries] + collected)
    already = not again and night.is_real and read_manifest(night.folder)["fingerprint"] == fingerprint
    if already:
        night.abandon()
    else:
        ignored = [{"file": one.file, "reason": one.reason} for one in arrivals.ignored]
        night.drop_other_nights()
        begun = not again and has_finished(night, fingerprint, ignored)
        check_room(night, arrivals, publish.published_bytes(night.home), begun=begun)
        audit.record(settings.home, audit.Action.RUN_BEGUN, as_of=as_of, deliveries=len(arrivals.deliveries))
        mark = mark_of(night, fingerprint, ignored)
        if again or not take_up(night, mark):
            start_over(night, keep=sources.ARRIVALS)
            with noted(night, "begin", since=started) as notes:
                notes |= {"mark": mark, "fingerprint": fingerprint, "ignored": ignored}
                notes["pulled"] = read_report(night.home, as_of)
    return {"as_of": as_of.isoformat(), "deliveries": len(arrivals.deliveries), "already": already}


@once
def land(settings: Settings, as_of: date, report: Report = silent) -> Figures:
    """Read each delivery once into typed Parquet, with the rows that cannot be read beside it."""
    night = Night(settings, as_of)
    with noted(night, "land") as notes:
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


@once
def gate(settings: Settings, as_of: date, report: Report = silent) -> Figures:
    """Decide which deliveries are in force, write the ledger, doubt what looks odd, and tell departments."""
    night = Night(settings, as_of)
    with noted(night, "gate") as notes, night.connect() as connection:
        arrivals = sources.read_arrivals(night)
        landed = sources.landed_before(night, arrivals)
        judged = sources.judge(connection, night, arrivals, landed)
        doubts = doubts_of(night, arrivals, landed, judged)
        notes["doubts"] = [asdict(doubt) | {"found_zh": doubt.found_zh, "said_zh": doubt.said_zh} for doubt in doubts]
        write_reports(connection, night, arrivals, landed, judged, doubts)
        refuse_a_night_without_people(night, judged)
        answers.enter_answers(connection, night)
        for table, order in (("ledger", "extract, delivery"), ("freshness", "extract")):
            select = f"select * from deliveries.{table} order by {order}"
            write_parquet(connection, select, night.building / f"{table}.parquet")
    return {"refused": len(judged.refused), "late": len(judged.stale), "doubts": len(doubts)}


@once
def build(settings: Settings, as_of: date, report: Report = silent) -> Figures:
    """Make people, households, places, the parameters in force and all facts.

    Raises:
        ParameterMissing: a parameter has no value for a place and the day.
        PromiseBroken: a built table breaks its contract.
    """
    night = Night(settings, as_of)
    with noted(night, "build") as notes, night.connect() as connection:
        run_layer(connection, "staging", views=True)
        report("core", 0, 3)
        with makers(night, connection) as (make_core, make_facts):
            make_core()
            regions.load_regions(connection)
            sha256 = parameters.resolve_parameters(connection, as_of, folders=own_parameters(night))
            notes["parameters"] = {"sha256": sha256}
            report("facts", 1, 3)
            make_facts()
        report("facts", 2, 3)
        facts.write_facts(connection, night.building)
        report("facts", 3, 3)
        people, households = (
            connection.execute(f"select count(*) from core.{table}").fetchall()[0][0] for table in ("person", "household")
        )
    return {"people": people, "households": households}


@once
def evaluate(settings: Settings, as_of: date, report: Report = silent) -> Figures:
    """Ask every indicator of everybody it asks; the catalogue asked is kept with the run."""
    night = Night(settings, as_of)
    catalogue, faults = indicators.load_catalogue_for_night(night.home.root, night.previous)
    with noted(night, "evaluate") as notes, night.connect() as connection:
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


@once
def open_cases(settings: Settings, as_of: date, report: Report = silent) -> Figures:
    """Turn hits and what came back into cases, compare them with the last night's, and write the lists."""
    night = Night(settings, as_of)
    catalogue = indicators.catalogue_of(night.building)
    with noted(night, "open_cases") as notes, night.connect() as connection:
        titles = {rule.code: rule.title for rule in catalogue.in_force(as_of) if rule.direction in NEED}
        notes["notices"] += learned.learn(connection, night.previous, titles)
        opened = cases.open_cases(
            connection,
            night.previous,
            as_of,
            lambda con, pairs: indicators.judge(con, catalogue, pairs),
            worse=catalogue.worse,
            own_days=night.home.working_days,
            versions=night.home.versions_from(as_of),
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
    notes = notes_for_manifest(night)
    run_id = notes["fingerprint"][:12]
    head = audit.record(settings.home, audit.Action.RUN_COMMITTED, as_of=as_of, run_id=run_id)
    night.commit(
        {
            "as_of": as_of.isoformat(),
            "run_id": run_id,
            "audit": audit.anchor_for_manifest(settings.home, as_of, head),
            "software": monitor.__version__,
            "previous": read_manifest(night.previous)["run_id"] if night.previous else None,
            "outputs": outputs_of(night),
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
    told = [folder.name for folder in bulletin.bring_up(home, settings)]
    released = release(home, settings)
    audit.record(home.root, audit.Action.RUN_ENDED, as_of=as_of, published=path)
    return {"file": path.name, "bytes": path.stat().st_size, "bulletins": told, "released_bytes": released.bytes}


Verbs = tuple[tuple[str, Callable[..., Figures]], ...]
STEPS: Verbs = (
    ("land", land),
    ("gate", gate),
    ("build", build),
    ("evaluate", evaluate),
    ("open_cases", open_cases),
    ("commit", commit),
    ("publish", publish_run),
)


def run_night(
    settings: Settings, as_of: date, report: Report = silent, *, again: bool = False, pull_first: bool = True
) -> Figures:
    """Run one whole night; return the manifest of its run.

    Args:
        settings: of the installation.
        as_of: the date that everything is asked of.
        report: called with (step or file, done, total) while it works.
        again: run even if the same inputs were run before.
        pull_first: fetch from the sources of the home, if it has any.
    """
    with home_held(settings, new=True):
        if pull_first:
            pull_for_night(settings, as_of, report)
        _run_steps(settings, as_of, report, STEPS, again=again)
        report("done", len(STEPS), len(STEPS))
    return manifest_of(settings, as_of)


def rebuild(settings: Settings, first: date, report: Report = silent, *, again: bool = False) -> rebuilding.Rebuilt:
    """Run a past night again with what has come since, and every night after it, in order; say what changed.

    Nights for which nothing has changed are not run again, but the first with `again`. A crash in between leaves a journal: the
    next start goes on.

    Raises:
        as `begin` and the steps; the nights before the one that failed stay rebuilt.
    """
    with home_held(settings):
        rebuilding.plan(settings, first, again=again)
        try:
            return _rebuild(settings, report)
        except Exception:  # a process that is killed leaves the journal: the next start goes on
            rebuilding.give_up(Home(settings.home))
            raise


def _end_rebuilding(home: Home, settings: Settings) -> None:
    """Go on with a rebuilding that was cut short. If it cannot be ended, whatever the reason, it is given up and that is on
    record: tonight's lists do not wait for nights that are over.
    """
    try:
        if rebuilding.planned(home):
            _rebuild(settings, silent)
    except Exception as error:
        rebuilding.give_up(home)
        audit.record_failed(home.root, error)


def _rebuild(settings: Settings, report: Report) -> rebuilding.Rebuilt:
    """What is old is let go of at the end only: a night needs the people of the one before it."""
    home = Home(settings.home)
    journal = rebuilding.planned(home)
    assert journal is not None
    given = settings.model_copy(update={"inbox": Path(journal["inbox"])})
    for day in map(date.fromisoformat, sorted(journal["before"])):
        is_forced = journal["again"] and day.isoformat() == journal["first"]
        _run_steps(given, day, report, STEPS[:-1], again=is_forced)
        if is_forced:
            rebuilding.first_is_done(home, journal)
    publish_run(settings, day)
    report("done", len(STEPS), len(STEPS))
    return rebuilding.conclude(settings, journal)


def _run_steps(settings: Settings, as_of: date, report: Report, verbs: Verbs, *, again: bool = False) -> None:
    if not begin(settings, as_of, again=again)["already"]:
        for number, (name, verb) in enumerate(verbs):
            report(name, number, len(STEPS))
            verb(settings, as_of, report)


def manifest_of(settings: Settings, as_of: date) -> Figures:
    """The manifest of a run that is real."""
    return read_manifest(Night(settings, as_of).folder)


def _bring_up_published(home: Home, settings: Settings) -> None:
    """What a crash after the commit left undone."""
    if not publish.is_current(home, settings):
        publish.publish(home, settings)
    if not bulletin.is_current(home):
        with suppress(MonitorError):  # a page that cannot be made stops no night; `monitor bulletin` says why
            bulletin.bring_up(home, settings)


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
