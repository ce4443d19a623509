"""The cookbook as a list to choose from."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from monitor.query.recipes import recipes
from monitor.terminal import Sentence


def recipe_table() -> Table:
    """One row per recipe: name, question, parameters."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("名称", no_wrap=True)
    table.add_column("问题", ratio=1)
    table.add_column("参数", ratio=1)
    for one in recipes().values():
        parameters = "、".join(f"{parameter.name}（{parameter.zh}）" for parameter in one.parameters)
        table.add_row(Text(one.name), Sentence(one.question_zh), Sentence(parameters))
    return table
