"""How sentences break on a terminal, and by which name commands are suggested."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from monitor.terminal import Sentence, full_width, typed

REFUSED = "退回3份;全量数据只有 2346 行可用,不到上一次 7825 行的一半(mca_family_20261120):升级6,缓和4,共417,767行"
CODES = ("2346 行", "7825 行", "mca_family_20261120", "升级6", "缓和4", "417,767行")


def shown(text: str, width: int) -> list[str]:
    with (console := Console(width=width)).capture() as captured:
        console.print(Sentence(text))
    return captured.get().splitlines()


@pytest.mark.parametrize("width", [24, 40, 55, 76])
def test_a_sentence_breaks_at_marks_and_never_inside_a_number_or_a_code(width: int) -> None:
    lines = shown(REFUSED, width)
    assert max(map(cell_len, lines)) <= width
    assert all(any(code in line for line in lines) for code in CODES)
    assert not any(line.startswith(("，", "；", "：", ",")) for line in lines)


def test_what_no_line_can_hold_is_cut_and_nothing_is_lost() -> None:
    path = "/srv/monitor/runs/2026-11-20/manifest.json"
    assert "".join(shown(f"见{path}。没有标点的很长一句话写在这里", 20)) == f"见{path}。没有标点的很长一句话写在这里"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("共417,767行,退回3份;未列入:无", "共417,767行，退回3份；未列入：无"),
        ("沿用(数据不全)7", "沿用（数据不全）7"),
        ("mca_family:没有", "mca_family：没有"),
        ("名单(新).csv 第3列", "名单(新).csv 第3列"),
        ("10:30 docs/a.md, docs/b.md", "10:30 docs/a.md, docs/b.md"),
    ],
)
def test_marks_beside_chinese_are_written_as_in_chinese(written: str, told: str) -> None:
    assert full_width(written) == told


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This program as `make demo` leaves it: in .venv/bin below the folder where the user stands."""
    path = tmp_path / ".venv" / "bin" / "monitor"
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(path), "demo"])
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.chdir(tmp_path)
    return path


def test_a_command_is_suggested_as_it_can_be_typed(program: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert typed("先运行 monitor run,再看 monitor doctor") == "先运行 .venv/bin/monitor run,再看 .venv/bin/monitor doctor"
    assert typed("src/monitor run; a monitor-night; monitor: 无") == "src/monitor run; a monitor-night; monitor: 无"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert typed("monitor doctor") == f"{program} doctor"
    monkeypatch.setenv("PATH", str(program.parent))
    assert typed("monitor doctor") == "monitor doctor"
    other = tmp_path / "other" / "monitor"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n", encoding="utf-8")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(other.parent))
    assert typed("monitor doctor") == f"{program} doctor"


def test_started_by_its_module_the_program_beside_the_interpreter_is_named(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["src/monitor/cli.py"])
    monkeypatch.setattr(sys, "executable", str(program.with_name("python")))
    assert typed("monitor doctor") == ".venv/bin/monitor doctor"
