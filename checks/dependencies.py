"""What is installed is what was locked, may be used, and has no known vulnerability.

The first two need no network and always decide. The third asks osv.dev through pip-audit; without network it says loudly that
it did not look, and is no reason to fail. What was looked at and does no harm here stands in accepted_vulnerabilities.toml.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
ACCEPTED = Path(__file__).with_name("accepted_vulnerabilities.toml")
ACCEPTED_FOR_AT_MOST = timedelta(days=183)
SECONDS = 60
# licences under which this project may be handed on as it is; a new one is read by a person and added here
GOOD = re.compile(
    r"Apache|MIT\b|BSD|ISC|PSF|Python Software Foundation|MPL|Mozilla Public|Zlib|Unlicense|CC0|0BSD|HPND|Public Domain|"
    r"CNRI|LGPL|Lesser General Public|Artistic|EPL-2.0",
    re.IGNORECASE,
)
# packages that do not say it in their metadata, but in their repository
READ_THERE = {"axe-playwright-python": "MIT", "pyxform": "BSD-2-Clause"}
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^ ;\\]+)[^\\]*\\?$")


@dataclass(frozen=True)
class Locked:
    """A requirement of a lock: its name, its version, how many hashes it may have."""

    name: str
    version: str
    hashes: int


def read_lock(text: str) -> tuple[list[Locked], list[str]]:
    """The requirements of a lock, and every line that pins nothing."""
    locked: list[Locked] = []
    wrong = []
    for line in (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")):
        if re.fullmatch(r"\s+--hash=sha256:[0-9a-f]{64}( \\)?", line) and locked:
            last = locked.pop()
            locked.append(Locked(last.name, last.version, last.hashes + 1))
        elif match := _PIN.match(line):
            locked.append(Locked(canonicalize_name(match["name"]), match["version"], 0))
        else:
            wrong.append(f"pins nothing: {line.strip()}")
    return locked, wrong + [f"{one.name}: no hash" for one in locked if not one.hashes]


def not_locked(named: list[str], locked: list[Locked]) -> Iterator[str]:
    """Requirements that the project names and its lock lacks, or holds in another version."""
    versions = {one.name: one.version for one in locked}
    for requirement in map(Requirement, named):
        version = versions.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            yield f"{requirement}: locked is {version or 'nothing'}; run make lock"


def doubtful_licences(names: list[str]) -> Iterator[str]:
    """Installed packages whose licence nobody has read."""
    for name in names:
        try:
            told = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another platform
        texts = [told.get("License-Expression") or "", (told.get("License") or "")[:200]]
        texts += [one for one in told.get_all("Classifier") or [] if one.startswith("License ::")]
        if not GOOD.search(" ".join([*texts, READ_THERE.get(name, "")])):
            yield f"{name}: licence {' '.join(filter(None, texts)) or 'not told'}"


def accepted_vulnerabilities(text: str, today: date) -> tuple[list[str], list[str]]:
    """The vulnerabilities that somebody accepted until a day to come, and what is wrong with the other entries."""
    accepted, wrong = [], []
    for name, entry in tomllib.loads(text).items():
        until, told = entry.get("until"), all(str(entry.get(key, "")).strip() for key in ("package", "why"))
        if not told or type(until) is not date:
            wrong.append(f"{name}: accepted without package, why and until")
        elif not today <= until <= today + ACCEPTED_FOR_AT_MOST:
            wrong.append(f"{name} ({entry['package']}): accepted until {until}; look again, then for half a year at most")
        else:
            accepted.append(name)
    return accepted, wrong


def known_vulnerabilities(lock: Path, accepted: Sequence[str] = ()) -> tuple[bool, str]:
    """Whether osv.dev could be asked, and what it said of vulnerabilities that nobody accepted."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--require-hashes", "--disable-pip", "--strict"]
    command += ["--vulnerability-service", "osv", "--timeout", "5", "--progress-spinner", "off"]
    command += [word for name in accepted for word in ("--ignore-vuln", name)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return False, f"no answer in {SECONDS} s"
    asked = done.returncode == 0 or "known vulnerabilit" in done.stderr
    return asked, done.stdout if asked and done.returncode else "" if asked else (done.stderr.strip().splitlines() or ["?"])[
        -1
    ][:200]


def main() -> int:
    """Print every fault; return the exit code."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    faults = []
    for lock, extras in (("requirements.lock", ["dev"]), ("requirements-spark.lock", ["dev", "spark"])):
        locked, wrong = read_lock((ROOT / lock).read_text(encoding="utf-8"))
        named = [*project["dependencies"], *(one for extra in extras for one in project["optional-dependencies"][extra])]
        faults += [f"{lock}: {one}" for one in (*wrong, *not_locked(named, locked))]
    faults += doubtful_licences([one.name for one in read_lock((ROOT / "requirements.lock").read_text(encoding="utf-8"))[0]])
    accepted, wrong = accepted_vulnerabilities(ACCEPTED.read_text(encoding="utf-8"), datetime.now(UTC).date())
    faults += [f"{ACCEPTED.name}: {one}" for one in wrong]
    asked, said = known_vulnerabilities(ROOT / "requirements.lock", accepted)
    faults += [said] if asked and said else []
    print("\n".join([*faults, f"dependencies: {len(faults)} faults"]))
    if not asked:
        print(f"dependencies: NOT CHECKED for known vulnerabilities, osv.dev could not be asked ({said})", file=sys.stderr)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
