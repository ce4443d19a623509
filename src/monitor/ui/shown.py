"""What a page is given: the templates, the analyst file opened for it, the restricted zone. They hang on the application."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request

from monitor.ui.analyst_file import Night, opened_night
from monitor.ui.pages import Pages
from monitor.ui.restricted import Restricted


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


def _opened(request: Request) -> Iterator[Night]:
    with opened_night(request.app.state.settings) as night:
        yield night


def _zone(request: Request) -> Restricted:
    zone: Restricted = request.app.state.restricted
    return zone


PagesShown = Annotated[Pages, Depends(_pages)]
Opened = Annotated[Night, Depends(_opened)]
Zone = Annotated[Restricted, Depends(_zone)]
