"""The generated documents are whole, linked, the same every time, and those that stand in the repository."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import typer
from pydantic import ValidationError
from typer.testing import CliRunner

from monitor.commands.docs import docs_command
from monitor.contracts import Fact, empty_cells, extracts, facts, outputs
from monitor.dictionary.lineage import UNITS
from monitor.errors import PromiseBroken
from monitor.handbook import handbook_pages, outdated_pages, write_handbook
from monitor.handbook.fact_pages import heading
from monitor.handbook.markdown import GENERATED, anchor
from monitor.indicators import load_catalogue
from monitor.vocabulary import DOMAINS

DOCS = Path(__file__).parents[2] / "docs"
PAGES = handbook_pages()
_LINK = re.compile(r"\]\(([^)#]*)(#[^)]*)?\)")


def test_the_documents_in_the_repository_are_up_to_date() -> None:
    assert outdated_pages(DOCS, PAGES) == [], "run `monitor docs`"


def test_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    assert write_handbook(tmp_path) == list(PAGES)
    assert {path: (tmp_path / path).read_text(encoding="utf-8") for path in PAGES} == PAGES


@pytest.mark.parametrize("path", PAGES)
def test_a_page_begins_by_saying_how_it_was_made(path: str) -> None:
    assert PAGES[path].splitlines()[0] == GENERATED
    assert "monitor docs" in GENERATED


@pytest.mark.parametrize("path", PAGES)
def test_every_link_leads_to_a_page_and_a_heading(path: str) -> None:
    for target, place in _LINK.findall(PAGES[path]):
        page = (Path("/", path).parent / target).resolve().relative_to("/").as_posix() if target else path
        assert page in PAGES
        assert not place or place in _anchors(page), (target, place)


@cache
def _anchors(page: str) -> set[str]:
    return {anchor(_heading_text(line)) for line in PAGES[page].splitlines() if line.startswith("#")}


def _heading_text(line: str) -> str:
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.lstrip("#").strip())


@pytest.mark.parametrize("path", PAGES)
def test_every_row_of_a_table_has_the_cells_of_its_header(path: str) -> None:
    widths: list[int] = []
    for line in PAGES[path].splitlines():
        widths = [*widths, len(re.findall(r"(?<!\\)\|", line))] if line.startswith("|") else []
        assert len(set(widths)) <= 1, line


def test_every_indicator_has_a_section_and_a_row_of_the_index() -> None:
    for indicator in load_catalogue().indicators.values():
        section = f"\n## {indicator.code} {indicator.title}\n"
        assert PAGES[f"catalogue/{indicator.folder}.md"].count(section) == 1
        assert PAGES["catalogue/README.md"].count(f"[{indicator.code}](") == 1
    assert {f"catalogue/{folder}.md" for folder, _ in DOMAINS.values()} < PAGES.keys()


def test_every_example_stands_in_the_handbook() -> None:
    for indicator in load_catalogue().indicators.values():
        text = PAGES[f"catalogue/{indicator.folder}.md"]
        assert all(f"| {example.name} |" in text for example in indicator.examples), indicator.code


def test_every_fact_extract_and_output_has_a_section() -> None:
    for unit in UNITS:
        assert all(f"### {heading(fact)}\n" in PAGES["facts.zh-CN.md"] for fact in facts(unit).values())
    for contract in extracts().values():
        assert f"## {contract.name} {contract.title}\n" in PAGES["extracts.zh-CN.md"]
        assert f"### {contract.title} `{contract.name}`\n" in PAGES["departments.zh-CN.md"]
    for zone in ("restricted", "analyst"):
        assert all(f"### {name}\n" in PAGES["outputs.zh-CN.md"] for name in outputs(zone))


def test_what_an_empty_cell_counts_as_is_told_of_optional_columns_only() -> None:
    for name, told in empty_cells().items():
        for column in told:
            assert not extracts()[name].column(column).required, (name, column)


def test_every_text_fact_has_a_code_list() -> None:
    assert not [fact.name for unit in UNITS for fact in facts(unit).values() if fact.type == "text" and not fact.labels]


def test_a_fact_cannot_name_a_code_list_that_does_not_exist() -> None:
    declared = facts("person")["refused_for"].model_dump()
    with pytest.raises(ValidationError, match=r"codes\.toml does not hold: refusals"):
        Fact.model_validate({**declared, "codes": "refusals"})


def test_no_page_holds_anything_like_a_citizen_id() -> None:
    assert not [path for path, text in PAGES.items() if re.search(r"\d{17}[\dX]", text)]


def docs_app() -> typer.Typer:
    app = typer.Typer()
    app.command()(docs_command)
    return app


def test_the_command_writes_checks_and_names_what_is_out_of_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.handbook.write.handbook_pages", lambda: PAGES)
    run, app, out = CliRunner().invoke, docs_app(), ["--out", str(tmp_path)]
    assert f"更新{len(PAGES)}个文件" in run(app, out).output
    (tmp_path / "facts.zh-CN.md").write_text("old", encoding="utf-8")
    (tmp_path / "catalogue" / "gone.md").write_text("a domain that is no more", encoding="utf-8")
    refused = run(app, [*out, "--check"]).exception
    assert isinstance(refused, PromiseBroken)
    assert [Path(fault.where).name for fault in refused.faults] == ["facts.zh-CN.md", "gone.md"]
    assert "更新2个文件" in run(app, out).output
    assert "全部文件已是最新" in run(app, [*out, "--check"]).output
