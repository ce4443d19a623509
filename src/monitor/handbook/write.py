"""Write the handbook, or say which of its files are out of date."""

from __future__ import annotations

from pathlib import Path

from monitor.handbook.catalogue_pages import FOLDER, catalogue_pages
from monitor.handbook.cookbook_page import cookbook_page
from monitor.handbook.department_pages import department_page
from monitor.handbook.dictionary_page import dictionary_page
from monitor.handbook.extract_pages import extract_page
from monitor.handbook.fact_pages import fact_page
from monitor.handbook.output_pages import output_page
from monitor.indicators import load_catalogue


def handbook_pages() -> dict[str, str]:
    """Path below the folder of documents -> text, for every generated page.

    Raises:
        CatalogueInvalid: the catalogue or the parameters are wrong.
    """
    indicators = load_catalogue().indicators
    return {
        **catalogue_pages(indicators),
        **fact_page(indicators),
        **department_page(indicators),
        **extract_page(),
        **output_page(),
        **cookbook_page(),
        **dictionary_page(),
    }


def write_handbook(out: Path) -> list[str]:
    """Write every page below `out`; return those that changed. Pages of the catalogue that no longer exist are removed."""
    pages = handbook_pages()
    changed = outdated_pages(out, pages)
    for path in changed:
        target = out / path
        if path in pages:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(pages[path], encoding="utf-8", newline="\n")
        else:
            target.unlink()
    return changed


def outdated_pages(out: Path, pages: dict[str, str] | None = None) -> list[str]:
    """The pages below `out` that differ from what would be generated now, are absent, or should not be there."""
    wanted = handbook_pages() if pages is None else pages
    differing = [path for path, text in wanted.items() if not _holds(out / path, text)]
    there = sorted(f"{FOLDER}/{path.name}" for path in (out / FOLDER).glob("*.md"))
    return differing + [path for path in there if path not in wanted]


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()
