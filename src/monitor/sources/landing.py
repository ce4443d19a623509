"""Read every delivered file once into typed Parquet, named by its content; what cannot be read is kept beside it.

    landing/<extract>/<YYYYMMDD>[_<part>]-<sha256, 16 digits>.parquet             the readable rows, typed; IDs as keys
                                                             .quarantine.parquet  row number, reason codes, raw row as JSON
                                                             .json                counts; written last, so it proves the others

A landing is used again as long as its contract and the reader are the same, and its bytes are those that were written: hashing
them takes a thousandth of a night. Nothing here depends on the as-of date.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import duckdb

from monitor.contracts import Extract, codes, extract
from monitor.durable import sha256_of
from monitor.encryption import key_of
from monitor.errors import Fault, NightCannotStand
from monitor.run import Night
from monitor.sources.arrivals import Arrivals, Delivery
from monitor.sources.opening import Opened, Prepared, found_columns, missing, opened, prepare
from monitor.sources.refusal import RefusalError, listed
from monitor.sources.rows import forget_rows, read_rows, stored_name
from monitor.sources.side_by_side import side_by_side
from monitor.sources.workbooks import HEADER_WITHIN
from monitor.store import identifier, write_json, write_parquet

READER = 5  # raise it when the same file would be read differently
# a third less work and a tenth fewer bytes for columns of numbers and of texts that hardly repeat
ROWS_ENCODING = ", parquet_version v2, dictionary_size_limit 5000"
# what DuckDB raises for other reasons than the content of a file
_NOT_THE_FILE = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException, duckdb.OutOfMemoryException)
Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Landed:
    """What reading a file gave; holds counts and the contract's column names, never a cell nor an unknown header.

    Attributes:
        sheet: which sheet of a workbook was read, counted from 1; 0 in other files.
        unread_sheets: how many sheets behind it could have been read as well.
        rows_read: rows of the file; blank ones are none.
        readable: rows without a fault in a required cell.
        quarantined: the others; `reasons` counts them by reason code (a row may have several).
        blanked: optional cells that could not be read, in readable rows; `blanked_by` the same by column.
        missing, absent: headers of required and of optional columns that the file lacks.
        extra: columns beyond the contract, counted from 1.
        fault: why the file is refused whatever its rows say, in Chinese; "" when it is not.
        files: sha256 of the Parquet files by their name.
    """

    stem: str
    extract: str
    contract: str
    reader: int
    encoding: str = ""
    sheet: int = 0
    unread_sheets: int = 0
    rows_read: int = 0
    readable: int = 0
    quarantined: int = 0
    blanked: int = 0
    blanked_by: dict[str, int] | None = None
    reasons: dict[str, int] | None = None
    missing: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    extra: tuple[int, ...] = ()
    fault: str = ""
    files: dict[str, str] | None = None

    @property
    def unread_sheets_zh(self) -> str:
        """What its sender should know of the further sheets."""
        return (
            f"工作簿内另有{self.unread_sheets}个工作表的表头与第{self.sheet}个工作表一样符合约定,没有读取(只读第一个符合的);"
            "其中如有应报的数据,请合并到一个工作表,或按分片分成几个文件后重新报送"
        )


def land(night: Night, arrivals: Arrivals, report: Report = lambda name, done, total: None) -> list[Landed]:
    """Land every delivery that is not landed yet.

    Args:
        night: gives the landing folder and, for what is unpacked, the working folder.
        arrivals: what `arrive` found.
        report: told the name of each delivery when it is done, how many are done and how many there are.

    Returns:
        one `Landed` per delivery, in the order of the arrivals.

    Raises:
        NightCannotStand: a file changed while it was read.
    """
    deliveries = arrivals.deliveries
    known = {d.name: found for d in deliveries if (found := read_landed(night, d)) is not None}
    with ThreadPoolExecutor(night.settings.threads) as pool:
        whole = pool.map(lambda one: _is_as_written(night, one), known.values())
        landed = {name: one for (name, one), is_whole in zip(known.items(), whole, strict=True) if is_whole}
    for done, delivery in enumerate((d for d in deliveries if d.name in landed), start=1):
        report(delivery.name, done, len(deliveries))
    fresh = sorted((d for d in deliveries if d.name not in landed), key=lambda d: (-d.size, d.name))
    for delivery, one in side_by_side(night, partial(_land, night), fresh):
        landed[delivery.name] = one
        report(delivery.name, len(landed), len(deliveries))
    return [landed[d.name] for d in deliveries]


def landed_before(night: Night, arrivals: Arrivals) -> list[Landed]:
    """What `land` gave earlier, read back from disk.

    Raises:
        NightCannotStand: a delivery has not been landed.
    """
    found = [(d, read_landed(night, d)) for d in arrivals.deliveries]
    faults = [
        Fault(
            d.name,
            "还没有读入,或读入后的文件不完整",
            allowed="当晚的每份数据都已完整读入",
            why="没有读入的数据不能参与当晚的计算",
            remedy="从读入这一步起重新运行这一晚",
        )
        for d, landed in found
        if landed is None
    ]
    if faults:
        raise NightCannotStand("有数据还没有读入,今晚不能成立;上一晚的名单仍然有效。", faults)
    return [landed for _, landed in found if landed is not None]


def read_landed(night: Night, delivery: Delivery) -> Landed | None:
    """The landing of a delivery, if it is whole and was made under the same contract by the same reader."""
    path = night.home.landing / f"{delivery.landing_stem}.json"
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    if (values.get("reader"), values.get("contract")) != (READER, contract_hash(delivery.extract)):
        return None
    values |= {name: tuple(values[name]) for name in ("missing", "absent", "extra")}
    landed = Landed(**values)
    return landed if all(path.is_file() for path in _files(night, landed)) else None


def rows_file(night: Night, landed: Landed) -> Path:
    """The readable rows; there is no file when there are none."""
    return night.home.landing / f"{landed.stem}.parquet"


def quarantine_file(night: Night, landed: Landed) -> Path:
    """The rows that could not be read; there is no file when there are none."""
    return night.home.landing / f"{landed.stem}.quarantine.parquet"


def _files(night: Night, landed: Landed) -> list[Path]:
    return [rows_file(night, landed)] * (landed.readable > 0) + [quarantine_file(night, landed)] * (landed.quarantined > 0)


def _is_as_written(night: Night, landed: Landed) -> bool:
    """Whether nothing has happened to the files since; what a failing disk or a careless hand changed is read again."""
    return {path.name: sha256_of(path) for path in _files(night, landed)} == (landed.files or {})


@cache
def contract_hash(name: str) -> str:
    """Changes whenever a cell of the extract could be read differently."""
    contract = extract(name)
    lists = {c.code_list: codes()[c.code_list] for c in contract.columns if c.code_list}
    columns = [c.model_dump() for c in contract.columns]
    return hashlib.sha256(json.dumps([columns, lists], sort_keys=True).encode()).hexdigest()[:16]


def _land(night: Night, connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> Landed:
    contract = extract(delivery.extract)
    folder = night.work / "unpacked" / delivery.name
    prepared = prepare(delivery, contract, folder, sealed=key_of(night.settings) is not None)
    landed = Landed(delivery.landing_stem, delivery.extract, contract_hash(delivery.extract), READER)
    sheet, unread = (prepared.sheet.number, prepared.sheet.unread) if prepared.sheet else (0, 0)
    landed = replace(landed, encoding=prepared.encoding, sheet=sheet, unread_sheets=unread, blanked_by={}, reasons={})
    (night.home.landing / delivery.extract).mkdir(parents=True, exist_ok=True)
    try:
        if prepared.refusal:
            raise RefusalError(prepared.refusal)
        landed = _with_columns(landed, contract, prepared)
        if prepared.header:
            counts = _read(connection, contract, delivery, prepared, folder)
            landed = replace(landed, **counts)
            _write_rows(connection, night, contract, landed)
    except RefusalError as refusal:
        landed = replace(landed, fault=str(refusal))
    finally:
        forget_rows(connection)
        with suppress(duckdb.Error):
            connection.unregister("sheet")
        shutil.rmtree(folder, ignore_errors=True)
    status = delivery.path.stat()
    if (status.st_size, status.st_mtime_ns) != (delivery.size, delivery.changed):
        fault = Fault(
            delivery.path.name,
            "读取过程中文件被改动",
            allowed="放进收件目录的文件不再变动",
            why="一半是旧的、一半是新的内容不能采用",
            remedy="等文件传完后重新运行这一晚(先传到别处,传完再移进收件目录)",
        )
        raise NightCannotStand("有数据文件在读取时被改动,今晚不能成立;上一晚的名单仍然有效。", [fault])
    landed = replace(landed, files={path.name: sha256_of(path) for path in _files(night, landed)})
    write_json(night.home.landing / f"{landed.stem}.json", asdict(landed))
    return landed


def _with_columns(landed: Landed, contract: Extract, prepared: Prepared) -> Landed:
    """Compare the header with the contract."""
    places, doubled, extra = found_columns(contract, prepared.header)
    lacking = missing(contract, prepared.header)
    absent = [c.header for c in contract.columns if not c.required and c.name not in places and c.header not in doubled]
    fault = ""
    if not prepared.header:
        fault = "文件是空的,没有表头;第一行应为约定的列名,请核对后重新报送"
    elif doubled:
        fault = f"表头重复:{listed(doubled)};每列只允许出现一次,请删去多余的列后重新报送"
    elif lacking:
        fault = f"缺少必需的列:{listed(lacking)};"
        if prepared.sheet:
            sheet = prepared.sheet
            fault += f"工作簿内 {sheet.count} 个工作表的前 {HEADER_WITHIN} 行都不含全部必需列,已查看第{sheet.number}个工作表;"
        fault += f"{_recognised(contract, places, len(extra))};请按约定补齐列名后重新报送"
    return replace(landed, fault=fault, missing=tuple(lacking), absent=tuple(absent), extra=tuple(extra))


def _recognised(contract: Extract, places: dict[str, int], others: int) -> str:
    """What the header row holds. A file without one begins with a person's cells, so only the contract's names are told."""
    known = [contract.column(name).header for name, _ in sorted(places.items(), key=lambda item: item[1])]
    beyond = f"另有{others}个约定以外的列名" if others else ""
    if not known:
        return f"第一行没有一个约定的列名(可能漏了表头),{beyond}"
    return f"认出的列有 {listed(known)}" + (f",{beyond}" if beyond else "")


def _read(
    connection: duckdb.DuckDBPyConnection, contract: Extract, delivery: Delivery, prepared: Prepared, folder: Path
) -> dict[str, Any]:
    """Read the rows into the temp view `landing_row`; a CSV that DuckDB does not take whole is taken apart line by line."""
    try:
        return read_rows(connection, contract, delivery, prepared.header, opened(connection, prepared, folder))
    except duckdb.Error as error:
        if not _is_of_the_file(error, delivery):
            raise
        if prepared.text is None:
            raise RefusalError("文件内容损坏,读不完整;请重新导出后报送") from None
    try:
        careful: Opened = opened(connection, prepared, folder, careful=True)
        return read_rows(connection, contract, delivery, prepared.header, careful)
    except duckdb.Error as error:
        if not _is_of_the_file(error, delivery):
            raise
        raise RefusalError("CSV 文件的结构无法识别(引号或分隔符混乱);请重新导出后报送") from None


def _is_of_the_file(error: duckdb.Error, delivery: Delivery) -> bool:
    """Whether the content of the delivery is at fault: what could not be read or written is, only if it is that file.

    A working disk that is full or cannot be written must end the night, not refuse what a department sent.
    """
    if isinstance(error, duckdb.IOException):
        return delivery.path.name in str(error) or delivery.name in str(error)
    return not isinstance(error, _NOT_THE_FILE)


def _write_rows(connection: duckdb.DuckDBPyConnection, night: Night, contract: Extract, landed: Landed) -> None:
    """Both Parquet files, each whole or not at all; no rows, no file.

    Nothing is sorted: the rows lie in the order of the file, and one thread reads them in the order they lie.
    """
    if landed.readable:
        listing = ", ".join([identifier(stored_name(c)) for c in contract.columns] + ["_delivered_on", "_part", "_row"])
        rows = f"select {listing} from landing_row where _reasons is null"
        write_parquet(connection, rows, rows_file(night, landed), encoding=ROWS_ENCODING)
    if landed.quarantined:
        bad = "select _row as row, _reasons as reasons, _raw as raw from landing_row where _reasons <> ''"
        write_parquet(connection, bad, quarantine_file(night, landed))
