"""Which hashes stand there more than once, of any number of rows, in one scan and little memory."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import numpy.typing as npt

from monitor.encryption.sealed import create, opened, size_of, temporary

HASHES_AT_ONCE = 16_000_000  # 128 MB; sorted in their place
_BATCH = 1_000_000
Hashes = npt.NDArray[np.uint64]


def doubled_hashes(
    connection: duckdb.DuckDBPyConnection, select: str, rows: int, folder: Path, *, sealed: bool = False
) -> Hashes:
    """The hashes that stand there more than once: a sort of plain numbers costs a fifth of grouping them.

    Args:
        connection: any.
        select: a SELECT of one UBIGINT column.
        rows: how many it gives; many are dealt to files by their size first, 8 bytes a row.
        folder: where those files may lie meanwhile.
        sealed: so that only this process can read them; the hash of a number can be turned back.

    Returns:
        uint64, rising.
    """
    shares = rows // HASHES_AT_ONCE + 1
    batches = connection.execute(select).to_arrow_reader(_BATCH)
    if shares == 1:
        found = [np.asarray(batch.column(0).to_numpy(), dtype=np.uint64) for batch in batches]
        return _repeated(np.concatenate(found)) if found else np.empty(0, dtype=np.uint64)
    bounds = np.array([(share << 64) // shares for share in range(1, shares)], dtype=np.uint64)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as dealt:
        paths = [temporary(Path(dealt, str(share)), sealed=sealed) for share in range(shares)]
        with ExitStack() as stack:
            files = [stack.enter_context(create(path)) for path in paths]
            for batch in batches:
                hashes = np.sort(batch.column(0).to_numpy())
                for file, part in zip(files, np.split(hashes, np.searchsorted(hashes, bounds)), strict=True):
                    file.write(part.tobytes())
        return np.concatenate([_repeated(_read(path)) for path in paths])


def _read(path: Path) -> Hashes:
    hashes = np.empty(size_of(path) // 8, dtype=np.uint64)
    with opened(path) as file:
        file.readinto(hashes.data.cast("B"))
    return hashes


def _repeated(hashes: Hashes) -> Hashes:
    """Sorts what it is given."""
    hashes.sort()
    return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
