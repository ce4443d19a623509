"""What a report of one file holds: counts, reasons, row numbers, doubts, the trend. No cell, no header beyond the contract."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import duckdb

from monitor.contracts import Extract, extract
from monitor.delivery_reports.told import Told, told
from monitor.delivery_reports.trend import Point
from monitor.gate import Doubt
from monitor.run import Night
from monitor.sources import Delivery, Landed, Line, quarantine_file
from monitor.store import literal, stored
from monitor.vocabulary import DeliveryState

# row numbers of one file that a report tells at most
MOST_ROWS = 100_000
# as many stretches of row numbers a page shows for one reason; the CSV has the others
MOST_STRETCHES = 30
DOUBLED: Final = "doubled"
STATES_ZH: Final = {
    DeliveryState.IN_FORCE: "已采用",
    DeliveryState.REPLACED: "已被更新的一份取代",
    DeliveryState.REFUSED: "整份退回",
}


@dataclass(frozen=True)
class Reason:
    """Why rows were sent back, or lost against a later row; `numbers` are the first of their row numbers."""

    code: str
    told: Told
    rows: int
    numbers: tuple[int, ...]

    @property
    def numbers_zh(self) -> str:
        return stretches(self.numbers, self.rows)


@dataclass(frozen=True)
class Unread:
    """An optional column of which cells could not be read and count as empty."""

    column: str
    cells: int
    mend: str


@dataclass(frozen=True)
class Reported:
    """All that is told about one delivered file.

    Attributes:
        file: its name as it may be shown.
        rows: (row number, reason code) of rows sent back or doubled, in order, at most `MOST_ROWS`.
        doubts: about the delivery that the file belongs to.
        trend: the deliveries of its extract, oldest first.
        notes: what else its sender should know.
    """

    file: str
    contract: Extract
    line: Line
    landed: Landed
    rows: tuple[tuple[int, str], ...]
    doubts: tuple[Doubt, ...] = ()
    trend: tuple[Point, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def state_zh(self) -> str:
        return STATES_ZH[DeliveryState(self.line.state)]

    @property
    def is_refused(self) -> bool:
        return self.line.state == DeliveryState.REFUSED

    @property
    def doubled(self) -> int:
        """Rows that lost against a later row of the same file or delivery; of a delta nobody can tell against which."""
        return self.line.superseded if self.contract.mode == "full" and self.line.state == DeliveryState.IN_FORCE else 0

    @property
    def reasons(self) -> list[Reason]:
        """By reason, the most frequent first."""
        counts = dict(self.landed.reasons or {}) | ({DOUBLED: self.doubled} if self.doubled else {})
        numbers: dict[str, list[int]] = {}
        for row, code in self.rows:
            numbers.setdefault(code, []).append(row)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [Reason(code, self.told(code), count, tuple(numbers.get(code, ()))) for code, count in ordered]

    def told(self, code: str) -> Told:
        """A reason in words."""
        if code != DOUBLED:
            said = told(self.contract, code)
            lacks = code.startswith("missing:") and said.column in self.landed.missing
            return Told(said.column, f"没有必填列「{said.column}」", "补上这一列后重新导出") if lacks else said
        key = "、".join(self.contract.column(name).header for name in self.contract.key)
        return Told("", f"主键({key})与后面的一行相同,只采用最后一行", "同一主键只留一行;请核对导出时的关联条件")

    @property
    def numbered(self) -> int:
        """How many (row, reason) there are in truth."""
        return sum(reason.rows for reason in self.reasons)

    @property
    def unread(self) -> list[Unread]:
        """Optional columns with cells that could not be read."""
        counts = sorted((self.landed.blanked_by or {}).items(), key=lambda item: (-item[1], item[0]))
        names = {name: count for name, count in counts if count}
        columns = [(self.contract.column(name), count) for name, count in names.items()]
        return [Unread(column.header, count, told(self.contract, column.reason).mend) for column, count in columns]

    @property
    def remarks(self) -> list[str]:
        """About the file as a whole."""
        landed = self.landed
        found = [f"没有报送选填列,按空处理:{'、'.join(landed.absent)}"] if landed.absent else []
        places = "、".join(map(str, landed.extra[:20])) + (" 等" if len(landed.extra) > 20 else "")
        found += [f"约定以外的 {len(landed.extra)} 列没有读取(第 {places} 列)"] if landed.extra else []
        found += [landed.unread_sheets_zh] if landed.unread_sheets else []
        if self.contract.mode == "delta" and self.line.superseded and not self.is_refused:
            found.append(f"{self.line.superseded:,} 行已被后来报送的同一主键记录取代,属正常更新")
        return [*found, *self.notes]


def reported(
    connection: duckdb.DuckDBPyConnection,
    night: Night,
    file: tuple[Delivery, Landed, Line],
    *,
    doubts: Iterable[Doubt] = (),
    trend: tuple[Point, ...] = (),
    notes: Iterable[str] = (),
) -> Reported:
    """Put together what is told about a file.

    Args:
        connection: of the night, with `deliveries.superseded`.
        night: gives the landing folder.
        file: as it arrived, what reading it gave, its line of the ledger.
        doubts, trend, notes: as in `Reported`.
    """
    delivery, landed, line = file
    told_plainly = Reported(delivery.name, extract(delivery.extract), line, landed, (), tuple(doubts), trend, tuple(notes))
    return replace(told_plainly, rows=_rows(connection, night, delivery, told_plainly))


def _rows(
    connection: duckdb.DuckDBPyConnection, night: Night, delivery: Delivery, report: Reported
) -> tuple[tuple[int, str], ...]:
    """Row numbers and reasons; of the quarantine only these two columns are read."""
    sources = []
    if report.landed.quarantined:
        source = stored(quarantine_file(night, report.landed))
        sources.append(f"select row, unnest(string_split(reasons, ';')) as code from {source}")
    if report.doubled:
        where = " and ".join(
            f"{column} = {literal(value)}"
            for column, value in (("extract", delivery.extract), ("_delivered_on", delivery.date), ("_part", delivery.part))
        )
        sources.append(f"select _row as row, '{DOUBLED}' as code from deliveries.superseded where {where}")
    if not sources:
        return ()
    rows = connection.execute(f"{' union all '.join(sources)} order by row, code limit {MOST_ROWS}").fetchall()
    return tuple((row, code) for row, code in rows)


def stretches(numbers: Iterable[int], rows: int) -> str:
    """Row numbers as an officer reads them: `3、7、12-14`; says so when there are more of `rows`."""
    found: list[list[int]] = []
    told_so_far = 0
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        elif len(found) == MOST_STRETCHES:
            break
        else:
            found.append([number, number])
        told_so_far += 1
    shown = "、".join(str(first) if first == last else f"{first}-{last}" for first, last in found)
    return f"{shown} 等" if told_so_far < rows else shown
