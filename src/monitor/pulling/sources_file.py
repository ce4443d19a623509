"""Reads `<home>/sources.toml`; tells every fault at once, in Chinese, and never what was written where a secret might stand."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from monitor.errors import Fault, UsageError
from monitor.parameters.nearest import did_you_mean
from monitor.pulling.declared import SECRET_NAME, AnySource, FolderSource
from monitor.settings import Settings

SOURCES_FILE = "sources.toml"
_ADAPTER: TypeAdapter[AnySource] = TypeAdapter(AnySource)
_MODELS = {model.model_fields["kind"].annotation.__args__[0]: model for model in get_args(get_args(AnySource)[0])}
_DEFAULT_PARALLEL, _MOST_PARALLEL = 4, 32
_FORMS = {
    "int": "整数",
    "float": "数字",
    "string": "加引号的文字",
    "bool": "true 或 false",
    "path": "加引号的路径",
    "tuple": '方括号里的一列,如 ["mca_payment"]',
    "dict": "一节 [...]",
    "model": "一节 [...]",
}


@dataclass(frozen=True)
class Sources:
    """The sources of a home.

    Attributes:
        sources: in order of their names.
        brings: name of a source -> the extracts that it brings. An extract that a source names is not brought by a source
            of its whole department.
        parallel: sources pulled at a time.
    """

    sources: tuple[AnySource, ...]
    brings: dict[str, tuple[str, ...]]
    parallel: int


def sources_path(settings: Settings) -> Path:
    """Where the sources of a home are declared; need not be there."""
    return settings.home / SOURCES_FILE


def load_sources(settings: Settings) -> Sources:
    """Read and check the sources.

    Raises:
        UsageError: the file is not there, or something in it is wrong; names every fault.
    """
    path = sources_path(settings)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError("还没有来源设置。", [Fault(str(path), "没有这个文件", remedy="照 docs/sources.md 写一份")]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("来源设置读不了。", [Fault(str(path), type(error).__name__, "UTF-8 文本")]) from None
    except tomllib.TOMLDecodeError as error:  # says line and column, never the text
        raise UsageError("来源设置读不了。", [Fault(str(path), f"不是 TOML:{error}")]) from None
    faults = list(_top_faults(values))
    tables = values.get("sources", {}) if isinstance(values.get("sources", {}), dict) else {}
    read = {name: _read(name, table, settings) for name, table in sorted(tables.items())}
    faults += [fault for one in read.values() if isinstance(one, list) for fault in one]
    sources = tuple(one for one in read.values() if not isinstance(one, list))
    brings = _brings(sources)
    faults += [*_inbox_faults(sources, settings), *_doubled(sources, brings)]
    if faults:
        where = [Fault(f"{path.name}: {f.where}", f.found, f.allowed, f.why, f.remedy) for f in faults]
        raise UsageError(f"来源设置有{len(faults)}处错误,什么也没有拉取。", where)
    return Sources(sources, brings, values.get("parallel", _DEFAULT_PARALLEL))


def _top_faults(values: dict[str, Any]) -> Iterator[Fault]:
    for name in values.keys() - {"parallel", "sources"}:
        yield Fault(name[:60], "没有这个字段", "parallel 或 [sources.<名字>]")
    parallel = values.get("parallel", _DEFAULT_PARALLEL)
    if type(parallel) is not int or not 1 <= parallel <= _MOST_PARALLEL:
        yield Fault("parallel", "写法不对", f"1 到 {_MOST_PARALLEL} 的整数")
    if not isinstance(values.get("sources", {}), dict) or not values.get("sources"):
        yield Fault("sources", "一处来源也没有", "[sources.<名字>]")


def _read(name: str, table: object, settings: Settings) -> AnySource | list[Fault]:
    if not isinstance(table, dict):
        return [Fault(f"sources.{name[:60]}", "写法不对", f"一节 [sources.{name[:60]}]")]
    if "name" in table:
        return [Fault(f"sources.{name}.name", "名字由节名定", remedy="删掉这一行")]
    try:
        return _ADAPTER.validate_python({**table, "name": name}, context={"home": settings.home})
    except ValidationError as error:
        kind = table.get("kind")
        details = error.errors(include_url=False, include_input=False)
        return [_in_chinese(name, kind if isinstance(kind, str) else "", detail) for detail in details]


def _in_chinese(name: str, kind: str, detail: Any) -> Fault:
    """One finding of pydantic. What was written is not repeated: it may be a secret in the wrong place."""
    loc = [str(one) for one in detail["loc"]]
    loc = loc[1:] if loc[:1] == [kind] else loc
    where, context = ".".join(["sources", name, *loc])[:200], detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            return _unknown_field(where, kind, loc)
        case "missing":
            return Fault(where, "没有填")
        case "union_tag_not_found" | "union_tag_invalid":
            return Fault(f"{where}.kind", "没有填或没有这一种", "、".join(_MODELS))
        case "literal_error":
            return Fault(where, "不是可选的值", str(context["expected"]).replace(" or ", "、").replace(", ", "、"))
        case "string_pattern_mismatch" if where.endswith("_env"):
            return Fault(where, "不是环境变量的名字", "大写字母、数字和下划线", "口令本身不能写在这里")
        case "string_pattern_mismatch":
            return Fault(where, "写法不对", f"符合 {context['pattern']}")
        case "value_error":
            return Fault(where, str(context["error"]))
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            signs = {"gt": "大于", "ge": "不小于", "lt": "小于", "le": "不大于"}
            return Fault(where, "数字超出范围", "".join(f"{signs[k]} {v:g}" for k, v in context.items() if k in signs))
        case other:
            return Fault(where, "写法不对", _FORMS.get(other.split("_")[0], ""))


def _unknown_field(where: str, kind: str, loc: list[str]) -> Fault:
    name = loc[-1]
    if SECRET_NAME.search(name) and not name.endswith(("_env", "_file")):
        allowed = f"{name}_env = 环境变量名,或 {name}_file = 文件路径"
        return Fault(where, "口令、令牌和密钥不能写在设置文件里", allowed, "文件会被备份和传看", "删掉这一行,并换一个新的口令")
    fields = [field for field in _MODELS[kind].model_fields if field not in ("name", "kind")] if len(loc) == 1 else []
    return Fault(where, "没有这个字段", did_you_mean(name, fields) or "、".join(fields))


def _brings(sources: tuple[AnySource, ...]) -> dict[str, tuple[str, ...]]:
    named = {name for one in sources if not getattr(one, "department", None) for name in one.asked}
    return {
        one.name: tuple(name for name in one.asked if not getattr(one, "department", None) or name not in named)
        for one in sources
    }


def _inbox_faults(sources: tuple[AnySource, ...], settings: Settings) -> Iterator[Fault]:
    for one in sources:
        if isinstance(one, FolderSource) and one.path.resolve() == settings.inbox_folder.resolve():
            yield Fault(f"sources.{one.name}.path", "就是收件目录(inbox)本身", remedy="收件目录里的文件不用拉取")


def _doubled(sources: tuple[AnySource, ...], brings: dict[str, tuple[str, ...]]) -> Iterator[Fault]:
    """Sources that bring the same extract must be told apart by parts of which none begins like another."""
    parts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in sources:
        for extract in brings[one.name]:
            for other, part in parts[extract]:
                mine = one.part or ""
                if mine.startswith(part) or part.startswith(mine):
                    allowed = "各写一个不同的 part,谁也不是谁的开头"
                    yield Fault(f"sources.{one.name}", f"{extract} 已由 {other} 提供", allowed, "否则两处的文件会互相覆盖")
            parts[extract].append((one.name, one.part or ""))
