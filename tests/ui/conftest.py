"""A home of two nights whose people all have a name that would like to be a script, and a client that has the token."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from seen import HOSTILE, LAST, TOKEN, Client

from monitor import steps
from monitor.settings import Settings, load_settings
from monitor.synth import Plan, synthesise
from monitor.ui import create_app


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    inbox = tmp_path_factory.mktemp("inbox")
    synthesise(Plan(persons=1_500, seed=12, as_of=LAST - timedelta(days=1), nights=2, dirt="none", late=("医保",)), inbox)
    for path in inbox.glob("psb_resident_*"):
        rename_everybody(path)
    home = load_settings(tmp_path_factory.mktemp("home"), inbox=inbox, threads=2)
    for day in (LAST - timedelta(days=1), LAST):
        steps.run_night(home, day)
    return home


def rename_everybody(path: Path) -> None:
    header, *rows = decoded(path.read_bytes()).splitlines()
    place = header.split(",").index("姓名")
    renamed = [",".join([*cells[:place], HOSTILE, *cells[place + 1 :]]) for cells in (row.split(",") for row in rows)]
    path.write_text("\n".join([header, *renamed]) + "\n", encoding="utf-8")


def decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


@pytest.fixture
def client(settings: Settings) -> Client:
    """Makes a client of an application; it has been let in."""

    def made(home: Settings = settings, *, restricted: bool = False) -> TestClient:
        one = TestClient(create_app(home, TOKEN, restricted=restricted), base_url="http://127.0.0.1")
        one.get(f"/?token={TOKEN}")
        return one

    return made
