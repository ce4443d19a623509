"""A household drawn at random for an audit: no rule speaks in it, so what is told is why it is visited all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from monitor.contracts import answers
from monitor.store import literal, stored
from monitor.vocabulary import NO_COUNTY


@dataclass(frozen=True)
class Drawn:
    """A row of audits.parquet.

    Attributes:
        case_no: its number on the list.
        subject: the household.
        county, township: codes; empty where the address is not known.
        drawn_on: the night of the draw.
        households: how many it was drawn from, in its township and without a visit case; `drawn` how many were taken.
        answer, answered_on: the newest answer, if any.
        ended_on: since when it stands on no list.
        place: the township's full name.
    """

    case_no: str
    subject: str
    county: str
    township: str
    drawn_on: date
    households: int
    drawn: int
    answer: str | None
    answered_on: date | None
    ended_on: date | None
    place: str


def drawn_households(connection: duckdb.DuckDBPyConnection, run: Path, asked: str) -> tuple[Drawn, ...]:
    """The audits of a number or of a household on a night, newest first; a run of older software has none."""
    path = run / "audits.parquet"
    if not path.is_file():
        return ()
    audits, regions = stored(path), stored(run / "region.parquet")
    rows = connection.execute(
        "select case_no, subject, coalesce(county, ''), coalesce(township, ''), drawn_on, households, drawn, answer, "
        f"answered_on, ended_on, coalesce(region.full_name, township, '地址不详') from {audits} as audit "
        f"left join {regions} as region on region.code = audit.township "
        f"where case_no = {literal(asked)} or subject = {literal(asked)} order by drawn_on desc, case_no"
    ).fetchall()
    return tuple(Drawn(*row) for row in rows)


def drawn_lines(one: Drawn, as_of: date) -> Iterator[str]:
    """An audit as plain Chinese lines; nothing of it tells who lives there."""
    yield f"{one.case_no}  随机抽查  数据日期 {as_of}"
    yield f"{one.drawn_on} 在{one.place}没有走访工单的{one.households:,}户中随机抽取{one.drawn:,}户，抽到了这一户"
    yield "为什么抽中：只凭抽签；抽取当晚没有哪一项走访指标命中，不是因为发现了问题"
    yield "为什么仍要走访：名单只看得见指标查得到的困难，抽查用来估计有多少困难户被漏掉；不走访，漏查就无从知道"
    yield f"在哪份名单上：{_listed(one, as_of)}"
    if one.answer:
        yield f"已有答复：{answers().choices[one.answer].zh}（{one.answered_on}）"


def _listed(one: Drawn, as_of: date) -> str:
    if one.ended_on:
        why = "已有答复" if one.answer else "该户已不在本乡镇"
        return f"{one.ended_on} 起不再列入（{why}）"
    county = one.county or NO_COUNTY
    file = one.township or county.ljust(9, "0")  # the list of those without an address
    return f"{one.place}的走访名单，颜色栏写“抽查”（outbox/{as_of}/{county}/{file}.csv 和 .xlsx）"
