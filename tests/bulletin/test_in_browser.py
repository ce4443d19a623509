"""Pages in a real browser: legible on a desk, on a telephone and on paper; by keyboard and read aloud; loading nothing."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import opened
from bulletin_nights import LAST
from made_up_figures import COUNTY, book, cases, edition, field, night

from monitor.bulletin.page import page
from monitor.run import Home
from monitor.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DESK, TELEPHONE = 1280, 390
# a sheet more than what is meant to be read at a sitting
MOST_SHEETS = 8
PAGES = ("53", "5333", "533301", "index", "month", "first", "hostile")


@pytest.fixture(scope="module")
def pages(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages of a real home by level, and made-up ones of what it does not have."""
    folder, made = Home(settings.home).bulletins / LAST.isoformat(), tmp_path_factory.mktemp("pages")
    months = {
        "case_now": [cases(400), cases(90, "yellow", "HLT")],
        "field": [field(), field("530622001", overdue=3, visitors=2)],
    }
    thirty = [night(n, 300 + n, came=n % 7, went=n % 5) for n in range(30)]
    long = "很长的名字" * 30 + "<b>&" + "x" * 200
    texts = {
        "month": book(months | {"trend": thirty}, of=edition(30, "2026-11")),
        "first": book({"case_now": [cases(5)], "trend": [night(0, 5, came=5)]}, of=edition(1), late={"psb_resident": None}),
        "hostile": book(
            months
            | {
                "part_case": [{"part": "530622001", "colour": "red", "cases": 10**9}],
                "policy": [{"route": long, "eligible": 10**9, "not_enrolled": 10**9, "visited": 0, "enrolled": 0}],
            },
            names=dict.fromkeys(("53", "5306", COUNTY, "530622001"), long),
            refused=[{"delivery": "x" * 300, "extract": "nhc_death", "reason": long}],
        ),
    }
    for name, text in texts.items():
        (made / f"{name}.html").write_text(page(text.of(COUNTY), frozenset({COUNTY})), encoding="utf-8")
    return {name: (made if name in texts else folder) / f"{name}.html" for name in PAGES}


@pytest.mark.parametrize("width", [DESK, TELEPHONE])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_legible_and_asks_for_nothing(browser: Browser, pages: dict[str, Path], name: str, width: int) -> None:
    with opened(browser, pages[name].as_uri(), width) as seen:
        for details in seen.page.query_selector_all("summary"):
            details.click()
        assert seen.console == []
        assert seen.requests == [pages[name].as_uri()]
        assert seen.overflow == 0
        assert seen.smallest_text >= 13
        assert seen.faint_texts() == []


@pytest.mark.parametrize("name", ["53", "533301", "index", "month"])
def test_axe_finds_nothing_to_complain_about(browser: Browser, pages: dict[str, Path], name: str) -> None:
    with opened(browser, pages[name].as_uri()) as seen:
        found = Axe().run(seen.page)
        assert [one["id"] for one in found.response["violations"]] == []


def test_headings_go_down_one_step_at_a_time_and_sections_are_landmarks(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["53"].as_uri()) as seen:
        levels = [int(level) for level in seen.page.eval_on_selector_all("h1, h2, h3", "all => all.map(one => one.tagName[1])")]
        regions = seen.page.get_by_role("region").count()
        landmarks = [seen.page.get_by_role(role).count() for role in ("banner", "main", "contentinfo")]
        language = seen.page.get_attribute("html", "lang")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert (regions, landmarks, language) == (8, [1, 1, 1], "zh-CN")


def test_links_and_folded_tables_are_reached_and_opened_by_keyboard(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["53"].as_uri()) as seen:
        wanted = seen.page.locator("a, summary").count()
        reached, was_opened = 0, False
        for _ in range(wanted):
            seen.page.keyboard.press("Tab")
            reached += seen.page.evaluate("document.activeElement.matches('a, summary')")
            if not was_opened and seen.page.evaluate("document.activeElement.matches('summary')"):
                seen.page.keyboard.press("Enter")
                was_opened = bool(seen.page.evaluate("document.activeElement.parentElement.open"))
        outline = seen.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert reached == wanted > 15
    assert was_opened
    assert outline == "solid"


def test_what_is_read_aloud_of_a_chart_are_its_numbers(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["month"].as_uri()) as seen:
        heard = seen.page.locator("#cases").aria_snapshot()
        trend = seen.page.locator("#nights").aria_snapshot()
    assert re.search(r'rowheader "刚性支出"', heard)
    assert re.search(r'cell "400"', heard)
    assert "img" not in heard
    assert f'img "逐晚堆叠柱图，按颜色；从{300 + 29}户到300户，最多{300 + 29}户"' in trend


def test_a_page_leads_to_the_pages_below_it(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["53"].as_uri()) as seen:
        seen.page.locator(".tiles a").first.click()
        assert seen.page.url == pages["5333"].as_uri()
        assert seen.page.locator("h1").inner_text().startswith("怒江")


@pytest.mark.parametrize("name", ["53", "5333", "533301", "month"])
def test_it_prints_on_a_few_sheets_of_a4(browser: Browser, pages: dict[str, Path], tmp_path: Path, name: str) -> None:
    if which("pdfinfo") is None:
        pytest.skip("no pdfinfo on this machine (Debian: apt install poppler-utils)")
    with opened(browser, pages[name].as_uri()) as seen:
        seen.page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    told = subprocess.run(["pdfinfo", tmp_path / "page.pdf"], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Page size:\s+59[456](\.\d+)? x 84[12](\.\d+)? pts \(A4\)", told)
    assert 1 <= int(re.search(r"Pages:\s+(\d+)", told)[1]) <= MOST_SHEETS  # type: ignore[index]
    text = subprocess.run(["pdftotext", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "户需要走访" in text
    assert "逐晚数字" not in text, "what is folded away is not printed"


def test_pages_of_a_night_stay_small(pages: dict[str, Path]) -> None:
    assert max(path.stat().st_size for path in pages.values()) < 300_000
