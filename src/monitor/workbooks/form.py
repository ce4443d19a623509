"""The visit as a form for ODK Collect and KoboCollect: an XLSForm and, beside it, the cases to choose from.

Both files are uploaded together. A visitor scans the code of the visit sheet or picks township, village and household; what
comes back has the columns `visit_code`, `answer`, `answered_on`, `answered_by`, `note` and is read like a returned list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import duckdb
import xlsxwriter

from monitor.contracts import answers
from monitor.store import literal
from monitor.vocabulary import CaseKind

FORM, CASES = "visit.xlsx", "cases.csv"
_SURVEY_COLUMNS: Final = (
    *("type", "name", "label", "hint", "required", "relevant", "choice_filter", "calculation", "appearance", "default"),
    *("constraint", "constraint_message"),
)
_TOLD: Final = ("head", "phone", "address", "due", "reasons", "asks", "routes")
_CASE: Final = "instance('cases')/root/item[name=${visit_code}]"
_LONGEST_AGO = timedelta(days=90)


def write_forms(connection: duckdb.DuckDBPyConnection, outbox: Path, as_of: date, names: Mapping[str, str]) -> int:
    """Write `<county>/forms/` for every county that has visits; return how many.

    Args:
        connection: the working database with `lists.form_case` made.
        outbox: folder of the night's lists.
        as_of: the date of the night.
        names: division code -> name.
    """
    counties = [row[0] for row in connection.execute("select distinct county from lists.form_case order by county").fetchall()]
    for county in counties:
        folder = outbox / county / "forms"
        folder.mkdir(parents=True, exist_ok=True)
        connection.execute(
            "copy (select name, paper_text(label) as label, township, village, "
            + ", ".join(f"paper_text({column}) as {column}" for column in _TOLD)
            + f" from lists.form_case where county = {literal(county)} order by file, position) "
            + f"to {literal(str(folder / CASES))} (format csv, header, force_quote *)"
        )
        places = connection.execute(
            "select township, township_name, village, village_name from lists.form_case where county = $county "
            "group by all order by all",
            {"county": county},
        ).fetchall()
        _write_form(folder / FORM, county, names.get(county, county), as_of, places)
    return len(counties)


def _write_form(path: Path, county: str, county_name: str, as_of: date, places: Sequence[tuple[str, str, str, str]]) -> None:
    townships = {township: name for township, name, _, _ in places}
    choices: list[tuple[str, ...]] = [("list_name", "name", "label", "township")]
    choices += [("answer", code, one.zh) for code, one in answers().choices.items() if CaseKind.VISIT in one.kinds]
    choices += [("township", code, name) for code, name in townships.items()]
    choices += [("village", village, name, township) for township, _, village, name in places]
    survey = [_SURVEY_COLUMNS, *(tuple(row.get(c, "") for c in _SURVEY_COLUMNS) for row in _questions(as_of))]
    settings = [
        ("form_title", "form_id", "version"),
        (f"{county_name}入户核查 {as_of.isoformat()}", f"monitor_visit_{county}", f"{as_of:%Y%m%d}"),
    ]
    with xlsxwriter.Workbook(path, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"created": datetime.combine(as_of, time())})
        for name, rows in (("survey", survey), ("choices", choices), ("settings", settings)):
            _write_rows(workbook.add_worksheet(name), rows)


def _write_rows(sheet: xlsxwriter.worksheet.Worksheet, rows: Iterable[Sequence[str]]) -> None:
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write_string(line, place, cell)


def _questions(as_of: date) -> Iterable[Mapping[str, str]]:
    """The survey, in order; `${...}` names an earlier question."""
    unscanned = "${scan} = ''"
    yield {
        "type": "barcode",
        "name": "scan",
        "label": "扫描入户单上的二维码",
        "hint": "没有入户单就跳过，在下面选",
        "constraint": "count(instance('cases')/root/item[name=${scan}]) > 0",
        "constraint_message": "今天的名单里没有这个码，请跳过，在下面选户",
    }
    pick = {"required": "yes", "relevant": unscanned, "appearance": "minimal"}
    yield {"type": "select_one township", "name": "township", "label": "乡镇（街道）"} | pick
    yield {"type": "select_one village", "name": "village", "label": "村（居）", "choice_filter": "township=${township}"} | pick
    yield {
        "type": f"select_one_from_file {CASES}",
        "name": "case",
        "label": "走访的户",
        "choice_filter": "village=${village}",
    } | pick
    yield {"type": "calculate", "name": "visit_code", "calculation": "if(${scan} != '', ${scan}, ${case})"}
    for name in _TOLD:
        yield {"type": "calculate", "name": f"told_{name}", "calculation": f"{_CASE}/{name}"}
    yield {
        "type": "note",
        "name": "told",
        "label": "\n\n".join(f"${{told_{name}}}" for name in _TOLD),
        "relevant": "${visit_code} != ''",
    }
    yield {"type": "select_one answer", "name": "answer", "label": "核查结果", "required": "yes"}
    yield {
        "type": "date",
        "name": "answered_on",
        "label": "核查日期",
        "required": "yes",
        "default": "today()",
        "constraint": f". <= today() and . >= date('{(as_of - _LONGEST_AGO).isoformat()}')",
        "constraint_message": "请填实际走访的那一天",
    }
    yield {"type": "text", "name": "answered_by", "label": "核查人", "required": "yes"}
    yield {"type": "text", "name": "note", "label": "情况说明", "appearance": "multiline"}
