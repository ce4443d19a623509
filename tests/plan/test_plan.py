"""What a plan says before is what the run says after the change has been made."""

import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from plan_home import LAST, NIGHTS, County, check_same, rows
from typer import Typer
from typer.testing import CliRunner

from monitor.commands.plan import plan_command
from monitor.errors import CatalogueInvalid, UsageError
from monitor.indicators import CATALOGUE
from monitor.indicators.standing import standing
from monitor.plan import foresee, read_change
from monitor.plan.derive import fed_topics
from monitor.run import EVERYBODY
from monitor.store import connect


def files_of(home: Path) -> dict[str, tuple[int, int]]:
    return {p.relative_to(home).as_posix(): (p.stat().st_mtime_ns, p.stat().st_size) for p in home.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("name", "value", "region"),
    [("self_paid_resident_yuan", "300", "530622"), ("vehicle_price_limit_yuan", "0", "53")],
    ids=["lowered in one county", "feeds a fact"],
)
def test_a_plan_counts_what_the_run_after_it_gives(county: County, tmp_path: Path, name: str, value: str, region: str) -> None:
    effect = foresee(county.settings, read_change([f"{name}={value}"], region))
    after = county.again(tmp_path / "home", {name: f"{region},any,{LAST},{value},试验"})
    assert any(was != now for was, now in effect.hits.values())
    check_same(effect, county.runs / LAST.isoformat(), after)


def test_a_raised_number_counts_what_the_run_after_it_gives(county: County, raised: Path) -> None:
    effect = foresee(county.settings, read_change(["dibao_month_yuan=1200"], "53"))
    assert sum(move.joined for move in effect.movements) > 0
    check_same(effect, county.runs / LAST.isoformat(), raised / "runs" / LAST.isoformat())


def test_a_changed_rule_counts_what_the_run_with_it_gives(county: County, tmp_path: Path) -> None:
    shipped = next(CATALOGUE.rglob("INC-001_*.toml"))
    changed = tmp_path / shipped.name
    text = shipped.read_text(encoding="utf-8").replace('level = "high"', 'level = "urgent"')
    text = text.replace("dependent_count > 0 and ", "")
    blocks = [one for one in text.split("\n[[examples]]") if "dependent_count = 0" not in one]
    changed.write_text("\n[[examples]]".join(blocks), encoding="utf-8")
    change = read_change([], "53", changed)
    effect = foresee(county.settings, change)
    after = county.again(tmp_path / "home", {}, changed)
    assert effect.hits["INC-001"][0] < effect.hits["INC-001"][1]
    check_same(effect, county.runs / LAST.isoformat(), after)
    adopted = county.settings.model_copy(update={"home": tmp_path / "home"})
    same = foresee(adopted, change)
    assert same.notices == effect.notices  # the home's own rule is the one in force, so nothing has drifted
    assert same.hits["INC-001"] == (effect.hits["INC-001"][1],) * 2


def test_a_value_that_is_in_force_already_moves_nobody(county: County) -> None:
    effect = foresee(county.settings, read_change(["vehicle_price_limit_yuan=150000", "dispatch_days=3"], "53"))
    same = rows(f"select count(*) from '{county.runs / LAST.isoformat()}/listed.parquet'")[0][0]
    assert sum(move.both for move in effect.movements) == same
    assert {(move.joined, move.left) for move in effect.movements} == {(0, 0)}


def test_a_night_whose_numbers_have_changed_since_is_asked_again_whole(county: County, raised: Path, tmp_path: Path) -> None:
    shutil.copytree(raised, tmp_path / "home")
    shutil.rmtree(tmp_path / "home" / "parameters")
    moved = county.settings.model_copy(update={"home": tmp_path / "home"})
    effect = foresee(moved, read_change(["dibao_month_yuan=1200"], "53"))
    assert "该晚之后指标目录或参数已有改动" in effect.notices[0]
    check_same(effect, county.runs / LAST.isoformat(), raised / "runs" / LAST.isoformat())


def test_a_plan_writes_nothing(county: County) -> None:
    before = files_of(county.settings.home)
    foresee(county.settings, read_change(["dibao_month_yuan=1200"], "53"))
    assert files_of(county.settings.home) == before


def test_a_finer_row_keeps_its_value_and_the_plan_says_so(county: County) -> None:
    effect = foresee(county.settings, read_change(["dibao_month_yuan=1200"], "00"))
    assert {move.joined for move in effect.movements} == {0}
    assert effect.notices
    assert all("不受这次改动影响" in notice for notice in effect.notices)


def test_examples_are_few_and_masked(county: County) -> None:
    run = county.runs / LAST.isoformat()
    effect = foresee(county.settings, read_change(["dibao_month_yuan=2500"], "53"))
    assert 0 < len(effect.examples) <= 20
    assert {(one.name[1:], len(one.id_tail)) for one in effect.examples} == {("某", 4)}
    whole = repr(effect)
    for id_no, phone in rows(f"select id_no, phone from '{run}/person.parquet'"):
        assert id_no not in whole
        assert not phone or phone not in whole


def test_new_visits_stand_against_the_places_of_a_week(county: County) -> None:
    effect = foresee(county.settings, read_change(["dibao_month_yuan=2500", "visits_per_week=1"], "53"))
    joined = sum(move.joined for move in effect.movements if move.kind == "visit")
    townships = rows(
        f"select count(distinct township) from '{county.runs / LAST.isoformat()}/person.parquet' where township is not null"
    )[0][0]
    assert sum(week.visits for week in effect.weeks) == joined
    assert sum(week.places for week in effect.weeks) == townships


def test_every_wrong_word_is_named_with_what_is_near_or_allowed() -> None:
    with pytest.raises(UsageError) as told:
        read_change(["dibao_month_yuann=1", "review_months=-1", "review_months", "dispatch_days=0.1234567"], "530")
    text = str(told.value)
    assert "dibao_month_yuan" in text
    assert text.count("不小于0的数，至多6位小数") == 2
    assert "参数=数值" in text
    assert "--region" in text


@pytest.mark.parametrize("settings", [[], ["dispatch_days=1", "dispatch_days=2"], ["dispatch_days=1", "派单时限=2"]])
def test_nothing_or_twice_the_same_is_refused(settings: list[str]) -> None:
    with pytest.raises(UsageError):
        read_change(settings, "53")


def test_a_wrong_indicator_file_is_refused_with_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "INC-001_wrong.toml"
    path.write_text('when = "income > 3"\n', encoding="utf-8")
    with pytest.raises(CatalogueInvalid, match="title"):
        read_change([], "53", path)


def test_a_night_that_was_not_run_is_refused_with_the_nearest(county: County) -> None:
    with pytest.raises(UsageError, match="2026-11-20"):
        foresee(county.settings, read_change(["dispatch_days=1"], "53"), date(2026, 12, 1))


def test_a_night_whose_night_before_has_been_thinned_is_refused_with_those_that_can_be_asked(
    county: County, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(county.settings.home, home)
    first, last, later = (home / "runs" / day for day in (*map(str, NIGHTS), "2026-11-21"))
    shutil.copytree(last, later)
    for name in EVERYBODY:
        (first / f"{name}.parquet").unlink()
    thinned = county.settings.model_copy(update={"home": home})
    with pytest.raises(UsageError, match=r"前一晚 2026-11-19 的人口、户和事实已清理.*2026-11-21"):
        foresee(thinned, read_change(["dispatch_days=1"], "53"), LAST)


def test_whatever_parameters_feed_can_be_made_anew_from_what_a_run_keeps(county: County) -> None:
    with connect(None, county.settings) as connection:
        fed = fed_topics(connection)
    assert [topic.table for topic in fed] == ["household_assets"]
    assert fed[0].names("dwelling_limit")
    assert not fed[0].names("dwelling")


def test_a_value_is_written_as_it_was_given() -> None:
    change = read_change(["medical_share=0.5"], "5306")
    assert change.values == {"medical_share": Decimal("0.5")}


def test_a_parameter_may_be_called_by_its_chinese_name() -> None:
    change = read_change(["普通居民自付预警线＝20000", "低保标准（月）=700"], "53")
    assert change.values == {"self_paid_resident_yuan": Decimal(20000), "dibao_month_yuan": Decimal(700)}


def test_an_unknown_name_is_answered_with_near_ones_their_unit_and_value(tmp_path: Path) -> None:
    now = standing("53", LAST, tmp_path)
    with pytest.raises(UsageError) as told:
        read_change(["居民自付=20000"], "53", now=now)
    assert "普通居民自付预警线（self_paid_resident_yuan，现为 15000 元/年）" in str(told.value)
    assert "monitor indicators parameters" in str(told.value)


@pytest.mark.parametrize("written", ["20,000", "两万", "20000元"])
def test_a_number_that_is_none_is_answered_with_how_to_write_it(written: str) -> None:
    with pytest.raises(UsageError, match="不要写逗号、单位或汉字数字"):
        read_change([f"self_paid_resident_yuan={written}"], "53")


def test_a_region_where_nobody_lives_is_refused_with_those_that_somebody_lives_in(county: County) -> None:
    with pytest.raises(UsageError, match=r"--region:530699 里没有任何人;应为 530622") as told:
        foresee(county.settings, read_change(["dispatch_days=1"], "530699"))
    assert told.value.exit_code == 2


def said(county: County, *arguments: str) -> str:
    """What the command prints, without the breaks of the terminal."""
    app = Typer()
    app.command()(plan_command)
    home = ["--home", str(county.settings.home)]
    done = CliRunner().invoke(app, [*arguments, *home], env={"COLUMNS": "200"}, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_the_page_shows_the_value_in_force_what_is_counted_and_why_people_move(county: County) -> None:
    page = said(county, "--set", "普通居民自付预警线=300")
    first = page.splitlines()[0]
    assert "普通居民自付预警线 (self_paid_resident_yuan)：15000 → 300 元/年，区划 53；现行值依据 " in first
    assert not first.endswith("依据 —")
    assert "有人退出后名次在后的户补上" in page
    assert "走访能力按乡镇定" in page
    assert re.search(r"EXP-004 +普通居民自付医疗过高 +个人", page)
    assert "入户走访的颜色：每行是现在，每列是改后\n数的是全部未结工单，不只是名单上的" in page


def test_a_value_in_force_already_is_told_and_nothing_is_computed(county: County) -> None:
    page = said(county, "--set", "self_paid_resident_yuan=15000")
    assert "与现行的值相同，名单不变，没有试算。" in page
    assert "名单上的户数" not in page
