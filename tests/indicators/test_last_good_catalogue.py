"""A broken catalogue does not stop a county that had a good one the night before; an installation has its own indicators."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.errors import CatalogueInvalid
from monitor.indicators.last_good import (
    catalogue_notices,
    catalogue_of,
    load_catalogue_for_night,
    own_indicators,
    store_catalogue,
    stored_catalogue,
)
from monitor.indicators.load import load_catalogue

Write = Callable[..., Path]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home" / "runs" / "2026-11-19").mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def yesterday(home: Path) -> Path:
    return home / "runs" / "2026-11-19"


def own(home: Path, write_rule: Write, name: str, **changes: str) -> Path:
    """Put a rule among the installation's own."""
    made = write_rule(name, **changes)
    target = own_indicators(home) / made.parent.name / made.name
    target.parent.mkdir(parents=True, exist_ok=True)
    return made.rename(target)


def test_a_good_catalogue_is_used(home: Path, write_rule: Write) -> None:
    catalogue, faults = load_catalogue_for_night(home, None, write_rule().parents[1])
    assert (list(catalogue.indicators), faults) == (["IDH-901"], ())


def test_a_broken_one_gives_way_to_the_one_of_the_run_before(home: Path, yesterday: Path, write_rule: Write) -> None:
    path = write_rule()
    good = load_catalogue(path.parents[1])
    store_catalogue(good, yesterday)
    write_rule(when='"age_year >= 60"')
    write_rule("IDH-902_other", title='"unclosed')
    catalogue, faults = load_catalogue_for_night(home, yesterday, path.parents[1])
    assert (catalogue.indicators, catalogue.sha256) == (good.indicators, good.sha256)
    assert len(faults) == 2
    loud, first, second = catalogue_notices(catalogue, faults)
    assert "【警告】指标目录有2处错误，今晚没有采用，沿用上一晚的目录（1项指标）" in loud
    assert "应为 age_years" in first
    assert "不是 TOML" in second


def test_without_a_good_one_the_night_ends_with_every_fault(home: Path, yesterday: Path, write_rule: Write) -> None:
    path = write_rule(when='"age_year >= 60"')
    for previous in (None, yesterday):
        with pytest.raises(CatalogueInvalid, match="应为 age_years") as raised:
            load_catalogue_for_night(home, previous, path.parents[1])
        assert raised.value.exit_code == 11


def test_a_kept_catalogue_that_no_longer_fits_is_not_good(home: Path, yesterday: Path, write_rule: Write) -> None:
    path = write_rule()
    store_catalogue(load_catalogue(path.parents[1]), yesterday)
    kept = yesterday / "catalogue.json"
    kept.write_text(kept.read_text(encoding="utf-8").replace("age_years", "a_fact_of_the_past"), encoding="utf-8")
    write_rule(when='"age_year >= 60"')
    with pytest.raises(CatalogueInvalid, match="应为 age_years"):
        load_catalogue_for_night(home, yesterday, path.parents[1])


def test_keeping_and_reading_gives_the_same_catalogue_and_bytes(yesterday: Path, shipped: object) -> None:
    store_catalogue(load_catalogue(), yesterday)
    first = (yesterday / "catalogue.json").read_bytes()
    again = stored_catalogue(yesterday)
    assert again == shipped
    assert again is not None
    store_catalogue(again, yesterday)
    assert (yesterday / "catalogue.json").read_bytes() == first


def test_a_later_step_reads_the_catalogue_that_the_night_used(yesterday: Path, write_rule: Write) -> None:
    good = load_catalogue(write_rule().parents[1])
    store_catalogue(good, yesterday)
    assert catalogue_of(yesterday) == good
    (yesterday / "catalogue.json").unlink()
    with pytest.raises(CatalogueInvalid, match="没有，或与现在的事实、参数不合"):
        catalogue_of(yesterday)


def test_own_indicators_are_added_and_replace_the_shipped(home: Path, write_rule: Write) -> None:
    own(home, write_rule, "IDH-901_ours", title='"本县口径"', when='"age_years >= 61"')
    own(home, write_rule, "IDH-902_new", when='"age_years >= 62"')
    path = write_rule()
    catalogue, faults = load_catalogue_for_night(home, None, path.parents[1])
    assert faults == ()
    assert catalogue.indicators["IDH-901"].title == "本县口径"
    assert list(catalogue.indicators) == ["IDH-901", "IDH-902"]
    assert catalogue_notices(catalogue, ()) == ["本地指标替换了随系统提供的指标：IDH-901", "本地新增指标：IDH-902"]


def test_two_own_files_of_one_code_are_refused(home: Path, write_rule: Write) -> None:
    own(home, write_rule, "IDH-903_one", when='"age_years >= 63"')
    own(home, write_rule, "IDH-903_two", when='"age_years >= 64"')
    with pytest.raises(CatalogueInvalid, match="代码在"):
        load_catalogue_for_night(home, None, write_rule().parents[1])


def test_a_file_that_is_not_utf8_is_a_fault_like_any_other(home: Path, yesterday: Path, write_rule: Write) -> None:
    path = write_rule()
    store_catalogue(load_catalogue(path.parents[1]), yesterday)
    path.write_bytes('title = "测试"'.encode("gb18030"))
    catalogue, faults = load_catalogue_for_night(home, yesterday, path.parents[1])
    assert list(catalogue.indicators) == ["IDH-901"]
    assert "不是 UTF-8 的 TOML" in str(faults[0])
