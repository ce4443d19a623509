"""What can go wrong with one source, one line each: it is told plainly, nothing half lands, the others still arrive."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from places import (
    ORDERS,
    Fields,
    Place,
    database_source,
    folder_source,
    http_source,
    s3_source,
    sftp_source,
)
from servers import SECRET, Certificates, DatabaseServer, HttpServer, S3Server, SftpServer
from wire import Wire, closed_port

CONTENT = os.urandom(300_000)
PATH = f"/{ORDERS}"
ELSEWHERE = "nhc_death_20261120.csv"
SOON: Fields = {"timeout_seconds": 0.5, "attempts": 2}
ROWS = "select a.n as order_no, '{}' as id_no, 'meal' as service_kind, '2026-11-18' as ordered_on from {} a"


@dataclass
class World:
    """The servers, started when a line of a table asks for one, and a way to spoil the wire to them."""

    request: pytest.FixtureRequest
    place: Place
    certificates: Certificates
    wired: Callable[..., Wire]

    def _server(self, name: str) -> Any:
        return self.request.getfixturevalue(name)

    def _port(self, port: int, fault: dict[str, int] | None) -> int:
        if fault is None:
            return port
        return closed_port() if not fault else self.wired(port, **fault).port

    def sftp(self, fault: dict[str, int] | None = None, **more: Any) -> Fields:
        server: SftpServer = self._server("sftp")
        (server.folder / ORDERS).write_bytes(CONTENT)
        return sftp_source(server, self.place, self._port(server.port, fault), **more)

    def http(self, fault: dict[str, int] | None = None, says: Any = None, **more: Any) -> Fields:
        server: HttpServer = self._server("http")
        server.files[PATH] = CONTENT
        server.says = {PATH: says} if says else {}
        return http_source(server, self.certificates, self._port(server.port, fault), **more)

    def s3(self, fault: dict[str, int] | None = None, **more: Any) -> Fields:
        server: S3Server = self._server("s3")
        server.put(ORDERS, CONTENT)
        return s3_source(server, self.place, self._port(server.port, fault), **more)

    def database(self, kind: str, fault: dict[str, int] | None = None, sql: str = "", **more: Any) -> Fields:
        server: DatabaseServer = self._server(kind)
        numbers = {
            "postgres": "(select n from generate_series(1, 20000) as g(n))",
            "mysql": "(select seq as n from seq_1_to_20000)",
        }
        every = ROWS.format("x" * 18, numbers[kind])
        return database_source(kind, server, self.certificates, sql or every, self._port(server.port, fault)) | more

    def file(self, name: str, text: str, mode: int = 0o600) -> str:
        path = self.place.home / name
        path.write_text(text)
        path.chmod(mode)
        return name


@pytest.fixture
def world(
    request: pytest.FixtureRequest, place: Place, certificates: Certificates, wired: Callable[..., Wire]
) -> Iterator[World]:
    place.drop(ELSEWHERE)
    place.declare("another", folder_source(extracts=["nhc_death"]))
    return World(request, place, certificates, wired)  # type: ignore[return-value]


DEAD: dict[str, int] = {}
SILENT, SILENT_INSIDE = {"silent_after": 0}, {"silent_after": 100_000}
CUT, CUT_INSIDE = {"cut_after": 0}, {"cut_after": 100_000}
REFUSED, SILENCE, BROKEN = "连接被拒绝,对方服务没有开或端口不对", "没有回应", "传到一半连接中断"
NO_TLS = "加密连接(TLS)建立不了"
LOG_IN = "登录被拒绝"
WRONG = {"password_env": "WRONG_SECRET"}
ENDLESS = "select {} as order_no, '' as id_no, '' as service_kind, '' as ordered_on"

FAULTS: dict[str, tuple[Callable[[World], Fields], str]] = {
    "folder: there is none": (lambda w: folder_source(path="nowhere"), "文件夹读不了(No such file or directory)"),
    "sftp: dead": (lambda w: w.sftp(DEAD), REFUSED),
    "sftp: silent": (lambda w: w.sftp(SILENT) | SOON, SILENCE),
    "sftp: silent inside the file": (lambda w: w.sftp(SILENT_INSIDE) | SOON, SILENCE),
    "sftp: cut before the log-in": (lambda w: w.sftp(CUT), BROKEN),
    "sftp: cut inside the file": (lambda w: w.sftp(CUT_INSIDE), BROKEN),
    "sftp: unknown host key": (
        lambda w: w.sftp() | {"known_hosts": w.file("none", "")},
        "对方主机的密钥与 known_hosts 不符,或不在其中",
    ),
    "sftp: no known_hosts": (lambda w: w.sftp() | {"known_hosts": "absent"}, "没有 absent,认不出对方主机"),
    "sftp: wrong password": (lambda w: w.sftp() | WRONG, "用户名、口令或密钥不被接受"),
    "sftp: no such folder": (lambda w: w.sftp(path="/nowhere"), "对方没有这个目录或文件"),
    "sftp: too large": (lambda w: w.sftp(max_file_mb=1) | _large(w), "文件超过 1 MB"),
    "http: dead": (lambda w: w.http(DEAD), REFUSED),
    "http: silent": (lambda w: w.http(SILENT) | SOON, SILENCE),
    "http: silent inside the file": (lambda w: w.http(SILENT_INSIDE) | SOON, SILENCE),
    "http: cut before the answer": (lambda w: w.http(CUT), f"{BROKEN}|{NO_TLS}"),  # the cut may fall into the handshake
    "http: cut inside the file": (lambda w: w.http(CUT_INSIDE), BROKEN),
    "http: wrong token": (lambda w: w.http(token_env="WRONG_SECRET"), "令牌不被接受(HTTP 401)"),
    "http: untrusted certificate": (lambda w: {**w.http(), "ca_file": _other_ca(w)}, "对方的证书不可信"),
    "http: out of order": (lambda w: w.http(says=(503, {}, b"")), "对方返回 HTTP 503"),
    "http: a log-in page": (
        lambda w: w.http(says=(200, {"content-type": "text/html"}, b"<html>")),
        "对方返回的是网页,不是数据文件",
    ),
    "http: announced too large": (
        lambda w: w.http(says=(200, {"content-length": "2000000"}, b""), max_file_mb=1),
        "文件超过 1 MB",
    ),
    "http: too large unannounced": (
        lambda w: w.http(
            says=(200, {"content-length": "", "transfer-encoding": "chunked"}, _chunked(2_000_000)), max_file_mb=1
        ),
        "文件超过 1 MB",
    ),
    "http: less than announced": (lambda w: w.http(says=(200, {"content-length": "9"}, b"12345678")), BROKEN),
    "http: neither a size nor chunks": (lambda w: w.http(says=(200, {"content-length": ""}, b"x,y\n1")), "没有说明文件大小"),
    "http: on to an open wire": (
        lambda w: w.http(says=(302, {"location": "http://127.0.0.1:1/"}, b"")),
        "对方要转到没有加密的网址",
    ),
    "http: round and round": (lambda w: w.http(says=(302, {"location": PATH}, b"")), "转址超过5次"),
    "s3: dead": (lambda w: w.s3(DEAD), REFUSED),
    "s3: silent": (lambda w: w.s3(SILENT) | SOON | {"timeout_seconds": 1, "attempts": 1}, SILENCE),
    "s3: cut before the answer": (lambda w: w.s3(CUT), f"{BROKEN}|{NO_TLS}"),
    "s3: cut inside the file": (lambda w: w.s3(CUT_INSIDE), BROKEN),
    "s3: wrong secret": (lambda w: w.s3(secret_key_file=w.file("wrong", "wrong")), "密钥不被接受,或没有读取权限"),
    "s3: no such bucket": (lambda w: w.s3(bucket="another"), "对方没有这个桶或文件"),
    "postgres: dead": (lambda w: w.database("postgres", DEAD), REFUSED),
    "postgres: silent": (lambda w: w.database("postgres", SILENT, timeout_seconds=2, attempts=1), SILENCE),
    "postgres: silent inside the rows": (
        lambda w: w.database("postgres", SILENT_INSIDE, query_seconds=0.5) | SOON,
        SILENCE,
    ),
    "postgres: cut inside the rows": (lambda w: w.database("postgres", CUT_INSIDE), BROKEN),
    "postgres: wrong password": (lambda w: w.database("postgres") | WRONG, LOG_IN),
    "postgres: no such database": (lambda w: w.database("postgres", database="none"), LOG_IN),
    "postgres: untrusted certificate": (lambda w: w.database("postgres", ca_file=_other_ca(w)), "对方的证书不可信"),
    "postgres: a query without end": (
        lambda w: w.database("postgres", sql=ENDLESS.format("pg_sleep(9)::text"), query_seconds=0.2) | SOON,
        "查询超过0.2秒",
    ),
    "mysql: dead": (lambda w: w.database("mysql", DEAD), REFUSED),
    "mysql: silent": (lambda w: w.database("mysql", SILENT, query_seconds=0.5) | SOON, SILENCE),
    "mysql: silent inside the rows": (lambda w: w.database("mysql", SILENT_INSIDE, query_seconds=0.5) | SOON, SILENCE),
    "mysql: cut inside the rows": (lambda w: w.database("mysql", CUT_INSIDE), BROKEN),
    "mysql: wrong password": (lambda w: w.database("mysql") | WRONG, LOG_IN),
    "mysql: no such database": (lambda w: w.database("mysql", database="none"), LOG_IN),
    "mysql: untrusted certificate": (lambda w: w.database("mysql", ca_file=_other_ca(w)), "对方的证书不可信"),
    "mysql: a query without end": (
        lambda w: w.database("mysql", sql=ENDLESS.format("sleep(9)"), query_seconds=0.5) | SOON,
        SILENCE,
    ),
    "the secret is not set": (lambda w: w.sftp() | {"password_env": "NOT_SET"}, "环境变量 NOT_SET 没有设置"),
    "the secret's file is open to others": (
        lambda w: _by_file(w.sftp(), w.file("open", SECRET, 0o644)),
        "密钥文件 open 别人也能读",
    ),
    "the secret's file is not there": (
        lambda w: _by_file(w.sftp(), "absent"),
        "密钥文件 absent 读不了(No such file or directory)",
    ),
}


def _by_file(fields: Fields, name: str) -> Fields:
    return {key: value for key, value in fields.items() if key != "password_env"} | {"password_file": name}


def _large(world: World) -> Fields:
    (world._server("sftp").folder / ORDERS).write_bytes(b"x" * 1_100_000)
    return {}


def _chunked(size: int) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (size, b"x" * size)


def _other_ca(world: World) -> str:
    folder = world.place.home / "other"
    folder.mkdir()
    return str(Certificates.made(folder).ca)


@pytest.mark.parametrize("line", FAULTS)
def test_one_bad_source_is_told_and_the_others_arrive(line: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRONG_SECRET", "wrong-" + SECRET)
    declared, told = FAULTS[line]
    world.place.declare("bad", declared(world))
    pulled = world.place.pull()
    (failure,) = pulled["bad"].failures
    assert any(one in failure.found for one in told.split("|"))
    assert pulled["another"].failures == ()
    assert world.place.arrived() == {ELSEWHERE: b"dropped\n"}
    assert SECRET not in repr(pulled)


HEALING: dict[str, Callable[[World], Fields]] = {
    "sftp": lambda w: w.sftp({"cut_after": 100_000, "faulty": 2}),
    "http": lambda w: w.http({"cut_after": 100_000, "faulty": 1}),
    "s3": lambda w: w.s3({"cut_after": 100_000, "faulty": 2}),
    "postgres": lambda w: w.database("postgres", {"cut_after": 100_000, "faulty": 1}),
    "mysql": lambda w: w.database("mysql", {"cut_after": 100_000, "faulty": 1}),
}


@pytest.mark.parametrize("kind", HEALING)
def test_a_wire_that_is_cut_once_is_tried_again_and_the_file_comes_whole(kind: str, world: World) -> None:
    world.place.declare("bad", HEALING[kind](world))
    pulled = world.place.pull()["bad"]
    assert pulled.failures == ()
    (name,) = world.place.arrived().keys() - {ELSEWHERE}
    if name == ORDERS:
        assert world.place.arrived()[ORDERS] == CONTENT
    else:
        assert _rows(world.place.inbox / name) == 20_000


def _rows(path: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def test_a_wrong_password_is_not_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRONG_SECRET", "wrong")
    server: SftpServer = world._server("sftp")
    wire = world.wired(server.port)
    world.place.declare("bad", sftp_source(server, world.place, wire.port) | WRONG)
    world.place.pull()
    assert wire.connections == 1


def test_a_source_that_drips_is_left_alone_after_its_deadline(world: World) -> None:
    world.place.declare("bad", world.sftp(deadline_minutes=0.000001))
    (failure,) = world.place.pull()["bad"].failures
    assert failure.found.startswith("太慢")


def test_the_token_stays_with_the_host_that_it_was_given_for(world: World, certificates: Certificates) -> None:
    import servers

    with servers.http_server(certificates, token="") as elsewhere:
        elsewhere.says["/there.csv"] = (200, {"content-type": "text/csv"}, CONTENT)
        there = f"https://127.0.0.1:{elsewhere.port}/there.csv"
        world.place.declare("good", world.http(says=(302, {"location": there}, b"")))
        pulled = world.place.pull()["good"]
    assert [one.file for one in pulled.files] == [ORDERS]
    assert [token for _, token, _ in elsewhere.asked] == [None]
    assert [token for _, token, _ in world._server("http").asked] == [f"Bearer {SECRET}"]


def test_an_error_that_nobody_foresaw_is_told_without_its_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object) -> None:
        raise ValueError("a cell: 990101198001010014")

    monkeypatch.setattr("monitor.pulling.sftp.SftpShelf.offers", broken)
    world.place.declare("bad", world.sftp())
    pulled = world.place.pull()
    assert pulled["bad"].failures[0].found == "没有料到的错误(ValueError)"
    assert len(pulled["another"].files) == 1
