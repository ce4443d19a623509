"""A real headless browser for pages that people open: the system's Chromium, driven by Playwright.

A test takes the fixture `browser` and opens pages with `opened`; where no Chromium is installed it is skipped and says so.
The fixture lives as long as a module: Playwright keeps an event loop running while it is open, and other tests need their own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

# every text that is seen: its size in CSS pixels, and the contrast of its colour with what lies behind it (WCAG 2)
_TEXTS = """() => {
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
    const colour = text => text.match(/[\\d.]+/g).map(Number);
    const behind = node => {
        for (let at = node; at; at = at.parentElement) {
            const found = colour(getComputedStyle(at).backgroundColor);
            if (found.length === 3 || found[3] === 1) return found;
        }
        return [255, 255, 255];
    };
    const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode, parent = node.parentElement, box = parent.getBoundingClientRect();
        if (!node.data.trim() || box.width <= 1 || box.height <= 1 || box.right < 0) continue;
        const style = getComputedStyle(parent);
        const [a, b] = [light(colour(style.color)), light(behind(parent))].sort((x, y) => y - x);
        texts.push({text: node.data.trim(), size: parseFloat(style.fontSize), contrast: (a + 0.05) / (b + 0.05)});
    }
    return texts;
}"""


@dataclass
class Opened:
    """A page in the browser, and what happened while it was opened."""

    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def overflow(self) -> int:
        """By how many pixels it is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    @property
    def smallest_text(self) -> float:
        return min(text["size"] for text in self.page.evaluate(_TEXTS))

    def faint_texts(self, least: float = 4.5) -> list[str]:
        """Texts whose contrast is below the least."""
        return [text["text"] for text in self.page.evaluate(_TEXTS) if text["contrast"] < least]


@contextmanager
def opened(browser: Browser, url: str, width: int = 1280, height: int = 900) -> Iterator[Opened]:
    """Open a page in a window of this size; whatever it says to the console or asks for is written down."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    seen = Opened(page)
    page.on("console", lambda message: seen.console.append(message.text))
    page.on("pageerror", lambda error: seen.console.append(str(error)))
    page.on("request", lambda request: seen.requests.append(request.url))
    try:
        page.goto(url)
        yield seen
    finally:
        context.close()


def launch() -> Iterator[Browser]:
    """Chromium while the caller needs it; skips where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium fonts-noto-cjk)")
    from playwright.sync_api import sync_playwright

    # Chromium cannot make its sandbox as root, as in a container
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield started
        finally:
            started.close()
