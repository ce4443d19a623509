"""The servers that the tests pull from, started once; a home to pull into."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import servers
from places import Place
from servers import Certificates, DatabaseServer, HttpServer, S3Server, SftpServer
from wire import Wire


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder that users without rights may enter, which pytest's own folders are not."""
    made = Path(tempfile.mkdtemp(prefix="pulling-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def certificates(folder: Path) -> Certificates:
    return Certificates.made(folder)


@pytest.fixture(scope="session")
def _sftp(folder: Path) -> Iterator[SftpServer]:
    (folder / "sftp" / "out").mkdir(parents=True)
    with servers.sftp_server(folder / "sftp" / "out") as server:
        yield server


@pytest.fixture
def sftp(_sftp: SftpServer) -> Iterator[SftpServer]:
    yield _sftp
    _sftp.behaviour.extra, _sftp.behaviour.grows_at_reads = (), 0
    for path in _sftp.folder.iterdir():
        path.unlink()


@pytest.fixture
def http(certificates: Certificates) -> Iterator[HttpServer]:
    with servers.http_server(certificates) as server:
        yield server


@pytest.fixture(scope="session")
def _s3() -> Iterator[S3Server]:
    with servers.s3_server() as server:
        yield server


@pytest.fixture
def s3(_s3: S3Server) -> S3Server:
    _s3.empty()
    return _s3


@pytest.fixture(scope="session")
def postgres(folder: Path, certificates: Certificates) -> Iterator[DatabaseServer]:
    if not servers.POSTGRES:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    (folder / "postgres").mkdir()
    with servers.postgres_server(folder / "postgres", certificates) as server:
        yield server


@pytest.fixture(scope="session")
def mysql(folder: Path, certificates: Certificates) -> Iterator[DatabaseServer]:
    if not servers.MARIADB:
        pytest.skip("MariaDB is not installed (Debian: apt install mariadb-server-core)")
    (folder / "mysql").mkdir()
    with servers.mysql_server(folder / "mysql", certificates) as server:
        yield server


@pytest.fixture
def wired() -> Iterator[Callable[..., Wire]]:
    """Make wires; they end with the test."""
    made: list[Wire] = []

    def make(port: int, **faults: int) -> Wire:
        made.append(Wire(port, **faults))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A home whose sources a test declares, and the environment with the secret in it."""
    monkeypatch.setenv("DEPARTMENT_SECRET", servers.SECRET)
    for name in [name for name in os.environ if name.startswith(("PG", "AWS_"))]:
        monkeypatch.delenv(name)
    return Place(tmp_path / "home")
