"""Puts the pages together. Every page is made on this machine and needs no script."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from monitor.errors import MonitorError
from monitor.run import Home
from monitor.settings import Settings
from monitor.ui import analyst_pages, restricted_pages
from monitor.ui.guard import Guard
from monitor.ui.pages import Pages
from monitor.ui.restricted import Restricted


def create_app(settings: Settings, token: str, *, restricted: bool = False) -> FastAPI:
    """The application.

    Args:
        settings: of the home that is shown.
        token: without it nothing is answered.
        restricted: add the pages that show names and hand out lists; whoever says so has checked the key.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.pages = Pages(Home(settings.home), is_restricted=restricted)
    app.state.settings = settings
    app.include_router(analyst_pages.router)
    if restricted:
        app.state.restricted = Restricted(settings)
        app.include_router(restricted_pages.router)
    app.middleware("http")(Guard(token))
    app.add_exception_handler(MonitorError, _foreseen)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _elsewhere)
    return app


def _foreseen(request: Request, error: Exception) -> Response:
    faults = [str(one) for one in error.faults] if isinstance(error, MonitorError) else []
    return _error(request, 404, str(error).split("\n", 1)[0], faults)


def _not_understood(request: Request, error: Exception) -> Response:
    wrong = error.errors() if isinstance(error, RequestValidationError) else []
    names = "、".join(sorted({str(one["loc"][-1]) for one in wrong}))
    return _error(request, 422, "看不懂筛选条件。", [f"有误的条件：{names}"])


def _elsewhere(request: Request, error: Exception) -> Response:
    return _error(request, error.status_code if isinstance(error, HTTPException) else 404, "没有这一页。", [])


def _error(request: Request, status: int, title: str, faults: list[str]) -> Response:
    pages: Pages = request.app.state.pages
    return pages.page("error", status=status, title=title, faults=faults)
