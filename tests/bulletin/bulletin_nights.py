"""The nights of the made-up prefecture, and how its lists were answered."""

from datetime import date

NIGHTS = (date(2026, 11, 19), date(2026, 11, 20))
LAST = NIGHTS[-1]
ANSWERS = ("属实-已纳入", "不属实-数据错误", "属实-已转介", "属实-已纳入", "待补充核查")
