"""Tells every channel, in bounded time, and keeps a record. What goes wrong here is said on stderr and changes nothing else."""

from __future__ import annotations

import json
import os
import smtplib
import sys
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from monitor import clock
from monitor.errors import MonitorError, NightIsRunning, UsageError
from monitor.notify.channels import Mail, Webhook, read_channels
from monitor.notify.mail import send_mail
from monitor.notify.message import Message, a_test, departments_late, job_failed, night_done, night_failed
from monitor.notify.webhook import NotTaken, post_webhook
from monitor.run import Home, read_manifest
from monitor.settings import Settings

LOG = "notified.log"
_PAUSES = (1.0, 4.0)  # seconds before the second and the third try
_BOUND_SECONDS = 60.0  # of all channels together; who has not answered by then is given up


@dataclass(frozen=True)
class Told:
    """How one channel took one message; `why` is a kind of fault, never an address, a password or a server's words."""

    channel: str
    ok: bool
    why: str = ""


def tell(
    home: Path,
    message: Message,
    *,
    but_not: Collection[str] = (),
    pauses: Sequence[float] = _PAUSES,
    bound_seconds: float = _BOUND_SECONDS,
) -> list[Told]:
    """Tell everybody who wants to know; never raises, and returns within the bound.

    Args:
        home: of the installation.
        message: what to tell.
        but_not: names of channels that know already.
        pauses: seconds before each further try of a channel.
        bound_seconds: after which the caller goes on, whatever has been reached.
    """
    outcomes: list[Told] = []
    with _harmless():
        channels = [channel for channel in read_channels(home).all if channel.name not in but_not]
        outcomes = _tell_all(home, channels, message, pauses, bound_seconds)
        for one in outcomes:
            if not one.ok:
                _say(f"({one.channel}):{one.why}")
        if outcomes:
            _write_down(home, message, outcomes)
    return outcomes


@contextmanager
def _harmless() -> Iterator[None]:
    """Whatever goes wrong within is said, without words that might quote something, and forgotten."""
    try:
        yield
    except MonitorError as error:
        _say(f"。{error}")
    except Exception as error:
        _say(f"({type(error).__name__})。")


def _say(what: str) -> None:
    print(f"monitor: 通知没有发出{what}", file=sys.stderr)


def _tell_all(
    home: Path, channels: Sequence[Mail | Webhook], message: Message, pauses: Sequence[float], bound: float
) -> list[Told]:
    """All channels at once, each in a thread that cannot keep the process alive."""
    wanted = [(channel, heard) for channel in channels if (heard := channel.wants(message))]
    outcomes: dict[str, Told] = {}

    def one(channel: Mail | Webhook, heard: Message) -> None:
        outcomes[channel.name] = _tell_one(home, channel, heard, pauses)

    threads = [threading.Thread(target=one, args=pair, daemon=True) for pair in wanted]
    for thread in threads:
        thread.start()
    given_up_at = time.monotonic() + bound
    for thread in threads:
        thread.join(max(0.0, given_up_at - time.monotonic()))
    return [outcomes.get(channel.name, Told(channel.name, False, f"{bound:g}秒内没有结果")) for channel, _ in wanted]


def _tell_one(home: Path, channel: Mail | Webhook, message: Message, pauses: Sequence[float]) -> Told:
    why = ""
    for pause in (0.0, *pauses):
        time.sleep(pause)
        try:
            if isinstance(channel, Mail):
                send_mail(channel, message, home, clock.now())
            else:
                post_webhook(channel, message, home)
            return Told(channel.name, True)
        except UsageError as error:  # a secret that is not there will not be there in a second
            return Told(channel.name, False, str(error).replace("\n", " "))
        except smtplib.SMTPAuthenticationError as error:  # asked again and again, mail servers lock the account
            return Told(channel.name, False, _kind(error))
        except Exception as error:  # of whatever kind: a night is worth more than the news of it
            why = _kind(error)
    return Told(channel.name, False, why)


def _kind(error: Exception) -> str:
    """The words of an error may hold an address with its token, or a server's greeting; its kind and code do not."""
    if isinstance(error, NotTaken):
        return f"对方没有接受:{error}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"邮件服务器答复 {error.smtp_code}({type(error).__name__})"
    return type(error).__name__


def try_all(home: Path, moment: datetime) -> list[Told]:
    """Send every channel a test message, whatever it asked to hear of."""
    return tell(home, a_test(moment))


def tell_failed(home: Path, as_of: date | None, error: BaseException | str) -> None:
    """Tell that a night did not come about."""
    tell(home, night_failed(as_of, error))


def tell_done(home: Path, as_of: date) -> None:
    """Tell that a night is published and which departments became late with it; each channel hears of a run once."""
    with _harmless():
        if not read_channels(home).all:
            return
        for message in _news(Home(home), as_of):
            tell(home, message, but_not=_who_knows(home, message))


def _news(home: Home, as_of: date) -> list[Message]:
    folder = next(run for run in home.run_folders() if run.name == as_of.isoformat())
    manifest, before = read_manifest(folder), home.run_before(as_of)
    late = departments_late(manifest, read_manifest(before) if before else None)
    return [night_done(manifest), *([late] if late else [])]


@contextmanager
def told(settings: Settings, as_of: date) -> Iterator[None]:
    """Tell how the night within ends; an error goes on as it is. A start that met another is no end of any night."""
    try:
        yield
    except NightIsRunning:
        raise
    except Exception as error:
        tell_failed(settings.home, as_of, error)
        raise
    tell_done(settings.home, as_of)


@contextmanager
def failure_told(settings: Settings, job: str) -> Iterator[None]:
    """Tell if what is done within, which is no night, fails; an error goes on as it is."""
    try:
        yield
    except Exception as error:
        tell(settings.home, job_failed(job, error))
        raise


def last_told(home: Path) -> dict[str, dict[str, Any]]:
    """Of each channel the newest line of the record."""
    return {line["channel"]: line for line in _record(home)}


def _who_knows(home: Path, message: Message) -> set[str]:
    """The channels that took this news before."""
    news = (message.event.value, message.run)
    return {line["channel"] for line in _record(home) if (line["event"], line["run"]) == news and line["ok"]}


def _record(home: Path) -> Iterator[dict[str, Any]]:
    path = home / LOG
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            yield json.loads(line)
        except ValueError:  # the last line of a machine that lost power
            continue


def _write_down(home: Path, message: Message, outcomes: Sequence[Told]) -> None:
    at = clock.now().isoformat(timespec="seconds")
    night = message.as_of.isoformat() if message.as_of else None
    known = {"at": at, "event": message.event.value, "as_of": night, "run": message.run}
    lines = [known | {"channel": one.channel, "ok": one.ok, "why": one.why} for one in outcomes]
    handle = os.open(home / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode())
        os.fsync(handle)
    finally:
        os.close(handle)
