"""Homes with a key, and a hunt for people in bytes that nobody may read."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from monitor.settings import Settings
from monitor.store import connect, stored

FIRST, LAST = date(2026, 11, 19), date(2026, 11, 20)
SECRET = "5e" * 32
OTHER = "a7" * 32
# made for others, or by others: the lists go to the field, the deliveries came from outside
_NOT_OURS = ("inbox", "outbox", "answers")


@dataclass(frozen=True)
class Homes:
    """The same night of the same county, in clear and with a key."""

    root: Path

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def clear(self) -> Path:
        return self.root / "clear"

    @property
    def locked(self) -> Path:
        return self.root / "locked"

    @property
    def key(self) -> Path:
        return self.root / "home.key"


def key_file(path: Path, secret: str = SECRET) -> Path:
    """A key file as it should be."""
    path.write_text(secret + "\n", encoding="ascii")
    path.chmod(0o600)
    return path


def settings_of(home: Path, inbox: Path, key: Path | None) -> Settings:
    """Settings of a home, whatever the environment says."""
    return Settings(home=home, inbox=inbox, threads=1, memory_limit_mb=1024, encryption_key_file=key, encryption_key=None)


def people_of(settings: Settings, run: Path, count: int = 12) -> list[tuple[str, str, str]]:
    """ID, name and phone of some people of a run."""
    with connect(None, settings) as connection:
        return connection.execute(
            f"select id_no, name, phone from {stored(run / 'person.parquet')} "
            f"where phone is not null and length(name) > 2 order by id_no limit {count}"
        ).fetchall()


def traces(people: list[tuple[str, str, str]]) -> list[bytes]:
    """What people look like in a file: as text in both encodings, and the ID as the key that joins are made by."""
    found = []
    for id_no, name, phone in people:
        key = int(id_no[:17]) * 16 + "0123456789X".index(id_no[17])
        found += [id_no.encode(), str(key).encode(), struct.pack("<q", key), struct.pack(">q", key)]
        found += [phone.encode(), name.encode(), name.encode("gb18030")]
    return found


def told_in(folder: Path, wanted: list[bytes]) -> list[str]:
    """The files below a folder in whose bytes somebody stands, lists and deliveries left out."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    ours = [path for path in files if not set(path.relative_to(folder).parts) & set(_NOT_OURS)]
    assert ours
    return [path.relative_to(folder).as_posix() for path in ours if _tells(path.read_bytes(), wanted)]


def _tells(content: bytes, wanted: list[bytes]) -> bool:
    return any(one in content for one in wanted)


def bytes_below(home: Path, *parts: str) -> dict[str, bytes]:
    """Every file of some folders of a home."""
    files = [path for part in parts for path in sorted((home / part).rglob("*")) if path.is_file()]
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in files}
