"""A page as text: the template engine escapes whatever data says; the page's policy lets it load nothing, not even a style."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from monitor.bulletin import public
from monitor.bulletin.blocks import count
from monitor.bulletin.figures import Book, Figures
from monitor.bulletin.headline import headline, key_figures, warning
from monitor.bulletin.sections import sections
from monitor.bulletin.sections.cases import standing

_TEMPLATES = Path(__file__).with_name("templates")
_NO_IDENTITY = "本页不含姓名、身份证号、电话和住址。"
_INTERNAL = f"{_NO_IDENTITY}小的数字可能让人猜出是谁，只供内部工作，不得外传或公开。"


def page(figures: Figures, pages: frozenset[str]) -> str:
    """The page of a place as HTML.

    Args:
        figures: what it tells.
        pages: codes of the places whose pages lie beside it; only those are linked.
    """
    book, place = figures.book, figures.place
    above = (place[:digits] for digits in (2, 4, 6) if digits <= len(place))
    edition = book.edition
    nights = f"本月{len(edition.nights)}晚；" if edition.month else ""
    made = f"运行编号 {book.run_id}；软件版本 {book.software}；指标{len(book.rules)}项"
    return _render(
        "page.html",
        tag="内部资料",
        place=figures.name(place),
        trail=[{"name": figures.name(code), "page": _linked(code, place, pages)} for code in above if code in book.places],
        edition=edition.title,
        headline=headline(figures),
        warning=warning(figures),
        figures=key_figures(figures),
        sections=sections(figures),
        pages=pages,
        as_of=edition.as_of.isoformat(),
        footnotes=[_INTERNAL, f"数据日期 {edition.as_of}；{nights}{made}。图由本页数字画成，不取用任何外部文件。"],
    )


def public_page(release: public.Release, place: str) -> str:
    """The public page of a place as HTML: `all`, a prefecture or a county."""
    above = [public.EVERYWHERE, place[:4], place] if place != public.EVERYWHERE else [place]
    pages = frozenset(release.names)
    return _render(
        "page.html",
        tag="公开资料",
        place=release.names[place],
        trail=[{"name": release.names[code], "page": _linked(code, place, pages)} for code in dict.fromkeys(above)],
        edition=f"{int(release.month[:4])}年{int(release.month[5:])}月公开月报",
        headline=public.headline(release, place),
        warning=public.warning(release),
        figures=public.key_figures(release, place),
        sections=public.sections(release, place),
        pages=pages,
        as_of=release.as_of,
        footnotes=[f"{_NO_IDENTITY}数字都取自同月的公开数据，数据日期 {release.as_of}。"],
    )


def index(book: Book, places: Iterable[str]) -> str:
    """The page that leads to all others; it also says which run they tell of."""
    entries = [
        {"code": code, "name": figures.name(code), "note": f"{count(standing(figures))}户需要走访"}
        for code in places
        for figures in [book.of(code)]
    ]
    return _render("index.html", tag="内部资料", edition=book.edition.title, run_id=book.run_id, entries=entries)


def _linked(code: str, own: str, pages: frozenset[str]) -> str:
    return code if code != own and code in pages else ""


def _render(template: str, **values: Any) -> str:
    environment, style = _environment()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template(template).render(style=Markup(style), style_hash=f"sha256-{digest}", **values)


@cache
def _environment() -> tuple[Environment, str]:
    loader = FileSystemLoader(_TEMPLATES)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment, (_TEMPLATES / "style.css").read_text(encoding="utf-8")
