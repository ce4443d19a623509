"""Where the bytes of a pull go while they come: counted, hashed, bounded in size and time."""

from __future__ import annotations

import hashlib
import io
import os
import time
from pathlib import Path
from typing import Any

from monitor.pulling.trouble import Trouble

_MB = 2**20


class Deadline:
    """The time that a source has tonight; measured, not told, so no result depends on it."""

    def __init__(self, minutes: float) -> None:
        self.minutes = minutes
        self._ends = time.monotonic() + minutes * 60

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self._ends

    def check(self) -> None:
        """Raises: Trouble when the time is over."""
        if self.is_over:
            raise Trouble(f"太慢:{self.minutes:g}分钟内没有取完", "查看网络,或调大 deadline_minutes")


class Sink(io.RawIOBase):
    """A new file, written once from beginning to end.

    Attributes:
        size: bytes written.
    """

    def __init__(self, path: Path, most_mb: int, deadline: Deadline) -> None:
        super().__init__()
        self.size = 0
        self._most, self._deadline, self._digest = most_mb * _MB, deadline, hashlib.sha256()
        path.unlink(missing_ok=True)
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.size

    def expect(self, size: int | None) -> None:
        """Be told how large the file will be, before it comes.

        Raises:
            Trouble: it is larger than allowed or than the disk has room for.
        """
        if size is None:
            return
        if size > self._most:
            raise self._too_large()
        disk = os.statvfs(self._file.fileno())
        if size > disk.f_bavail * disk.f_frsize:
            raise Trouble(f"磁盘空间不够:文件 {-(-size // _MB):,} MB", "腾出空间后再拉取")

    def write(self, data: Any) -> int:
        """Take bytes.

        Raises:
            Trouble: they are too many, too late, or cannot be written.
        """
        self._deadline.check()
        block = memoryview(data).cast("B")
        if self.size + len(block) > self._most:
            raise self._too_large()
        try:
            self._file.write(block)
        except OSError as error:
            raise Trouble(f"本机写不了({error.strerror})", "查看磁盘空间和权限") from None
        self._digest.update(block)
        self.size += len(block)
        return len(block)

    def finish(self) -> str:
        """Force everything to disk; return its sha256."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._digest.hexdigest()

    def close(self) -> None:
        self._file.close()
        super().close()

    def _too_large(self) -> Trouble:
        return Trouble(f"文件超过 {self._most // _MB:,} MB", "与对方核对;确实这么大就调大 max_file_mb")
