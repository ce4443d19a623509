"""Where the trail ended, told outside of it, so that cutting off its end is found: `head.json`, and every night's manifest."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from monitor.durable import write_whole
from monitor.privacy import AUDIT_KEY, key_made_once

HEAD = "head.json"
_PLACE_OF_HEAD = "head"


@dataclass(frozen=True)
class Head:
    """The last record of a trail: its number and its seal."""

    number: int
    seal: str


def audit_key(home: Path) -> bytes:
    """The key of this home's trail, made once, readable by its owner only; without it no record can be made up."""
    return key_made_once(home / "keys", AUDIT_KEY)


def anchor_for_manifest(home: Path, as_of: date, head: Head) -> dict[str, Any]:
    """What a night's manifest tells of the trail; it fits this night only."""
    return _anchor(audit_key(home), as_of.isoformat(), head)


def write_head(folder: Path, key: bytes, head: Head) -> None:
    """Tell beside the trail where it ends."""
    write_whole(folder / HEAD, json.dumps(_anchor(key, _PLACE_OF_HEAD, head)) + "\n")


def read_head(folder: Path, key: bytes) -> Head | None:
    """Where the trail ended; None when that was never told, or not with this key."""
    try:
        return read_anchor(key, _PLACE_OF_HEAD, json.loads((folder / HEAD).read_bytes()))
    except (OSError, ValueError):
        return None


def read_anchor(key: bytes, place: str, anchor: Any) -> Head | None:
    """The head that an anchor tells; None when it was not made for this place with this key."""
    try:
        head = Head(anchor["number"], anchor["seal"])
        genuine = hmac.compare_digest(_anchor(key, place, head)["mac"], anchor["mac"])
    except (KeyError, TypeError):
        return None
    return head if genuine else None


def _anchor(key: bytes, place: str, head: Head) -> dict[str, Any]:
    mac = hmac.digest(key, f"{place}|{head.number}|{head.seal}".encode(), "sha256").hex()
    return {"number": head.number, "seal": head.seal, "mac": mac}
