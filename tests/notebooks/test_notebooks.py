"""Notebooks hold no outputs and no logic of their own, and run from top to bottom on a small made-up county."""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import nbformat
import pytest
from identity import find_identity
from nbclient import NotebookClient

from monitor import steps
from monitor.settings import load_settings
from monitor.synth import Plan, synthesise

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(path.name for path in FOLDER.glob("*.ipynb"))
NIGHTS = (date(2026, 11, 19), date(2026, 11, 20))
LOGIC = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.While, ast.Try)


def cells(name: str) -> list[dict[str, Any]]:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))["cells"]  # type: ignore[no-any-return]


def code(name: str) -> ast.Module:
    return ast.parse("\n".join("".join(cell["source"]) for cell in cells(name) if cell["cell_type"] == "code"))


def test_there_are_the_six() -> None:
    assert [name[0] for name in NOTEBOOKS] == list("123456")
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in NOTEBOOKS if f"({name})" not in told] == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_outputs_and_counts_are_stripped(name: str) -> None:
    nbformat.validate(nbformat.read(FOLDER / name, as_version=4))
    kept = [cell for cell in cells(name) if cell["cell_type"] == "code" and (cell["outputs"] or cell["execution_count"])]
    assert not kept


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_there_is_no_logic_and_no_sql(name: str) -> None:
    tree = code(name)
    assert not [ast.unparse(node)[:60] for node in ast.walk(tree) if isinstance(node, LOGIC)]
    words = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert not [word for word in words if re.search(r"\bselect\b|\bfrom\b", word, re.IGNORECASE)]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_they_import_the_standard_library_and_monitor_only(name: str) -> None:
    modules = {alias.name for node in ast.walk(code(name)) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in ast.walk(code(name)) if isinstance(node, ast.ImportFrom)}
    others = {module.partition(".")[0] for module in modules} - sys.stdlib_module_names
    assert others == {"monitor"}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_prose_is_chinese_and_every_picture_is_told_of(name: str) -> None:
    prose = ["".join(cell["source"]) for cell in cells(name) if cell["cell_type"] == "markdown"]
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in prose)
    kinds = [cell["cell_type"] for cell in cells(name)]
    assert kinds[0] == "markdown"
    assert "code code code" not in " ".join(kinds)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Path]]:
    """One kernel for all: starting it and importing cost more than what the notebooks ask."""
    from jupyter_client.manager import start_new_kernel

    inbox, home = tmp_path_factory.mktemp("inbox"), tmp_path_factory.mktemp("home")
    synthesise(Plan(persons=400, seed=5, as_of=NIGHTS[0], nights=2), inbox)
    settings = load_settings(home, inbox=inbox, threads=2)
    for night in NIGHTS:
        steps.run_night(settings, night)
    own = {name: str(tmp_path_factory.mktemp(name.lower())) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR")}
    env = {**os.environ, **own, "MONITOR_HOME": str(home), "MONITOR_THREADS": "2"}
    manager, client = start_new_kernel(kernel_name="python3", env=env, cwd=str(FOLDER))
    client.stop_channels()
    yield manager, home / "runs" / NIGHTS[-1].isoformat()
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs_and_shows_pictures_and_nobody(kernel: tuple[Any, Path], name: str) -> None:
    manager, run = kernel
    book = nbformat.read(FOLDER / name, as_version=4)
    book.cells.insert(0, nbformat.v4.new_code_cell("%reset -f"))
    NotebookClient(book, km=manager, timeout=300).execute()
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    pages = "\n".join(output.data.get("text/html", "") for output in outputs if "data" in output)
    text = re.sub(r"base64,[A-Za-z0-9+/=]+", "base64,", pages + "".join(output.get("text", "") for output in outputs))
    assert "data:image/png;base64," in pages
    assert pages.count("<table") >= pages.count("<figure")
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    people = duckdb.sql(f"select id_no, name, phone from '{run}/person.parquet'").fetchall()
    ids, names, phones = ({one for one in column if one} for column in zip(*people, strict=True))
    assert find_identity(text.encode(), ids, names, phones) == []
