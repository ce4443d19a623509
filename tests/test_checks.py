"""`make check` finds a key in the tree, a lock that locks nothing, and never says that it looked when it could not."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "checks"))

import dependencies

ROOT = Path(__file__).parents[1]
PIN = "idna==3.10 \\\n    --hash=sha256:" + "0" * 64 + "\n"
KEY = "AKIA" + "QXZW" * 4  # in the form of a cloud key; nobody's


def secrets_found_in(root: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, ROOT / "checks/no_secrets.py", root], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_a_key_in_any_file_is_found_and_not_repeated(tmp_path: Path) -> None:
    for folder in ("src/monitor", "tests", ".ci"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "src/monitor/one.py").write_text(f'AWS = "{KEY}"\n', encoding="utf-8")
    (tmp_path / "tests/fine.py").write_text("NIGHTS = 3\n", encoding="utf-8")
    code, said = secrets_found_in(tmp_path)
    assert (code, KEY in said) == (1, False)
    assert "src/monitor/one.py:1 AWS Access Key" in said
    assert "fine.py" not in said
    (tmp_path / "src/monitor/one.py").write_text(f'AWS = "{KEY}"  # pragma: allowlist secret\n', encoding="utf-8")
    assert secrets_found_in(tmp_path)[0] == 0


@pytest.mark.parametrize(
    ("lock", "wrong"),
    [
        (PIN, []),
        ("idna==3.10\n", ["idna: no hash"]),
        ("idna>=3.10 \\\n    --hash=sha256:" + "0" * 64 + "\n", ["pins nothing"]),
        ("idna @ https://example.invalid/idna.whl\n", ["pins nothing"]),
        (PIN + "-e .\n", ["pins nothing"]),
    ],
)
def test_a_lock_pins_every_package_by_its_hash(lock: str, wrong: list[str]) -> None:
    found = dependencies.read_lock(lock)[1]
    assert len(found) >= len(wrong)
    assert bool(found) == bool(wrong)
    assert all(one.startswith(expected) for one, expected in zip(found, wrong, strict=False))


def test_both_locks_pin_every_package_by_its_hash() -> None:
    for name in ("requirements.lock", "requirements-spark.lock"):
        locked, wrong = dependencies.read_lock((ROOT / name).read_text(encoding="utf-8"))
        assert (wrong, len(locked) > 100) == ([], True)


def test_what_the_project_names_must_be_locked_in_a_version_that_it_allows() -> None:
    locked = [dependencies.Locked("duckdb", "1.5.5", 1), dependencies.Locked("pyarrow", "26.0.0", 1)]
    assert list(dependencies.not_locked(["duckdb==1.5.5", "PyArrow>=26"], locked)) == []
    assert len(list(dependencies.not_locked(["duckdb==1.5.4", "polars>=2"], locked))) == 2


def test_a_licence_that_nobody_has_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(dependencies.doubtful_licences(["duckdb", "typer", "pyxform", "is-not-installed"])) == []
    monkeypatch.setattr(dependencies, "READ_THERE", {})
    assert list(dependencies.doubtful_licences(["pyxform"])) == ["pyxform: licence not told"]


@pytest.mark.parametrize(
    ("code", "stdout", "stderr", "expected"),
    [
        (0, "", "No known vulnerabilities found", (True, "")),
        (1, "idna 3.10 GHSA-xxxx", "Found 1 known vulnerability in 1 package", (True, "idna 3.10 GHSA-xxxx")),
        (1, "", "requests.exceptions.ConnectionError: no route", (False, "requests.exceptions.ConnectionError: no route")),
    ],
)
def test_a_scan_that_could_not_ask_is_no_clean_scan(
    monkeypatch: pytest.MonkeyPatch, code: int, stdout: str, stderr: str, expected: tuple[bool, str]
) -> None:
    done = subprocess.CompletedProcess([], code, stdout, stderr)
    monkeypatch.setattr(dependencies.subprocess, "run", lambda *_, **__: done)
    assert dependencies.known_vulnerabilities(Path("lock")) == expected


def test_a_scan_that_takes_too_long_is_no_clean_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("pip-audit", 60)

    monkeypatch.setattr(dependencies.subprocess, "run", slow)
    assert dependencies.known_vulnerabilities(Path("lock")) == (False, "no answer in 60 s")


def test_a_vulnerability_is_accepted_with_a_reason_and_for_a_while() -> None:
    today = date(2026, 11, 22)
    entry = '[GHSA-a]\npackage = "idna"\nwhy = "not called"\nuntil = {}\n'
    assert dependencies.accepted_vulnerabilities(entry.format("2026-11-22"), today) == (["GHSA-a"], [])
    for wrong in ("2026-11-21", "2027-11-22", '"2026-12-01"', "2026-12-01T00:00:00"):
        accepted, faults = dependencies.accepted_vulnerabilities(entry.format(wrong), today)
        assert (accepted, len(faults)) == ([], 1), wrong
    silent = entry.format("2026-12-01").replace("not called", " ")
    assert dependencies.accepted_vulnerabilities(silent, today) == ([], ["GHSA-a: accepted without package, why and until"])


def test_the_scan_is_told_what_was_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def ask(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess([], 0, "", "No known vulnerabilities found")

    monkeypatch.setattr(dependencies.subprocess, "run", ask)
    assert dependencies.known_vulnerabilities(Path("lock"), ["GHSA-a", "GHSA-b"]) == (True, "")
    assert " ".join(asked[0]).endswith("--ignore-vuln GHSA-a --ignore-vuln GHSA-b")
