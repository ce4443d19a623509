"""A page as text: the template engine escapes whatever data says; the page's policy lets it load nothing, not even a style."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from monitor.bulletin.blocks import count
from monitor.bulletin.figures import Book, Figures
from monitor.bulletin.headline import headline, key_figures, warning
from monitor.bulletin.sections import sections
from monitor.bulletin.sections.cases import standing

_TEMPLATES = Path(__file__).with_name("templates")


def page(figures: Figures, pages: frozenset[str]) -> str:
    """The page of a place as HTML.

    Args:
        figures: what it tells.
        pages: codes of the places whose pages lie beside it; only those are linked.
    """
    book = figures.book
    trail = [figures.place[:digits] for digits in (2, 4, 6) if digits <= len(figures.place)]
    return _render(
        "page.html",
        book,
        place=figures.name(figures.place),
        trail=[
            {"name": figures.name(code), "page": _linked(code, figures.place, pages)} for code in trail if code in book.places
        ],
        headline=headline(figures),
        warning=warning(figures),
        figures=key_figures(figures),
        sections=sections(figures),
        pages=pages,
        as_of=book.edition.as_of.isoformat(),
        software=book.software,
        rules=len(book.rules),
    )


def index(book: Book, places: list[str]) -> str:
    """The page that leads to all others."""
    entries = [
        {"code": code, "name": book.of(code).name(code), "note": f"{count(standing(book.of(code)))}户需要走访"}
        for code in places
    ]
    return _render("index.html", book, entries=entries)


def _linked(code: str, own: str, pages: frozenset[str]) -> str:
    return code if code != own and code in pages else ""


def _render(template: str, book: Book, **values: Any) -> str:
    environment, style = _environment()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template(template).render(
        style=Markup(style), style_hash=f"sha256-{digest}", edition=book.edition, run_id=book.run_id, **values
    )


@cache
def _environment() -> tuple[Environment, str]:
    loader = FileSystemLoader(_TEMPLATES)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment, (_TEMPLATES / "style.css").read_text(encoding="utf-8")
