"""A broken rule must not stop a county: the last good catalogue stays in force, and everybody is told."""

from pathlib import Path

import pytest
from nights import LAST, bytes_of

from monitor import steps
from monitor.errors import CatalogueInvalid
from monitor.run import Home
from monitor.settings import load_settings
from monitor.summary import summary_lines

BROKEN = 'title = "缺了很多"\nwhen = "no_such_fact > 1"\n'


def break_a_rule(home: Path) -> None:
    folder = home / "indicators" / "income"
    folder.mkdir(parents=True)
    (folder / "INC-090_broken.toml").write_text(BROKEN, encoding="utf-8")


def test_the_night_after_a_good_one_uses_its_catalogue_and_says_so(clean_inbox: Path, tmp_path: Path) -> None:
    settings = load_settings(tmp_path, inbox=clean_inbox, threads=2)
    steps.run_night(settings, LAST)
    break_a_rule(tmp_path)
    after = LAST.replace(day=LAST.day + 1)
    manifest = steps.run_night(settings, after)
    assert manifest["catalogue"]["indicators"] == 144
    assert any("INC-090" in fault for fault in manifest["catalogue"]["faults"])
    assert [sentence for _, sentence in summary_lines(manifest) if "警告" in sentence]
    assert f"runs/{after.isoformat()}/hits.parquet" in bytes_of(tmp_path)


def test_a_first_night_with_a_broken_rule_ends_before_anything_is_landed(clean_inbox: Path, tmp_path: Path) -> None:
    break_a_rule(tmp_path)
    with pytest.raises(CatalogueInvalid, match="INC-090"):
        steps.run_night(load_settings(tmp_path, inbox=clean_inbox, threads=2), LAST)
    assert not Home(tmp_path).run_folders()
    assert not list((tmp_path / "landing").rglob("*.parquet"))
