"""What `<home>/sources.toml` may say: one model per kind of source. No secret stands in it, only where a secret lies."""

from __future__ import annotations

import re
from abc import abstractmethod
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator

from monitor.contracts import extracts
from monitor.parameters.nearest import did_you_mean
from monitor.secret import LOOPBACK

# a name that a secret would have; `[^_]` keeps password_env and key_file out
SECRET_NAME = re.compile(r"pass|pwd|token|secret|credential|(^|_)key$|口令|密码|令牌|密钥", re.IGNORECASE)
_QUOTED = re.compile(r"'\{\w*\}'")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def _in_home(path: Path, info: ValidationInfo) -> Path:
    """A relative path starts at the home."""
    return Path((info.context or {}).get("home", ".")) / path.expanduser()


def _known_extract(name: str) -> str:
    if name not in extracts():
        near = did_you_mean(name, extracts())
        raise ValueError(f"没有约定过数据项 {name[:60]!r}" + (f",是否 {near}" if near else ""))
    return name


HomePath = Annotated[Path, AfterValidator(_in_home)]
EnvironmentName = Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]*$", max_length=100)]
ExtractName = Annotated[str, AfterValidator(_known_extract)]
ColumnName = Annotated[str, Field(pattern=r"^\w{1,60}$")]
Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9.:_-]{1,253}$")]
Part = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,9}$")]
Ending = Literal[".csv", ".csv.gz", ".xlsx", ".parquet", ".zip"]


class Source(BaseModel):
    """What every source says.

    Attributes:
        timeout_seconds: silence after which an attempt is given up.
        attempts: how often what may heal is tried.
        wait_seconds: before the second attempt; doubles with every further one, with some chance added, at most 60.
        deadline_minutes: after which the source is left alone for tonight, however busy it is.
        max_file_mb: a larger file is not pulled.
        part: in the names of the files; tells the sources of one extract apart.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    secrets: ClassVar[tuple[str, ...]] = ()

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")
    timeout_seconds: float = Field(default=30, gt=0, le=3600)
    attempts: int = Field(default=4, ge=1, le=20)
    wait_seconds: float = Field(default=2, ge=0, le=60)
    deadline_minutes: float = Field(default=60, gt=0, le=1440)
    max_file_mb: int = Field(default=20_000, ge=1)
    part: Part | None = None

    @property
    @abstractmethod
    def asked(self) -> tuple[str, ...]:
        """The extracts that it says it brings."""

    @model_validator(mode="after")
    def _one_reference_per_secret(self) -> Source:
        for name in self.secrets:
            given = [n for n in (f"{name}_env", f"{name}_file") if getattr(self, n)]
            if len(given) != 1:
                raise ValueError(f"{name}_env(环境变量名)与 {name}_file(文件)要写一个,也只写一个")
        return self


class FileSource(Source):
    """A source of whole files: of a department, or of the extracts named."""

    department: str | None = None
    extracts: tuple[ExtractName, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        if self.extracts:
            return self.extracts
        return tuple(name for name, one in extracts().items() if one.department == self.department)

    @model_validator(mode="after")
    def _brings_something(self) -> FileSource:
        if bool(self.department) == bool(self.extracts):
            raise ValueError("department(部门)与 extracts(数据项)要写一个,也只写一个")
        if not self.asked:
            known = dict.fromkeys(one.department for one in extracts().values())
            raise ValueError(f"没有部门 {self.department!r};有 {'、'.join(known)}")
        return self


class ListedSource(FileSource):
    """A source whose files are listed.

    Attributes:
        quiet_seconds: a new file counts as complete when it holds still for so long.
        done_marker: what the department adds to the name of an empty file beside a complete one, such as `.done`.
    """

    quiet_seconds: float = Field(default=10, ge=0, le=600)
    done_marker: Annotated[str, Field(pattern=r"^\.[A-Za-z0-9]{1,10}$")] | None = None


class FolderSource(ListedSource):
    """A folder that this machine sees: a share, or where a department uploads to."""

    kind: Literal["folder"]
    path: HomePath


class SftpSource(ListedSource):
    """SFTP. Whose key is not in `known_hosts` is not spoken to: nobody is trusted on first use."""

    kind: Literal["sftp"]
    host: Host
    port: int = Field(default=22, ge=1, le=65535)
    user: str = Field(min_length=1)
    path: str = Field(default=".", pattern=r"^[^\x00-\x1f]+$")
    known_hosts: HomePath = Field(default=Path("known_hosts"), validate_default=True)
    password_env: EnvironmentName | None = None
    password_file: HomePath | None = None
    key_file: HomePath | None = None
    passphrase_env: EnvironmentName | None = None
    passphrase_file: HomePath | None = None

    @model_validator(mode="after")
    def _one_way_in(self) -> SftpSource:
        if sum(map(bool, (self.password_env, self.password_file, self.key_file))) != 1:
            raise ValueError("password_env、password_file、key_file 要写一个,也只写一个")
        return self


def _plain_url(url: str) -> str:
    """A URL without secrets in it."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("应为 https://主机/路径")
    if parts.username or parts.password or any(SECRET_NAME.search(name) for name, _ in parse_qsl(parts.query)):
        raise ValueError("网址里不能有用户名、口令或令牌;令牌用 token_env 或 token_file")
    return url


def _must_be_safe(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("令牌或密钥不能走没有加密的 http;请用 https")


class HttpSource(FileSource):
    """Download by a URL in which `{extract}` and `{date}` (20261120) stand for what is asked.

    Attributes:
        days: how many days back files are asked for, the as-of day included; 1 for a URL without `{date}`.
    """

    kind: Literal["http"]
    url: Annotated[str, AfterValidator(_plain_url)]
    ending: Ending = ".csv"
    days: int = Field(default=7, ge=1, le=366)
    token_env: EnvironmentName | None = None
    token_file: HomePath | None = None
    ca_file: HomePath | None = None

    @property
    def is_dated(self) -> bool:
        """Does the URL tell one day's file from another's?"""
        return "{date}" in self.url

    @model_validator(mode="after")
    def _url_fits(self) -> HttpSource:
        if unknown := set(_PLACEHOLDER.findall(self.url)) - {"extract", "date"}:
            raise ValueError(f"url 里只能用 {{extract}} 和 {{date}},不认识 {'、'.join(sorted(unknown))}")
        if len(self.asked) > 1 and "{extract}" not in self.url:
            raise ValueError("有几项数据时,url 里要有 {extract}")
        if self.token_env and self.token_file:
            raise ValueError("token_env 与 token_file 只写一个")
        if self.token_env or self.token_file:
            _must_be_safe(self.url)
        return self


class S3Source(ListedSource):
    """A bucket of any store that speaks S3."""

    kind: Literal["s3"]
    secrets: ClassVar[tuple[str, ...]] = ("access_key", "secret_key")

    quiet_seconds: float = Field(default=0, ge=0, le=600)  # an object appears whole
    endpoint: Annotated[str, AfterValidator(_plain_url)]
    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,62}$")
    prefix: str = Field(default="", pattern=r"^[^\x00-\x1f]*$")
    region: str = Field(default="us-east-1", pattern=r"^[a-z0-9-]+$")
    virtual_hosted: bool = False
    access_key_env: EnvironmentName | None = None
    access_key_file: HomePath | None = None
    secret_key_env: EnvironmentName | None = None
    secret_key_file: HomePath | None = None
    ca_file: HomePath | None = None

    @model_validator(mode="after")
    def _endpoint_is_safe(self) -> S3Source:
        _must_be_safe(self.endpoint)
        return self


class Query(BaseModel):
    """One SELECT for one extract. `{as_of}` and `{since}` in it are bound as values, never pasted as text.

    Attributes:
        sql: the SELECT; its columns are called as the contract calls them, in Chinese or by the canonical name.
        key: columns that are unique and never empty; with them the rows are read page by page.
        window_days: `{since}` is so many days before the as-of day.
        watermark: a column that rises; `{since}` is its greatest value pulled by an earlier night.
        first_since: `{since}` of the first night.
        monthly_from: ask once a month only, in the first night on or after this day of the month: what is asked for every
            night counts as delivered every night, although the month that it tells of may not be complete yet.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sql: Annotated[str, Field(min_length=1)]
    key: tuple[ColumnName, ...] = ()
    window_days: int | None = Field(default=None, ge=0, le=36_600)
    watermark: ColumnName | None = None
    first_since: Annotated[str, BeforeValidator(str)] | None = None
    monthly_from: int | None = Field(default=None, ge=1, le=28)

    @model_validator(mode="after")
    def _placeholders_fit(self) -> Query:
        used = set(_PLACEHOLDER.findall(self.sql))
        if unknown := used - {"as_of", "since"}:
            raise ValueError(f"sql 里只能用 {{as_of}} 和 {{since}},不认识 {'、'.join(sorted(unknown))}")
        if _QUOTED.search(self.sql):
            raise ValueError("{as_of}、{since} 外面不要加引号:它们作为值传入")
        if ";" in self.sql:
            raise ValueError("sql 里不能有分号:只能是一句 SELECT")
        if ("since" in used) != bool(self.window_days is not None or self.watermark):
            raise ValueError("用 {since} 就要写 window_days 或 watermark,不用就都不写")
        if self.window_days is not None and self.watermark:
            raise ValueError("window_days 与 watermark 只写一个")
        if bool(self.watermark) != bool(self.first_since):
            raise ValueError("watermark 与 first_since(第一次从哪里开始)要一起写")
        return self


class DatabaseSource(Source):
    """A department's database, read by SELECT in a read-only transaction.

    Attributes:
        page_rows: rows read at a time.
        query_seconds: how long a single statement may take.
    """

    secrets: ClassVar[tuple[str, ...]] = ("password",)

    host: Host
    database: str = Field(min_length=1, max_length=63)
    user: str = Field(min_length=1, max_length=63)
    password_env: EnvironmentName | None = None
    password_file: HomePath | None = None
    tls: bool = True
    ca_file: HomePath | None = None
    page_rows: int = Field(default=50_000, ge=1, le=1_000_000)
    query_seconds: float = Field(default=600, gt=0, le=36_000)
    queries: dict[ExtractName, Query] = Field(min_length=1)

    @property
    def asked(self) -> tuple[str, ...]:
        return tuple(self.queries)

    @model_validator(mode="after")
    def _whole_where_whole_is_meant(self) -> DatabaseSource:
        for name, query in self.queries.items():
            if extracts()[name].mode == "full" and "{since}" in query.sql:
                raise ValueError(f"{name} 每次要报全量,sql 里不能用 {{since}} 只取一段")
            if query.watermark in {n for c in extracts()[name].columns if c.kind == "id" for n in (c.name, c.header)}:
                raise ValueError(f"{name} 的 watermark 不能是身份号码:取到哪里要记在工作目录里")
        return self


class PostgresSource(DatabaseSource):
    """PostgreSQL."""

    kind: Literal["postgres"]
    port: int = Field(default=5432, ge=1, le=65535)


class MysqlSource(DatabaseSource):
    """MySQL or MariaDB."""

    kind: Literal["mysql"]
    port: int = Field(default=3306, ge=1, le=65535)


AnySource = Annotated[
    FolderSource | SftpSource | HttpSource | S3Source | PostgresSource | MysqlSource, Field(discriminator="kind")
]
