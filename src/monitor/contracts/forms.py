"""How a cell of each declared type is called and may be written, in plain Chinese for those who fill it in."""

from typing import Final

TYPES_ZH: Final = {
    "id": "身份号码",
    "date": "日期",
    "month": "月份",
    "money": "金额（元）",
    "num": "数",
    "int": "整数",
    "bool": "是否",
    "text": "文字",
    "village": "村居代码",
    "code": "代码",
}
# in the order in which the dictionary tells them
FORMS_ZH: Final = {
    "id": "18位，校验码须正确、出生日期须真实；15位自动补全；`x`自动改为`X`。科学计数法（5.30622E+17）已丢失数字，不收",
    "date": "`2026-01-03`、`20260103`、`2026/1/3`、`2026年1月3日`，月、日前的0可有可无",
    "month": "`2026-01`、`202601`",
    "money": "可带千分位、`元`、`万元`；四舍五入到分",
    "num": "小数点用`.`，不带单位和千分位",
    "int": "不带小数；`2026.0`可收",
    "bool": "`是`、`否`、`1`、`0`、`Y`、`N`",
    "village": "12位统计用区划代码",
    "code": "写标签或写代码都可以，见文末代码表",
    "text": "原样保留",
}
