"""What Spark needs is asked for before anything runs, and what goes wrong in it is told without its values."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.spark.conftest import AS_OF, spark_settings

from monitor.errors import PromiseBroken, UsageError
from monitor.run import Night
from monitor.spark import session
from monitor.spark.night import night_folder
from monitor.spark.tables import Tables


def test_without_java_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="openjdk-17-jre-headless"):
        session.require_spark()


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"monitor\[spark\]"):
        session.require_spark()


def test_a_failed_query_does_not_tell_the_value_that_it_failed_on(tmp_path: Path) -> None:
    with pytest.raises(PromiseBroken) as told, session.spark_session(spark_settings(tmp_path), tmp_path) as spark:
        spark.sql("select cast('secret' as int)").collect()
    assert "secret" not in str(told.value)
    assert "CAST_INVALID_INPUT" in str(told.value)


def test_homes_of_the_same_name_do_not_meet_in_shared_storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def folder(home: Path) -> Path:
        settings = spark_settings(home).model_copy(update={"spark_folder": tmp_path / "shared"})
        return night_folder(Night(settings, AS_OF))

    first = folder(tmp_path / "one" / "monitor")
    assert first == folder(tmp_path / "one" / "monitor") != folder(tmp_path / "two" / "monitor")
    monkeypatch.setattr("socket.gethostname", lambda: "another")
    assert first != folder(tmp_path / "one" / "monitor")


def test_a_table_with_floats_is_refused(tables: Tables) -> None:
    tables.connection.execute("create or replace table core.floats as select 0.5::double as half")
    with pytest.raises(PromiseBroken, match="DOUBLE"):
        tables.select("select half from core.floats", "test")
