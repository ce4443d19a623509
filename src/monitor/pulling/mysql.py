"""MySQL and MariaDB by PyMySQL."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pymysql
from pymysql.constants import CR, ER, FIELD_TYPE
from pymysql.converters import conversions
from pymysql.cursors import SSCursor

from monitor.pulling.database import DatabaseShelf, Parameters, Row, Session
from monitor.pulling.declared import MysqlSource
from monitor.pulling.offered import Asked
from monitor.pulling.secret import secret_of
from monitor.pulling.trouble import Trouble, network_trouble

# how values go out is the library's affair; what comes in stays the text that it is, and a BIT becomes its number
_ENCODERS = {kind: write for kind, write in conversions.items() if not isinstance(kind, int)}
_CONVERSIONS: dict[Any, Any] = _ENCODERS | {FIELD_TYPE.BIT: lambda bits: str(int.from_bytes(bits, "big"))}
_NUMBERS = {
    FIELD_TYPE.TINY, FIELD_TYPE.SHORT, FIELD_TYPE.INT24, FIELD_TYPE.LONG, FIELD_TYPE.LONGLONG, FIELD_TYPE.YEAR,
    FIELD_TYPE.DECIMAL, FIELD_TYPE.NEWDECIMAL, FIELD_TYPE.FLOAT, FIELD_TYPE.DOUBLE,
}  # fmt: skip
_READ_ONLY_TRANSACTION = (
    "set session transaction isolation level repeatable read",
    "set session time_zone = '+08:00'",
    "start transaction with consistent snapshot, read only",
)
_LOG_IN = {ER.ACCESS_DENIED_ERROR, ER.DBACCESS_DENIED_ERROR, ER.BAD_DB_ERROR, ER.HOST_NOT_PRIVILEGED, ER.HOST_IS_BLOCKED}
_NO_RIGHT = {ER.TABLEACCESS_DENIED_ERROR, ER.COLUMNACCESS_DENIED_ERROR, ER.SPECIFIC_ACCESS_DENIED_ERROR}
_NETWORK = {CR.CR_CONN_HOST_ERROR, CR.CR_SERVER_GONE_ERROR, CR.CR_SERVER_LOST, CR.CR_SERVER_LOST_EXTENDED}
_BUSY = {ER.CON_COUNT_ERROR, ER.TOO_MANY_USER_CONNECTIONS, ER.SERVER_SHUTDOWN, ER.LOCK_WAIT_TIMEOUT, ER.LOCK_DEADLOCK}
_WOULD_WRITE, _NO_TLS = 1792, 2026


class MysqlShelf(DatabaseShelf):
    """A MySQL or MariaDB database."""

    def __init__(self, source: MysqlSource, asked: Asked) -> None:
        super().__init__(source, asked)
        self._mysql = source

    @contextmanager
    def connected(self) -> Iterator[Session]:
        with _told(self._mysql):
            connection = _connected(self._mysql)
            try:
                yield _Session(connection)
            finally:
                connection.close()


class _Session:
    def __init__(self, connection: pymysql.Connection[Any]) -> None:
        self._connection, self._numbers = connection, set[str]()
        for statement in _READ_ONLY_TRANSACTION:
            connection.query(statement)

    def quoted(self, name: str) -> str:
        return f"`{name.replace('`', '``')}`"

    def columns(self, sql: str, parameters: Parameters) -> list[str]:
        with self._connection.cursor() as cursor:
            cursor.execute(f"select * from ({sql}) as pulled limit 0", parameters)
            self._numbers = {column[0] for column in cursor.description if column[1] in _NUMBERS}
            return [column[0] for column in cursor.description]

    def batches(self, sql: str, parameters: Parameters, rows: int) -> Iterator[Sequence[Row]]:
        cursor = self._connection.cursor(SSCursor)
        try:
            cursor.execute(sql, parameters)
            while batch := cursor.fetchmany(rows):
                yield batch
        finally:
            if result := getattr(cursor, "_result", None):
                result.unbuffered_active = False  # given up in the middle, it would read the rest before it ends

    def value(self, text: str, column: str) -> str | Decimal:
        # a number that is compared with a text is compared as a double: long numbers would be equal that are not
        return Decimal(text) if column in self._numbers else text


def _connected(source: MysqlSource) -> pymysql.Connection[Any]:
    return pymysql.connect(
        host=source.host,
        port=source.port,
        user=source.user,
        password=secret_of(source, "password").encode(),
        database=source.database,
        charset="utf8mb4",
        connect_timeout=source.timeout_seconds,
        read_timeout=source.query_seconds,
        write_timeout=source.timeout_seconds,
        ssl=_trust(source) if source.tls else None,
        ssl_disabled=not source.tls,
        local_infile=False,
        conv=_CONVERSIONS,
        program_name="monitor",
    )


def _trust(source: MysqlSource) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(source.ca_file) if source.ca_file else None)
    except (OSError, ssl.SSLError):
        raise Trouble("证书文件读不了", "核对 ca_file,应为 PEM") from None


@contextmanager
def _told(source: MysqlSource) -> Iterator[None]:
    try:
        yield
    except pymysql.Error as error:
        code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        raise (network_trouble(error, source.query_seconds) if code in _NETWORK else _stated(code, source)) from None
    except OSError as error:
        raise network_trouble(error, source.timeout_seconds) from None


def _stated(code: int, source: MysqlSource) -> Trouble:
    if code in _LOG_IN:
        return Trouble("登录被拒绝", "核对用户名、口令、库名和来访地址;没有再试,以免账号被锁")
    if code in _NO_RIGHT:
        return Trouble("账号没有读取权限", "请对方给视图或表的 SELECT 权限")
    if code == _WOULD_WRITE:
        return Trouble("查询想要写入,只读事务不允许", "sql 只能读")
    if code == _NO_TLS:
        return Trouble("加密连接(TLS)建立不了", "请对方启用 TLS;内网确无 TLS 才写 tls = false")
    if code in _BUSY:
        return Trouble(f"对方数据库中断或繁忙(错误号 {code})", "查看对方数据库", passing=True)
    return Trouble(f"查询执行不了(错误号 {code})", "在数据库里试一遍 sql,核对表名、列名和类型")
