"""The cookbook: questions with their SQL, one file each in `monitor/cookbook`.

A file begins with a head comment of lines `-- name: text`: `问` and `Q` (the question), `答` and `A` (how to read the answer).
Each `set variable name = default;   -- 中文 / English` after it is a parameter. Then comes the query. The file runs in any
DuckDB client as it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from monitor.errors import Fault, UsageError
from monitor.parameters.nearest import did_you_mean

FOLDER = Path(__file__).parents[1] / "cookbook"
_HEAD = re.compile(r"^-- (问|Q|答|A): (.+)$")
_PARAMETER = re.compile(r"^set variable (?P<name>[a-z_]+) = (?P<default>.+?);\s+-- (?P<zh>.+?) / (?P<en>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Parameter:
    """What may be set: its default as SQL, and what it is."""

    name: str
    default: str
    zh: str
    en: str


@dataclass(frozen=True)
class Recipe:
    """One question.

    Attributes:
        name: stem of its file.
        question_zh, question_en: what is asked.
        reading_zh, reading_en: how to read the answer.
        parameters: what may be set.
        text: the whole file.
    """

    name: str
    question_zh: str
    question_en: str
    reading_zh: str
    reading_en: str
    parameters: tuple[Parameter, ...]
    text: str

    @property
    def sql(self) -> str:
        """The file without its head comment."""
        return "\n".join(line for line in self.text.splitlines() if not _HEAD.match(line)).strip()

    def must_have(self, given: dict[str, str]) -> None:
        """Refuse what is no parameter of it.

        Raises:
            UsageError: names the parameters that it has.
        """
        known = [one.name for one in self.parameters]
        faults = [Fault("--set", name, "、".join(known) or "这个问题没有可设的") for name in given if name not in known]
        if faults:
            raise UsageError(f"{self.name} 没有这个参数。", faults)


@cache
def recipes() -> dict[str, Recipe]:
    """Every recipe by name, in the order of their names."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.sql"))}


def find_recipe(name: str) -> Recipe:
    """One recipe.

    Raises:
        UsageError: there is none of the name; names the nearest.
    """
    if name not in recipes():
        near = did_you_mean(name, recipes())
        raise UsageError(
            "没有这个问题。", [Fault("--recipe", name, near, remedy="不带参数运行 monitor sql --recipes 查看全部")]
        )
    return recipes()[name]


def _read(path: Path) -> Recipe:
    text = path.read_text(encoding="utf-8")
    said: dict[str, str] = {}
    for line in text.splitlines():
        if match := _HEAD.match(line):
            said[match[1]] = f"{said[match[1]]} {match[2]}" if match[1] in said else match[2]
    parameters = tuple(Parameter(**match.groupdict()) for match in _PARAMETER.finditer(text))
    return Recipe(path.stem, said["问"], said["Q"], said["答"], said["A"], parameters, text)
