"""The house keeps its shape: layers, one place for DuckDB, no clock, no overlong files, no forbidden names."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "flows").rglob("*.py")])
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def calls(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_layers_and_forbidden_imports_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_duckdb_is_opened_in_one_place() -> None:
    opens = [path.name for path, tree in TREES.items() if "duckdb.connect" in calls(tree)]
    assert opens == ["store.py"]


def test_restricted_parquet_is_read_and_written_in_one_place() -> None:
    """Elsewhere it would be forgotten that it may be encrypted. Deliveries come from outside; Spark refuses a key."""
    others = {"store.py", "database.py", "opening.py", "files.py", "tables.py", "session.py"}
    opens = re.compile(
        r"read_parquet|parquet_scan|scan_parquet|pyarrow\.parquet|parquet_metadata|format parquet|from '[^']*parquet"
    )
    texts = {p: p.read_text(encoding="utf-8") for p in (*SOURCES, *(ROOT / "src").rglob("*.sql"))}
    assert {path.name for path, text in texts.items() if opens.search(text)} <= others


def test_what_a_delivery_becomes_on_disk_can_be_sealed() -> None:
    """In the modules that unpack and decode deliveries no file is opened but by those functions that can seal it."""
    modules = {"unpacking.py", "text_files.py", "broken_lines.py", "opening.py", "workbooks.py", "doubled.py", "sheets.py"}
    opened = {p.name: calls(tree) & {"open", "path.open", "path.write_bytes", "path.write_text"} for p, tree in TREES.items()
              if p.name in modules and p.parent.name in {"sources", "answers"}}  # fmt: skip
    assert opened.keys() == modules
    assert not any(opened.values()), opened


def test_nothing_reads_the_clock() -> None:
    clocks = {"date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.time", "datetime.date.today"}
    readers = {path.name: found for path, tree in TREES.items() if (found := clocks & calls(tree))}
    allowed = {"witness.py", "clock.py"}  # no layer of a night may import either
    assert readers.keys() == allowed, "only the audit trail and whoever starts nights may tell the time"


@pytest.mark.parametrize("word", ["current_date", "now()", "today()", "current_timestamp", "random()"])
def test_no_sql_reads_the_clock_or_chance(word: str) -> None:
    files = [p.name for p in (ROOT / "src").rglob("*.sql") if word in p.read_text(encoding="utf-8").lower()]
    assert not files


def test_flows_hold_no_sql_and_no_paths_into_a_home() -> None:
    for path in (ROOT / "flows").glob("*.py"):
        text = path.read_text(encoding="utf-8").lower()
        assert "select " not in text
        assert "parquet" not in text


def test_files_and_functions_stay_short() -> None:
    long_files = [p.name for p in SOURCES if len(p.read_text(encoding="utf-8").splitlines()) > 400]
    long_functions = [
        f"{path.name}:{node.name}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and (node.end_lineno or 0) - node.lineno > 60
    ]
    assert (long_files, long_functions) == ([], [])


def test_no_module_has_a_name_that_says_nothing() -> None:
    nothing = {"utils", "helpers", "common", "manager", "engine", "misc", "warnings"}
    assert not [path for path in SOURCES if path.stem in nothing]


def test_every_public_module_class_and_function_has_a_docstring() -> None:
    missing = []
    for path, tree in TREES.items():
        if path.name != "__init__.py" and not ast.get_docstring(tree):
            missing.append(path.name)
        missing += [
            f"{path.name}:{node.name}"
            for node in ast.iter_child_nodes(tree)
            if isinstance(node, (ast.FunctionDef, ast.ClassDef))
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
            and path.name not in {"errors.py", "vocabulary.py"}
        ]
    assert not missing
