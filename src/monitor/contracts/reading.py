"""Where the contract files lie, and how a faulty one is reported: every fault at once, with file and field."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from monitor.errors import Fault, PromiseBroken

Model = TypeVar("Model", bound=BaseModel)


@cache
def schemas_folder() -> Path:
    """`schemas/`: inside the installed package, or at the top of a checkout."""
    inside = Path(__file__).parents[1] / "schemas"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "schemas"


def read_toml(path: Path) -> dict[str, Any]:
    """Read a contract file.

    Raises:
        PromiseBroken: it is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PromiseBroken("A contract file cannot be read.", [Fault(str(path), str(error))]) from None


def checked(model: type[Model], values: dict[str, Any], path: Path) -> Model:
    """Validate the content of a contract file.

    Raises:
        PromiseBroken: with one fault per wrong field.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = [Fault(f"{path.name}: {'.'.join(map(str, e['loc']))}", e["msg"]) for e in error.errors()]
        raise PromiseBroken("A contract file breaks its own rules.", faults) from None
