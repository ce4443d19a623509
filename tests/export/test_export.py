"""Each role gets its files and no other, closed or locked, and it is on record."""

import struct
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pytest
import pyzipper
from typer.testing import CliRunner

from monitor import cli
from monitor.audit import read_trail
from monitor.errors import NightIsRunning, UsageError
from monitor.export import Role, export
from monitor.run import Home
from monitor.settings import load_settings

NIGHT = date(2026, 11, 20)
PASSWORD = "made up for a test"  # pragma: allowlist secret
FIELD = {
    "530622/530622001.csv", "530622/530622001.xlsx", "530622/530622001_入户单.html",
    "530622/forms/visit.xlsx", "530622/forms/cases.csv", "530623/530623001.csv",
}  # fmt: skip
REVIEW = {
    "530622/reviews/530622001.csv", "530622/reviews/530622001.xlsx", "530622/supervision.csv", "530622/supervision.xlsx",
    "referrals/health.csv",
}  # fmt: skip
NOBODY = {"530622/notes.txt", "530622/530622001.csv.bak", "somewhere/530622001.csv", ".530622001.csv.tmp"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    lists = [f"outbox/{NIGHT}/{name}" for name in FIELD | REVIEW | NOBODY]
    for name in [
        *lists,
        f"runs/{NIGHT}/manifest.json",
        "published/public/2026-11/cases.csv",
        "published/public/2026-10/cases.csv",
    ]:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(f"内容 {name}", encoding="utf-8")
    hold(home, NIGHT)
    (home / "published/public/2026-11/release.json").write_text(f'{{"as_of": "{NIGHT}"}}', encoding="utf-8")
    return home


def hold(home: Path, *nights: date) -> None:
    """Make an analyst file of nothing but the nights that it holds."""
    path = home / "published/warehouse.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table run(as_of date, run_id varchar)")
        connection.executemany("insert into run values (?, 'r')", [[night] for night in nights])


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def run(home: Path, *words: str, **environment: str) -> tuple[BaseException | None, str]:
    done = CliRunner().invoke(cli.app, ["export", "--as-of", NIGHT.isoformat(), "--home", str(home), *words], env=environment)
    return done.exception, done.output


@pytest.mark.parametrize(
    ("role", "files"),
    [("field", FIELD), ("review", REVIEW), ("analyst", {"warehouse.duckdb"}), ("public", {"cases.csv", "release.json"})],
)
def test_a_role_gets_its_files_and_no_other(home: Path, tmp_path: Path, role: str, files: set[str]) -> None:
    error, _ = run(home, "--role", role, "--out", str(tmp_path / "out"))
    assert error is None
    assert names_in(tmp_path / "out" / f"{role}-{NIGHT}") == files


def test_no_file_goes_to_two_roles(home: Path, tmp_path: Path) -> None:
    folders = [export(load_settings(home), role, NIGHT, tmp_path / "out").path for role in Role]
    handed = [path.name for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert sorted(handed) == sorted(
        Path(name).name for name in FIELD | REVIEW | {"warehouse.duckdb", "cases.csv", "release.json"}
    )


def test_one_county_has_its_own_lists_only(home: Path, tmp_path: Path) -> None:
    for role, files in ((Role.FIELD, FIELD), (Role.REVIEW, REVIEW)):
        done = export(load_settings(home), role, NIGHT, tmp_path / "out", county="530622")
        assert names_in(done.path) == {name for name in files if name.startswith("530622/")}
    for role in (Role.ANALYST, Role.PUBLIC):
        with pytest.raises(UsageError, match="不能按区县"):
            export(load_settings(home), role, NIGHT, tmp_path / "out", county="530622")
    with pytest.raises(UsageError, match="没有可以导出"):
        export(load_settings(home), Role.FIELD, NIGHT, tmp_path / "out", county="530699")


def test_what_a_killed_export_left_is_swept_up_by_the_next(home: Path, tmp_path: Path) -> None:
    out, mark = tmp_path / "out", "0123456789abcdef" * 2
    left = [f".field-{NIGHT}.{mark}", ".review-2026-11-19-530622." + mark, f".field-{NIGHT}.zip.{mark}"]
    others = [f".field-{NIGHT}.old", f".notes-{NIGHT}.{mark}"]
    for name in (*left[:2], *others):
        (out / name).mkdir(parents=True)
        (out / name / "530622001.csv").write_text("某户", encoding="utf-8")
    (out / left[2]).write_bytes(b"PK")
    done = export(load_settings(home), Role.FIELD, NIGHT, out)
    assert {path.name for path in out.iterdir()} == {*others, done.path.name}


def test_plain_copies_are_closed_to_other_users(home: Path, tmp_path: Path) -> None:
    done = export(load_settings(home), Role.FIELD, NIGHT, tmp_path / "out")
    assert {path.stat().st_mode & 0o777 for path in done.path.rglob("*") if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (done.path, *done.path.rglob("*")) if path.is_dir()} == {0o700}


def test_a_zip_opens_with_its_password_only_and_is_aes_256(home: Path, tmp_path: Path) -> None:
    error, said = run(home, "--role", "field", "--out", str(tmp_path), "--zip", "--password-env", "WORD", WORD=PASSWORD)
    assert (error, PASSWORD in said) == (None, False)
    path = tmp_path / f"field-{NIGHT}.zip"
    assert path.stat().st_mode & 0o777 == 0o600
    with pyzipper.AESZipFile(path) as archive:
        with pytest.raises(RuntimeError):
            archive.read("530622/530622001.csv", pwd=b"another password")
        with pytest.raises(RuntimeError):
            archive.read("530622/530622001.csv")
        read = {name: archive.read(name, pwd=PASSWORD.encode()) for name in archive.namelist()}
    assert read == {name: (home / "outbox" / NIGHT.isoformat() / name).read_bytes() for name in FIELD}
    with zipfile.ZipFile(
        path
    ) as archive:  # by the format itself: method 99, AE-2, vendor AE, strength 3 = 256 bits, no checksum
        for entry in archive.infolist():
            assert struct.unpack("<HHH2sBH", entry.extra[:11]) == (0x9901, 7, 2, b"AE", 3, 8)
            assert (entry.compress_type, entry.CRC, entry.flag_bits & 1) == (99, 0, 1)
    assert "内容".encode() not in path.read_bytes()


def test_a_zip_differs_from_the_next_in_salt_and_cipher_text_only(home: Path, tmp_path: Path) -> None:
    entries = []
    for out in ("one", "two"):
        path = export(load_settings(home), Role.REVIEW, NIGHT, tmp_path / out, password=PASSWORD).path
        with zipfile.ZipFile(path) as archive:
            entries.append(
                [(e.filename, e.date_time, e.file_size, e.compress_size, e.header_offset) for e in archive.infolist()]
            )
    assert entries[0] == entries[1]
    assert entries[0][0][1] == (2026, 11, 20, 0, 0, 0)


@pytest.mark.parametrize("word", ["", "short", "十二个字的密码也不可以用", "tab\tis not a sign"])
def test_a_weak_password_is_refused_and_not_repeated(home: Path, tmp_path: Path, word: str) -> None:
    (tmp_path / "word").write_text(word + "\n", encoding="utf-8")
    for place in (("--password-env", "WORD"), ("--password-file", str(tmp_path / "word"))):
        error, _ = run(home, "--role", "field", "--out", str(tmp_path / "out"), "--zip", *place, WORD=word)
        assert isinstance(error, UsageError)
        assert not word or word not in str(error)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--role", "everything"),
        ("--role", "field", "--county", "5306"),
        ("--role", "field", "--zip"),
        ("--role", "field", "--password-env", "WORD"),
        ("--role", "field", "--zip", "--password-env", "WORD", "--password-file", "word"),
    ],
)
def test_a_command_that_says_too_little_or_too_much_is_refused(home: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    error, _ = run(home, *words, "--out", str(tmp_path / "out"), WORD=PASSWORD)
    assert isinstance(error, UsageError)
    assert not (tmp_path / "out").exists()


def test_nothing_is_overwritten_and_nothing_is_put_into_the_home(home: Path, tmp_path: Path) -> None:
    done = export(load_settings(home), Role.FIELD, NIGHT, tmp_path / "out")
    (done.path / "530622/530622001.csv").write_text("填好的", encoding="utf-8")
    with pytest.raises(UsageError, match="不覆盖"):
        export(load_settings(home), Role.FIELD, NIGHT, tmp_path / "out")
    assert (done.path / "530622/530622001.csv").read_text(encoding="utf-8") == "填好的"
    with pytest.raises(UsageError, match="不能导出到工作目录里"):
        export(load_settings(home), Role.FIELD, NIGHT, home / "published")


def test_links_are_not_followed(home: Path, tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere.csv"
    secret.write_text("secret", encoding="utf-8")
    (home / "outbox" / NIGHT.isoformat() / "530622/530622009.csv").symlink_to(secret)
    assert names_in(export(load_settings(home), Role.FIELD, NIGHT, tmp_path / "out").path) == FIELD


def test_every_export_is_on_record_before_it_is_there(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = export(load_settings(home), Role.REVIEW, NIGHT, tmp_path / "out", county="530622", password=PASSWORD)
    (entry,) = read_trail(home)
    assert (entry.action, entry.role) == ("exported", "review")
    told = {name: entry.what[name] for name in ("as_of", "county", "files", "zip")}
    assert told == {"as_of": "2026-11-20", "county": "530622", "files": 4, "zip": True}
    assert entry.what["to"] == str(done.path)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("monitor.audit.record", full)
    with pytest.raises(OSError, match="No space"):
        export(load_settings(home), Role.REVIEW, NIGHT, tmp_path / "unrecorded")
    assert list((tmp_path / "unrecorded").iterdir()) == []


def test_the_analyst_file_carries_no_date_but_that_of_the_newest_night(home: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"2026-11-19.*{NIGHT}"):
        export(load_settings(home), Role.ANALYST, date(2026, 11, 19), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert export(load_settings(home), Role.ANALYST, NIGHT, tmp_path / "out").path.name == f"analyst-{NIGHT}"


def test_the_analyst_file_is_named_by_what_it_holds_not_by_the_newest_run(home: Path, tmp_path: Path) -> None:
    before = date(2026, 11, 19)
    hold(home, before)  # a night that died before it published
    with pytest.raises(UsageError, match=f"{NIGHT};应为 {before}.*warehouse rebuild"):
        export(load_settings(home), Role.ANALYST, NIGHT, tmp_path / "out")
    assert export(load_settings(home), Role.ANALYST, before, tmp_path / "out").path.name == f"analyst-{before}"
    (home / "published/warehouse.duckdb").write_text("damaged", encoding="utf-8")
    with pytest.raises(UsageError, match=r"文件损坏.*warehouse rebuild"):
        export(load_settings(home), Role.ANALYST, NIGHT, tmp_path / "out")


@pytest.mark.parametrize("role", list(Role))
def test_nothing_is_copied_while_another_process_may_change_it(home: Path, tmp_path: Path, role: Role) -> None:
    with Home(home).locked(), pytest.raises(NightIsRunning):
        export(load_settings(home), role, NIGHT, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_release_carries_the_night_that_it_counts(home: Path, tmp_path: Path) -> None:
    done = export(load_settings(home), Role.PUBLIC, date(2026, 11, 30), tmp_path / "out")
    assert done.path.name == f"public-{NIGHT}"
    assert read_trail(home)[-1].what["as_of"] == NIGHT.isoformat()
    (home / "published/public/2026-11/release.json").unlink()
    with pytest.raises(UsageError, match="monitor public"):
        export(load_settings(home), Role.PUBLIC, NIGHT, tmp_path / "again")
