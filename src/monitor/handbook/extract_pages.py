"""The dictionary of extracts for data officers: columns, types, what an empty cell means, which forms are read."""

from __future__ import annotations

from monitor.contracts import Column, Extract, codes, empty_cells, extracts
from monitor.contracts.forms import FORMS_ZH, TYPES_ZH
from monitor.handbook.markdown import anchor, bullets, link, page, table

PATH = "extracts.zh-CN.md"
CADENCE_ZH = {"daily": "每天", "weekly": "每周", "monthly": "每月", "yearly": "每年"}
_MODE_ZH = {
    "full": "全量：每次送全部记录，新的一份整体替换旧的一份",
    "delta": "增量：每次只送新增和有变化的记录，与以前各份合并使用",
}
_FORM_OF = TYPES_ZH | {"money": "金额"}  # the unit stands in the tables of columns
_RULES = """\
- 文件名 `<数据名>_<交付日期>[_<分册>].<后缀>`，例如 `psb_resident_20260103.csv`。
- 后缀可为 csv、csv.gz、xlsx、parquet，或只装其中一个文件的 zip。
- 表头写中文列名或英文列名都可以，列的先后不限；多出的列不读，只作提示。
- 单元格前后空格、全角字符、开头的撇号自动处理；`-`、`无`、`NULL`、`N/A` 视为空。
- **必填**列为空或读不懂：这一行进入隔离，连同原因退回；**选填**列读不懂：只把这一格当作空，并计数。
- 缺少必填列、文件打不开、超过两成的行被隔离，或全量数据的行数不到上一份的一半：整份退回，继续使用上一份。"""


def extract_page() -> dict[str, str]:
    """Path below `docs/` -> text."""
    rows = [
        (extract_link(one, inside=True), f"`{one.name}`", one.department, CADENCE_ZH[one.cadence], f"{one.late_after}天")
        for one in extracts().values()
    ]
    parts = [
        "## 报送规则",
        _RULES,
        "## 各类格子怎样写",
        table(("类型", "可以怎样写"), [(_FORM_OF[kind], form) for kind, form in FORMS_ZH.items()]),
        "## 数据一览",
        table(("数据", "名称", "部门", "多久一次", "最迟天数"), rows),
        *map(_section, extracts().values()),
        "## 代码表",
        "左为代码，右为标签，两种写法都收。",
        *(_code_list(name, labels) for name, labels in codes().items()),
    ]
    lead = f"给各部门数据员：{len(extracts())}份数据的每一列叫什么、怎样写、空着算什么。"
    return {PATH: page("数据词典", lead, parts)}


def extract_link(contract: Extract, *, inside: bool = False) -> str:
    """A link to the section of an extract, from another page or from inside its own."""
    return link(contract.title if inside else "数据词典", ("" if inside else PATH) + anchor(_heading(contract)))


def _heading(contract: Extract) -> str:
    return f"{contract.name} {contract.title}"


def _section(contract: Extract) -> str:
    key = "、".join(contract.column(name).header for name in contract.key)
    dated_by = "，没有则看".join(contract.column(name).header for name in contract.dated_by)
    fields = [
        ("部门", contract.department),
        ("多久一次", f"{CADENCE_ZH[contract.cadence]}，超过{contract.late_after}天没有新的合格交付即为迟到"),
        ("方式", _MODE_ZH[contract.mode]),
        ("通常格式", contract.format.replace(" utf-8", "（UTF-8）").replace(" gb18030", "（GB18030）")),
        ("怎样算同一条记录", f"{key}都相同；以较新的交付为准，同一交付以靠后的一行为准"),
        ("记录的日期", f"{dated_by}；晚于运行日的记录当天不计" if dated_by else "不按日期，交来即算"),
    ]
    rows = [_row(contract, column) for column in contract.columns]
    header = ("中文列名", "英文列名", "类型", "必填", "空着算什么")
    return f"## {_heading(contract)}\n\n{bullets(fields)}\n\n{table(header, rows)}"


def _row(contract: Extract, column: Column) -> tuple[str, ...]:
    kind = (
        TYPES_ZH[column.kind]
        if column.kind != "code"
        else f"代码：{link(column.code_list or '', anchor(f'代码 {column.code_list}'))}"
    )
    return column.header, f"`{column.name}`", kind, "是" if column.required else "", _when_empty(contract, column)


def _when_empty(contract: Extract, column: Column) -> str:
    if column.required:
        return "不收这一行"
    return empty_cells().get(contract.name, {}).get(column.name, "不详")


def _code_list(name: str, labels: dict[str, str]) -> str:
    return f"### 代码 {name}\n\n{table(('代码', '标签'), ((f'`{code}`', label) for code, label in labels.items()))}"
