"""What a page says: in plain words, with its numbers, and nothing of what data says can run."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from made_up_figures import COUNTY, book, cases, edition, field, night, rules

from monitor.bulletin.blocks import percent, stacked
from monitor.bulletin.figures import Book
from monitor.bulletin.headline import headline, warning
from monitor.bulletin.page import index, page

ATTACKS = [
    "</h1><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; style='background:url(//example.invalid)",
    "{{ 7 * 7 }}{% raw %}",
    "&amp;&#x3c;b>",
    "\u202e反着写\x00",
]


class Elements(HTMLParser):
    """The elements and attributes of a page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def html(of: Book, *linked: str) -> str:
    return page(of.of(COUNTY), frozenset(linked or [COUNTY]))


def said(of: Book) -> str:
    return re.sub(r"\s+", " ", Elements(html(of)).text)


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({}, "截至2026年11月20日，没有需要走访的家庭。"),
        ({"case_now": [cases(1234)]}, "1,234户需要走访，其中1,234户红色，今晚新增0户、消除或办结0户，没有超期。"),
        ({"case_now": [cases(3, "yellow")]}, "3户需要走访，没有红色"),
        ({"case_now": [cases(9, is_muted=True)]}, "没有需要走访的家庭"),
        ({"case_now": [cases(9, kind="review")]}, "没有需要走访的家庭"),
        ({"case_now": [cases(5)], "trend": [night(0, 5, came=2, went=7), night(1, 9, came=90)]}, "今晚新增2户、消除或办结7户"),
        ({"case_now": [cases(5)], "field": [field(overdue=4)]}, "4户走访超期"),
    ],
)
def test_the_headline_says_what_matters(tables: dict[str, Any], sentence: str) -> None:
    assert sentence in headline(book(tables).of(COUNTY))


def test_a_month_speaks_of_the_month() -> None:
    tables = {"case_now": [cases(5)], "trend": [night(0, 5, came=2), night(1, 9, came=90)]}
    assert "本月新增92户" not in headline(book(tables, of=edition(3)).of(COUNTY))
    of = edition(3, "2026-11")
    assert "月报" in of.title
    text = said(book(tables, of=of))
    assert "本月新增92含首晚" in text.replace(" ", "")


def test_a_first_night_has_no_trend_and_says_so() -> None:
    text = said(book({"case_now": [cases(5)], "trend": [night(0, 5, came=5)]}, of=edition(1)))
    assert "只有一晚，还没有走势" in text
    assert "今晚新增5户" not in text.split("哪些困难最多")[0], "on the first night everything is new; that is no news"


def test_without_answers_nothing_is_claimed_of_precision() -> None:
    text = said(book({"case_now": [cases(5)]}))
    assert "还没有收回答复" in text
    assert "还没有判明的答复" in text
    assert "置信区间" not in text


def test_late_departments_stand_at_the_top_with_what_they_blind() -> None:
    code = next(code for code, rule in rules().items() if "nhc_disease" in rule.extracts)
    of = book({"blind": [{"indicator": code, "unknown": 40, "asked": 50}]}, late={"nhc_disease": 90})
    assert warning(of.of(COUNTY)) == "卫健有1项数据迟到，1项指标对部分家庭判不了；判不了不等于没有困难。"
    text = said(of)
    assert rules()[code].title in text
    assert "80%" in text
    assert "90天（允许30）" in text


def test_what_the_records_lack_is_told_with_its_worst_share() -> None:
    code = next(iter(rules()))
    text = said(book({"blind": [{"indicator": code, "unknown": 36, "asked": 100}]}))
    assert "另有1项指标对部分对象判不了，最多的一项36%" in text
    assert "少数对象" not in text


def test_an_extract_that_never_came_is_told_as_such() -> None:
    assert "从未收到" in said(book(late={"acftu_worker": None}))


def test_when_everything_arrived_there_is_no_warning() -> None:
    assert warning(book().of(COUNTY)) == ""
    assert "17个部门33项数据，全部按时" in said(book())


def test_what_was_refused_stands_beside_what_came_in_time() -> None:
    refused = [{"extract": "mca_family", "delivery": "mca_family_20261120", "reason": "x"}]
    assert "全部按时，1份被退回" in said(book(refused=refused))


def test_what_is_neither_nothing_nor_everything_never_looks_so() -> None:
    shares = (Decimal(0), Decimal("0.0001"), Decimal("0.5"), Decimal("0.9999"), Decimal(1), None)
    assert [percent(share) for share in shares] == ["0%", "<1%", "50%", ">99%", "100%", "—"]


def test_a_strip_is_as_long_as_its_share() -> None:
    marks = stacked([("red", 1), ("orange", 0), ("yellow", 3)], 8)
    assert [(mark.look, mark.x, mark.width) for mark in marks] == [("red", "0.00", "12.50"), ("yellow", "12.50", "37.50")]


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_from_data_stays_text(attack: str) -> None:
    """Names of places, titles and routes of rules, reasons of refusals, codes that no list knows."""
    code = "EXP-004"
    rule = SimpleNamespace(title=attack, route=attack, extracts=("nhc_disease",), unit="person")

    def page_of(text: str) -> Elements:
        tables = {
            "case_now": [cases(5)],
            "field": [field(), field("530622001")],
            "part_case": [{"part": "530622001", "colour": "red", "cases": 5}],
            "blind": [{"indicator": code, "unknown": 1, "asked": 2}, {"indicator": text, "unknown": 1, "asked": 2}],
            "policy": [{"route": text, "eligible": 1, "not_enrolled": 1, "visited": 0, "enrolled": 0}],
        }
        names = dict.fromkeys(("53", "5306", COUNTY, "530622001"), text)
        refused = [{"delivery": text, "extract": "nhc_disease", "reason": text}]
        named = SimpleNamespace(**{**vars(rule), "title": text, "route": text})
        return Elements(html(book(tables, names=names, refused=refused, late={"nhc_disease": 99}, rules_of={code: named})))

    attacked, plain = page_of(attack), page_of("平常")
    assert [tag for tag, _ in attacked.found] == [tag for tag, _ in plain.found]
    assert [set(attributes) for _, attributes in attacked.found] == [set(attributes) for _, attributes in plain.found]
    assert attacked.text.count(attack.replace(",", "、").replace("\x00", "")) >= 5


def test_a_page_needs_nothing_else_and_may_load_nothing() -> None:
    text = html(book({"case_now": [cases(5)], "trend": [night(1, 4), night(0, 5)]}))
    found = Elements(text)
    assert not {"script", "link", "img", "iframe", "object", "base"} & {tag for tag, _ in found.found}
    assert not [
        name for _, attributes in found.found for name in attributes if name in ("src", "style") or name.startswith("on")
    ]
    assert not re.search(r"https?:|url\(|@import", text)
    policy = next(a["content"] for a in found.of("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_only_pages_that_lie_beside_it_are_linked() -> None:
    of = book({"case_now": [cases(5)]})
    of.places["5306"] = of.places[COUNTY]
    outside = {a["href"] for a in Elements(html(of, COUNTY)).of("a") if not str(a["href"]).startswith("#")}
    both = {a["href"] for a in Elements(html(of, COUNTY, "5306")).of("a") if not str(a["href"]).startswith("#")}
    assert outside == set()
    assert both == {"5306.html"}


def test_every_picture_has_its_numbers_beside_it() -> None:
    """A strip stands in a row with numbers; a picture of nights has words for those who do not see it, and a table."""
    tables = {"case_now": [cases(5), cases(2, "yellow")], "trend": [night(1, 4, went=1), night(0, 5, came=2)]}
    found = Elements(html(book(tables)))
    pictures = [a for a in found.of("svg") if a.get("aria-hidden") != "true"]
    assert [a["role"] for a in pictures] == ["img", "img"]
    assert all("户" in str(a["aria-label"]) for a in pictures)
    assert found.text.count("逐晚数字") == len(pictures)
    assert len(found.of("caption")) == len(found.of("table"))


def test_colours_of_cases_are_named_beside_their_marks() -> None:
    text = said(book({"case_now": [cases(5), cases(2, "yellow"), cases(1, "orange"), cases(4, "blue")]}))
    for name in ("红色", "橙色", "黄色", "蓝色"):
        assert name in text


def test_the_index_leads_to_every_page() -> None:
    of = book({"case_now": [cases(5)]})
    assert [a["href"] for a in Elements(index(of, [COUNTY])).of("a")] == [f"{COUNTY}.html"]
