"""Temporary files that nobody reads after the process: sealed with a key that is never written and ends with it.

What a delivery unpacks to, or becomes in UTF-8, may be larger than memory, and is read by programs that want a file. So it is
written in blocks of AES-256-GCM, each with its number, the last one marked, and read back at any place. DuckDB reads it through
`SealedFiles`. A path that ends in `.sealed` is such a file; every other path is an ordinary one.
"""

from __future__ import annotations

import hmac
import io
import os
import secrets
from pathlib import Path
from typing import Any, BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ENDING = ".sealed"
PROTOCOL = "sealed"
_BLOCK = 2**20
_SALT, _TAG = 16, 16
_OF_THIS_PROCESS = secrets.token_bytes(32)


def temporary(path: Path, *, sealed: bool) -> Path:
    """Where a temporary file lies: at `path`, or sealed beside it."""
    return path.with_name(path.name + ENDING) if sealed else path


def is_sealed(path: Path) -> bool:
    """Whether the file is one that only this process can read."""
    return path.suffix == ENDING


def create(path: Path) -> BinaryIO:
    """Write a file from its beginning; sealed if its name says so."""
    return cast("BinaryIO", _SealedWriter(path)) if is_sealed(path) else path.open("wb")


def opened(path: Path) -> io.BufferedReader:
    """Read a file at any place; a sealed one only in the process that wrote it."""
    return io.BufferedReader(_SealedReader(path), _BLOCK) if is_sealed(path) else path.open("rb")


def size_of(path: Path) -> int:
    """How many bytes a file gives."""
    return _content_bytes(path.stat().st_size) if is_sealed(path) else path.stat().st_size


def address(path: Path) -> str:
    """What DuckDB calls the file."""
    return f"{PROTOCOL}://{path}" if is_sealed(path) else str(path)


def sealed_files() -> Any:
    """The file system by which DuckDB reads sealed files, for `register_filesystem`."""
    from fsspec import AbstractFileSystem  # here: only a home with a key needs it

    class SealedFiles(AbstractFileSystem):  # type: ignore[misc]  # fsspec has no types
        protocol = PROTOCOL

        def _open(self, path: str, mode: str = "rb", **_: Any) -> io.BufferedReader:
            if mode != "rb":
                raise PermissionError(mode)
            return opened(Path(path))

        def info(self, path: str, **_: Any) -> dict[str, Any]:
            place = Path(self._strip_protocol(path))
            return {"name": str(place), "size": size_of(place), "type": "file"}

        def glob(self, path: str, **_: Any) -> list[str]:
            return [path]

        def modified(self, path: str) -> float:
            return Path(self._strip_protocol(path)).stat().st_mtime

    return SealedFiles(skip_instance_cache=True)


class _SealedWriter(io.RawIOBase):
    """Blocks are sealed as they fill; the last one when the file is closed."""

    def __init__(self, path: Path) -> None:
        salt = secrets.token_bytes(_SALT)
        self._cipher, self._number, self._waiting = _cipher(salt), 0, bytearray()
        self._file = os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb")
        self._file.write(salt)

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._waiting += content
        while len(self._waiting) > _BLOCK:  # the last block is never empty unless the file is
            self._put(bytes(self._waiting[:_BLOCK]), last=False)
            del self._waiting[:_BLOCK]
        return len(content)

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self._waiting), last=True)
            self._file.close()
        super().close()

    def _put(self, block: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number), block, _place(last)))
        self._number += 1


class _SealedReader(io.RawIOBase):
    """Opens the block that is asked for and keeps it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._size, self._at = _content_bytes(path.stat().st_size), 0
        self._cipher = _cipher(self._file.read(_SALT))
        self._number, self._block = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        number, within = divmod(self._at, _BLOCK)
        if number != self._number:
            self._block, self._number = self._opened(number), number
        part = self._block[within : within + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _opened(self, number: int) -> bytes:
        self._file.seek(_SALT + number * (_BLOCK + _TAG))
        last = (number + 1) * _BLOCK >= self._size
        try:
            return self._cipher.decrypt(_nonce(number), self._file.read(_BLOCK + _TAG), _place(last))
        except InvalidTag:
            raise OSError("a sealed file was changed, or another process made it") from None


def _cipher(salt: bytes) -> AESGCM:
    """A key for each file, so that the number of a block serves as its nonce."""
    return AESGCM(hmac.digest(_OF_THIS_PROCESS, salt, "sha256"))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _place(last: bool) -> bytes:
    return b"last" if last else b"more"


def _content_bytes(stored: int) -> int:
    blocks = -(-(stored - _SALT) // (_BLOCK + _TAG))
    return stored - _SALT - blocks * _TAG
