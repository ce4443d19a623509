"""`monitor bulletin`: the pages for those who answer for the programme."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.commands.days import read_day, read_month
from monitor.errors import Fault, UsageError


def bulletin_command(
    as_of: Annotated[str | None, typer.Option(help="哪一晚 the night, YYYY-MM-DD (default: the last one)")] = None,
    month: Annotated[str | None, typer.Option(help="哪个月 a month, YYYY-MM, instead of a night")] = None,
    county: Annotated[str | None, typer.Option(help="只要一个区县 one county, 6 digits")] = None,
    prefecture: Annotated[bool, typer.Option("--prefecture", help="只要市(州) prefectures only")] = False,
    province: Annotated[bool, typer.Option("--province", help="只要省 the province only")] = False,
    public: Annotated[bool, typer.Option("--public", help="公开版,只用这个月的公开数据 of the month's public release")] = False,
    out: Annotated[Path | None, typer.Option(help="另写到哪里 folder to write to (default: <home>/published/bulletin)")] = None,
    home: Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")] = None,
) -> None:
    """简报:省、市(州)、区县各一页,可打印。One self-contained page each for province, prefecture and county."""
    from monitor import steps
    from monitor.bulletin import month_edition, night_edition, read_book, write_edition, write_pages, write_public
    from monitor.run import Home
    from monitor.settings import load_settings

    if as_of and month:
        raise UsageError("只能选一样。", [Fault("--as-of、--month", "两个都给了", "其中一个")])
    settings = load_settings(home)
    at = Home(settings.home)
    if public:
        if not month or as_of or county or prefecture or province or out:
            raise UsageError("公开版按月做,写全部页。", [Fault("--public", "只能与 --month 同用", "--public --month 2026-11")])
        print(f"公开月报:目录 {write_public(at, read_month(month)) / 'all.html'}")
        return
    if month:
        edition = month_edition(at, read_month(month))
    else:
        edition = night_edition(at, read_day("--as-of", as_of) if as_of else None)
    steps.keep_published(settings)
    if not (county or prefecture or province or out):
        folder = write_edition(at, settings, edition)
        print(f"{edition.title}:{len(list(folder.glob('[0-9]*.html')))}页,目录 {folder / 'index.html'}")
        return
    book = read_book(at, settings, edition)
    places = _chosen(sorted(book.places), county, prefecture=prefecture, province=province)
    for path in write_pages(book, places, out or at.bulletins / edition.name):
        print(path)


def _chosen(places: list[str], county: str | None, *, prefecture: bool, province: bool) -> list[str]:
    """The wanted places of those that the edition has; all when nothing is said."""
    if county and county not in places:
        from monitor.regions import counties_named

        near = (
            counties_named(county)
            or "、".join(code for code in places if len(code) == 6 and code[:4] == county[:4])
            or "有数据的6位区县代码"
        )
        raise UsageError("没有这个区县的数据。", [Fault("--county", county, near)])
    digits = {4} if prefecture else set()
    digits |= {2} if province else set()
    if not county and not digits:
        return places
    return [code for code in places if code == county or len(code) in digits]
