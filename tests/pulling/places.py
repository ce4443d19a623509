"""A home with sources, and short ways to declare them, pull and look at what came."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from servers import USER, Certificates, DatabaseServer, HttpServer, S3Server, SftpServer

from monitor.pulling import Pulled, load_sources, pull_sources
from monitor.settings import Settings

D = date(2026, 11, 20)
ORDERS = "mca_service_order_20261120.csv"  # delta
PEOPLE = "psb_resident"  # full
PASSWORD = {"password_env": "DEPARTMENT_SECRET"}
QUICK: dict[str, Any] = {"attempts": 3, "wait_seconds": 0.01, "timeout_seconds": 5}
Fields = dict[str, Any]


@dataclass
class Place:
    """A home; `declare` adds a source to its sources.toml."""

    home: Path
    tables: dict[str, Fields] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home.mkdir()

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home)

    @property
    def inbox(self) -> Path:
        return self.settings.inbox_folder

    def declare(self, name: str, fields: Fields, **more: Any) -> None:
        self.tables[name] = QUICK | fields | more
        text = "\n".join(f"[sources.{n}]\n" + _toml(table, f"sources.{n}") for n, table in self.tables.items())
        (self.home / "sources.toml").write_text(text, encoding="utf-8")

    def pull(self, as_of: date = D, **how: Any) -> dict[str, Pulled]:
        return {one.source: one for one in pull_sources(self.settings, as_of, load_sources(self.settings), **how)}

    def arrived(self) -> dict[str, bytes]:
        """Everything in the inbox, hidden files too."""
        return {p.relative_to(self.inbox).as_posix(): p.read_bytes() for p in self.inbox.rglob("*") if p.is_file()}

    def drop(self, name: str, content: bytes = b"dropped\n") -> Path:
        """Put a file into the folder of `folder_source`."""
        folder = self.home / "drop"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        return folder / name


def folder_source(**more: Any) -> Fields:
    return {"kind": "folder", "path": "drop", "extracts": ["mca_service_order"], "quiet_seconds": 0} | more


def sftp_source(server: SftpServer, place: Place, port: int | None = None, **more: Any) -> Fields:
    (place.home / "known_hosts").write_text(server.known_hosts(port or server.port))
    own = {"kind": "sftp", "host": "127.0.0.1", "port": port or server.port, "user": USER, "quiet_seconds": 0}
    return own | {"extracts": ["mca_service_order"]} | ({} if "key_file" in more else PASSWORD) | more


def http_source(server: HttpServer, certificates: Certificates, port: int | None = None, **more: Any) -> Fields:
    url = f"https://127.0.0.1:{port or server.port}/{{extract}}_{{date}}.csv"
    own = {"kind": "http", "url": url, "token_env": "DEPARTMENT_SECRET", "ca_file": str(certificates.ca), "days": 1}
    return own | {"extracts": ["mca_service_order"]} | more


def s3_source(server: S3Server, place: Place, port: int | None = None, **more: Any) -> Fields:
    for name, secret in (("access", server.access_key), ("secret", server.secret_key)):
        (place.home / name).write_text(secret + "\n")
        (place.home / name).chmod(0o600)
    own = {"kind": "s3", "endpoint": f"http://127.0.0.1:{port or server.port}", "bucket": server.bucket}
    return own | {"access_key_file": "access", "secret_key_file": "secret", "extracts": ["mca_service_order"]} | more


def database_source(
    kind: str, server: DatabaseServer, certificates: Certificates, sql: str, port: int | None = None, **query: Any
) -> Fields:
    database = "postgres" if kind == "postgres" else "department"
    own = {"kind": kind, "host": "127.0.0.1", "port": port or server.port, "database": database, "user": USER}
    return own | PASSWORD | {"ca_file": str(certificates.ca), "queries": {"mca_service_order": {"sql": sql} | query}}


def _toml(table: Fields, name: str) -> str:
    """A table as TOML; the only nested one is that of queries."""
    plain = {key: value for key, value in table.items() if not isinstance(value, dict)}
    text = "".join(f"{key} = {_value(value)}\n" for key, value in plain.items())
    for key, nested in table.items():
        if isinstance(nested, dict):
            text += f"[{name}.{key}]\n" + _toml(nested, f"{name}.{key}")
    return text


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value) if isinstance(value, (int, float)) else "'''" + str(value) + "'''"
