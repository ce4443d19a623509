"""Only somebody on this machine with this start's address sees anything, and only to read."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from seen import TOKEN, Client

from monitor.errors import UsageError
from monitor.privacy import TOKEN_KEY
from monitor.run import Home
from monitor.settings import Settings
from monitor.ui import RevealKey, create_app

PAGES = ("/", "/cases", "/cases.csv", "/cases/V530622-20261119-0001", "/indicators", "/indicators/EXP-004", "/deliveries")


def stranger(settings: Settings, name: str = "127.0.0.1") -> TestClient:
    return TestClient(create_app(settings, TOKEN, restricted=True), base_url=f"http://{name}", follow_redirects=False)


@pytest.mark.parametrize("path", [*PAGES, "/style.css", "/restricted/lists?night=2026-11-20", "/nowhere"])
def test_without_the_token_nothing_is_answered(settings: Settings, path: str) -> None:
    answer = stranger(settings).get(path)
    assert answer.status_code == 403
    assert "monitor ui" in answer.text


def test_a_wrong_token_or_cookie_opens_nothing(settings: Settings) -> None:
    assert stranger(settings).get("/?token=another").status_code == 403
    assert stranger(settings).get("/?token=错").status_code == 403
    assert stranger(settings).get("/", headers={"cookie": "monitor_session=another"}).status_code == 403


def test_the_token_leaves_the_address_and_becomes_a_strict_cookie(settings: Settings) -> None:
    answer = stranger(settings).get(f"/cases?token={TOKEN}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/cases"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=strict" in answer.headers["set-cookie"]


def test_it_does_not_send_anybody_elsewhere(settings: Settings) -> None:
    answer = stranger(settings).get(f"//example.org/?token={TOKEN}")
    assert not answer.headers.get("location", "/").startswith("//")


def test_another_name_for_this_machine_is_refused(settings: Settings) -> None:
    assert stranger(settings, "rebound.example.org").get(f"/?token={TOKEN}").status_code == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_nothing_can_be_changed(client: Client, method: str) -> None:
    assert client().request(method, "/cases").status_code == 405


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/cases?night=x"])
def test_every_page_forbids_scripts_and_foreign_frames(client: Client, path: str) -> None:
    headers = client().get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "script-src" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"


def test_an_error_that_nobody_foresaw_is_told_by_its_kind_and_place_and_never_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = "990000" + "198001010004"

    def broken(*_: object) -> None:
        raise ValueError(f"could not convert {cell}")

    monkeypatch.setattr("monitor.ui.shown.opened_night", broken)
    client = TestClient(create_app(Settings(home=tmp_path), TOKEN), base_url="http://127.0.0.1")
    answer = client.get("/cases", headers={"cookie": f"monitor_session={TOKEN}"})
    said = capsys.readouterr().err
    assert answer.status_code == 500
    assert "程序缺陷" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ValueError" in said
    assert "in broken" in said
    assert cell not in said + answer.text


def test_names_are_shown_to_the_holder_of_the_key_only(settings: Settings, tmp_path: Path) -> None:
    home = Home(settings.home)
    RevealKey(home, home.keys / TOKEN_KEY)
    other = tmp_path / "other.key"
    other.write_text("00" * 32)
    for wrong in (other, tmp_path / "absent.key"):
        with pytest.raises(UsageError, match="不是这个工作目录的密钥"):
            RevealKey(home, wrong)
