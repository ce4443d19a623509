"""What a night found, in figures that hold no person: kept in the manifest, printed at the end, shown as Prefect artifact."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from monitor.contracts import extracts
from monitor.vocabulary import COLOUR_ZH, DOMAINS, STATE_ZH, CaseState, Colour

Figures = dict[str, Any]

_LEFT_OFF_ZH = {"blue": "蓝色仅关注", "capacity": "本周走访能力已满", "muted": "已答复静默中"}
_QUESTIONS = {
    "deliveries": "select state, count(*) as files, sum(rows_read) as rows from deliveries.ledger group by all order by all",
    "rows": """
        select sum(rows_read) as read, sum(loaded) as loaded, sum(superseded) as superseded, sum(quarantined) as quarantined,
            sum(blanked) as blanked
        from deliveries.ledger
    """,
    "refused": "select extract, delivery, reason from deliveries.ledger where state = 'refused' order by delivery",
    "late": """
        select extract, newest_delivery, age_days, late_after from deliveries.freshness where is_stale order by extract
    """,
    "people": "select count(*) as people, count(*) filter (is_member) as members from core.person",
    "households": "select count(*) as households from core.household",
    "hits": """
        select left(indicator, 3) as domain, count(distinct indicator) as indicators, count(*) as hits,
            count(distinct case_subject) as subjects
        from hits.hit group by all order by domain
    """,
    "blind": """
        select indicator, cast(sum(unknown) as bigint) as unknown, cast(sum(hit + clear + unknown) as bigint) as asked
        from hits.coverage group by indicator having sum(unknown) > 0 and sum(unknown) >= 0.5 * sum(hit + clear + unknown)
        order by indicator
    """,
    "cases": """
        select kind, state, colour, count(*) as cases from cases."case" group by all order by kind, state, colour
    """,
    "supervision": "select count(*) as lines from cases.supervision",
    "lists": """
        select left(case_no, 1) as number_begins, 'listed' as why, count(*) as cases from cases.listed group by all
        union all
        select left(case_no, 1), why, count(*) from cases.left_off group by all order by all
    """,
    "listed": "select count(*) as households, count(distinct township) as townships from cases.listed",
}


def summarise(connection: duckdb.DuckDBPyConnection) -> Figures:
    """Answer every question above: name -> list of rows as dicts (dates as text)."""
    answers = {}
    for name, question in _QUESTIONS.items():
        cursor = connection.execute(question)
        columns = [column[0] for column in cursor.description or []]
        answers[name] = [dict(zip(columns, map(_plain, row), strict=True)) for row in cursor.fetchall()]
    for late in answers["late"]:
        late["department"] = extracts()[late["extract"]].department
    return answers


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, bool, int)) else str(value)


def summary_lines(manifest: Figures) -> list[tuple[str, str]]:
    """The closing summary in Chinese: (topic, sentence)."""
    found = manifest["summary"]
    rows = found["rows"][0]
    files = {row["state"]: row["files"] for row in found["deliveries"]}
    lines = [
        (
            "数据到达",
            f"生效{files.get('in_force', 0)}份,已被替换{files.get('replaced', 0)}份,退回{files.get('refused', 0)}份;"
            f"共读{_n(rows['read'])}行 = 入库{_n(rows['loaded'])} + 被新记录取代{_n(rows['superseded'])}"
            f" + 隔离{_n(rows['quarantined'])}",
        )
    ]
    lines = pulled_lines(manifest.get("pulled")) + lines
    lines += [("退回", f"{_named(row['extract'], row['delivery'])}:{row['reason']}") for row in found["refused"]]
    lines += [("数据迟到", _late(row)) for row in found["late"]]
    if found["blind"]:
        codes = "、".join(row["indicator"] for row in found["blind"])
        lines.append(("无法判断", f"{len(found['blind'])}项指标因缺数据半数以上判不了(不当作没有问题):{codes}"))
    # a night that was run before doubts had a sentence keeps what is expected and what was found
    lines += [
        ("数据存疑", f"{_named(d['extract'])}:{d.get('said_zh') or d['allowed'] + ',实际' + d['found_zh']}")
        for d in manifest.get("doubts", [])
    ]
    lines.append(("人口", f"{_n(found['people'][0]['people'])}人,{_n(found['households'][0]['households'])}户"))
    lines += [
        ("命中", f"{DOMAINS[row['domain']][1]}:{row['indicators']}项指标命中{_n(row['hits'])}次,涉及{_n(row['subjects'])}户")
        for row in found["hits"]
    ]
    lines += _case_lines(found["cases"], found["lists"])
    supervised = found["supervision"][0]["lines"]
    lines.append(("督办", f"经办督办{_n(supervised)}条{',见名单目录下各县的 supervision.xlsx' if supervised else ''}"))
    lines += _ignored_lines(manifest.get("ignored", []))
    lines += [("提示", notice) for notice in manifest.get("notices", [])]
    return lines


def places(home: Path, as_of: date) -> list[tuple[str, Path]]:
    """Where the lists and other results of a night lie: (title, path) of those that are there."""
    day, published = as_of.isoformat(), home / "published"
    known = [
        ("名单", home / "outbox" / day),
        ("简报", published / "bulletin" / day / "index.html"),
        ("报送回执", home / "reports" / day / "index.html"),
        ("分析库", published / "warehouse.duckdb"),
    ]
    return [(title, path) for title, path in known if path.exists()]


def pulled_lines(pulled: Figures | None) -> list[tuple[str, str]]:
    """What came from the sources of the home before the night, and from which nothing came."""
    if not pulled:
        return []
    sources = pulled["sources"]
    files = [file for one in sources for file in one["files"]]
    lines = [("拉取", pulled["notice"])] if pulled["notice"] else []
    if sources:
        lines.append(("拉取", f"{len(sources)}处来源,新取{len(files)}个文件,共{_n(sum(f['bytes'] for f in files))}字节"))
    lines += [
        ("拉取失败", f"{' '.join(filter(None, [one['source'], failure['file']]))}:{failure['found']}")
        for one in sources
        for failure in one["failures"]
    ]
    return lines + [
        ("拉取", f"{one['source']}:{len(one['misnamed'])}个文件名不合约定,没有取") for one in sources if one["misnamed"]
    ]


def _ignored_lines(ignored: list[Figures]) -> list[tuple[str, str]]:
    """Files that wait for a later night are counted; every other file that was not used is named."""
    waiting = [one for one in ignored if "留待以后" in one["reason"]]
    lines = [("未使用", f"{one['file']}:{one['reason']}") for one in ignored if one not in waiting]
    return lines + ([("未使用", f"{len(waiting)}份数据的日期晚于数据日,留待以后")] if waiting else [])


def _named(extract: str, delivery: str = "") -> str:
    """Department and title of an extract as officers know it, its code or that of the delivery behind it."""
    contract = extracts()[extract]
    return f"{contract.department} {contract.title}({delivery or extract})"


def _late(row: Figures) -> str:
    if row["newest_delivery"] is None:
        return f"{_named(row['extract'])}:从未收到可用数据,相关指标记为「无法判断」"
    return (
        f"{_named(row['extract'])}:最近一次是{row['newest_delivery']},已过{row['age_days']}天"
        f"(允许{row['late_after']}天),相关指标记为「无法判断」"
    )


def _case_lines(rows: list[Figures], lists: list[Figures]) -> list[tuple[str, str]]:
    lines = []
    for kind, begins, title in (("visit", "V", "入户预警"), ("review", "R", "待遇复核")):
        of_kind = [row for row in rows if row["kind"] == kind]
        standing = [row for row in of_kind if row["state"] not in (CaseState.CLEARED, CaseState.CLOSED)]
        colours = {c: sum(row["cases"] for row in standing if row["colour"] == c) for c in Colour}
        states = {s: sum(row["cases"] for row in of_kind if row["state"] == s) for s in CaseState}
        by_colour = ",".join(f"{COLOUR_ZH[c]}{_n(n)}" for c, n in colours.items())
        by_state = ",".join(f"{STATE_ZH[s]}{_n(n)}" for s, n in states.items() if n)
        places = {row["why"]: row["cases"] for row in lists if row["number_begins"] == begins}
        left_off = ",".join(f"{zh}{_n(places[why])}户" for why, zh in _LEFT_OFF_ZH.items() if why in places)
        lines.append(
            (title, f"列入名单{_n(places.get('listed'))}户,未列入:{left_off or '无'};未结共({by_colour});{by_state or '无'}")
        )
    audits = sum(row["cases"] for row in lists if row["number_begins"] == "A")
    return [*lines, ("随机抽查", f"名单上另有{_n(audits)}户没有预警的家庭,抽来核查有无遗漏")] if audits else lines


def _n(number: int | None) -> str:
    return f"{int(number or 0):,}"
