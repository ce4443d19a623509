"""The cookbook as a page: every question with its SQL, its parameters and how to read the answer."""

from __future__ import annotations

from monitor.handbook.markdown import anchor, bullets, link, page, table
from monitor.query import Recipe, recipes

PATH = "cookbook.zh-CN.md"
_HOW = """\
```
monitor sql --recipes                                  列出全部问题
monitor sql --recipe fell_through --set county=530622  问一个问题，可设参数
monitor sql --recipe left_off --csv 未列入.csv         存成表格
```

- SQL 可以原样复制到 DuckDB 命令行、Python、R 或 DBeaver（JDBC）里用；开头的 `set variable` 就是参数，改等号后面即可。
- 分析库里没有姓名、身份号码、电话、住址和村；一户是谁，由有权限的人用 `monitor explain 工单编号` 查，并留痕。
- 少于 8 的人数、户数按各题说明隐去，不要自行拼出来。
- 表和列的含义见 [词典](dictionary.md)，也在库里：`dictionary_table`、`dictionary_column`、`dictionary_code`。"""


def cookbook_page() -> dict[str, str]:
    """Path below `docs/` -> text."""
    found = list(recipes().values())
    rows = [(link(f"`{one.name}`", anchor(_heading(one))), one.question_zh, one.question_en) for one in found]
    parts = ["## 怎样用", _HOW, "## 问题一览", table(("名称", "问题", "Question"), rows), *map(_section, found)]
    return {PATH: page("分析库问题集", f"{len(found)}个常问的问题和它们的 SQL，每一个都有测试核对答案。", parts)}


def _heading(recipe: Recipe) -> str:
    return f"{recipe.name} {recipe.question_zh}"


def _section(recipe: Recipe) -> str:
    parameters = "\n".join(f"- `{one.name}` = `{one.default}`：{one.zh}（{one.en}）" for one in recipe.parameters)
    fields = [
        ("Question", recipe.question_en),
        ("怎样读", recipe.reading_zh),
        ("Reading", recipe.reading_en),
        ("参数", parameters),
    ]
    return f"## {_heading(recipe)}\n\n{bullets(fields)}\n\n```sql\n{recipe.sql}\n```"
