"""From the text of a cell to its value, as SQL: one step of the repair per sub-select, so that nothing is computed twice.

Every column goes through a few numbered steps; `Reading.levels[i]` holds what all columns compute in sub-select i from
what sub-select i-1 left. Cheap cases come first in every `case`, because DuckDB evaluates a branch only for its rows.

Order of the repair: blanks trimmed, full-width signs to half width, one leading apostrophe dropped, blanks trimmed again;
then a label or code of the column's list; then `-`, `无`, `NULL`, `N/A` mean empty; then the type.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from monitor.contracts import Column, codes
from monitor.sources.plain_cells import bounded, quick, real_date
from monitor.sources.text_files import BLANKS
from monitor.store import identifier, literal

EMPTY_WORDS = ("-", "无", "NULL", "N/A")
CHECK_CHARACTERS = "10X98765432"
_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_NARROW = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F))
# what a repair may have to touch: full-width signs and rare blanks anywhere, plain blanks at the edges, an apostrophe in front
_ODD = (
    r"[\x{FF01}-\x{FF5E}\x{85}\x{A0}\x{1680}\x{180E}\x{2000}-\x{200D}\x{2028}\x{2029}\x{202F}\x{205F}\x{2060}\x{3000}\x{FEFF}]"
    r"|^[\x09-\x0D\x1C-\x20']|[\x09-\x0D\x1C-\x20]$"
)
_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)"
_WRITTEN_DATE = r"\d{4}(-\d\d?-\d\d?|/\d\d?/\d\d?|年\d\d?月\d\d?日)"
_DATE_CELL = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?"
# types of a Parquet column that hold one plain value per cell
_SCALAR = re.compile(
    r"VARCHAR|BOOLEAN|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\([0-9,]+\)|FLOAT|DOUBLE|UUID"
    r"|DATE|TIME( WITH TIME ZONE)?|TIMESTAMP(_[A-Z]+)?"
)
# a cell has four digits for the year, and the year 0 is none
_CALENDAR = "between date '0001-01-01' and date '9999-12-31'"
_GROUPED = r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"


@dataclass
class Reading:
    """How the columns of a file are read.

    Attributes:
        levels: per sub-select, the (alias, expression) pairs it adds.
    """

    levels: list[list[tuple[str, str]]] = field(default_factory=list)

    def add(self, column: Column, raw: str | None, native: str | None, workbook: bool) -> None:
        """Plan the reading of one column into `v_<name>` (value; of an ID its key) and `p_<name>` (is there anything).

        Args:
            column: the column of the contract.
            raw: the column of the file that holds it; None when the file lacks it.
            native: SQL type of `raw` when the file has types of its own; None or VARCHAR for text.
            workbook: the text comes from a workbook, where dates and truth values have a form of their own. So they have in
                Parquet, text too: that is how databases write them.
        """
        name = column.name
        if raw is None:
            steps = [[(f"v_{name}", _nothing(column)), (f"p_{name}", "false")]]
        elif native and not _SCALAR.fullmatch(native):
            # nested or binary: no cell can hold that; a text has no reason of its own but `missing`
            present = "false" if column.kind == "text" else f"{raw} is not null"
            steps = [[(f"v_{name}", _nothing(column)), (f"p_{name}", present)]]
        elif native and (direct := _native(column, raw, native)):
            steps = [[(f"v_{name}", direct), (f"p_{name}", f"{raw} is not null")]]
        else:
            steps = _text_steps(column, raw, native, workbook or bool(native))
        for level, step in enumerate(steps):
            if level == len(self.levels):
                self.levels.append([])
            self.levels[level] += step

    def select(self, relation: str) -> str:
        """The nested SELECT over a relation; keeps the relation's own columns."""
        for level in self.levels:
            added = ", ".join(f"{expression} as {identifier(alias)}" for alias, expression in level)
            relation = f"(select *, {added} from {relation})"
        return relation


def _text_steps(column: Column, raw: str, native: str | None, workbook: bool) -> list[list[tuple[str, str]]]:
    """The quick reading, then the careful one of what it left."""
    name, text = column.name, _as_text(raw, native)
    before = quick(column, raw) if text == raw else []
    careful = _STEPS[column.kind](column, workbook)
    if not before:
        return [[(f"t_{name}", repaired(text))], *careful]
    q = identifier(f"q_{name}")
    both = {f"v_{name}": f"coalesce({q}, {{}})", f"p_{name}": f"({q} is not null or {{}})"}
    after = [[(alias, both.get(alias, "{}").format(expression)) for alias, expression in step] for step in careful]
    return [*before, [(f"t_{name}", f"case when {q} is null then {repaired(raw)} end")], *after]


def _nothing(column: Column) -> str:
    return f"cast(null as {'bigint' if column.kind == 'id' else column.sql_type})"


def repaired(text: str) -> str:
    """The text of a cell after the repairs; NULL when nothing is left.

    A cell of plain ASCII between two signs that are no blanks needs none, and three comparisons tell that at a third of what
    the pattern costs. `(` is the sign after the apostrophe.
    """
    plain = f"strlen({text}) = length({text}) and {text} > '(' and substr({text}, -1) > ' '"
    narrow = f"trim(translate({text}, {literal(_WIDE)}, {literal(_NARROW)}), {literal(BLANKS)})"
    odd = f"when regexp_matches({text}, {literal(_ODD)}) then {_without_apostrophe(narrow)}"
    return f"nullif(case when {plain} then {text} {odd} else {text} end, '')"


def _without_apostrophe(text: str) -> str:
    return f"case when starts_with({text}, '''') then trim(substr({text}, 2), {literal(BLANKS)}) else {text} end"


def _cell(name: str) -> tuple[str, str]:
    """The step that takes the words for nothing away."""
    t = identifier(f"t_{name}")
    words = ", ".join(literal(word) for word in EMPTY_WORDS)
    return f"c_{name}", f"case when strlen({t}) <= 4 and {t} in ({words}) then null else {t} end"


def _present(name: str) -> tuple[str, str]:
    return f"p_{name}", f"{identifier(f'c_{name}')} is not null"


def _text(column: Column, workbook: bool) -> list[list[tuple[str, str]]]:
    alias, expression = _cell(column.name)
    return [[(alias, expression)], [(f"v_{column.name}", identifier(alias)), _present(column.name)]]


def _code(column: Column, workbook: bool) -> list[list[tuple[str, str]]]:
    t = identifier(f"t_{column.name}")
    listed = codes()[column.code_list or ""]
    whens = " ".join(f"when {literal(label)} then {literal(code)}" for code, label in listed.items())
    whens += " " + " ".join(f"when {literal(code)} then {literal(code)}" for code in listed)
    empty, v = _cell(column.name)[1], identifier(f"v_{column.name}")
    return [
        [(f"v_{column.name}", f"case {t} {whens} end")],
        [(f"p_{column.name}", f"({v} is not null or ({empty}) is not null)")],
    ]


def _bool(column: Column, workbook: bool) -> list[list[tuple[str, str]]]:
    c = identifier(f"c_{column.name}")
    yes, no = ("'是', '1', 'Y'", "'否', '0', 'N'")
    yes, no = (f"{yes}, 'true'", f"{no}, 'false'") if workbook else (yes, no)
    value = f"case when {c} in ({yes}) then true when {c} in ({no}) then false end"
    return [[_cell(column.name)], [(f"v_{column.name}", value), _present(column.name)]]


def _village(column: Column, workbook: bool) -> list[list[tuple[str, str]]]:
    c = identifier(f"c_{column.name}")
    whole = f"strlen({c}) = 12 and cast(try_cast({c} as bigint) as varchar) = {c}"
    return [[_cell(column.name)], [(f"v_{column.name}", f"case when {whole} then {c} end"), _present(column.name)]]


def _int(column: Column, workbook: bool) -> list[list[tuple[str, str]]]:
    c, n = identifier(f"c_{column.name}"), identifier(f"n_{column.name}")
    value = f"case when cast({n} as varchar) = {c} then {n} when regexp_full_match({c}, '[+-]?\\d+(\\.0+)?') then {n} end"
    return [
        [_cell(column.name)],
        [(f"n_{column.name}", f"try_cast({c} as integer)"), _present(column.name)],
        [(f"v_{column.name}", value)],
    ]


def _num(column: Column, workbook: bool) -> list[list[tuple[str, str]]]:
    c = identifier(f"c_{column.name}")
    value = f"case when regexp_full_match({c}, {literal(_NUMBER)}) then {bounded(column, c)} end"
    return [[_cell(column.name)], [(f"v_{column.name}", value), _present(column.name)]]


def _money(column: Column, workbook: bool) -> list[list[tuple[str, str]]]:
    """Yuan; 万元 counts ten thousand. DECIMAL(24,8) x 10000 cannot overflow, so a sum too large ends as unreadable."""
    c, m = identifier(f"c_{column.name}"), identifier(f"m_{column.name}")
    number = f"case when contains({c}, '元') then trim(regexp_replace({c}, '万?元$', '')) else {c} end"
    grouped = (
        f"case when contains({m}, ',') and regexp_full_match({m}, {literal(_GROUPED)}) then replace({m}, ',', '') else {m} end"
    )
    d = identifier(f"d_{column.name}")
    ten_thousandfold = f"try_cast({d} as decimal(24,8)) * cast(10000 as decimal(5,0))"
    value = (
        f"case when not regexp_full_match({d}, {literal(_NUMBER)}) then null"
        f" when ends_with({c}, '万元') then {bounded(column, ten_thousandfold)} else {bounded(column, d)} end"
    )
    return [
        [_cell(column.name)],
        [(f"m_{column.name}", number), _present(column.name)],
        [(f"d_{column.name}", grouped)],
        [(f"v_{column.name}", value)],
    ]


def _date(column: Column, workbook: bool) -> list[list[tuple[str, str]]]:
    """Four written forms, the usual one first. The cast is lenient (1_000, BC, infinity), so its result must write itself as
    it was read."""
    c, u, f, i, w, d = (identifier(f"{letter}_{column.name}") for letter in "cufiwd")
    iso = (
        f"case when {f} is not null then null when strlen({c}) = 10 and substr({c}, 5, 1) = '-' then {c}"
        f" when strlen({c}) = 8 and not contains({c}, '-') and not contains({c}, '/')"
        f" then concat(substr({c}, 1, 4), '-', substr({c}, 5, 2), '-', substr({c}, 7, 2))"
        f"{_clock_cut_off(c, 10, '') if workbook else ''} end"
    )
    written = (
        f"case when {f} is null and {i} is null and regexp_full_match({c}, {literal(_WRITTEN_DATE)}) then {_with_dashes(c)} end"
    )
    return [
        [_cell(column.name)],
        [(f"u_{column.name}", f"case when strlen({c}) = 10 then try_cast({c} as date) end"), _present(column.name)],
        [(f"f_{column.name}", f"case when cast({u} as varchar) = {c} then {u} end")],
        [(f"i_{column.name}", iso)],
        [(f"w_{column.name}", written)],
        [(f"d_{column.name}", f"try_cast(coalesce({i}, {w}) as date)")],
        [
            (
                f"v_{column.name}",
                f"case when {f} is not null then {f} when cast({d} as varchar) = {i} or ({i} is null and {d} {_CALENDAR})"
                f" then {d} end",
            )
        ],
    ]


def _with_dashes(c: str) -> str:
    return f"case when contains({c}, '年') then replace(replace(replace({c}, '年', '-'), '月', '-'), '日', '') else {c} end"


def _clock_cut_off(c: str, kept: int, end: str) -> str:
    """A date cell of a workbook comes with a time of day."""
    return f" when regexp_full_match({c}, {literal(_DATE_CELL)}) then concat(left({c}, {kept}), {literal(end)})"


def _month(column: Column, workbook: bool) -> list[list[tuple[str, str]]]:
    """Six digits are a number first, which is cheaper than a text with dashes; all else goes the way of a date."""
    c, n, f, i, d = (identifier(f"{letter}_{column.name}") for letter in "cnfid")
    first = f"case when cast({n} as varchar) = {c} and {n} % 100 between 1 and 12 then make_date({n} // 100, {n} % 100, 1) end"
    iso = (
        f"case when {f} is not null then null when strlen({c}) = 6 then concat(left({c}, 4), '-', right({c}, 2), '-01')"
        f" when strlen({c}) = 7 then concat({c}, '-01')"
        f"{_clock_cut_off(c, 7, '-01') if workbook else ''} end"
    )
    return [
        [_cell(column.name)],
        [(f"n_{column.name}", f"case when strlen({c}) = 6 then try_cast({c} as integer) end"), _present(column.name)],
        [(f"f_{column.name}", first)],
        [(f"i_{column.name}", iso)],
        [(f"d_{column.name}", f"try_cast({i} as date)")],
        [(f"v_{column.name}", f"case when {f} is not null then {f} when cast({d} as varchar) = {i} then {d} end")],
    ]


def _id(column: Column, workbook: bool) -> list[list[tuple[str, str]]]:
    """GB 11643 by integers: the digits of n, weighted by 1, 2, 4 ... from the right, modulo 11.

    With q_k = n // 10^k they sum to n - 8 (q_1 + 2 q_2 + 4 q_3 + ...), and -8 is 3. The factors repeat after five with the
    other sign (1 2 4 8 5 -1 -2 ...), so quotients five apart are taken together: four products instead of sixteen.
    """
    c, b, n, s, y = (identifier(f"{letter}_{column.name}") for letter in "cbnsy")
    alike = [
        " ".join(f"{'-+'[at % 2 == 0]} {n} // {10**power}" for at, power in enumerate(range(first, 17, 5)))
        for first in range(1, 6)
    ]
    quotients = " + ".join(f"{factor} * (0 {sum_})" for factor, sum_ in zip((1, 2, 4, 8, 5), alike, strict=True))
    body = f"case strlen({c}) when 18 then substr({c}, 1, 17) when 15 then concat(left({c}, 6), '19', substr({c}, 7)) end"
    remainder = f"case when {n} between {10**16} and {10**17 - 1} then (2 * {n} + 6 * ({quotients})) % 11 end"
    check = f"substr({literal(CHECK_CHARACTERS)}, cast({s} as integer) + 1, 1)"
    digits = (
        f"cast({n} as varchar) = {b} and (strlen({c}) = 15 or ends_with({c}, {check}) or ({s} = 2 and ends_with({c}, 'x')))"
    )
    key = f"case when {s} is not null and {real_date(y)} and {digits} then {n} * 16 + (12 - {s}) % 11 end"
    return [
        [_cell(column.name)],
        [(f"b_{column.name}", body), _present(column.name)],
        [(f"n_{column.name}", f"try_cast({b} as bigint)")],
        [(f"s_{column.name}", remainder), (f"y_{column.name}", f"{n} // 1000 % 100000000")],
        [(f"v_{column.name}", key)],
    ]


_STEPS = {
    "id": _id,
    "text": _text,
    "code": _code,
    "village": _village,
    "date": _date,
    "month": _month,
    "money": _money,
    "num": _num,
    "int": _int,
    "bool": _bool,
}


def _native(column: Column, raw: str, native: str) -> str | None:
    """The value of a typed column that fits its contract without a detour through text; None when it does not."""
    dated = native == "DATE" or native.startswith("TIMESTAMP")
    day = f"try_cast({raw} as date)"
    if column.kind == "date" and dated:
        return f"case when {day} {_CALENDAR} then {day} end"
    if column.kind == "month" and dated:
        return f"case when {day} {_CALENDAR} then make_date(year({day}), month({day}), 1) end"
    if column.kind == "bool" and native == "BOOLEAN":
        return raw
    whole = native in {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT"}
    if column.kind in {"money", "num"} and (whole or native.startswith("DECIMAL")):
        return bounded(column, raw)
    return f"try_cast({raw} as integer)" if column.kind == "int" and whole else None


def _as_text(raw: str, native: str | None) -> str:
    """A typed cell as the text a department would have written. A large double keeps its exponent: digits are lost."""
    if native in {"DOUBLE", "FLOAT"}:
        plain = f"rtrim(rtrim(cast(try_cast({raw} as decimal(28,10)) as varchar), '0'), '.')"
        return f"(case when abs({raw}) < 1e15 then {plain} else cast({raw} as varchar) end)"
    return raw if native in {None, "VARCHAR"} else f"cast({raw} as varchar)"
