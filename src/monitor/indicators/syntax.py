"""What a rule's expression is made of, once it is read and checked: a small tree that knows nothing but facts and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["bool", "whole", "amount", "text"]


@dataclass(frozen=True)
class FactRef:
    """A fact of the rule's unit."""

    name: str
    kind: Kind


@dataclass(frozen=True)
class ParamRef:
    """A parameter, `param.<name>`."""

    name: str
    kind: Kind = "amount"


@dataclass(frozen=True)
class Number:
    """A small whole number."""

    value: int
    kind: Kind = "whole"


@dataclass(frozen=True)
class Text:
    """A code."""

    value: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Not:
    """The negation of a boolean."""

    operand: Node
    kind: Kind = "bool"


@dataclass(frozen=True)
class Junction:
    """`and` or `or` of two or more booleans."""

    word: Literal["and", "or"]
    operands: tuple[Node, ...]
    kind: Kind = "bool"


@dataclass(frozen=True)
class Comparison:
    """Two numbers, or a text fact and a code, compared."""

    sign: str
    left: Node
    right: Node
    kind: Kind = "bool"


@dataclass(frozen=True)
class OneOf:
    """A text fact is one of some codes."""

    operand: Node
    values: tuple[Text, ...]
    kind: Kind = "bool"


@dataclass(frozen=True)
class Arithmetic:
    """Two numbers added, subtracted, multiplied, or one divided by a whole number."""

    sign: str
    left: Node
    right: Node
    kind: Kind


Node = FactRef | ParamRef | Number | Text | Not | Junction | Comparison | OneOf | Arithmetic


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in reading order."""
    yield node
    match node:
        case Not(operand=operand):
            yield from walk(operand)
        case Junction(operands=operands):
            for operand in operands:
                yield from walk(operand)
        case Comparison(left=left, right=right) | Arithmetic(left=left, right=right):
            yield from walk(left)
            yield from walk(right)
        case OneOf(operand=operand, values=values):
            yield from walk(operand)
            yield from values
