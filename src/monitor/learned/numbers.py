"""The few numbers that learning rests on: `schemas/learning.toml`."""

from __future__ import annotations

from functools import cache

import duckdb
from pydantic import BaseModel, ConfigDict, Field

from monitor.contracts.reading import checked, read_toml, schemas_folder


class LearningNumbers(BaseModel):
    """What learning rests on.

    Attributes:
        answers_at_least: judged answers from which on a rule is judged by itself.
        floor_per_mille: fact precision below which the rule's owner is told.
        prior_answers: how many answers the mean of all rules weighs against those of one rule.
        audit_days: how old an audit visit may be to count for missed need.
        recent_days: the window of visitors and their load.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    answers_at_least: int = Field(ge=1)
    floor_per_mille: int = Field(ge=0, le=1000)
    prior_answers: int = Field(ge=1)
    audit_days: int = Field(ge=1)
    recent_days: int = Field(ge=1)


@cache
def learning_numbers() -> LearningNumbers:
    """The numbers in force.

    Raises:
        PromiseBroken: the file is wrong.
    """
    path = schemas_folder() / "learning.toml"
    return checked(LearningNumbers, read_toml(path).get("numbers", {}), path)


def set_numbers(connection: duckdb.DuckDBPyConnection, numbers: LearningNumbers) -> None:
    """Make them session variables, so that SQL reads `getvariable('prior_answers')`."""
    for name, value in numbers.model_dump().items():
        connection.execute(f"set variable {name} = {int(value)}")
