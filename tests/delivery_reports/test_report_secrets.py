"""Nothing of a person, and nothing that runs, reaches a report, a profile, a verdict or what Great Expectations was asked."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from given import made_up_id
from told_nights import Page, Told, care, tell

ID, NAME, PHONE, ADDRESS = made_up_id(7, "1977-07-07"), "王某某", "13800001111", "某村七号"
SECRETS = (ID, ID[:17], NAME, PHONE, ADDRESS)
HOSTILE = [
    "<script>alert(1)<.csv",
    '"><img src=x onerror=alert(1)>.csv',
    "'onmouseover='alert(1).xlsx",
    "{{ 7*7 }}{% raw %}.csv",
    "=cmd|' C'!A0.csv",
    "mca_care_20261101_<b>.csv",
    f"{NAME}{ID}.csv",
    f"mca_care_20261101_{PHONE}.csv",
]


def zipped(member: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(member, "x")
    return content.getvalue()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Secrets in every place where a file can hold one."""
    rows = [
        f"{ID},{NAME},{PHONE},{ADDRESS}",
        f"{ID},独居老人,{NAME},{PHONE}",
        f'{ID},"{NAME}',
        f"{ID},独居老人,{ID},2026-10-01",
    ]
    header = f"{ID},{NAME},{PHONE},{ADDRESS}"
    return tell(
        tmp_path_factory.mktemp("home"),
        {
            "mca_care_20261101.csv": care(*rows, people=60),
            "nhc_death_20261101.csv": f"{header}\n{header}\n",
            "nhc_disease_20261101.csv": f"身份证号,病种,诊断日期,{NAME}\n{ID},{NAME},2026-10-01,{PHONE}\n",
            "mca_family_20261101.zip": zipped(f"{NAME}{ID}.txt"),
            **dict.fromkeys(HOSTILE, "x"),
        },
    )


def test_no_byte_of_a_report_tells_of_somebody(told: Told) -> None:
    for path in told.folder.rglob("*"):
        held = path.name + (path.read_text(encoding="utf-8") if path.is_file() else "")
        assert [secret for secret in SECRETS if secret in held] == [], path.name


def test_no_profile_and_no_verdict_tells_of_somebody(told: Told) -> None:
    landing = told.folder.parents[2] / "landing"
    kept = [*landing.glob("*/*.profile.json"), *landing.glob("*/*.verdict.json")]
    assert len(kept) >= 2
    for path in kept:
        assert [secret for secret in SECRETS if secret in path.read_text(encoding="utf-8")] == []


def test_hostile_file_names_are_told_and_stay_text(told: Told) -> None:
    text = (told.folder / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    assert not page.elements & {"script", "img", "b"}
    assert not [name for name in page.attributes if name.startswith("on")]
    assert "<script>alert(1)<.csv" in page.text
    assert "{{ 7*7 }}" in page.text
    assert "49" not in page.text


def test_no_cell_of_a_table_can_start_a_formula(told: Told) -> None:
    for path in told.folder.rglob("*.csv"):
        rows = told.rows(path.parent.name, path.stem)
        assert [cell for row in rows for cell in row.values() if cell.lstrip().startswith(("=", "+", "-", "@", "\t"))] == []


def test_a_page_is_closed_to_what_it_might_be_made_to_load(told: Told, tmp_path: Path) -> None:
    for path in told.folder.rglob("*.html"):
        links = Page(path.read_text(encoding="utf-8")).links
        assert [link for link in links if ":" in link or link.startswith(("/", "\\"))] == []
