"""Masks, tokens and the scanner that proves them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from case_nights import citizen, key
from identity import find_identity

from monitor.privacy import make_mask_macro, make_token_macro, token, token_key
from monitor.settings import Settings
from monitor.store import connect


def test_only_the_last_four_characters_of_an_id_are_shown() -> None:
    connection = connect(None, Settings(threads=1))
    make_mask_macro(connection)
    found = connection.execute("select masked_id($id), masked_id('123')", {"id": citizen(1)}).fetchone()
    assert found == ("*" * 14 + citizen(1)[-4:], "123")


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = token_key(tmp_path / "keys")
    assert token_key(tmp_path / "keys") == first
    assert len(first) == 32
    assert stat.S_IMODE((tmp_path / "keys/token.key").stat().st_mode) == 0o600
    assert [p.name for p in (tmp_path / "keys").iterdir()] == ["token.key"]
    assert token_key(tmp_path / "other") != first


def test_a_token_is_the_same_in_python_and_sql_and_differs_by_key_and_subject() -> None:
    connection = connect(None, Settings(threads=1))
    make_token_macro(connection, b"k" * 32)
    made = connection.execute("select token($a), token($b), token(null)", {"a": citizen(1), "b": "H:1"}).fetchall()[0]
    assert made == (token(b"k" * 32, citizen(1)), token(b"k" * 32, "H:1"), None)
    assert len({*made, token(b"j" * 32, citizen(1))}) == 4
    assert all(len(one) == 32 for one in made[:2])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"a{citizen(1)}b", "id"),
        (f"0{citizen(1)}", "id"),
        (f"x={key(1)},", "id key"),
        ("990123700101001", "id key"),
        ("tel:13800000001", "phone"),
        ("8613800000001", "phone"),
        ("户主甲某某说", "name"),
    ],
)
def test_the_scanner_finds_identity_wherever_it_hides(tmp_path: Path, text: str, kind: str) -> None:
    wanted = ([citizen(1)], ["甲某某"], ["13800000001"])
    assert find_identity(text.encode(), *wanted) == [f"text: {kind}"]
    (tmp_path / "run.log").write_text(text, encoding="utf-8")
    assert find_identity(tmp_path / "run.log", *wanted) == [f"run.log: {kind}"]
    connection = connect(None, Settings(threads=1))
    connection.execute("create table main.t(a integer, b varchar)")
    connection.execute("insert into main.t values (1, null), (2, ?)", [text])
    assert find_identity(connection, *wanted) == [f"main.t.b: {kind}"]


def test_the_scanner_is_silent_where_nothing_is() -> None:
    text = f"{'*' * 14}{citizen(1)[-4:]} V530622-20261120-0001 13900000000 乙某".encode()
    assert find_identity(text, [citizen(1)], ["甲某某"], ["13800000001"]) == []
