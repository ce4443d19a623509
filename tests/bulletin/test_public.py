"""The public pages say what the public release says, and nothing else."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import opened
from typer.testing import CliRunner

from monitor.bulletin.public import HIDDEN_ZH
from monitor.cli import app
from monitor.vocabulary import DOMAINS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MONTH = "2026-11"
NAMES = {"all": "合计", "5306": "云南省昭通市", "530622": "云南省昭通市巧家县", "530625": "永善县", "000000": "住址不详"}
COLOURS = ("red", "orange", "yellow", "blue")
SHOWN = {"open": "955", "visit": "765", "review": "*", "red": "160", "orange": "*", "yellow": "345", "blue": "75"}
ANSWERED = {"answered": "230", "true": "120", "true_enrolled": "*", "true_referred": "45", "false_data": "35"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_release(tmp_path / "published" / "public" / MONTH, NAMES)
    return tmp_path


def write_release(folder: Path, names: Mapping[str, str]) -> None:
    """The files of a release; everything that is not named is hidden."""
    folder.mkdir(parents=True)
    items = {"cases": {**SHOWN, **dict.fromkeys(DOMAINS, "*"), "HLT": "120"}, "answers": ANSWERED}
    for table, shown in items.items():
        rows = [[place, name, "", item, item, number] for place, name in names.items() for item, number in shown.items()]
        write(folder / f"{table}.csv", ["区划代码", "区划", "级别", "项目代码", "项目", "数量"], rows)
    late = [["公安", "户籍人口信息", "2026-10-01", "是"], ["税务", "个人所得", "2026-11-15", "否"]]
    write(folder / "freshness.csv", ["部门", "数据", "最近一次报送", "是否迟到"], late)
    rules = {"hidden": "*", "hidden_below": 8, "rounded_to": 5}
    told = {"month": MONTH, "as_of": "2026-11-30", "rules_zh": ["小于8的数不公布"], "rules": rules}
    (folder / "release.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])


def run(home: Path, *more: str) -> BaseException | None:
    return CliRunner().invoke(app, ["bulletin", "--home", str(home), "--public", "--month", MONTH, *more]).exception


def pages(home: Path) -> dict[str, str]:
    assert run(home) is None
    folder = home / "published" / "bulletin" / f"{MONTH}-public"
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.iterdir()}


class Texts(HTMLParser):
    """The texts of a page by element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.at, self.found, self.tags = "", [], []  # type: ignore[var-annotated]
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.at = tag
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append((self.at, data.strip()))


def test_there_is_a_page_for_everywhere_and_each_prefecture_and_county(home: Path) -> None:
    assert set(pages(home)) == {"all", "5306", "530622", "530625"}


def test_every_number_told_is_a_number_of_the_release(home: Path) -> None:
    allowed = {*SHOWN.values(), *ANSWERED.values(), "120", HIDDEN_ZH, "1项"}
    for text in pages(home).values():
        numbers = [said for at, said in Texts(text).found if at in ("td", "b") or (at == "dd" and re.search(r"\d", said))]
        assert set(numbers) - {"共2项"} <= allowed
        assert HIDDEN_ZH in numbers


def test_a_hidden_number_leaves_no_mark(home: Path) -> None:
    """The strip of a shown number is as long as its share of the longest; a hidden one has none."""
    text = pages(home)["530622"]
    rows = re.findall(r'<tr><th scope="row">(\w色)(.*?)</th><td>(\S+)</td></tr>', text, re.S)
    assert {name: (number, "<rect" in marks) for name, marks, number in rows} == {
        "红色": ("160", True),
        "橙色": (HIDDEN_ZH, False),
        "黄色": ("345", True),
        "蓝色": ("75", True),
    }
    assert re.search(r'红色<svg.*?width="46\.38"', text)


def test_it_says_that_it_is_public_and_how_people_are_protected(home: Path) -> None:
    text = pages(home)["all"]
    assert "公开资料" in text
    assert "内部资料" not in text
    assert "小于8的数不公布" in text
    assert "公安（户籍人口信息）" in text


@pytest.mark.parametrize("name", ["</h1><script>alert(1)</script>", "{{ 7 * 7 }}", '" onload="x'])
def test_names_in_a_release_stay_text(tmp_path: Path, name: str) -> None:
    write_release(tmp_path / "published" / "public" / MONTH, NAMES | {"530622": name})
    found = Texts(pages(tmp_path)["530622"])
    assert "script" not in found.tags
    assert ("h1", name) in found.found


@pytest.mark.parametrize("code", ["../../530622", "53062", "0000", "530622/x"])
def test_a_code_that_is_none_makes_no_file(tmp_path: Path, code: str) -> None:
    write_release(tmp_path / "published" / "public" / MONTH, {"all": "合计", code: "某地"})
    assert set(pages(tmp_path)) == {"all"}


def test_without_a_release_there_is_nothing_to_tell(tmp_path: Path) -> None:
    error = run(tmp_path)
    assert getattr(error, "exit_code", None) == 2
    assert "monitor public" in str(error)
    assert not (tmp_path / "published" / "bulletin").exists()


@pytest.mark.parametrize("broken", ["release.json", "cases.csv"])
def test_a_release_that_is_none_is_refused(home: Path, broken: str) -> None:
    (home / "published" / "public" / MONTH / broken).write_text("{}\n", encoding="utf-8")
    assert "不是公开数据应有的样子" in str(run(home))


@pytest.mark.parametrize("more", [("--as-of", "2026-11-20"), ("--county", "530622"), ("--province",)])
def test_a_public_edition_is_of_a_month_and_of_all_places(home: Path, more: tuple[str, ...]) -> None:
    assert getattr(run(home, *more), "exit_code", None) == 2


@pytest.mark.parametrize("width", [1280, 390])
def test_a_public_page_is_legible_and_asks_for_nothing(browser: Browser, home: Path, width: int) -> None:
    pages(home)
    url = (home / "published" / "bulletin" / f"{MONTH}-public" / "all.html").as_uri()
    with opened(browser, url, width) as seen:
        assert (seen.console, seen.requests, seen.overflow, seen.faint_texts()) == ([], [url], 0, [])
        seen.page.locator(".tiles a").first.click()
        assert seen.page.url.endswith("5306.html")
