"""What goes wrong between here and a department, told in plain Chinese without what either side said.

A server's own words may quote a cell, a path or a secret, so none of them is ever passed on.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator


class Trouble(Exception):
    """Why something was not pulled.

    Attributes:
        found: the reason, plain Chinese, without secrets and personal data.
        remedy: what to do.
        passing: it may heal by itself, so it is worth another attempt.
    """

    def __init__(self, found: str, remedy: str = "", *, passing: bool = False) -> None:
        super().__init__(found)
        self.found, self.remedy, self.passing = found, remedy, passing


class NotThereYet(Exception):
    """The department has not put it out yet: late, but nothing is broken."""


class NothingNew(Exception):
    """What lies there is what was pulled before."""


class ChangedWhileRead(Trouble):
    """The file is not the one that was listed any more, so the next attempt must look again."""

    def __init__(self) -> None:
        super().__init__("读取期间对方的文件变了", "请对方写完后再改名放出,或用完成标记(done_marker)", passing=True)


def cut_short() -> Trouble:
    """Fewer bytes came than were announced."""
    return Trouble("传到一半连接中断", "查看网络或对方服务", passing=True)


def no_answer(seconds: float) -> Trouble:
    """Silence for longer than is waited."""
    return Trouble(f"对方{seconds:g}秒没有回应", "查看网络或对方服务,或调大 timeout_seconds", passing=True)


def network_trouble(error: BaseException, seconds: float) -> Trouble:
    """A failure of the network, whichever library met it.

    Args:
        error: what was raised; what caused it is looked at too.
        seconds: how long silence is waited for.
    """
    causes = list(_causes(error))
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in causes):
        return untrusted_certificate()
    if any(isinstance(one, ssl.SSLError) and not isinstance(one, ssl.SSLEOFError) for one in causes):
        return Trouble("加密连接(TLS)建立不了", "核对端口,问对方是否启用了 TLS")
    if any(isinstance(one, socket.gaierror) for one in causes):
        return Trouble("主机名解析不了", "核对主机名和域名服务", passing=True)
    if any(isinstance(one, ConnectionRefusedError) for one in causes):
        return refused_connection()
    if any(isinstance(one, TimeoutError) for one in causes):
        return no_answer(seconds)
    return cut_short()


def refused_connection() -> Trouble:
    """Nobody listens."""
    return Trouble("连接被拒绝,对方服务没有开或端口不对", "核对主机和端口,请对方查看服务", passing=True)


def untrusted_certificate() -> Trouble:
    """Who answers cannot prove to be the one that was meant."""
    return Trouble("对方的证书不可信", "向对方要证书并写入 ca_file,核对主机名;不要关掉校验")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
