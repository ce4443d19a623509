"""Pull from a folder: the files are copied and stay where they are."""

from __future__ import annotations

import os
import stat

from monitor.pulling.declared import FolderSource
from monitor.pulling.offered import Asked, Entry, Fetched, Offer, Offered, at_rest, offered
from monitor.pulling.sink import Sink
from monitor.pulling.trouble import ChangedWhileRead, Trouble

_BLOCK = 4 * 2**20


class FolderShelf:
    """A drop folder. Links are not followed: one could lead anywhere."""

    def __init__(self, source: FolderSource, asked: Asked) -> None:
        self._source, self._asked = source, asked

    def offers(self) -> Offered:
        entries = at_rest(self._entries, self._source.quiet_seconds, self._asked.remembered.marks())
        return offered(self._source, self._asked, entries)

    def fetch(self, offer: Offer, sink: Sink) -> Fetched:
        try:
            handle = os.open(self._source.path / offer.locator, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with open(handle, "rb") as file:
                if _mark(os.fstat(handle)) != offer.mark:
                    raise ChangedWhileRead
                sink.expect(offer.size)
                while block := file.read(_BLOCK):
                    sink.write(block)
                if sink.size != offer.size or _mark(os.fstat(handle)) != offer.mark:
                    raise ChangedWhileRead
        except OSError as error:
            raise _local_trouble(error) from None
        return Fetched(offer.mark, offer.changed)

    def check(self) -> int:
        return len(offered(self._source, self._asked, self._entries()).offers)

    def _entries(self) -> list[Entry]:
        try:
            with os.scandir(self._source.path) as found:
                states = [(one.name, one.stat(follow_symlinks=False)) for one in found]
        except OSError as error:
            raise _local_trouble(error) from None
        return [Entry(n, _mark(s), s.st_size, s.st_mtime_ns) for n, s in states if stat.S_ISREG(s.st_mode)]


def _mark(status: os.stat_result) -> str:
    return f"{status.st_size}-{status.st_mtime_ns}"


def _local_trouble(error: OSError) -> Trouble:
    return Trouble(f"文件夹读不了({error.strerror})", "核对路径、挂载和权限", passing=True)
