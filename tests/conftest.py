"""Makes `given` and `browser` importable everywhere; generated examples are the same in every run unless asked to differ.

A build must not fail by chance on somebody else's change. `HYPOTHESIS_PROFILE=random make test` looks for new examples.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from browser import launch
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("same", derandomize=True, database=None)
settings.register_profile("random", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; see tests/browser.py."""
    yield from launch()
