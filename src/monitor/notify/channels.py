"""Who is told, and how: `<home>/notify.toml`. It lies apart from `monitor.toml`, because a fault in it must not stop a night.

Nothing secret stands in it: passwords and the addresses of webhooks (which hold a token) come from a file or the environment.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from monitor.errors import Fault, UsageError
from monitor.notify.message import Event, Message
from monitor.secret import LOOPBACK, NoSecret, read_secret

FILE = "notify.toml"
_ADDRESS = Annotated[str, Field(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")]


class _Channel(BaseModel):
    """What mail and webhook share.

    Attributes:
        name: what it is called in messages to operators.
        events: of what it is told.
        departments: of lateness it is told only what concerns these; all when empty.
        timeout_seconds: of every single exchange.
        ca_file: certificates to trust instead of the machine's own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=40)
    events: tuple[Event, ...] = tuple(Event)
    departments: tuple[str, ...] = ()
    timeout_seconds: float = Field(default=10, gt=0, le=60)
    ca_file: Path | None = None

    def wants(self, message: Message) -> Message | None:
        """The message as this channel is told it; None when it is not."""
        if message.event is not Event.TEST and message.event not in self.events:
            return None
        return message.only(self.departments) if self.departments and message.event is Event.LATE else message


class Mail(_Channel):
    """A mailbox or several, told over SMTP.

    Attributes:
        security: `ssl` (usually port 465), `starttls` (587); `none` only to a relay on this very machine.
        user: signs in as; nobody signs in when empty.
        password_file: file with the password, readable by its owner only; relative to the home.
        password_env: or the name of an environment variable.
    """

    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    security: Literal["ssl", "starttls", "none"] = "ssl"
    sender: _ADDRESS
    to: tuple[_ADDRESS, ...] = Field(min_length=1)
    user: str = ""
    password_file: Path | None = None
    password_env: str | None = None

    @model_validator(mode="after")
    def _is_safe(self) -> Mail:
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError('security = "none" 只能用于本机的邮件中继;请用 ssl 或 starttls')
        if bool(self.user) != (self.password_file is not None or self.password_env is not None):
            raise ValueError("user 要和 password_file 或 password_env 一起写")
        return self

    def password(self, home: Path) -> str:
        """The password, read anew each time."""
        return _secret(home, self.password_file, self.password_env)


class Webhook(_Channel):
    """An address that takes JSON by POST.

    Attributes:
        url_file: file with the address; relative to the home.
        url_env: or the name of an environment variable.
        template: the form that the receiver expects.
        body: a form of one's own: a table whose texts may hold {title}, {text}, {event}, {as_of}; wins over `template`.
    """

    url_file: Path | None = None
    url_env: str | None = None
    template: Literal["dingtalk", "wecom", "feishu", "json"] = "json"
    body: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _has_an_address(self) -> Webhook:
        if (self.url_file is None) == (self.url_env is None):
            raise ValueError("地址含口令,不写在这里:url_file 和 url_env 写且只写一个")
        return self

    def url(self, home: Path) -> str:
        """The address, read anew each time."""
        return _secret(home, self.url_file, self.url_env)


class Channels(BaseModel):
    """Everybody who is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mail: tuple[Mail, ...] = ()
    webhook: tuple[Webhook, ...] = ()

    @property
    def all(self) -> tuple[Mail | Webhook, ...]:
        return (*self.mail, *self.webhook)

    @model_validator(mode="after")
    def _have_names_of_their_own(self) -> Channels:
        names = [channel.name for channel in self.all]
        if len(set(names)) < len(names):
            raise ValueError("两处 name 相同")
        return self


def read_channels(home: Path) -> Channels:
    """Read who is told; nobody when there is no file.

    Raises:
        UsageError: the file cannot be read or is wrong; names every fault, never a value.
    """
    path = home / FILE
    if not path.is_file():
        return Channels()
    try:
        return Channels(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError("通知设置读不了。", [Fault(str(path), str(error))]) from None
    except (TypeError, ValidationError) as error:
        raise UsageError("通知设置有误。", _faults(path, error)) from None


def _faults(path: Path, error: TypeError | ValidationError) -> Iterable[Fault]:
    if isinstance(error, TypeError):
        return [Fault(str(path), "应由 [[mail]] 和 [[webhook]] 组成")]
    return [
        Fault(f"{path}: {'.'.join(map(str, one['loc']))}", one["msg"].removeprefix("Value error, "))
        for one in error.errors(include_input=False, include_context=False)
    ]


def _secret(home: Path, file: Path | None, variable: str | None) -> str:
    """A secret, read anew each time; its file is relative to the home.

    Raises:
        UsageError: it is not there, empty, or others may read it; never tells what stands there.
    """
    try:
        return read_secret(variable, home / file if file else None)
    except NoSecret as error:
        raise UsageError("通知用的口令没有。", [Fault(str(home / FILE), error.found, remedy=error.remedy)]) from None
