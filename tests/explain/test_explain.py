"""Why a household is on the list, told from two hand-made run folders."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from made_run import ALONE, AUDIT, CASE, CHILD, HEAD, NIGHTS, RULE, day, make_runs
from typer import Typer
from typer.testing import CliRunner

from monitor.commands.explain import explain_command
from monitor.contracts import facts
from monitor.errors import UsageError
from monitor.explain import CaseExplained, explain, find_cases
from monitor.explain.clearing import Clearing, ClearsAt
from monitor.explain.explanation import FactShown
from monitor.explain.tell import lines
from monitor.indicators import CATALOGUE, own_indicators
from monitor.run import EVERYBODY, Home
from monitor.settings import Settings
from monitor.store import connect
from monitor.vocabulary import Outcome

SECRETS = ("赵大山", "赵小山", "钱老", HEAD, CHILD, ALONE, "13900000000", "13900000001", "一组1号", "H:1")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    make_runs(folder)
    return folder


def told(home: Path, asked: str, night: str | None = None) -> list[CaseExplained]:
    with connect(None, Settings(threads=1)) as connection:
        return explain(connection, find_cases(connection, Home(home), asked, day(night) if night else None), "53")


def text(home: Path, asked: str, *, reveal: bool = False) -> str:
    return "\n".join(line for one in told(home, asked) for line in lines(one, reveal=reveal))


def run_command(home: Path, *arguments: str) -> tuple[int, str]:
    app = Typer()
    app.command()(explain_command)
    done = CliRunner().invoke(app, [*arguments, "--home", str(home)], catch_exceptions=False)
    return done.exit_code, done.output


@pytest.mark.parametrize("asked", [CASE, "H:1", HEAD, CHILD])
def test_a_case_is_found_by_its_number_its_household_and_any_of_its_people(home: Path, asked: str) -> None:
    assert [one.case["case_no"] for one in told(home, asked)] == [CASE]


def test_the_number_in_force_is_that_of_the_place_with_its_region_day_and_document(home: Path) -> None:
    (limit,) = told(home, CASE)[0].reasons[0].thresholds
    assert (limit.region_code, str(limit.value), limit.document) == ("5306", "760.000000", "市文件")
    assert "某市（5306）城乡，2025-07-01 起，依据 市文件" in text(home, CASE)


def test_each_fact_names_the_file_and_day_behind_it(home: Path) -> None:
    said = text(home, CASE)
    assert "家庭人口：2人\n        来自 公安·户籍人口信息：2026-11-20 psb_resident_20261120.csv" in said
    assert "税务·个人所得申报信息：没有可用的数据" in said


def test_what_changed_since_the_night_before_is_told(home: Path) -> None:
    one = told(home, CASE)[0]
    assert [hit["indicator"] for hit in one.gone] == ["EXP-004"]
    said = text(home, CASE)
    assert "状态 新增 → 持续" in said
    assert "人均月收入 700元 → 300.5元" in said
    assert "不再有 EXP-004" in said


def test_a_night_before_that_has_been_thinned_is_compared_by_its_history_and_said_so(tmp_path: Path) -> None:
    make_runs(tmp_path)
    for name in EVERYBODY:
        (tmp_path / "runs" / NIGHTS[0] / f"{name}.parquet").unlink()
    said = text(tmp_path, CASE)
    assert "状态 新增 → 持续" in said
    assert "不再有 EXP-004" in said
    assert "前一晚的人口、户和事实已清理，各项事实的数值不作比较" in said
    assert "700元" not in said
    assert not told(tmp_path, CASE)[0].reasons[0].facts[0].had_before


def test_on_the_first_night_there_is_nothing_to_compare_with(home: Path) -> None:
    assert told(home, CASE, NIGHTS[0])[0].compared_with is None


def test_the_nearest_clearing_value_is_told_to_the_fen(home: Path) -> None:
    assert "人均月收入 升到 760元 即不再预警（759.99元 时仍预警）" in text(home, CASE)


def test_a_reason_is_told_by_the_rule_that_the_night_asked(tmp_path: Path) -> None:
    shipped = next(CATALOGUE.rglob(f"{RULE}_*.toml"))
    own = own_indicators(tmp_path) / shipped.parent.name / shipped.name
    own.parent.mkdir(parents=True)
    text_of_rule = re.sub('(?m)^title = ".*"$', 'title = "本地的名称"', shipped.read_text(encoding="utf-8"))
    own.write_text(text_of_rule, encoding="utf-8")
    make_runs(tmp_path)
    own.unlink()
    assert f"{RULE} 本地的名称" in text(tmp_path, CASE)


def test_a_reason_whose_rule_was_not_kept_is_told_without_it(tmp_path: Path) -> None:
    make_runs(tmp_path)
    (tmp_path / "runs" / NIGHTS[1] / "catalogue.json").unlink()
    said = text(tmp_path, CASE)
    assert "当晚的目录里没有这项指标" in said
    assert "收入低" in said
    assert "怎样解除" not in said


def test_a_carried_reason_says_whose_data_are_late(home: Path) -> None:
    said = text(home, ALONE)
    assert "今晚无法判断（医保数据迟到），沿用上次结论" in said
    assert re.search("今晚不知道  .*：医保·.*没有按时送到可用的数据，从未收到", said)
    assert "怎样解除  所缺的数据补齐后，下一晚自动重新判断；也可以入户核实" in said
    assert "即不再预警" not in said


def test_a_carried_reason_whose_data_came_says_that_the_record_is_missing(home: Path) -> None:
    (one,) = told(home, CASE)
    (reason,) = one.reasons
    blank = tuple(replace(shown, value=None) if shown.fact.name == "dependent_count" else shown for shown in reason.facts)
    carried = replace(reason, hit={**reason.hit, "state": "unknown", "late_zh": None}, facts=blank, clearing=None)
    said = "\n".join(lines(replace(one, reasons=(carried,))))
    assert "今晚不知道  需要抚养照顾的人数：各部门的数据都按时到了，但缺这一户（人）可用的记录或数值（含义：" in said
    assert said.count("今晚不知道") == 1


def test_reasons_that_count_once_are_told_beside_the_sum(home: Path) -> None:
    (one,) = told(home, CASE)
    assert "计分：" not in "\n".join(lines(one))
    twice = "\n".join(lines(replace(one, reasons=one.reasons * 2)))
    assert "计分：原因1、原因2 是同一项或同一类指标，只计一次，取最高的5分" in twice


def test_nobody_is_told_to_have_fewer_dependants(home: Path) -> None:
    said = text(home, CASE)
    assert "人均月收入 升到 760元" in said
    assert "需要抚养照顾的人数 降到" not in said


def test_no_age_is_told_to_fall(home: Path) -> None:
    (one,) = told(home, CASE)
    age = facts("person")["age_years"]
    younger, older = (ClearsAt(age, Decimal(n), Outcome.CLEAR, Decimal(m)) for n, m in ((15, 16), (81, 80)))
    for values, expected in (((younger,), "以入户核查的结果为准"), ((younger, older), "升到 81岁")):
        clearing = Clearing(is_hit=True, values=values)
        reason = replace(one.reasons[0], facts=(FactShown(age, 70, False, None),), clearing=clearing)
        said = "\n".join(lines(replace(one, reasons=(reason,))))
        assert expected in said
        assert "降到" not in said


@pytest.mark.parametrize("asked", [CASE, ALONE])
def test_nothing_of_identity_is_shown_unless_revealed(home: Path, asked: str) -> None:
    said = text(home, asked)
    assert not [secret for secret in SECRETS if secret in said]


def test_revealing_is_written_to_the_audit_trail_first(home: Path) -> None:
    code, said = run_command(home, CASE, "--reveal")
    assert (code, "赵大山" in said, HEAD in said, "13900000000" in said) == (0, True, True, True)
    path = home / "audit" / "trail.jsonl"
    (line,) = path.read_text(encoding="utf-8").splitlines()
    noted = json.loads(line)
    assert (noted["action"], noted["what"]["as_of"], noted["what"]["cases"]) == ("revealed", NIGHTS[1], [CASE])
    assert noted["who"]
    assert noted["at"]
    assert not [secret for secret in SECRETS if secret in line]
    assert path.stat().st_mode & 0o077 == 0


def test_a_masked_look_leaves_no_line(home: Path, tmp_path: Path) -> None:
    make_runs(tmp_path)
    assert run_command(tmp_path, CASE)[0] == 0
    assert not (tmp_path / "audit").exists()


def test_a_household_without_a_case_is_told_so(home: Path) -> None:
    assert "没有工单" in run_command(home, "H:2")[1]


@pytest.mark.parametrize("asked", [AUDIT, AUDIT.lower(), "H:3"])
def test_a_household_drawn_at_random_is_told_why_it_is_visited_and_on_which_list(home: Path, asked: str) -> None:
    code, said = run_command(home, asked, "--as-of", NIGHTS[0])
    assert code == 0
    assert "2026-11-19 在某县某镇没有走访工单的612户中随机抽取2户" in said
    assert "没有哪一项走访指标命中" in said
    assert "估计有多少困难户被漏掉" in said
    assert "某县某镇的走访名单，颜色栏写“抽查”（outbox/2026-11-19/530622/530622001.csv 和 .xlsx）" in said
    assert "没有工单：" not in said


def test_an_audit_that_was_answered_stands_on_no_list(home: Path) -> None:
    said = run_command(home, AUDIT)[1]
    assert "2026-11-20 起不再列入（已有答复）" in said
    assert "已有答复：不属实-数据错误（2026-11-20）" in said


def test_a_case_number_may_be_written_in_small_letters(home: Path) -> None:
    assert [one.case["case_no"] for one in told(home, CASE.lower())] == [CASE]


def test_an_unknown_case_is_answered_with_what_is_allowed_and_near_numbers_to_check(home: Path) -> None:
    with pytest.raises(UsageError) as refused:
        told(home, "V530622-20261119-0011")
    assert refused.value.exit_code == 2
    assert "应为 名单上每行开头的工单编号" in str(refused.value)
    assert "请 核对编号；相近的有 V530622-20261119-0001" in str(refused.value)


@pytest.mark.parametrize("asked", ["990000197001010999", "13912345678", "张三丰"])
def test_what_may_be_a_person_is_never_repeated(home: Path, asked: str) -> None:
    with pytest.raises(UsageError) as refused:
        told(home, asked)
    assert asked not in str(refused.value)


def test_a_case_of_an_earlier_night_is_pointed_to(home: Path, tmp_path: Path) -> None:
    make_runs(tmp_path)
    last = tmp_path / "runs" / NIGHTS[1]
    with connect(None, Settings(threads=1)) as connection:
        connection.execute(f"copy (from '{last}/cases.parquet' where false) to '{last}/cases.parquet.new' (format parquet)")
    (last / "cases.parquet.new").replace(last / "cases.parquet")
    with pytest.raises(UsageError, match=f"--as-of {NIGHTS[0]}"):
        told(tmp_path, CASE)


def test_a_day_that_no_calendar_has_is_told_with_the_length_of_its_month(home: Path) -> None:
    with pytest.raises(UsageError, match="没有 2026-11-31 这一天，2026年11月有30天"):
        run_command(home, CASE, "--as-of", "2026-11-31")
    for text in ("2026-13-01", "0000-01-40", "昨天"):
        with pytest.raises(UsageError, match="2026-11-20 这样的日期"):
            run_command(home, CASE, "--as-of", text)


def test_a_night_that_was_not_run_is_refused_with_the_nearest(home: Path) -> None:
    with pytest.raises(UsageError, match=NIGHTS[1]):
        told(home, CASE, "2026-12-01")


def test_a_fact_younger_than_the_run_is_not_known_and_nothing_is_computed_from_it(tmp_path: Path) -> None:
    make_runs(tmp_path)
    kept = tmp_path / "runs" / NIGHTS[1] / "facts_household.parquet"
    with connect(None, Settings(threads=1)) as connection:
        connection.execute(f"copy (select * exclude (employed_count) from '{kept}') to '{kept}.new' (format parquet)")
    Path(f"{kept}.new").replace(kept)
    reason = told(tmp_path, CASE)[0].reasons[0]
    assert reason.code == RULE
    assert reason.clearing
    assert not reason.clearing.is_hit
