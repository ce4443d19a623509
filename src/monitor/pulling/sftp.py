"""Pull over SFTP by asyncssh. Only hosts whose key stands in `known_hosts` are spoken to, whatever the machine is set to."""

from __future__ import annotations

import asyncio
import posixpath
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import asyncssh

from monitor.pulling.declared import SftpSource
from monitor.pulling.offered import Asked, Entry, Fetched, Offer, Offered, at_rest, offered
from monitor.pulling.secret import private_text, secret_of
from monitor.pulling.sink import Sink
from monitor.pulling.trouble import ChangedWhileRead, Trouble, cut_short, network_trouble

_BLOCK = 2**20
_FILES = (asyncssh.FILEXFER_TYPE_REGULAR, asyncssh.FILEXFER_TYPE_UNKNOWN)  # old servers do not tell
Result = TypeVar("Result")


class SftpShelf:
    """A folder of an SFTP server."""

    def __init__(self, source: SftpSource, asked: Asked) -> None:
        self._source, self._asked = source, asked

    def offers(self) -> Offered:
        entries = at_rest(self._entries, self._source.quiet_seconds, self._asked.remembered.marks())
        return offered(self._source, self._asked, entries)

    def check(self) -> int:
        return len(offered(self._source, self._asked, self._entries()).offers)

    def fetch(self, offer: Offer, sink: Sink) -> Fetched:
        async def read(sftp: asyncssh.SFTPClient) -> None:
            path = posixpath.join(self._source.path, offer.locator)
            if _mark(await self._soon(sftp.lstat(path))) != offer.mark:
                raise ChangedWhileRead
            sink.expect(offer.size)
            file = await self._soon(sftp.open(path, "rb"))  # ends with the connection, which is its own
            while block := await self._soon(file.read(_BLOCK)):
                sink.write(block)
            if _mark(await self._soon(sftp.lstat(path))) != offer.mark or sink.size != offer.size:
                raise ChangedWhileRead

        self._ask(read)
        return Fetched(offer.mark, offer.changed)

    def _entries(self) -> list[Entry]:
        async def read(sftp: asyncssh.SFTPClient) -> list[Entry]:
            found = await self._soon(sftp.readdir(self._source.path))
            regular = [(str(one.filename), one.attrs) for one in found if one.attrs.type in _FILES]
            return [Entry(n, _mark(a), a.size or 0, _changed(a)) for n, a in regular]

        return self._ask(read)

    def _ask(self, question: Callable[[asyncssh.SFTPClient], Awaitable[Result]]) -> Result:
        """Connect, ask one thing, leave."""

        async def asked() -> Result:
            async with self._connected() as sftp:
                return await question(sftp)

        with _told(self._source):
            return asyncio.run(asked())

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[asyncssh.SFTPClient]:
        source = self._source
        if not source.known_hosts.is_file():
            raise Trouble(
                f"没有 {source.known_hosts.name},认不出对方主机",
                f"运行 ssh-keyscan -p {source.port} {source.host},打电话与对方核对指纹后写入 {source.known_hosts}",
            )
        connection = await asyncssh.connect(
            source.host,
            source.port,
            username=source.user,
            password=secret_of(source, "password") or None,
            client_keys=_client_keys(source),
            known_hosts=str(source.known_hosts),
            config=None,
            agent_path=None,
            connect_timeout=source.timeout_seconds,
            login_timeout=source.timeout_seconds,
        )
        try:
            yield await self._soon(connection.start_sftp_client())
        finally:
            connection.abort()  # a polite end would wait for a host that has fallen silent
            await connection.wait_closed()

    async def _soon(self, answer: Awaitable[Result]) -> Result:
        return await asyncio.wait_for(answer, self._source.timeout_seconds)


def _client_keys(source: SftpSource) -> list[asyncssh.SSHKey] | None:
    if not source.key_file:
        return None
    try:
        return [asyncssh.import_private_key(private_text(source.key_file) + "\n", secret_of(source, "passphrase") or None)]
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        raise Trouble(f"密钥文件 {source.key_file.name} 打不开", "核对格式;有口令的密钥用 passphrase_env") from None


@contextmanager
def _told(source: SftpSource) -> Iterator[None]:
    try:
        yield
    except asyncssh.HostKeyNotVerifiable:
        raise Trouble(
            "对方主机的密钥与 known_hosts 不符,或不在其中",
            f"打电话与对方核对指纹;确实换了密钥再改 {source.known_hosts};不符也可能是有人冒充",
        ) from None
    except asyncssh.PermissionDenied:
        raise Trouble("用户名、口令或密钥不被接受", "与对方核对账号;没有再试,以免账号被锁") from None
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        raise Trouble("对方没有这个目录或文件", "核对 path") from None
    except asyncssh.SFTPPermissionDenied:
        raise Trouble("账号没有读取权限", "请对方给这个目录的读权限") from None
    except asyncssh.KeyExchangeFailed:
        raise Trouble("与对方没有共同的加密算法", "请对方升级 SSH 服务") from None
    except (TimeoutError, OSError) as error:
        raise network_trouble(error, source.timeout_seconds) from None
    except (asyncssh.Error, asyncssh.SFTPError):
        raise cut_short() from None


def _changed(attrs: asyncssh.SFTPAttrs) -> int:
    return (attrs.mtime or 0) * 10**9 + (attrs.mtime_ns or 0)


def _mark(attrs: asyncssh.SFTPAttrs) -> str:
    return f"{attrs.size}-{_changed(attrs)}"
