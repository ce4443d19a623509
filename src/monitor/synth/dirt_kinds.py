"""The kinds of dirt, each with its own switch: a rate from 0 (off) to 1."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from monitor.errors import Fault, UsageError


def _rate(demo: float, about: str) -> float:
    made: float = field(default=0.0, metadata={"demo": demo, "about": about})
    return made


@dataclass(frozen=True)
class Dirt:
    """Rates of dirt. Cells: share of the cells that could have it; rows: share of rows; files: above 0 means once."""

    # cells that are repaired
    id_lower_x: float = _rate(0.2, "x instead of X at the end of an ID")
    id_15_digit: float = _rate(0.003, "old numbers of 15 digits (born before 2000)")
    id_full_width: float = _rate(0.002, "IDs in full-width digits")
    id_blanks: float = _rate(0.004, "IDs with blanks around them, NBSP and full-width ones among them")
    date_forms: float = _rate(0.25, "dates as 20260131, 2026/1/31 or 2026年1月31日")
    money_separators: float = _rate(0.05, "thousands separators")
    money_yuan: float = _rate(0.02, "a trailing 元")
    money_wan: float = _rate(0.01, "amounts in 万元")
    code_labels: float = _rate(0.2, "Chinese labels instead of codes")
    wide_letters: float = _rate(0.003, "full-width letters and digits in texts")
    apostrophes: float = _rate(0.003, "a leading apostrophe before IDs and texts")
    empty_words: float = _rate(0.05, "-, 无, NULL or N/A in empty cells")
    # cells and rows that are lost, and say so
    id_scientific: float = _rate(0.0008, "IDs in scientific notation")
    id_wrong_check: float = _rate(0.0005, "IDs with a wrong check character")
    date_impossible: float = _rate(0.001, "30 February")
    code_unknown: float = _rate(0.001, "codes that no list holds")
    required_empty: float = _rate(0.0005, "required cells left empty")
    doubled_keys: float = _rate(0.003, "rows delivered twice in one file")
    # texts that look like something else
    formula_text: float = _rate(0.001, "names and addresses such as =HYPERLINK(...), +1, @x")
    quoted_newline: float = _rate(0.002, "addresses and other long texts with a line break inside")
    # lines and headers
    ragged_lines: float = _rate(0.0005, "CSV lines with a cell too many")
    byte_order_mark: float = _rate(0.5, "UTF-8 files that begin with a byte order mark")
    column_order: float = _rate(0.3, "files with another column order")
    extra_columns: float = _rate(0.2, "files with a column that nobody agreed on")
    canonical_headers: float = _rate(0.15, "files with canonical header names")
    containers: float = _rate(0.3, "CSV files packed as .csv.gz or .zip")
    # whole files, once in a set of nights
    refused_file: float = _rate(1, "mca_application lacks a required column on the second night (the only one, if one)")
    shrunk_delivery: float = _rate(1, "mca_family shrinks below half on the last night (from two nights on)")
    truncated_gz: float = _rate(1, "nhc_death arrives as a truncated .csv.gz on the last night (from two nights on)")
    unknown_extract: float = _rate(1, "a file of an extract that nobody knows")
    future_file: float = _rate(1, "a file dated the day after the last night")

    def __post_init__(self) -> None:
        wrong = [f.name for f in fields(self) if not 0 <= getattr(self, f.name) <= 1]
        if wrong:
            raise UsageError("Dirt rates are shares.", [Fault(name, "out of range", "0 to 1") for name in wrong])

    @classmethod
    def demo(cls) -> Dirt:
        """Every kind at its demonstration rate."""
        return cls(**{f.name: f.metadata["demo"] for f in fields(cls)})

    @classmethod
    def light(cls) -> Dirt:
        """What a careful department still sends: for measuring at scale."""
        return cls(id_lower_x=0.02, date_forms=0.02, code_labels=0.02, empty_words=0.01, doubled_keys=0.0005)

    @classmethod
    def only(cls, kind: str, rate: float | None = None) -> Dirt:
        """One kind alone, at `rate` or at its demonstration rate."""
        return cls(**{kind: getattr(cls.demo(), kind) if rate is None else rate})

    @classmethod
    def named(cls, name: str) -> Dirt:
        """`none`, `light` or `demo`.

        Raises:
            UsageError: another name.
        """
        if name not in ("none", "light", "demo"):
            raise UsageError("No such dirt.", [Fault("dirt", name, "none, light or demo")])
        return {"none": cls(), "light": cls.light(), "demo": cls.demo()}[name]


def kinds() -> dict[str, str]:
    """Every kind of dirt and what it does."""
    return {f.name: f.metadata["about"] for f in fields(Dirt)}
