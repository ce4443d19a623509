"""A new indicator file to be filled in: it names every field, says in Chinese what to write, and fails its laws until then."""

from __future__ import annotations

import re
from pathlib import Path

from monitor.errors import Fault, UsageError
from monitor.indicators.indicator import CODE_PATTERN
from monitor.indicators.load import CATALOGUE
from monitor.indicators.toml_text import quoted
from monitor.vocabulary import DOMAINS

_FILE_WORD = re.compile(r"[a-z][a-z0-9_]*")

_SKELETON = """\
# {code}：请把每个空着的 "" 填好，删掉以 # 开头的说明，再运行
#     monitor indicators check {path}
# 没有填完的文件通不过检查，也不会进入夜间监测。

title = {title}
title_en = {title_en}  # 英文名称
why = ""  # 为什么要问：一两句，让政策干部看得懂
unit = ""  # person 问每个人；household 问每一户
direction = ""  # risk 风险预警；uncovered 应享未享；integrity 待遇复核；process 经办督办
level = ""  # urgent 紧急 8分；high 高 5分；medium 中 3分；low 低 1分
route = ""  # 上门之后可能走的路，如 低保评估
since = ""  # 从哪天起问，写成 2026-01-01，不加引号

# 条件：只能用事实、param.参数、and、or、not、比较、between、in。金额、比例、倍数一律写成参数。
# 例：when = "self_paid_12m_yuan > param.self_paid_resident_yuan"
when = ""
unless = ""  # 已有保障的情形，如 on_low_income_list；没有就删掉这一行
evidence = [""]  # 条件里读到的每个事实都要写，按读者该看的顺序

# 名单上的话：填上数字以后不超过60个字，{{事实}}、{{param.参数}}、{{事实:percent}} 会换成数
say = ""
ask = ""  # 上门问什么
false_alarms = [""]  # 常见的虚惊
basis = [""]  # basis.toml 里的依据编号；没有出处写 inference

# 例子至少四个：预警 hit、不预警 clear、无法判断 unknown（缺一个事实），有 unless 时还要已有保障 exempt；
# 每个数值界限都要有一个正好相等的例子。没有写出的事实当作不知道。
[[examples]]
name = ""  # 一句话，如 自付两万元
given = {{ }}  # 如 self_paid_12m_yuan = 20000.0, on_low_income_list = false
param = {{ }}  # 如 self_paid_resident_yuan = 15000
expect = "hit"

[[examples]]
name = ""  # 正好等于界限
given = {{ }}
param = {{ }}
expect = "clear"

[[examples]]
name = ""  # 缺数据
given = {{ }}
param = {{ }}
expect = "unknown"

[[examples]]
name = ""  # 已有保障；没有 unless 就换成别的例子
given = {{ }}
param = {{ }}
expect = "exempt"
"""


def write_skeleton(code: str, name: str, title: str, *, title_en: str = "", folder: Path = CATALOGUE) -> Path:
    """Write `<folder>/<domain>/<CODE>_<name>.toml`; return its path.

    Args:
        code: such as EXP-022.
        name: the last part of the file name: small letters, digits and underlines.
        title: in Chinese; `title_en` in English.
        folder: a catalogue folder.

    Raises:
        UsageError: the code or name is wrong, or the code is taken.
    """
    if not re.fullmatch(CODE_PATTERN, code) or code[:3] not in DOMAINS:
        allowed = f"{'、'.join(f'{key}（{zh}）' for key, (_, zh) in DOMAINS.items())} 加三位数，如 EXP-022"
        raise UsageError("指标代码不对。", [Fault("CODE", code, allowed)])
    if not _FILE_WORD.fullmatch(name):
        raise UsageError("文件名不对。", [Fault("--name", name, "小写字母、数字和下划线，以字母开头，如 rent_arrears")])
    path = folder / DOMAINS[code[:3]][0] / f"{code}_{name}.toml"
    taken = sorted({*CATALOGUE.rglob(f"{code}_*.toml"), *folder.rglob(f"{code}_*.toml")})
    if taken:
        free = next_free_code(code[:3], folder)
        raise UsageError("这个代码已经有了。", [Fault("CODE", taken[0].name, f"没有用过的代码，如 {free}")])
    path.parent.mkdir(parents=True, exist_ok=True)
    text = _SKELETON.format(code=code, path=path, title=quoted(title), title_en=quoted(title_en))
    path.write_text(text, encoding="utf-8")
    return path


def next_free_code(domain: str, *folders: Path) -> str:
    """The first code of a domain behind all that the shipped catalogue and some folders hold."""
    paths = [path for folder in (CATALOGUE, *folders) for path in folder.rglob(f"{domain}-*.toml")]
    return f"{domain}-{max((int(path.stem[4:7]) for path in paths), default=0) + 1:03d}"
