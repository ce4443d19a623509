"""What an operator may set. If a policy officer could argue about a number, it is a parameter and lives elsewhere.

Order of precedence: arguments, environment (`MONITOR_HOME`, `MONITOR_REGION` ...), `<home>/monitor.toml`, defaults.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from monitor.errors import Fault, UsageError

SETTINGS_FILE = "monitor.toml"


def _physical_memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _default_memory_limit_mb() -> int:
    """Half of the machine, at most 8 GB: a night holds a province in that and leaves room for the rest."""
    return max(1024, min(8192, _physical_memory_bytes() // 2 // 2**20))


class Settings(BaseSettings):
    """Settings of one installation.

    Attributes:
        home: folder that holds inbox, landing, runs, published, outbox and answers.
        inbox: where deliveries lie; `<home>/inbox` when not given.
        region: division code of the installation, used for people without a place of their own.
        threads: threads of the query engine.
        memory_limit_mb: memory of the query engine before it spills to disk.
        accept_deliveries: names (without ending) of `full` deliveries that an operator accepts although they hold
            fewer than half the readable rows of the one before.
        keep_nights: newest nights of which everything is kept; of older ones people, households, facts and lists are deleted,
            and landing files that none of the newest read. Hits, cases and all other history stay.
        keep_months: months before this one of whose last night everything is kept too.
        analyst_nights: newest nights that the analyst file holds, beside the last night of every month; all nights when not
            given. It is copied every night, so where it would grow by gigabytes a night a number keeps nights equally long. Two
            months at least, of which the bulletin of the month before tells.
        engine: what makes people, facts and hits: `duckdb` in this process, or `spark`; the results are the same.
        spark_master: where Spark runs: `local[2]`, `spark://host:7077`, `yarn`.
        spark_folder: shared storage that every machine of the cluster sees under the same path; the night's own work folder
            when not given.
        encryption_key_file: the file with the key that the restricted zone is encrypted with; not in the home.
        encryption_key: the key itself; from the environment only.
    """

    model_config = SettingsConfigDict(env_prefix="MONITOR_", extra="forbid", frozen=True)

    home: Path = Path("var")
    inbox: Path | None = None
    region: str = Field(default="53", pattern=r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$")
    threads: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, le=256)
    memory_limit_mb: int = Field(default_factory=_default_memory_limit_mb, ge=256)
    accept_deliveries: Annotated[tuple[str, ...], NoDecode] = ()
    keep_nights: int = Field(default=31, ge=2)
    keep_months: int = Field(default=12, ge=0)
    analyst_nights: int | None = Field(default=None, ge=62)
    engine: Literal["duckdb", "spark"] = "duckdb"
    spark_master: str = Field(default="local[*]", pattern=r"^(local(\[.+\])?|local-cluster\[.+\]|spark://.+|yarn|k8s://.+)$")
    spark_folder: Path | None = None
    encryption_key_file: Path | None = None
    encryption_key: SecretStr | None = None

    @field_validator("accept_deliveries", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        """In the environment names are joined by commas."""
        return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value

    @field_validator("home", "inbox", "spark_folder", "encryption_key_file")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value else value

    @property
    def inbox_folder(self) -> Path:
        return self.inbox or self.home / "inbox"


def load_settings(home: Path | None = None, **given: Any) -> Settings:
    """Read the settings of a home.

    Args:
        home: the home folder; `MONITOR_HOME` or `./var` when not given.
        given: values from the command line; `None` means not given.

    Raises:
        UsageError: a value or a name is wrong; names every fault.
    """
    root = Path(home or os.environ.get("MONITOR_HOME") or "var")
    path = root / SETTINGS_FILE
    values: dict[str, Any] = {}
    if path.is_file():
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UsageError("设置文件读不了。", [Fault(str(path), str(error))]) from None
    if "home" in values:
        raise UsageError("设置有误。", [Fault(f"{path}: home", "不能写在工作目录自己的设置里", remedy="用 --home")])
    if "encryption_key" in values:
        why = "设置文件会被备份、被传阅"
        raise UsageError("设置有误。", [Fault(f"{path}: encryption_key", "密钥不能写在设置里", "encryption_key_file", why)])
    in_environment = {name for name in Settings.model_fields if f"MONITOR_{name.upper()}" in os.environ}
    values = {name: value for name, value in values.items() if name not in in_environment}
    values |= {name: value for name, value in given.items() if value is not None} | {"home": root}
    try:
        return Settings(**values)
    except ValidationError as error:
        faults = [
            Fault(f"{path if path.is_file() else 'settings'}: {'.'.join(map(str, e['loc']))}", e["msg"])
            for e in error.errors(include_input=False)
        ]
        raise UsageError("设置有误。", faults) from None
    except SettingsError as error:
        raise UsageError("设置有误。", [Fault("MONITOR_*", str(error))]) from None
