"""No key, password or token stands in the tree: detect-secrets over every text file that people write.

What is none is marked in its line with `pragma: allowlist secret`, or stands in ACCEPTED where a line has no room for that.
A finding names file, line and kind, never the value.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = ("src", "flows", "schemas", "tests", "benchmarks", "checks", "docs", ".ci")
# pages that `monitor docs` writes out of what is scanned anyway, the list of divisions, and byte code
LEFT_OUT = (
    "docs/catalogue/",
    "docs/extracts.",
    "docs/facts.",
    "docs/departments.",
    "docs/outputs.",
    "benchmarks/data/",
    "yunnan.csv",
    "__pycache__",
)

ACCEPTED = {
    "tests/end_to_end/test_the_loop.py Secret Keyword",  # an attribute of a spreadsheet, library:passwordprotected
    # names of environment variables and files in examples
    "docs/operations.md Secret Keyword",
    "docs/operator-guide.zh-CN.md Secret Keyword",
    "docs/sources.example.toml Secret Keyword",
    "schemas/outputs/versions.toml Hex High Entropy String",  # what a version of the public schema is recognised by
    "benchmarks/results.jsonl Hex High Entropy String",  # the sha256 of what measured nights left
    # made-up passwords of servers that live as long as a test, and vectors that pin how keys are derived
    "tests/encryption/locked.py Secret Keyword",
    "tests/encryption/test_keys.py Hex High Entropy String",
    "tests/operation/catchers.py Secret Keyword",
    "tests/operation/test_notify.py Secret Keyword",
    "tests/pulling/places.py Secret Keyword",
    "tests/pulling/servers.py Secret Keyword",
    "tests/pulling/test_faults.py Secret Keyword",
    "tests/pulling/test_sources_file.py Secret Keyword",
}


def files_of(root: Path) -> Iterator[Path]:
    """Every file that people write."""
    yield from (path for path in root.iterdir() if path.is_file() and path.suffix not in {".lock"})
    for folder in WRITTEN:
        yield from (path for path in (root / folder).rglob("*") if path.is_file() and not path.is_symlink())


def found_in(root: Path, path: Path) -> list[str]:
    """`file:line kind` of everything in a file that looks like a secret."""
    secrets, name = SecretsCollection(str(root)), path.relative_to(root).as_posix()
    with default_settings():
        secrets.scan_file(name)
    return [f"{name}:{one.line_number} {one.type}" for _, one in secrets if f"{name} {one.type}" not in ACCEPTED]


def scan(root: Path) -> list[str]:
    """All findings below a root."""
    paths = sorted(p for p in files_of(root) if not any(word in p.relative_to(root).as_posix() for word in LEFT_OUT))
    with multiprocessing.Pool() as pool:
        return [finding for findings in pool.imap(partial(found_in, root), paths, chunksize=32) for finding in findings]


if __name__ == "__main__":
    findings = scan(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)
    print("\n".join([*findings, f"secrets: {len(findings)} found"]))
    sys.exit(bool(findings))
