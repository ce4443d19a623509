"""How sentences and commands stand on a terminal. No file of a night may depend on it: it knows where this program lies."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, chop_cells
from rich.measure import Measurement
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

_NAME: Final = "monitor"
_COMMAND: Final = re.compile(r"(?<![A-Za-z0-9_./-])monitor (?=[a-z])")
_CHINESE: Final = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"
_FULL: Final = {",": "，", ";": "；", ":": "："}
_MARK: Final = re.compile(f"(?<=[{_CHINESE}])[,;:]|[,;:](?=[{_CHINESE}])")
# what brackets hold Chinese; a file name such as 名单(新).csv is left alone
_BRACKETS: Final = re.compile(rf"\((?=[^()]*[{_CHINESE}])([^()]*)\)(?!\.)")
# a phrase ends after a mark or before a blank; a blank between a number and its Chinese unit ends none, nor a comma in a number
_PHRASE: Final = re.compile(
    rf"(?:(?<=[0-9]) (?=[{_CHINESE}])|(?<=[{_CHINESE}]) (?=[0-9])|,(?=[0-9])|[^ ，；：、。,;])*[，；：、。,; ]*"
)
# a phrase longer than a line breaks between Chinese characters, never inside a number, a code or a name
_WORD: Final = re.compile(rf"[^{_CHINESE} ]+|.")


def typed(text: str) -> str:
    """A text whose commands begin as the user must type them: `monitor` where the shell finds it, else its path.

    Args:
        text: names commands as the manuals do, such as `monitor doctor`.
    """
    return _COMMAND.sub(f"{_program()} ", text)


def full_width(text: str) -> str:
    """Marks that touch Chinese, and brackets that hold some, as Chinese is written."""
    text = _BRACKETS.sub("（\\1）", text)
    return _MARK.sub(lambda found: _FULL[found[0]], text)


def broken(text: str, width: int) -> str:
    """A text in lines no wider than `width`, each broken after a mark or at a blank if it can be, never inside a code."""
    return "\n".join(line for part in text.split("\n") for line in _lines(part, width))


class Sentence:
    """A Chinese sentence that breaks after marks and at blanks, and never inside a number or a code."""

    def __init__(self, text: str) -> None:
        self.text = full_width(text)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(broken(self.text, options.max_width))

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max(map(cell_len, self.text.split("\n")))
        longest = max((cell_len(word) for word in _WORD.findall(self.text)), default=0)
        return Measurement(min(longest, options.max_width), min(widest, options.max_width))


def _program() -> str:
    """How to start this program from the folder the user is in."""
    started = Path(sys.argv[0])
    own = started if started.name == _NAME else Path(sys.executable).with_name(_NAME)
    found = shutil.which(_NAME)
    if not own.is_file() or (found and Path(found).samefile(own)):
        return _NAME
    path, here = own.absolute(), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _lines(text: str, width: int) -> Iterator[str]:
    line = ""
    for phrase in filter(None, _PHRASE.findall(text)):
        if cell_len(line + phrase.rstrip()) <= width:
            line += phrase
            continue
        pieces = [phrase] if cell_len(phrase.rstrip()) <= width else _pieces(phrase, width)
        for piece in pieces:
            if line and cell_len(line + piece.rstrip()) > width:
                yield line.rstrip()
                line = ""
            line += piece
    yield line.rstrip()


def _pieces(phrase: str, width: int) -> Iterator[str]:
    """The words of a phrase, a mark with the word before it; what alone is too long (a path, a hash) is cut."""
    for word in re.findall(rf"(?:{_WORD.pattern})[，；：、。）」 ]*", phrase):
        yield from chop_cells(word, width) if cell_len(word.rstrip()) > width else [word]
