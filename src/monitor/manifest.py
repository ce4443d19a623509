"""The manifest of a run folder: written last, it proves the rest; a run without a readable one is damaged."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from monitor.durable import write_whole
from monitor.errors import Damaged, Fault

MANIFEST = "manifest.json"
_RUN_ID = re.compile(rb'"run_id": "([^"\\]*)"')


def run_id_of(folder: Path) -> str:
    """The id of a run, found in its manifest without reading the thousands of file names in it: this is asked of every run.

    A damaged run, which may have been put aside since, has none.
    """
    path = folder / MANIFEST
    found = _RUN_ID.search(path.read_bytes()) if path.is_file() else None
    return found[1].decode() if found else ""


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest of a run folder, whole or not at all."""
    write_whole(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run folder.

    Raises:
        Damaged: it is gone, or is not what was written.
    """
    try:
        loaded: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Damaged("有一晚的清单不见了。", [lost_manifest(folder)]) from None
    except ValueError:  # its words may quote what stands there
        raise Damaged("有一晚的清单有损坏。", [_broken(folder, "读不了")]) from None
    return loaded


def lost_manifest(folder: Path) -> Fault:
    """What is said of a run folder without its manifest."""
    return _broken(folder, "不见了")


def _broken(folder: Path, found: str) -> Fault:
    return Fault(
        str(folder / MANIFEST),
        found,
        "与写入时一致",
        "没有清单,不能证明这一晚的结果完整,它也不再算作已运行",
        "从备份恢复这个文件;没有备份的,把整个目录移出 runs,再重跑这一晚",
    )
