"""`schemas/answers.toml`: what the field may answer, how it may be written, and the columns an answer stands in."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel, ConfigDict

from monitor.contracts.reading import checked, read_toml, schemas_folder
from monitor.errors import Fault, PromiseBroken

# the table of collected answers in the working database of a night; _order rises with collected_on, file and row
ANSWER_TABLE = """cases.answer(case_no varchar, kind varchar, list_as_of date, answer varchar, answered_on date,
    answered_by varchar, note varchar, collected_on date, _order bigint)"""
# what people put between the parts of a choice, or around it
_BLANKS_AND_DASHES = r"\s\u200b-\u200d\u2060\ufeff\-\u2010-\u2015\u2212\u2500\u2501_~"
_SEPARATING = re.compile(rf"[{_BLANKS_AND_DASHES}/|\\,.:;!'\"*()\[\]、。·・“”‘’【】<>]+")


class Choice(BaseModel):
    """One answer: its code, the label of the drop-down, the kinds of case it may answer, other spellings of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str
    kinds: tuple[str, ...]
    aliases: tuple[str, ...] = ()


class AnswerColumn(BaseModel):
    """One column of a returned list: the header it has in the lists, other spellings of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    header: str
    aliases: tuple[str, ...] = ()


class Answers(BaseModel):
    """The whole file.

    Attributes:
        choices: code -> choice, in the order of the drop-down.
        ambiguous: spelling -> codes it could mean.
        columns: name -> column.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    choices: dict[str, Choice]
    ambiguous: dict[str, tuple[str, ...]]
    columns: dict[str, AnswerColumn]

    def meanings(self) -> dict[str, tuple[str, ...]]:
        """Spelling, as `plain_spelling` makes it -> codes it may mean; more than one is ambiguous."""
        return _by_spelling(
            [(text, code) for code, one in self.choices.items() for text in (code, one.zh, *one.aliases)]
            + [(text, code) for text, codes in self.ambiguous.items() for code in codes]
        )

    def headers(self) -> dict[str, str]:
        """Spelling of a header -> column it names."""
        pairs = [(text, name) for name, one in self.columns.items() for text in (name, one.header, *one.aliases)]
        return {spelling: names[0] for spelling, names in _by_spelling(pairs).items()}

    def labels(self, kind: str) -> tuple[str, ...]:
        """The choices of a kind of case, as the drop-down shows them."""
        return tuple(one.zh for one in self.choices.values() if kind in one.kinds)


@cache
def answers() -> Answers:
    """Read the contract.

    Raises:
        PromiseBroken: it is not well formed, an ambiguous spelling names an unknown choice, or two columns share a spelling.
    """
    path = schemas_folder() / "answers.toml"
    read = checked(Answers, read_toml(path), path)
    unknown = {code for codes in read.ambiguous.values() for code in codes} - read.choices.keys()
    faults = [Fault(f"{path.name}: ambiguous", code) for code in sorted(unknown)]
    faults += [Fault(f"{path.name}: columns", spelling, "一种写法只属于一列") for spelling in _shared_headers(read)]
    if faults:
        raise PromiseBroken("A contract file breaks its own rules.", faults)
    return read


def plain_spelling(text: str) -> str:
    """What is left of a choice or a header when everything that people write differently is dropped."""
    return _SEPARATING.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _by_spelling(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for text, name in pairs:
        found[plain_spelling(text)][name] = None
    return {spelling: tuple(names) for spelling, names in found.items()}


def _shared_headers(read: Answers) -> Iterator[str]:
    pairs = [(text, name) for name, one in read.columns.items() for text in (name, one.header, *one.aliases)]
    yield from (spelling for spelling, names in _by_spelling(pairs).items() if len(names) > 1)
