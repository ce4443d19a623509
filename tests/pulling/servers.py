"""Real servers on loopback, each with an account, a secret and a folder, bucket or database to pull from."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import asyncssh
import psycopg
import pymysql
import trustme
from wire import closed_port

USER, SECRET = "monitor", "s3cret-of-the-tests"
UNPRIVILEGED = "nobody"


@dataclass
class Certificates:
    """A certificate authority and a certificate of 127.0.0.1 as files."""

    ca: Path
    chain: Path
    key: Path

    @classmethod
    def made(cls, folder: Path) -> Certificates:
        authority, made = trustme.CA(), cls(folder / "ca.pem", folder / "chain.pem", folder / "key.pem")
        issued = authority.issue_cert("127.0.0.1", "localhost")
        authority.cert_pem.write_to_path(made.ca)
        made.chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        issued.private_key_pem.write_to_path(made.key)
        return made


# ---- SFTP


class _Account(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, SECRET)


class _Folder(asyncssh.SFTPServer):
    """Lists what `extra` says beside what is there; the next `grows_at_reads` files that are read grow meanwhile."""

    extra: tuple[str, ...] = ()
    grows_at_reads: int = 0

    async def scandir(self, path: bytes) -> Any:
        attrs = asyncssh.SFTPAttrs(type=asyncssh.FILEXFER_TYPE_REGULAR, size=1, mtime=1, permissions=0o100644)
        async for one in super().scandir(path):
            yield one
        for name in self.extra:
            yield asyncssh.SFTPName(name.encode(), attrs=attrs)

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
        real = Path(os.fsdecode(self.map_path(path)))
        if _Folder.grows_at_reads:
            _Folder.grows_at_reads -= 1
            with real.open("ab") as file:
                file.write(b"more\n")
        return super().open(path, pflags, attrs)


@dataclass
class SftpServer:
    port: int
    folder: Path
    host_key: asyncssh.SSHKey
    client_key: asyncssh.SSHKey
    behaviour: type[_Folder] = _Folder

    def known_hosts(self, *ports: int) -> str:
        line = self.host_key.export_public_key().decode().strip()
        return "".join(f"[127.0.0.1]:{port} {line}\n" for port in (self.port, *ports))


@contextmanager
def sftp_server(folder: Path) -> Iterator[SftpServer]:
    """asyncssh in a thread of this process."""
    host_key, client_key = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    loop, port, authorized = asyncio.new_event_loop(), closed_port(), folder.parent / "authorized_keys"
    authorized.write_bytes(client_key.export_public_key())
    threading.Thread(target=loop.run_forever, daemon=True).start()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            port,
            server_factory=_Account,
            server_host_keys=[host_key],
            authorized_client_keys=str(authorized),
            sftp_factory=lambda channel: _Folder(channel, chroot=os.fsencode(folder)),
        )

    acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result(30)
    try:
        yield SftpServer(port, folder, host_key, client_key)
    finally:
        loop.call_soon_threadsafe(acceptor.close)
        loop.call_soon_threadsafe(loop.stop)


# ---- HTTP


@dataclass
class HttpServer:
    """Serves `files` by path to whoever brings the token, and what `says` tells instead: path -> (status, headers, body)."""

    port: int
    files: dict[str, bytes] = field(default_factory=dict)
    says: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str | None, int]] = field(default_factory=list)
    token: str = SECRET


class _Handler(BaseHTTPRequestHandler):
    served: HttpServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.served.asked.append((self.path, self.headers["authorization"], self.server.server_address[1]))
        if self.path in self.served.says:
            self._say(*self.served.says[self.path])
        elif self.headers["authorization"] != f"Bearer {self.served.token}":
            self._say(401, {}, b"no")
        elif self.path not in self.served.files:
            self._say(404, {}, b"no")
        else:
            self._file(self.served.files[self.path])

    def _file(self, content: bytes) -> None:
        tag = f'"{hash(content)}"'
        if self.headers["if-none-match"] == tag:
            self._say(304, {"etag": tag}, b"")
        else:
            self._say(200, {"etag": tag, "content-type": "text/csv"}, content)

    def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in ({"content-length": str(len(body))} | headers).items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def http_server(certificates: Certificates | None, token: str = SECRET) -> Iterator[HttpServer]:
    """http.server in a thread, with TLS when there are certificates."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {}))
    served = server.RequestHandlerClass.served = HttpServer(server.server_address[1], token=token)  # type: ignore[attr-defined]
    if certificates:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.chain, certificates.key)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


# ---- S3


@dataclass
class S3Server:
    port: int
    bucket: str
    access_key: str
    secret_key: str
    client: Any

    def put(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content)

    def empty(self) -> None:
        for one in self.client.list_objects_v2(Bucket=self.bucket).get("Contents", []):
            self.client.delete_object(Bucket=self.bucket, Key=one["Key"])


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """moto, with one user who may read and write; from then on every signature is checked."""
    os.environ.setdefault("INITIAL_NO_AUTH_ACTION_COUNT", "3")
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    port = server.get_host_and_port()[1]
    session = {"endpoint_url": f"http://127.0.0.1:{port}", "region_name": "us-east-1"}
    anybody = {"aws_access_key_id": "anybody", "aws_secret_access_key": "anything"}
    iam = boto3.client("iam", **session, **anybody)
    iam.create_user(UserName=USER)
    policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
    iam.put_user_policy(UserName=USER, PolicyName="all", PolicyDocument=policy)
    made = iam.create_access_key(UserName=USER)["AccessKey"]
    own = {"aws_access_key_id": made["AccessKeyId"], "aws_secret_access_key": made["SecretAccessKey"]}
    client = boto3.client("s3", **session, **own)
    client.create_bucket(Bucket="extracts")
    try:
        yield S3Server(port, "extracts", made["AccessKeyId"], made["SecretAccessKey"], client)
    finally:
        server.stop()


# ---- databases


@dataclass
class DatabaseServer:
    port: int
    execute: Any  # (*statements) -> None, as its owner


POSTGRES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
MARIADB = shutil.which("mariadbd", path="/usr/sbin:/usr/bin")


def _as_unprivileged() -> dict[str, Any]:
    """Database servers refuse to be root."""
    return {"user": UNPRIVILEGED, "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


def _given_to_unprivileged(folder: Path, certificates: Certificates) -> Path:
    """A private copy of the server's certificate, and the folder, for the user whom the server runs as."""
    key, chain = (Path(shutil.copy(path, folder)) for path in (certificates.key, certificates.chain))
    key.chmod(0o600)
    if os.geteuid() == 0:
        for path in (folder, key, chain):
            shutil.chown(path, UNPRIVILEGED, "nogroup")
    return folder


@contextmanager
def _running(command: list[str | Path], end: signal.Signals) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **_as_unprivileged())
    try:
        yield
    finally:
        process.send_signal(end)
        process.wait(30)


def _once_up(connect: Any, error: type[Exception]) -> Any:
    for _ in range(300):
        with suppress(error):
            return connect()
        time.sleep(0.1)
    return connect()


@contextmanager
def postgres_server(folder: Path, certificates: Certificates) -> Iterator[DatabaseServer]:
    """PostgreSQL of this machine with TLS, a database `department` and a reader."""
    assert POSTGRES
    data, port, own = _given_to_unprivileged(folder, certificates) / "data", closed_port(), _as_unprivileged()
    making = [POSTGRES / "initdb", "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    subprocess.run(making, check=True, capture_output=True, **own)
    rules = ["local all all trust", "hostssl all owner 127.0.0.1/32 trust", "hostssl all all 127.0.0.1/32 scram-sha-256"]
    (data / "pg_hba.conf").write_text("\n".join(rules) + "\n")
    (data / "postgresql.auto.conf").write_text(
        f"ssl = on\nssl_cert_file = '{folder / 'chain.pem'}'\nssl_key_file = '{folder / 'key.pem'}'\nfsync = off\n"
        f"listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nshared_buffers = '16MB'\n"
    )
    with _running([POSTGRES / "postgres", "-D", data], signal.SIGINT):

        def connect() -> psycopg.Connection[Any]:
            return psycopg.connect(f"host=127.0.0.1 port={port} user=owner dbname=postgres sslmode=require", autocommit=True)

        with _once_up(connect, psycopg.OperationalError) as owner:

            def execute(*statements: str) -> None:
                for statement in statements:
                    owner.execute(statement.encode())

            execute(f"create role {USER} login password '{SECRET}'", f"grant pg_read_all_data to {USER}")
            yield DatabaseServer(port, execute)


@contextmanager
def mysql_server(folder: Path, certificates: Certificates) -> Iterator[DatabaseServer]:
    """MariaDB of this machine with TLS, a database `department` and a reader."""
    data, port, own = _given_to_unprivileged(folder, certificates) / "data", closed_port(), _as_unprivileged()
    data.mkdir()
    if own:
        shutil.chown(data, UNPRIVILEGED, "nogroup")
    making = [
        "mariadb-install-db",
        "--no-defaults",
        f"--datadir={data}",
        "--skip-test-db",
        "--auth-root-authentication-method=normal",
    ]
    subprocess.run(making, check=True, capture_output=True, **own)
    small = ["--innodb-buffer-pool-size=16M", "--innodb-log-file-size=4M", "--innodb-flush-log-at-trx-commit=0"]
    tls = [f"--ssl-cert={folder / 'chain.pem'}", f"--ssl-key={folder / 'key.pem'}"]
    where = [f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder / 'socket'}"]
    with _running([str(MARIADB), "--no-defaults", *where, *small, *tls, "--character-set-server=utf8mb4"], signal.SIGKILL):

        def connect() -> pymysql.Connection[Any]:
            return pymysql.connect(unix_socket=str(folder / "socket"), user="root", autocommit=True)

        owner = _once_up(connect, pymysql.OperationalError)

        def execute(*statements: str) -> None:
            with owner.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)

        execute(
            "create database department",
            "use department",
            f"create user {USER}@'%' identified by '{SECRET}'",
            f"grant select, insert on department.* to {USER}@'%'",
        )
        try:
            yield DatabaseServer(port, execute)
        finally:
            owner.close()
