"""sources.toml: every fault at once, in Chinese, and no secret in it, in a message or in a value that could be printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import UsageError
from monitor.pulling import load_sources
from monitor.settings import Settings

SECRET = "hunter2-of-the-tests"
SFTP = 'kind = "sftp"\nhost = "h"\nuser = "u"\nextracts = ["psb_resident"]\n'
HTTP = 'kind = "http"\nextracts = ["psb_resident"]\n'
POSTGRES = 'kind = "postgres"\nhost = "h"\nuser = "u"\ndatabase = "d"\npassword_env = "P"\n[sources.x.queries.psb_resident]\n'
S3 = 'kind = "s3"\nbucket = "abc"\nextracts = ["psb_resident"]\naccess_key_env = "A"\nsecret_key_env = "B"\n'


def faults_of(home: Path, text: str) -> list[str]:
    (home / "sources.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        load_sources(Settings(home=home))
    assert SECRET not in str(refused.value)
    assert SECRET not in repr(refused.value.__cause__)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (SFTP + f'password = "{SECRET}"', "口令、令牌和密钥不能写在设置文件里"),
        (SFTP + f'password_env = "{SECRET}"', "不是环境变量的名字"),
        (SFTP + "password_env = 'A'\nkey_file = 'k'", "password_env、password_file、key_file 要写一个,也只写一个"),
        (SFTP, "password_env、password_file、key_file 要写一个,也只写一个"),
        (SFTP + 'password_env = "A"\ntimeout_secs = 3', "没有这个字段;应为 timeout_seconds"),
        (SFTP + 'password_env = "A"\nattempts = 0', "数字超出范围;应为 不小于 1"),
        (SFTP + 'password_env = "A"\nport = "x"', "写法不对;应为 整数"),
        (SFTP + 'password_env = "A"\ndepartment = "公安"', "department(部门)与 extracts(数据项)要写一个"),
        (SFTP.replace("psb_resident", "psb_residents") + 'password_env = "A"', "数据项 'psb_residents',是否 psb_resident"),
        ('kind = "ftp"', "没有填或没有这一种;应为 folder、sftp、http、s3、postgres、mysql"),
        ('kind = "folder"\npath = "inbox"\nextracts = ["psb_resident"]', "就是收件目录(inbox)本身"),
        ('kind = "folder"\npath = "x"\ndepartment = "公安局"', "没有部门 '公安局';有 "),
        ('kind = "folder"\nextracts = ["psb_resident"]', "没有填"),
        (HTTP + f'url = "https://u:{SECRET}@h/x.csv"', "网址里不能有用户名、口令或令牌"),
        (HTTP + f'url = "https://h/x.csv?access_token={SECRET}"', "网址里不能有用户名、口令或令牌"),
        (HTTP + 'url = "http://h/x.csv"\ntoken_env = "T"', "令牌或密钥不能走没有加密的 http"),
        (HTTP + 'url = "ftp://h/x.csv"', "应为 https://主机/路径"),
        (HTTP + 'url = "https://h/{day}.csv"', "不认识 day"),
        (HTTP.replace('"]', '", "nhc_death"]') + 'url = "https://h/x.csv"', "有几项数据时,url 里要有 {extract}"),
        (S3 + 'endpoint = "http://store.gov"', "令牌或密钥不能走没有加密的 http"),
        (S3.replace('secret_key_env = "B"', f'secret_key = "{SECRET}"') + 'endpoint = "https://s"', "口令、令牌和密钥不能写"),
        (POSTGRES + 'sql = "select 1; drop table t"', "只能是一句 SELECT"),
        (POSTGRES + "sql = \"select 1 where d > '{as_of}'\"", "外面不要加引号"),
        (POSTGRES + 'sql = "select {day}"', "不认识 day"),
        (POSTGRES + 'sql = "select {since}"', "用 {since} 就要写 window_days 或 watermark"),
        (POSTGRES + 'sql = "select {since}"\nwindow_days = 3', "psb_resident 每次要报全量"),
        (POSTGRES + 'sql = "select {since}"\nwatermark = "a"', "watermark 与 first_since(第一次从哪里开始)要一起写"),
        (
            POSTGRES.replace("psb_resident", "nhsa_settlement")
            + 'sql = "select {since}"\nwatermark = "证件号码"\nfirst_since = 1',
            "watermark 不能是身份号码",
        ),
        (POSTGRES + 'sql = "select 1"\nkey = ["a\\"b"]', "写法不对;应为 符合"),
        (f'password = "{SECRET}"', "没有填或没有这一种"),
    ],
)  # fmt: skip
def test_a_fault_is_told_and_what_was_written_is_not(tmp_path: Path, source: str, told: str) -> None:
    faults = faults_of(tmp_path, f"[sources.x]\n{source}\n")
    assert any(told in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sources = 3", "一处来源也没有"),
        ("", "一处来源也没有"),
        ("[sources", "不是 TOML"),
        ('parallel = "many"\n[sources.x]\nkind = "folder"\npath = "p"\ndepartment = "公安"', "1 到 32 的整数"),
        ('paralell = 3\n[sources.x]\nkind = "folder"\npath = "p"\ndepartment = "公安"', "没有这个字段"),
        ('[sources."../x"]\nkind = "folder"\npath = "p"\ndepartment = "公安"', "写法不对;应为 符合"),
    ],
)
def test_a_fault_of_the_whole_file_is_told(tmp_path: Path, text: str, told: str) -> None:
    assert any(told in fault for fault in faults_of(tmp_path, text))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = "".join(f"[sources.s{n}]\n{SFTP}password = '{SECRET}'\nattempts = 99\n" for n in range(3))
    assert len(faults_of(tmp_path, text)) == 6


def test_two_sources_of_one_extract_need_parts_that_tell_them_apart(tmp_path: Path) -> None:
    one = '[sources.{}]\nkind = "folder"\npath = "{}"\nextracts = ["psb_resident"]\n{}\n'
    same = one.format("a", "a", "") + one.format("b", "b", "")
    alike = one.format("a", "a", 'part = "53"') + one.format("b", "b", 'part = "5301"')
    apart = one.format("a", "a", 'part = "5301"') + one.format("b", "b", 'part = "5303"')
    for text in (same, alike):
        assert any("psb_resident 已由 a 提供" in fault for fault in faults_of(tmp_path, text))
    (tmp_path / "sources.toml").write_text(apart)
    assert len(load_sources(Settings(home=tmp_path)).sources) == 2


def test_an_extract_that_is_named_is_not_brought_by_the_source_of_its_department(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(
        '[sources.all]\nkind = "folder"\npath = "p"\ndepartment = "公安"\n'
        '[sources.people]\nkind = "folder"\npath = "q"\nextracts = ["psb_resident"]\n',
        encoding="utf-8",
    )
    brings = load_sources(Settings(home=tmp_path)).brings
    assert brings["people"] == ("psb_resident",)
    assert "psb_resident" not in brings["all"]
    assert "psb_vehicle" in brings["all"]


def test_the_example_in_the_documents_is_right(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "docs" / "sources.example.toml"
    (tmp_path / "sources.toml").write_bytes(example.read_bytes())
    sources = load_sources(Settings(home=tmp_path)).sources
    assert {one.kind for one in sources} == {"folder", "sftp", "http", "s3", "postgres", "mysql"}
