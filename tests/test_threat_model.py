"""Every threat in docs/threat-model.md names tests, and every test that it names is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"(tests/[\w/]+\.py)::(\w+)", PAGE)))
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
THREATS = [row for row in ROWS[1:] if not row[0].startswith("**")]


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_test_that_the_page_names_is_there(file: str, test: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_threat_has_an_answer_and_a_test() -> None:
    assert len(THREATS) > 20
    assert [row for row in THREATS if len(row) != 3 or not re.fullmatch(r"(tests/[\w/]+\.py::test_\w+(, )?)+", row[2])] == []


def test_the_page_is_one_page() -> None:
    assert len(PAGE.splitlines()) <= 80
