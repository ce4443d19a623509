"""The indicators of a run as rows, read from the catalogue that the run keeps."""

from __future__ import annotations

import json
import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from monitor.dictionary import Row
from monitor.vocabulary import POINTS, Level

STORED = "catalogue.json"
_PARAMETER = re.compile(r"param\.([a-z][a-z0-9_]*)")


def catalogue_rows(run: Path) -> list[Row]:
    """The rows of table `catalogue` of one run, without its date; none when the run kept no catalogue."""
    path = run / STORED
    files: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["files"] if path.is_file() else {}
    return [_row(name.rpartition("/")[2].partition("_")[0], text) for name, text in files.items()]


@lru_cache(maxsize=1024)  # most files are the same every night
def _row(code: str, text: str) -> Row:
    rule: dict[str, Any] = tomllib.loads(text)
    names = _PARAMETER.findall(" ".join((rule["when"], rule.get("unless", ""), rule["say"])))
    return (
        code,
        rule["title"],
        rule["title_en"],
        code[:3],
        rule["unit"],
        rule["direction"],
        rule["level"],
        POINTS[Level(rule["level"])],
        rule.get("family"),
        rule["route"],
        rule["why"],
        rule["when"],
        rule.get("unless"),
        ",".join(rule["evidence"]),
        ",".join(dict.fromkeys(names)),
        rule["since"].isoformat(),
        rule["until"].isoformat() if "until" in rule else None,
    )
