"""What the pages say, and that they say it of nobody by name."""

from __future__ import annotations

import csv
import io
import json
import re
from html import escape, unescape
from pathlib import Path

import duckdb
import pytest
from seen import HOSTILE, LAST, Client

from monitor.audit import read_trail
from monitor.run import Home
from monitor.settings import Settings, load_settings
from monitor.ui.filters import CaseFilter
from monitor.ui.pages import PLACE_ZH

ANALYST = ("/", "/cases", "/cases?page=2", "/indicators", "/indicators/EXP-004", "/deliveries")


def asked(settings: Settings, sql: str) -> list[tuple]:
    with duckdb.connect(str(Home(settings.home).published / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def a_case(settings: Settings, where: str = "true") -> str:
    return asked(settings, f"select case_no from latest_case_history where {where} order by score desc, case_no limit 1")[0][0]


def cases_on(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/cases/([^?]+)\?', text)


@pytest.mark.parametrize("why", ["listed", "capacity", "blue", "muted"])
def test_wherever_a_case_may_stand_it_has_words_and_a_filter(why: str) -> None:
    assert CaseFilter.model_validate({"place": why}).place == why
    assert PLACE_ZH[why]


def test_the_overview_counts_what_stands_what_is_listed_and_what_was_left_off(client: Client, settings: Settings) -> None:
    text = client().get("/").text
    ((standing, red),) = asked(
        settings,
        "select count(*), count(*) filter (colour = 'red') from latest_case_history "
        "where kind = 'visit' and state not in ('cleared', 'closed')",
    )
    ((listed, left_off),) = asked(
        settings,
        "select count(*) filter (is_listed), count(*) filter (why = 'capacity') from latest_listing where case_no like 'V%'",
    )
    lead = unescape(re.sub(r"<[^>]+>", "", re.search(r'<p class="lead">(.*?)</p>', text, re.S)[1]))
    assert [int(n.replace(",", "")) for n in re.findall(r"[\d,]+", lead)] == [standing, red, listed, left_off]


def test_late_departments_stand_on_the_first_page_and_make_rules_blind(client: Client) -> None:
    text = client().get("/").text
    assert "类数据迟到" in text
    assert "医保" in text
    assert "无法判断" in text


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("kind=visit", "kind = 'visit'"),
        ("colour=red", "colour = 'red'"),
        ("domain=HLT", "indicators like '%HLT-%'"),
        ("indicator=INC-004", "indicators like '%INC-004%'"),
        ("state=new", "state = 'new'"),
        ("older_than=1", "as_of - first_seen >= 1"),
        ("place=blue", "colour = 'blue'"),
        ("colour=red&kind=review", "colour = 'red' and kind = 'review'"),
        ("county=530622&colour=&township=", "county = '530622'"),
    ],
)
def test_a_filter_shows_these_cases_and_no_others(client: Client, settings: Settings, query: str, where: str) -> None:
    downloaded = list(csv.DictReader(io.StringIO(client().get(f"/cases.csv?{query}").content.decode("utf-8-sig"))))
    expected = asked(settings, f"select case_no from latest_case_history where state not in ('cleared', 'closed') and {where}")
    assert sorted(row["case_no"] for row in downloaded) == sorted(number for (number,) in expected)
    shown = client().get(f"/cases?{query}").text
    assert cases_on(shown) == [row["case_no"] for row in downloaded[:50]]


def test_pages_together_show_every_case_once(client: Client) -> None:
    one, two = (cases_on(client().get(f"/cases?page={number}").text) for number in (1, 2))
    assert len(one) == 50
    assert not set(one) & set(two)
    assert cases_on(client().get("/cases?page=9999").text) == []


@pytest.mark.parametrize(
    "query", ["night=x", "colour=pink", "page=0.5", "county=1%27--", "older_than=-1", "indicator=%3Cscript%3E"]
)
def test_a_condition_that_is_not_understood_is_named(client: Client, query: str) -> None:
    answer = client().get(f"/cases?{query}")
    assert answer.status_code == 422
    assert query.split("=")[0] in answer.text


def test_a_case_says_why_with_numbers_thresholds_departments_and_days(client: Client, settings: Settings) -> None:
    number = asked(settings, """select min(case_no) from latest_case_hit where evidence not like '%"param":{}%'""")[0][0]
    text = unescape(client().get(f"/cases/{number}").text)
    for indicator, reason, evidence in asked(
        settings, f"select indicator, reason_zh, evidence from latest_case_hit where case_no = '{number}'"
    ):
        assert indicator in text
        assert reason in text
        for day in json.loads(evidence)["deliveries"].values():
            assert f"{day} 报送" in text
    assert "标准：" in text
    assert "逐晚" in text


def test_a_night_that_is_not_there_names_the_nearest(client: Client) -> None:
    answer = client().get("/?night=2026-12-01")
    assert answer.status_code == 404
    assert LAST.isoformat() in answer.text


def test_no_analyst_page_holds_a_name_an_id_a_phone_or_an_address(client: Client, settings: Settings) -> None:
    numbers = [number for (number,) in asked(settings, "select case_no from latest_case_history order by case_no limit 25")]
    text = "".join(client().get(path).text for path in [*ANALYST, *(f"/cases/{number}" for number in numbers)])
    text += client().get("/cases.csv").text
    run = Home(settings.home).runs / LAST.isoformat()
    for column in ("id_no", "phone", "address"):
        kept = duckdb.sql(f"select distinct {column} from read_parquet('{run / 'person.parquet'}') where length({column}) > 6")
        values = [value for (value,) in kept.fetchall()]
        assert values
        assert not [value for value in values if value in text]
    assert HOSTILE not in text
    assert escape(HOSTILE) not in text


def test_without_the_key_there_are_no_restricted_pages(client: Client, settings: Settings) -> None:
    number = a_case(settings)
    for path in (f"/restricted/cases/{number}?night={LAST}", f"/restricted/lists?night={LAST}"):
        assert client().get(path).status_code == 404
    assert "/restricted" not in client().get(f"/cases/{number}").text


def test_with_the_key_names_are_shown_escaped_and_every_look_is_noted_first(client: Client, settings: Settings) -> None:
    number = a_case(settings, "kind = 'visit'")
    noted = len(trail(settings))
    text = client(restricted=True).get(f"/restricted/cases/{number}?night={LAST}").text
    assert HOSTILE not in text
    assert escape(HOSTILE) in text
    assert "怎样解除" in text
    assert len(trail(settings)) == noted + 1
    assert number in trail(settings)[-1]


def test_lists_are_handed_out_whole_and_noted(client: Client, settings: Settings) -> None:
    browser = client(restricted=True)
    names = re.findall(r'href="/restricted/lists/([^"]+?)\?night', browser.get(f"/restricted/lists?night={LAST}").text)
    outbox = Home(settings.home).outbox / LAST.isoformat()
    assert len(names) == sum(path.is_file() for path in outbox.rglob("*"))
    name = next(name for name in names if name.endswith(".csv"))
    noted = len(trail(settings))
    answer = browser.get(f"/restricted/lists/{name}?night={LAST}")
    assert answer.content == (outbox / name).read_bytes()
    assert answer.headers["content-disposition"].startswith("attachment")
    assert len(trail(settings)) == noted + 1


@pytest.mark.parametrize("name", ["../../keys/token.key", "%2e%2e/%2e%2e/keys/token.key", "/etc/passwd", ".", ""])
def test_nothing_but_a_list_can_be_downloaded(client: Client, name: str) -> None:
    answer = client(restricted=True).get(f"/restricted/lists/{name}?night={LAST}")
    assert answer.status_code in (404, 422) or "的名单" in answer.text
    assert answer.headers["content-type"].startswith("text/html")


def test_hostile_text_in_the_file_is_escaped(client: Client, settings: Settings, tmp_path: Path) -> None:
    home = load_settings(tmp_path)
    Home(tmp_path).make()
    copy = Home(tmp_path).published / "warehouse.duckdb"
    copy.write_bytes((Home(settings.home).published / "warehouse.duckdb").read_bytes())
    with duckdb.connect(str(copy)) as connection:
        for table, column in (
            ("case_history", "reasons_zh"),
            ("case_hit", "reason_zh"),
            ("region", "name"),
            ("case_history", "rank_zh"),
            ("ledger", "reason"),
        ):
            connection.execute(f"update {table} set {column} = $hostile", {"hostile": HOSTILE + "\"'</td>"})
        connection.execute("update case_history set reasons_zh = '=1+1'")
        connection.execute("update ledger set state = 'refused'")
    number = a_case(settings)
    for path in ("/", "/cases", f"/cases/{number}", "/deliveries", "/indicators"):
        answer = client(home).get(path)
        assert answer.status_code == 200
        assert HOSTILE not in answer.text
    assert "'=1+1" in client(home).get("/cases.csv").text


def test_a_home_without_runs_and_a_damaged_file_are_told_plainly(client: Client, tmp_path: Path) -> None:
    empty = load_settings(tmp_path / "empty")
    assert "还没有分析库" in client(empty).get("/").text
    damaged = load_settings(tmp_path / "damaged")
    Home(damaged.home).make()
    (Home(damaged.home).published / "warehouse.duckdb").write_bytes(b"no database" * 1000)
    answer = client(damaged).get("/cases")
    assert answer.status_code == 404
    assert "monitor warehouse rebuild" in answer.text


def trail(settings: Settings) -> list[str]:
    return [f"{entry.action} {entry.what}" for entry in read_trail(settings.home)]
