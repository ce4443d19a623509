"""PostgreSQL by psycopg."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import sql as pgsql
from psycopg.adapt import Loader
from psycopg.types.string import TextLoader

from monitor.pulling.database import DatabaseShelf, Parameters, Row, Session
from monitor.pulling.declared import PostgresSource
from monitor.pulling.offered import Asked
from monitor.pulling.secret import secret_of
from monitor.pulling.trouble import Trouble, cut_short, no_answer, refused_connection, untrusted_certificate

_BOOL = 16


class PostgresShelf(DatabaseShelf):
    """A PostgreSQL database."""

    def __init__(self, source: PostgresSource, asked: Asked) -> None:
        super().__init__(source, asked)
        self._postgres = source

    @contextmanager
    def connected(self) -> Iterator[Session]:
        with _told(self._postgres), _connected(self._postgres) as connection:
            yield _Session(connection, self._postgres)


class _Session:
    def __init__(self, connection: psycopg.Connection[Any], source: PostgresSource) -> None:
        self._connection, self._source = connection, source
        self._patience = source.query_seconds + source.timeout_seconds

    def quoted(self, name: str) -> str:
        return pgsql.Identifier(name).as_string(None)

    def columns(self, sql: str, parameters: Parameters) -> list[str]:
        with _listened_to(self._connection, self._patience), self._connection.cursor() as cursor:
            cursor.execute(f"select * from ({sql}) as pulled limit 0".encode(), parameters)
            return [column.name for column in cursor.description or ()]

    def batches(self, sql: str, parameters: Parameters, rows: int) -> Iterator[Sequence[Row]]:
        with self._connection.cursor(name="pulled") as cursor:
            with _listened_to(self._connection, self._patience):
                cursor.execute(sql.encode(), parameters)
            while True:
                with _listened_to(self._connection, self._patience):
                    batch = cursor.fetchmany(rows)
                if not batch:
                    return
                yield batch

    def value(self, text: str, column: str) -> str:
        return text  # sent without a type, so the server reads it as the column's


class _TruthLoader(Loader):
    def load(self, data: Any) -> str:
        return "true" if bytes(data) == b"t" else "false"


def _connected(source: PostgresSource) -> psycopg.Connection[Any]:
    """A connection in a read-only transaction with one snapshot; every value comes as text."""
    connection = psycopg.connect(
        host=source.host,
        port=source.port,
        dbname=source.database,
        user=source.user,
        password=secret_of(source, "password"),
        application_name="monitor",
        client_encoding="UTF8",
        connect_timeout=max(2, round(source.timeout_seconds)),
        gssencmode="disable",
        options=f"-c statement_timeout={round(source.query_seconds * 1000)} -c datestyle=ISO -c timezone=Asia/Shanghai",
        sslmode="verify-full" if source.tls else "disable",
        sslrootcert=str(source.ca_file or ssl.get_default_verify_paths().cafile or "system") if source.tls else "",
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
    )
    connection.read_only = True
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    for known in connection.adapters.types:
        for oid in filter(None, (known.oid, known.array_oid)):
            connection.adapters.register_loader(oid, TextLoader)
    connection.adapters.register_loader(_BOOL, _TruthLoader)
    return connection


@contextmanager
def _listened_to(connection: psycopg.Connection[Any], seconds: float) -> Iterator[None]:
    """Cut a connection on which nothing comes back: the library itself would wait for ever.

    Raises:
        Trouble: it was cut.
    """
    cut = threading.Event()

    def shut() -> None:
        cut.set()
        with suppress(OSError), socket.socket(fileno=socket.dup(connection.fileno())) as wire:
            wire.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except psycopg.Error:
        if cut.is_set():
            raise no_answer(seconds) from None
        raise
    finally:
        timer.cancel()


@contextmanager
def _told(source: PostgresSource) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise (_stated(error.sqlstate, source) if error.sqlstate else _unconnected(str(error), source)) from None


def _stated(state: str, source: PostgresSource) -> Trouble:
    if state == "57014":
        return Trouble(f"查询超过{source.query_seconds:g}秒", "请对方给查询的列建索引,或调大 query_seconds", passing=True)
    if state == "42501":
        return Trouble("账号没有读取权限", "请对方给视图或表的 SELECT 权限")
    if state == "25006":
        return Trouble("查询想要写入,只读事务不允许", "sql 只能读")
    if state[:2] in ("08", "53", "57", "40"):
        return Trouble(f"对方数据库中断或繁忙(SQLSTATE {state})", "查看对方数据库", passing=True)
    return Trouble(f"查询执行不了(SQLSTATE {state})", "在数据库里试一遍 sql,核对表名、列名和类型")


def _unconnected(said: str, source: PostgresSource) -> Trouble:
    """Before the log-in the library tells a text only; it is looked into and never passed on."""
    said = said.lower()
    if "certificate" in said:
        return untrusted_certificate()
    if "ssl" in said and "server closed" not in said and "eof" not in said:
        return Trouble("加密连接(TLS)建立不了", "请对方启用 TLS;内网确无 TLS 才写 tls = false")
    if "refused" in said:
        return refused_connection()
    if "translate host name" in said or "resolve" in said:
        return Trouble("主机名解析不了", "核对主机名和域名服务", passing=True)
    if "timeout" in said or "timed out" in said:
        return no_answer(source.timeout_seconds)
    if "starting up" in said or "too many" in said or "remaining connection" in said:
        return Trouble("对方数据库正在启动或连接已满", "查看对方数据库", passing=True)
    if "failed: fatal" in said or "failed: 致命" in said or "no password" in said:
        return Trouble("登录被拒绝", "核对用户名、口令、库名和来访地址(pg_hba.conf);没有再试,以免账号被锁")
    return cut_short()
