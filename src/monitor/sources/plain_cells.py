"""Cells in the form that most departments write, read at a fraction of what the repairs cost.

A quick reading gives the value only where the text itself proves that the careful reading (`cells`) would give the same;
everywhere else NULL, and the careful reading follows. Casts are lenient (`1_000`, `1e3`, `0x1F`, blanks, BC), so a value counts
when it writes itself as it was read.
"""

from __future__ import annotations

from monitor.contracts import Column, codes
from monitor.store import identifier, literal

Steps = list[list[tuple[str, str]]]
# below a million million: what is more is a slip, and would overflow a sum or a twelvefold that all others depend on
_BOUNDED = {"money": "decimal(14,2)", "num": "decimal(16,4)"}


def quick(column: Column, raw: str) -> Steps:
    """The steps that end in `q_<name>`, NULL where the careful reading is needed; none where that costs no more.

    Args:
        column: of the contract.
        raw: a column of text.
    """
    reading = _QUICK.get(column.kind)
    return reading(column, raw) if reading else []


def bounded(column: Column, number: str) -> str:
    """A text or number as the amount of a column of money or numbers; NULL when it is none, or too large."""
    return f"cast(try_cast({number} as {_BOUNDED[column.kind]}) as {column.sql_type})"


def _alike(column: Column, raw: str, sql_type: str, value: str = "{}", also: str = "true") -> Steps:
    """A cell that writes itself as it was read when cast to a type, and from there its value."""
    cast = identifier(f"x_{column.name}")
    plain = f"case when cast({cast} as varchar) = {raw} and {also} then {value.format(cast)} end"
    return [[(f"x_{column.name}", f"try_cast({raw} as {sql_type})")], [(f"q_{column.name}", plain)]]


def _code(column: Column, raw: str) -> Steps:
    listed = codes()[column.code_list or ""]
    whens = " ".join(f"when {literal(code)} then {literal(code)}" for code in listed)
    whens += " " + " ".join(f"when {literal(label)} then {literal(code)}" for code, label in listed.items())
    return [[(f"q_{column.name}", f"case {raw} {whens} end")]]


def _bool(column: Column, raw: str) -> Steps:
    value = f"case when {raw} in ('是', '1', 'Y') then true when {raw} in ('否', '0', 'N') then false end"
    return [[(f"q_{column.name}", value)]]


def _village(column: Column, raw: str) -> Steps:
    return _alike(column, raw, "bigint", raw, f"strlen({raw}) = 12")


def _date(column: Column, raw: str) -> Steps:
    """Ten signs: `infinity` and years of five digits write themselves, too."""
    return _alike(column, raw, "date", also=f"strlen({raw}) = 10")


def _month(column: Column, raw: str) -> Steps:
    x = identifier(f"x_{column.name}")
    month = f"make_date({x} // 100, {x} % 100, 1)"
    return _alike(column, raw, "integer", month, f"strlen({raw}) = 6 and {x} % 100 between 1 and 12")


def _amount(column: Column, raw: str) -> Steps:
    """Two decimals, as amounts are written; a number of four takes them as they are."""
    return _alike(column, raw, "decimal(14,2)", f"cast({{}} as {column.sql_type})")


def _int(column: Column, raw: str) -> Steps:
    return _alike(column, raw, "integer")


def _id(column: Column, raw: str) -> Steps:
    """GB 11643 by integers: the 18 digits, weighted by 1, 2, 4 ... from the right, are 1 modulo 11; an X counts 0 and lacks 10.

    With q_k = n // 10^k they sum to n - 8 (q_1 + 2 q_2 + 4 q_3 + ...), and -8 is 3. The factors repeat after five with the
    other sign (1 2 4 8 5 -1 -2 ...), so quotients five apart are taken together. Of 18 signs that begin with a digit other
    than 0 and give a number of 18 digits, only those with an exponent are no digits, and they end in zeros. The sum is a step
    of its own, because what is computed for a part of the rows only costs more than for all.
    """
    n, z, y, s = (identifier(f"{letter}_{column.name}") for letter in "xzgh")
    alike = [
        " ".join(f"{'-+'[at % 2 == 0]} {n} // {10**power}" for at, power in enumerate(range(first, 18, 5)))
        for first in range(1, 6)
    ]
    quotients = " + ".join(f"{factor} * (0 {sum_})" for factor, sum_ in zip((1, 2, 4, 8, 5), alike, strict=True))
    plain = (
        f"{s} = case when {z} then 2 else 1 end and {n} >= {10**17} and {real_date(y)}"
        f" and ({n} % 100 <> 0 or not (contains({raw}, 'e') or contains({raw}, 'E')))"
    )
    digits = f"case when ends_with({raw}, 'X') then concat(substr({raw}, 1, 17), '0') else {raw} end"
    eighteen = f"strlen({raw}) = 18 and {raw} >= '1' and {raw} < ':'"
    return [
        [
            (f"x_{column.name}", f"case when {eighteen} then try_cast({digits} as bigint) end"),
            (f"z_{column.name}", f"ends_with({raw}, 'X')"),
        ],
        [(f"g_{column.name}", f"{n} // 10000 % 100000000"), (f"h_{column.name}", f"({n} + 3 * ({quotients})) % 11")],
        [(f"q_{column.name}", f"case when {plain} then {n} + 6 * ({n} // 10) + case when {z} then 10 else 0 end end")],
    ]


def real_date(y: str) -> str:
    """Whether the number yyyymmdd is a day of the calendar."""
    year, month, day = f"({y} // 10000)", f"({y} // 100 % 100)", f"({y} % 100)"
    leap = f"({year} % 4 = 0 and ({year} % 100 <> 0 or {year} % 400 = 0))"
    return (
        f"case when {y} > 10000 and {y} % 10000 between 101 and 1230 and {y} % 100 between 1 and 30"
        f" and {y} % 10000 not in (229, 230) then true else"
        f" ({year} > 0 and {month} between 1 and 12 and {day} >= 1 and ({day} <= 28 or ({month} = 2 and {day} = 29 and {leap})"
        f" or ({month} <> 2 and {day} <= 30) or ({day} = 31 and {month} in (1, 3, 5, 7, 8, 10, 12)))) end"
    )


_QUICK = {
    "id": _id,
    "code": _code,
    "village": _village,
    "date": _date,
    "month": _month,
    "money": _amount,
    "num": _amount,
    "int": _int,
    "bool": _bool,
}
