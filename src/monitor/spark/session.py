"""Open Spark for a night: exact arithmetic, nothing to look at, nothing that leaves the machine but work for the workers."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monitor.errors import Fault, PromiseBroken, UsageError
from monitor.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_LOGGING: Final = Path(str(files("monitor"))) / "spark" / "log4j2.properties"
# results: errors instead of wrapped numbers, no lost decimals, days without time zones
_EXACT: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
}
# nobody looks at a night while it runs, and what Spark would show or log may hold values
_QUIET: Final = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.eventLog.enabled": "false",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.maxPlanStringLength": "0",
}


def require_spark() -> None:
    """Check that Spark can start.

    Raises:
        UsageError: the extra or Java is missing; says what to install.
    """
    faults = [
        Fault(f"Python: {package}", "没有安装", remedy='pip install "monitor[spark]",或在源码目录 make setup-spark')
        for package in ("pyspark", "sqlglot")
        if find_spec(package) is None
    ]
    java = Path(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else shutil.which("java")
    if not java or not Path(java).exists():
        faults.append(Fault("Java", "没有找到", "Java 17 或 21", remedy="apt install openjdk-17-jre-headless,或设好 JAVA_HOME"))
    if faults:
        raise UsageError("用不了 Spark(engine = spark)。不用它就去掉这一项,结果完全一样。", faults)


@contextmanager
def spark_session(settings: Settings, folder: Path) -> Iterator[SparkSession]:
    """A session for one step of a night, stopped at its end.

    Args:
        settings: `spark_master`, threads and memory.
        folder: where Spark may keep scratch files of this night.

    Raises:
        UsageError: the extra or Java is missing, or the master cannot be reached.
        PromiseBroken: a query failed; says why without the values that it failed on.
    """
    require_spark()
    session = _started(settings, folder)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield session
    except (PySparkException, Py4JError) as error:
        condition = error.getCondition() if isinstance(error, PySparkException) else None
        raise PromiseBroken("A query failed on Spark.", [Fault("spark", condition or type(error).__name__)]) from None
    finally:
        session.stop()


def _started(settings: Settings, folder: Path) -> SparkSession:
    if settings.spark_master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    try:
        # its own pandas functions are not used here
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.appName("monitor").master(settings.spark_master)
        return builder.config(map=_configuration(settings, folder)).getOrCreate()
    except Exception as error:
        fault = Fault("spark_master", settings.spark_master, "local[2]、spark://主机:7077、yarn", why=type(error).__name__)
        raise UsageError("Spark 没有启动。", [fault]) from None


def _configuration(settings: Settings, folder: Path) -> dict[str, str]:
    """Below `local` one process does all; on a cluster memory and parallelism are the cluster's own settings."""
    common = {**_EXACT, **_QUIET, "spark.sql.warehouse.dir": str(folder / "warehouse")}
    silent = f"-Dlog4j2.configurationFile={_LOGGING.as_uri()}"
    common["spark.driver.extraJavaOptions"] = silent
    if not settings.spark_master.startswith("local"):
        return common
    return common | {
        "spark.executor.extraJavaOptions": silent,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": f"{settings.memory_limit_mb}m",
        "spark.local.dir": str(folder),
        "spark.sql.shuffle.partitions": str(max(2, settings.threads)),
        "spark.default.parallelism": str(max(2, settings.threads)),
    }
