"""The pages in a real browser, served by the real command: no error, no request elsewhere, legible, usable by keyboard."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import opened

from monitor.settings import Settings

UNNAMED_FIELDS = "() => [...document.querySelectorAll('select, input')].filter(one => !one.labels.length).length"


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    program = Path(sys.executable).with_name("monitor")
    command = [program, "ui", "--home", settings.home, "--port", "0"]
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True) as served:
        try:
            yield next(found[0] for line in served.stdout if (found := re.search(r"http://\S+", line)))
        finally:
            served.terminate()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_whole_and_quiet(browser, address: str, width: int) -> None:
    site = f"http://{urlsplit(address).netloc}"
    with opened(browser, address, width) as seen:
        assert seen.page.url == f"{site}/"
        seen.page.goto(f"{site}/cases")
        number = seen.page.locator("tbody th a").first.text_content()
        for path in ("/", "/cases", f"/cases/{number}", "/indicators", "/indicators/EXP-004", "/deliveries"):
            assert seen.page.goto(site + path).status == 200
            assert seen.overflow <= 0, path
            assert seen.smallest_text >= 13, path
            assert seen.faint_texts() == [], path
            assert seen.page.evaluate("document.documentElement.lang") == "zh-CN"
            assert (seen.page.locator("h1").count(), seen.page.locator("main").count()) == (1, 1)
            assert seen.page.evaluate(UNNAMED_FIELDS) == 0
        assert seen.console == []
        assert [url for url in seen.requests if not url.startswith((site, "data:"))] == []


def test_a_case_is_found_by_keyboard_alone(browser, address: str) -> None:
    with opened(browser, address) as seen:
        page = seen.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "跳到正文"
        page.goto(f"{page.url}cases")
        page.locator("#colour").focus()
        page.keyboard.press("ArrowDown")
        page.locator("form.filters button").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**colour=red**")
        assert set(page.locator("tbody .tag").all_text_contents()) == {"红"}
