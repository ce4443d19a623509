"""The pages that every analyst may see: nothing on them names anybody."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse

from monitor.errors import Fault, UsageError
from monitor.indicators.laws import sources
from monitor.indicators.pages import asked_of
from monitor.indicators.plain_rule import plain_condition, plain_exemption
from monitor.lists.cells import csv_file
from monitor.parameters.load import parameter_index
from monitor.ui import cases, nights
from monitor.ui.analyst_file import Night, Row
from monitor.ui.filters import PAGE_ROWS, CaseFilter
from monitor.ui.pages import FOLDER
from monitor.ui.shown import Opened, PagesShown
from monitor.vocabulary import AREA_ZH

_DOWNLOADED = (
    *("case_no", "kind", "county", "township", "township_name", "colour", "points", "state", "first_seen", "age_days"),
    *("place_on_list", "rank", "due", "answer", "answered_on", "indicators", "reasons_zh", "rank_zh"),
)
Asked = Annotated[CaseFilter, Query()]
NightAsked = Annotated[date | None, Query(alias="night")]
router = APIRouter()


@router.get("/style.css")
def style() -> Response:
    """How all pages look."""
    return FileResponse(FOLDER / "style.css", media_type="text/css")


@router.get("/")
def overview(pages: PagesShown, night: Opened, wanted: NightAsked = None) -> Response:
    """A night at a glance."""
    as_of = _night_of(night, wanted)
    seen = nights.glance(night, as_of)
    return pages.page("overview", as_of=as_of, nights=night.nights(), seen=seen, rules=pages.rules(as_of))


@router.get("/cases")
def case_list(pages: PagesShown, night: Opened, asked: Asked) -> Response:
    """Cases by what is asked, a page of them."""
    as_of = _night_of(night, asked.night)
    count, rows = cases.page_of(night, asked, as_of)
    return pages.page(
        "cases",
        as_of=as_of,
        nights=night.nights(),
        asked=asked,
        count=count,
        rows=rows,
        last_page=max(1, -(-count // PAGE_ROWS)),
        counties=nights.places(night, as_of, "county"),
        townships=nights.places(night, as_of, "township"),
        indicators=[(code, f"{code} {rule.title}") for code, rule in pages.rules(as_of).items()],
    )


@router.get("/cases.csv")
def case_file(pages: PagesShown, night: Opened, asked: Asked) -> Response:
    """All of them as a CSV file; nothing in it runs when a spreadsheet opens it."""
    as_of = _night_of(night, asked.night)
    rows = [[row[name] for name in _DOWNLOADED] for row in cases.all_of(night, asked, as_of)]
    named = {"Content-Disposition": f'attachment; filename="cases_{as_of}.csv"'}
    return Response(csv_file(_DOWNLOADED, rows), media_type="text/csv; charset=utf-8", headers=named)


@router.get("/cases/{case_no}")
def case(pages: PagesShown, night: Opened, case_no: str, wanted: NightAsked = None) -> Response:
    """Why a case stands, and what it was on every night."""
    history = cases.history_of(night, case_no)
    if not history:
        raise UsageError("没有这件工单。", [Fault("工单编号", "分析库里没有", "如 V530622-20261118-0001")])
    shown = next((row for row in history if row["as_of"] == wanted), history[0])
    as_of = shown["as_of"]
    reasons = cases.reasons_of(night, case_no, as_of, pages.rules(as_of))
    return pages.page("case", as_of=as_of, case=shown, history=history, reasons=reasons)


@router.get("/indicators")
def indicators(pages: PagesShown, night: Opened, wanted: NightAsked = None) -> Response:
    """Every rule with its outcomes."""
    as_of = _night_of(night, wanted)
    return pages.page(
        "indicators",
        as_of=as_of,
        rules=pages.rules(as_of),
        outcomes=nights.outcomes(night, as_of),
        precision=nights.precision(night, as_of),
    )


@router.get("/indicators/{code}")
def indicator(pages: PagesShown, night: Opened, code: str, wanted: NightAsked = None) -> Response:
    """One rule in words, with its numbers in force."""
    as_of = _night_of(night, wanted)
    rule = pages.rules(as_of).get(code)
    if rule is None:
        raise UsageError("没有这项指标。", [Fault("指标编号", "当晚的目录里没有", "如 EXP-004")])
    return pages.page(
        "indicator",
        as_of=as_of,
        rule=rule,
        asked_of=asked_of(rule),
        condition=plain_condition(rule),
        exemption=plain_exemption(rule) if rule.unless else "",
        thresholds=_in_force(night, as_of, rule.parameters),
        documents=[f"{key} {sources()[key]}" for key in rule.basis],
        outcome=nights.outcomes(night, as_of).get(code),
        precision=nights.precision(night, as_of).get(code),
    )


@router.get("/deliveries")
def deliveries(pages: PagesShown, night: Opened, wanted: NightAsked = None) -> Response:
    """How old each extract is, where its rows went, what it leaves blind."""
    as_of = _night_of(night, wanted)
    found, dark = nights.deliveries(night, as_of), nights.blind(night, as_of)
    return pages.page("deliveries", as_of=as_of, nights=night.nights(), found=found, blind=dark, rules=pages.rules(as_of))


def _night_of(night: Night, wanted: date | None) -> date:
    """The night asked for, or the newest.

    Raises:
        UsageError: there is none.
    """
    known = night.nights()
    if not known:
        raise UsageError("还没有任何一晚的结果。", [Fault("分析库", "空", remedy="先运行 monitor run 或 monitor demo")])
    if wanted is None or wanted in known:
        return wanted or known[0]
    near = "、".join(day.isoformat() for day in sorted(known, key=lambda day: abs((day - wanted).days))[:3])
    raise UsageError("没有这一晚的结果。", [Fault("日期", wanted.isoformat(), near)])


def _in_force(night: Night, as_of: date, names: Any) -> list[Row]:
    """The values of some parameters on a night, everywhere in the installation."""
    rows = night.rows(
        "select one.*, coalesce(region.full_name, '全国') as place from parameter as one "
        "left join region on region.code = one.region_code "
        "where as_of = $night and list_contains($names, parameter) order by parameter, region_code, area_kind, valid_from",
        {"night": as_of, "names": list(names)},
    )
    index = parameter_index()
    return [
        row | {"label": index[row["parameter"]].zh, "unit": index[row["parameter"]].unit_zh, "area": AREA_ZH[row["area_kind"]]}
        for row in rows
        if row["parameter"] in index
    ]
