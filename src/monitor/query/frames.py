"""The answer of a recipe as a pandas frame, for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.query.answers import Answer, answers_to
from monitor.query.opened import opened
from monitor.query.recipes import find_recipe
from monitor.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


def frame(settings: Settings, recipe: str, **given: str) -> pd.DataFrame:
    """Ask a question of the cookbook.

    Args:
        settings: of the home.
        recipe: its name; `monitor sql --recipes` lists them.
        given: parameters of the recipe.

    Returns:
        one row per row of the answer. Whole numbers that may be missing are `Int64`; decimals are floats, for looking at:
        what must be exact is worked out in SQL.

    Raises:
        UsageError: there is no such recipe, parameter or file.
    """
    found = find_recipe(recipe)
    found.must_have(given)
    with opened(settings) as connection:
        (answer,) = answers_to(connection, found.text, given)
    return as_frame(answer)


def as_frame(answer: Answer) -> pd.DataFrame:
    """An answer with the types that pandas reckons with."""
    # imported here so that `monitor sql` need not wait for it
    import pandas as pd

    table = pd.DataFrame(answer.rows, columns=list(answer.columns))
    for name, type_ in zip(answer.columns, answer.types, strict=True):
        if type_.startswith(("DECIMAL", "DOUBLE", "FLOAT")):
            table[name] = pd.to_numeric(table[name]).astype("float64")
        elif "INT" in type_:
            table[name] = table[name].astype("Int64")
    return table
