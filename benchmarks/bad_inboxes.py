"""Four counties that are hard on a night: each is an ordinary inbox with one thing out of all proportion.

`BAD` holds them. `alter(inbox, size)` changes an inbox of made-up people in place; `hold(good, bad, inbox, size)` compares the
run folder of the altered inbox with that of the ordinary one and with a plain calculation over the delivered files, and
raises AssertionError. Files of an inbox may be hard links: they are replaced, never written into.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl

AS_OF = date(2026, 11, 20)
REGISTER, SETTLEMENTS, BROKEN = (
    f"psb_resident_{AS_OF:%Y%m%d}.csv",
    f"nhsa_settlement_{AS_OF:%Y%m%d}*.parquet",
    "grid_power_20261119",
)
ID, HUKOU, RELATION, STATUS, BORN, VILLAGE = "公民身份号码", "户号", "与户主关系", "人员状态", "出生日期", "村居代码"
ONE_HUKOU = "HK-ONE"
MOVES_MEMBERS = ("mca_family", "nhc_death", "mca_funeral", "moj_custody")  # who is in none of these is a member by the register
_CELL_LIMIT = 32_767  # of a spreadsheet
_SELF_PAID = Decimal("1.23")
_LINES = 100_000


@dataclass(frozen=True)
class Bad:
    """One bad county.

    Attributes:
        says: what is expected of the night.
        people: how many people the ordinary county needs for a size.
    """

    says: str
    people: Callable[[int], int]
    alter: Callable[[Path, int], None]
    hold: Callable[[Path, Path, Path, int], None]


def linked(inbox: Path, out: Path) -> Path:
    """The same inbox in another folder, by hard links."""
    out.mkdir(parents=True)
    for path in inbox.iterdir():
        (out / path.name).hardlink_to(path)
    return out


def _register(inbox: Path) -> pl.DataFrame:
    text = (inbox / REGISTER).read_bytes().decode("gb18030")
    return pl.read_csv(text.encode(), infer_schema=False)


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}")
    beside.write_bytes(content)
    beside.replace(path)


def _everybody_in_one_village(inbox: Path, size: int) -> None:
    people = _register(inbox).with_columns(pl.col(VILLAGE).first())
    _replace(inbox / REGISTER, people.write_csv().encode("gb18030"))


def _one_village_holds(good: Path, bad: Path, inbox: Path, size: int) -> None:
    """Nobody is lost, facts that know no place are the same, and one township's list holds every red case."""
    village = _register(inbox)[VILLAGE][0]
    for table, facts in (
        ("facts_person", ["age_years", "self_paid_12m_yuan"]),
        ("facts_household", ["member_count", "land_mu"]),
    ):
        columns = ["subject", *facts]
        _same(_table(good, table, columns), _table(bad, table, columns), table)
    placed = _table(bad, "household", ["village_code"])
    assert placed["village_code"].unique().to_list() == [village], "a household lies elsewhere"
    cases = _table(bad, "cases", ["case_no", "kind", "colour", "township", "household"])
    listed = _table(bad, "listed", ["case_no", "township"])
    assert not listed["case_no"].is_duplicated().any(), "a case is listed twice"
    assert listed.filter(pl.col("township") == village[:9]).height > 0, "the township has no list"
    red = cases.filter((pl.col("kind") == "visit") & (pl.col("colour") == "red"))
    assert red.height > 0, "nobody is red"
    assert red.join(listed, on="case_no", how="anti").is_empty(), "a red case is not listed"
    assert cases.drop_nulls("household")["township"].unique().to_list() == [village[:9]], "a case of a household lies elsewhere"


def _one_household(inbox: Path, size: int) -> None:
    people = _register(inbox)
    moved = set().union(*(_ids(path) for name in MOVES_MEMBERS for path in inbox.glob(f"{name}_*.csv")))
    chosen = people.filter((pl.col(STATUS) == "normal") & ~pl.col(ID).is_in(moved))[ID].head(size)
    assert len(chosen) == size, "the county is too small for the household"
    inside = pl.col(ID).is_in(chosen.implode())
    relation = pl.when(pl.col(ID) == chosen[0]).then(pl.lit("head")).otherwise(pl.lit("other"))
    people = people.with_columns(
        pl.when(inside).then(pl.lit(ONE_HUKOU)).otherwise(HUKOU).alias(HUKOU),
        pl.when(inside).then(relation).otherwise(RELATION).alias(RELATION),
    )
    _replace(inbox / REGISTER, people.write_csv().encode("gb18030"))


def _one_household_holds(good: Path, bad: Path, inbox: Path, size: int) -> None:
    """Its members are counted one by one, its spending is theirs together, and its case is one that a cell can hold."""
    members = _register(inbox).filter(pl.col(HUKOU) == ONE_HUKOU)
    ages = members[BORN].str.to_date().map_elements(_age, return_dtype=pl.Int64)
    paid = _self_paid(inbox, members[ID])
    facts = pl.read_parquet(bad / "facts_household.parquet").filter(pl.col("subject") == f"H:{ONE_HUKOU}")
    assert facts.height == 1, "there is no such household"
    found = facts.select("member_count", "minor_count", "elder_count", "self_paid_12m_yuan").row(0)
    expected = (size, int((ages < 18).sum()), int((ages >= 60).sum()), paid)
    assert found == expected, f"the household counts {found}, plainly {expected}"
    cases = pl.read_parquet(bad / "cases.parquet").filter(pl.col("household") == f"H:{ONE_HUKOU}")
    assert cases["kind"].n_unique() == cases.height > 0, "not one case of each kind"
    assert cases["reasons_zh"].str.len_chars().max() <= _CELL_LIMIT, "the reasons do not fit into a cell"  # type: ignore[operator]


def _settlements(inbox: Path, size: int) -> None:
    path = sorted(inbox.glob(SETTLEMENTS))[0]
    given = pl.read_parquet(path)
    row = given.filter(pl.col("结算日期") > AS_OF - timedelta(days=80)).head(1)
    more = (
        row.join(pl.DataFrame({"n": range(size)}), how="cross")
        .with_columns(
            ("BAD" + pl.col("n").cast(pl.String)).alias("结算流水号"),
            (pl.lit(AS_OF) - pl.duration(days=pl.col("n") % 300)).cast(pl.Date).alias("结算日期"),
            pl.lit(_SELF_PAID).cast(given.schema["个人负担"]).alias("个人负担"),
        )
        .drop("n")
    )
    beside = path.with_name(f".{path.name}")
    pl.concat([given, more]).write_parquet(beside)
    beside.replace(path)


def _settlements_hold(good: Path, bad: Path, inbox: Path, size: int) -> None:
    """What the person paid is the plain sum; everybody else's facts are the same."""
    settled = pl.concat([pl.read_parquet(path) for path in sorted(inbox.glob(SETTLEMENTS))])
    person = settled.filter(pl.col("结算流水号") == "BAD0")["证件号码"][0]
    assert settled.filter(pl.col("证件号码") == person).height > size
    facts = {run: pl.read_parquet(run / "facts_person.parquet") for run in (good, bad)}
    found = facts[bad].filter(pl.col("subject") == person)["self_paid_12m_yuan"][0]
    expected = _self_paid(inbox, pl.Series([person]))
    assert found == expected, "the sum of the settlements is not the plain one"
    others = [table.filter(pl.col("subject") != person).drop("traces_12m_count") for table in facts.values()]
    _same(others[0], others[1], "facts_person")


def _unreadable(inbox: Path, size: int) -> None:
    header = "用电户号,户主身份号码,用电月份,用电量,欠费金额,是否停电\n"
    with (inbox / f"{BROKEN}.csv").open("w", encoding="utf-8") as file:
        file.write(header)
        for start in range(0, size, _LINES):
            file.writelines(f"A{n},990{n:015d},202610,88.00,0.00,否\n" for n in range(start, min(start + _LINES, size)))


def _unreadable_refused(good: Path, bad: Path, inbox: Path, size: int) -> None:
    """Every row is counted, the delivery is refused whole, and the rest of the night is as if it had never come."""
    ledger = pl.read_parquet(bad / "ledger.parquet").filter(pl.col("delivery") == BROKEN)
    counts = ledger.select("state", "rows_read", "loaded", "superseded", "quarantined").rows()
    assert counts == [("refused", size, 0, 0, size)], f"the ledger says {counts}"
    for table in ("facts_person", "facts_household", "hits", "coverage", "cases", "case_hits", "listed", "left_off"):
        same = (good / f"{table}.parquet").read_bytes() == (bad / f"{table}.parquet").read_bytes()
        assert same, f"{table} is not as if it had never come"


def _table(run: Path, name: str, columns: list[str]) -> pl.DataFrame:
    return pl.read_parquet(run / f"{name}.parquet", columns=columns)


def _same(one: pl.DataFrame, other: pl.DataFrame, name: str) -> None:
    assert one.height > 0
    assert one.sort("subject").equals(other.sort("subject")), f"{name} is not the same"


def _ids(path: Path) -> set[str]:
    """Every ID in a clean CSV file."""
    cells = pl.read_csv(path.read_bytes().decode("utf-8").encode(), infer_schema=False)
    return {value for column in cells for value in column.drop_nulls() if len(value) == 18 and value.startswith("990")}


def _self_paid(inbox: Path, people: pl.Series) -> Decimal:
    """What these people paid themselves within twelve months, from the delivered files."""
    settled = pl.concat([pl.read_parquet(path) for path in sorted(inbox.glob(SETTLEMENTS))])
    day = pl.col("结算日期")
    recent = settled.filter(
        pl.col("证件号码").is_in(people.implode()) & (day > AS_OF.replace(year=AS_OF.year - 1)) & (day <= AS_OF)
    )
    return sum(recent["个人负担"].to_list(), Decimal("0.00"))


def _age(born: date) -> int:
    return AS_OF.year - born.year - ((AS_OF.month, AS_OF.day) < (born.month, born.day))


BAD = {
    "one village": Bad(
        "everybody of the county lives in one village", lambda n: n, _everybody_in_one_village, _one_village_holds
    ),
    "one household": Bad("one household has this many members", lambda n: 3 * n, _one_household, _one_household_holds),
    "one person": Bad("one person has this many settlements", lambda n: 1_200, _settlements, _settlements_hold),
    "unreadable": Bad("a delivery of this many unreadable rows is refused", lambda n: 1_200, _unreadable, _unreadable_refused),
}
