"""The cookbook as a list to choose from."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from monitor.query.recipes import recipes


def recipe_table() -> Table:
    """One row per recipe: name, question, parameters."""
    table = Table("名称", "问题", "参数", box=None, padding=(0, 2, 0, 0))
    for one in recipes().values():
        parameters = "、".join(f"{parameter.name}（{parameter.zh}）" for parameter in one.parameters)
        table.add_row(Text(one.name), Text(one.question_zh), Text(parameters))
    return table
