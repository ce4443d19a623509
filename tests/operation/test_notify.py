"""People are told how nights went: over TLS, in bounded time, once, without personal data, and the night never suffers."""

import json
import os
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from catchers import HERE, PASSWORD, USER, Hook, certificate, mail_server

from monitor import notify, steps
from monitor.errors import MonitorError, NightCannotStand, NightIsRunning, UsageError
from monitor.notify import Event
from monitor.notify.message import Line, Message
from monitor.run import read_manifest
from monitor.settings import Settings, load_settings

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")  # TLS from the first byte is no STARTTLS
NIGHT = date(2026, 11, 20)
MESSAGE = Message(Event.FAILURE, NIGHT, "低收入人口动态监测:出错", (Line("一行"), Line("又一行")), "run1")
QUICK = {"pauses": (0.01, 0.01), "bound_seconds": 8.0}


def write(home: Path, text: str, **secrets: str) -> None:
    (home / "notify.toml").write_text(text, encoding="utf-8")
    for name, secret in secrets.items():
        path = home / "keys" / name
        path.touch(mode=0o600)
        path.write_text(secret + "\n", encoding="utf-8")


def hooked(home: Path, hook: Hook, more: str = "") -> None:
    write(home, f'[[webhook]]\nname = "群"\nurl_file = "keys/url"\n{more}', url=hook.url)


def mailed(home: Path, security: str, port: int, ca: Path, password: str = PASSWORD) -> None:
    signed = f'user = "{USER}"\npassword_file = "keys/smtp"\n' if security != "none" else ""
    write(
        home,
        f'[[mail]]\nname = "邮件"\nhost = "{HERE}"\nport = {port}\nsecurity = "{security}"\nsender = "m@example.org"\n'
        f'to = ["a@example.org", "b@example.org"]\nca_file = "{ca}"\n{signed}',
        smtp=password,
    )


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("pem"))


@pytest.mark.parametrize("security", ["ssl", "starttls", "none"])
def test_a_letter_arrives_at_every_mailbox(bare: Settings, pem: Path, security: str) -> None:
    with mail_server(security, pem) as (box, port):
        mailed(bare.home, security, port, pem)
        told = notify.tell(bare.home, MESSAGE, **QUICK)
    assert [one.ok for one in told] == [True]
    assert box.recipients == ["a@example.org", "b@example.org"]
    [letter] = box.letters
    assert letter["Subject"] == MESSAGE.title
    assert letter.get_content().splitlines() == [MESSAGE.title, "一行", "又一行"]
    assert letter["Auto-Submitted"] == "auto-generated"


def test_a_wrong_password_is_told_by_its_code_and_never_quoted(
    bare: Settings, pem: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with mail_server("ssl", pem) as (box, port):
        mailed(bare.home, "ssl", port, pem, password="wrong secret")
        [told] = notify.tell(bare.home, MESSAGE, pauses=(0.01, 0.01))
    assert (told.ok, box.letters) == (False, [])
    assert "535" in told.why
    assert "wrong secret" not in capsys.readouterr().err + (bare.home / "notified.log").read_text(encoding="utf-8")


def test_a_server_that_nobody_vouches_for_is_told_nothing(bare: Settings, pem: Path, tmp_path: Path) -> None:
    with mail_server("ssl", pem) as (box, port):
        mailed(bare.home, "ssl", port, certificate(tmp_path))
        [told] = notify.tell(bare.home, MESSAGE, **QUICK)
    assert (told.ok, told.why, box.letters) == (False, "SSLCertVerificationError", [])


FORMS = {
    "dingtalk": {"msgtype": "text", "text": {"content": MESSAGE.text()}},
    "wecom": {"msgtype": "text", "text": {"content": MESSAGE.text()}},
    "feishu": {"msg_type": "text", "content": {"text": MESSAGE.text()}},
    "json": {"event": "failure", "as_of": "2026-11-20", "title": MESSAGE.title, "text": MESSAGE.text()},
}


@pytest.mark.parametrize("template", sorted(FORMS))
def test_a_webhook_is_posted_the_form_that_it_expects(bare: Settings, template: str) -> None:
    with Hook() as hook:
        hooked(bare.home, hook, f'template = "{template}"')
        notify.tell(bare.home, MESSAGE, **QUICK)
    assert hook.bodies == [FORMS[template]]


def test_a_form_of_ones_own_is_filled_once_and_keeps_what_it_does_not_know(bare: Settings) -> None:
    message = Message(Event.HEALTH, None, "{text}", ())
    with Hook() as hook:
        hooked(bare.home, hook, 'body = { head = "{title}", day = "{as_of}", list = ["{event}", 7, "{other}"] }')
        notify.tell(bare.home, message, **QUICK)
    assert hook.bodies == [{"head": "{text}", "day": "", "list": ["health", 7, "{other}"]}]


@pytest.mark.parametrize(
    ("answers", "posts", "ok", "why"),
    [
        ([(500, {}), (200, {"errcode": 0})], 2, True, ""),
        ([(200, {"errcode": 310000, "errmsg": "keywords not in content"})], 3, False, "对方没有接受:errcode 310000"),
        ([(200, {"code": 19024})], 3, False, "对方没有接受:errcode 19024"),
        ([(403, {})], 3, False, "对方没有接受:HTTP 403"),
        ([(200, "anything")], 1, True, ""),
    ],
)
def test_a_robot_is_asked_three_times_and_its_code_is_believed(
    bare: Settings, answers: list[tuple[int, Any]], posts: int, ok: bool, why: str
) -> None:
    with Hook(*answers) as hook:
        hooked(bare.home, hook)
        [told] = notify.tell(bare.home, MESSAGE, **QUICK)
    assert (len(hook.bodies), told.ok, told.why) == (posts, ok, why)


def test_a_receiver_that_never_answers_is_given_up_at_the_bound(bare: Settings) -> None:
    with Hook((0, None)) as hook:
        hooked(bare.home, hook, "timeout_seconds = 60")
        [told] = notify.tell(bare.home, MESSAGE, pauses=(), bound_seconds=0.3)
    assert (told.ok, told.why) == (False, "0.3秒内没有结果")


def test_one_channel_that_fails_keeps_no_other_from_being_told(bare: Settings) -> None:
    with Hook() as hook:
        dead = '[[webhook]]\nname = "死"\nurl_file = "keys/dead"\n'
        live = '[[webhook]]\nname = "活"\nurl_file = "keys/live"\n'
        write(bare.home, dead + live, dead="http://127.0.0.1:9/", live=hook.url)
        told = notify.tell(bare.home, MESSAGE, **QUICK)
    assert [(one.channel, one.ok) for one in told] == [("死", False), ("活", True)]


def test_a_long_message_is_cut_at_a_line_where_the_receiver_has_a_limit() -> None:
    message = Message(Event.SUCCESS, NIGHT, "题", tuple(Line("汉" * 100) for _ in range(20)))
    cut = message.text(2000)
    assert len(cut.encode()) <= 2000
    assert set(cut.splitlines()) == {"题", "汉" * 100, "(余下从略,请看当晚小结)"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[mail]]\nname = "a"\nhost = "mx.example.org"\nport = 25\nsecurity = "none"\nsender = "a@b"\nto = ["c@d"]', "本机"),
        ('[[mail]]\nname = "a"\nhost = "h"\nport = 465\nsender = "a@b"\nto = ["c@d"]\nuser = "u"', "password_file"),
        ('[[mail]]\nname = "a"\nhost = "h"\nport = 465\nsender = "a@b"\nto = ["c@d"]\npassword = "hidden"', "password"),
        ('[[mail]]\nname = "a"\nhost = "h"\nport = 465\nsender = "a@b, x@y"\nto = ["c@d"]', "sender"),
        ('[[webhook]]\nname = "a"\nurl = "https://hidden"', "url"),
        ('[[webhook]]\nname = "a"', "url_file"),
        ('[[webhook]]\nname = "a"\nurl_env = "X"\nevents = ["sucess"]', "events"),
        ('[[webhook]]\nname = "a"\nurl_env = "X"\n[[webhook]]\nname = "a"\nurl_env = "X"', "name"),
        ("[[webhook", "读不了"),
        ("mail = 3", "mail"),
    ],
)
def test_a_fault_in_the_file_is_named_and_no_secret_with_it(bare: Settings, text: str, said: str) -> None:
    write(bare.home, text)
    with pytest.raises(UsageError, match=said) as wrong:
        notify.read_channels(bare.home)
    assert "hidden" not in str(wrong.value)


def test_a_secret_that_others_can_read_is_not_used(bare: Settings) -> None:
    with Hook() as hook:
        hooked(bare.home, hook)
        (bare.home / "keys" / "url").chmod(0o644)
        [told] = notify.tell(bare.home, MESSAGE, **QUICK)
    assert (hook.bodies, told.ok) == ([], False)
    assert "chmod 600" in told.why


def test_a_secret_may_come_from_the_environment(bare: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with Hook() as hook:
        monkeypatch.setenv("MONITOR_TEST_HOOK", hook.url)
        write(bare.home, '[[webhook]]\nname = "群"\nurl_env = "MONITOR_TEST_HOOK"')
        notify.tell(bare.home, MESSAGE, **QUICK)
    assert len(hook.bodies) == 1


def test_a_channel_hears_only_of_the_events_it_asked_for(bare: Settings) -> None:
    with Hook() as hook:
        hooked(bare.home, hook, 'events = ["late", "health"]')
        assert notify.tell(bare.home, MESSAGE, **QUICK) == []
    assert hook.bodies == []


def test_a_night_that_ends_well_is_told_once(home: Path, inbox: Path) -> None:
    settings = load_settings(home, threads=2)
    with Hook() as hook:
        hooked(home, hook, 'events = ["success"]')
        for _ in range(2):
            with notify.told(settings, NIGHT):
                steps.run_night(settings, NIGHT)
    [body] = hook.bodies
    assert body["title"] == "低收入人口动态监测:2026-11-20 一晚完成,名单已更新"
    assert "入户预警:列入名单" in body["text"]
    record = home / "notified.log"
    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    assert [json.loads(line)["ok"] for line in record.read_text(encoding="utf-8").splitlines()] == [True]


def test_news_that_did_not_arrive_is_told_by_the_next_start(home: Path) -> None:
    with Hook((500, {})) as hook:
        hooked(home, hook, 'events = ["success"]')
        notify.tell(home, notify.night_done(read_manifest(home / "runs" / NIGHT.isoformat())), **QUICK)
    with Hook() as hook:
        hooked(home, hook, 'events = ["success"]')
        notify.tell_done(home, NIGHT)
    assert len(hook.bodies) == 1


def test_the_next_start_tells_only_the_channel_that_missed_the_news(home: Path) -> None:
    def two(well: Hook, ill: Hook) -> None:
        (home / "well").write_text(well.url, encoding="utf-8")
        (home / "ill").write_text(ill.url, encoding="utf-8")
        for name in ("well", "ill"):
            (home / name).chmod(0o600)
        channels = [f'[[webhook]]\nname = "{name}"\nurl_file = "{name}"\nevents = ["success"]\n' for name in ("well", "ill")]
        write(home, "".join(channels))

    with Hook() as well, Hook((500, {})) as ill:
        two(well, ill)
        notify.tell(home, notify.night_done(read_manifest(home / "runs" / NIGHT.isoformat())), **QUICK)
        assert len(well.bodies) == 1
    with Hook() as well, Hook() as ill:
        two(well, ill)
        for _ in range(2):
            notify.tell_done(home, NIGHT)
    assert (len(well.bodies), len(ill.bodies)) == (0, 1)


def test_a_second_start_tells_nobody_that_the_running_night_failed(bare: Settings) -> None:
    with Hook() as hook:
        hooked(bare.home, hook)
        with pytest.raises(NightIsRunning), notify.told(bare, NIGHT):
            raise NightIsRunning("两晚不能同时使用一个工作目录。")
    assert hook.bodies == []


def test_departments_are_told_of_their_own_lateness_and_only_when_it_begins(home: Path) -> None:
    manifest = read_manifest(home / "runs" / NIGHT.isoformat())
    row = {"newest_delivery": "2026-09-01", "age_days": 80, "late_after": 35}
    rows = [row | {"extract": "nhsa_settlement", "department": "医保"}, row | {"extract": "grid_power", "department": "供电"}]
    manifest["summary"]["late"] = rows
    message = notify.departments_late(manifest, {"summary": {"late": []}})
    assert message
    assert "医保" in message.title
    assert "供电" in message.title
    with Hook() as hook:
        hooked(home, hook, 'departments = ["供电"]')
        notify.tell(home, message, **QUICK)
    [body] = hook.bodies
    assert "grid_power" in body["text"]
    assert "nhsa_settlement" not in body["text"]
    assert notify.departments_late(manifest, {"summary": {"late": rows}}) is None


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NightCannotStand("户籍没有一份可用。"), "户籍没有一份可用。"),
        (ValueError("could not convert 990000" + "198001010004"), "程序缺陷(ValueError)"),
        (OSError(28, "No space left on device", "/home/990000" + "198001010004.csv"), "No space left on device"),
    ],
)
def test_a_failed_night_is_told_without_quoting_and_fails_as_before(bare: Settings, error: Exception, said: str) -> None:
    with Hook() as hook:
        hooked(bare.home, hook)
        with pytest.raises(type(error)), notify.told(bare, NIGHT):
            raise error
    [body] = hook.bodies
    assert said in body["text"]
    assert "上一晚的名单仍然有效" in body["title"]
    assert "990000" not in json.dumps(body)


@pytest.mark.parametrize("text", ["[[webhook", '[[webhook]]\nname = "群"\nurl_file = "keys/none"'])
def test_nothing_wrong_with_the_news_fails_the_night(bare: Settings, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(bare.home, text)
    with pytest.raises(MonitorError, match="night"), notify.told(bare, NIGHT):
        raise MonitorError("night")
    assert "通知没有发出" in capsys.readouterr().err


def test_a_record_that_cannot_be_written_fails_nothing(bare: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkdir(bare.home / "notified.log")
    with Hook() as hook:
        hooked(bare.home, hook)
        notify.tell(bare.home, MESSAGE, **QUICK)
    assert len(hook.bodies) == 1
    assert "IsADirectoryError" in capsys.readouterr().err


def test_neither_log_nor_screen_holds_an_address_a_mailbox_or_a_token(
    bare: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    write(bare.home, '[[webhook]]\nname = "群"\nurl_file = "keys/url"', url="http://127.0.0.1:9/hook/SECRETTOKEN")
    notify.tell(bare.home, MESSAGE, **QUICK)
    seen = capsys.readouterr().err + (bare.home / "notified.log").read_text(encoding="utf-8")
    assert "ConnectError" in seen
    assert "SECRETTOKEN" not in seen
    assert HERE not in seen
