"""The pages in a real browser, served by the real command: no error, no request elsewhere, legible, usable by keyboard."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.settings import Settings

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no browser here (Debian: apt install chromium fonts-noto-cjk)")


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    program = Path(sys.executable).with_name("monitor")
    command = [program, "ui", "--home", settings.home, "--port", "0"]
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True) as served:
        try:
            yield next(found[0] for line in served.stdout if (found := re.search(r"http://\S+", line)))
        finally:
            served.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator:
    with sync_api.sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield one
        one.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_whole_and_quiet(browser, address: str, width: int) -> None:
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    complaints, elsewhere = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: elsewhere.append(request.url) if "//127.0.0.1:" not in request.url else None)
    page.goto(address)
    assert "token" not in page.url
    number = case_number(page)
    for path in ("/", "/cases", f"/cases/{number}", "/indicators", "/indicators/EXP-004", "/deliveries"):
        assert page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + path).status == 200
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate(SMALLEST_TEXT) >= 12, path
        assert page.evaluate("document.documentElement.lang") == "zh-CN"
        assert page.locator("h1").count() == 1
        assert page.locator("main").count() == 1
        assert page.evaluate(UNNAMED_FIELDS) == 0
    assert complaints == []
    assert [url for url in elsewhere if not url.startswith("data:")] == []


def test_a_case_is_found_by_keyboard_alone(browser, address: str) -> None:
    page = browser.new_context().new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.goto(page.url + "cases")
    page.locator("#colour").focus()
    page.keyboard.press("ArrowDown")
    page.locator("form.filters button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**colour=red**")
    assert set(page.locator("tbody .tag").all_text_contents()) == {"红"}


def case_number(page) -> str:
    page.goto(page.url + "cases")
    return page.locator("tbody th a").first.text_content()


SMALLEST_TEXT = """() => Math.min(...[...document.querySelectorAll('main *')]
    .filter(one => one.childNodes.length && one.offsetParent && one.textContent.trim())
    .map(one => parseFloat(getComputedStyle(one).fontSize)))"""
UNNAMED_FIELDS = "() => [...document.querySelectorAll('select, input')].filter(one => !one.labels.length).length"
