"""The same night on Apache Spark, for when one machine is not enough: core, facts and hits; landing and lists stay on DuckDB.

Raises on import:
    UsageError: the extra `monitor[spark]` or Java is missing; says what to install.
"""

from monitor.spark.session import require_spark

require_spark()

from monitor.spark.hits import evaluate  # noqa: E402
from monitor.spark.layers import build_core, build_facts  # noqa: E402
from monitor.spark.night import forget, opened  # noqa: E402

__all__ = ["build_core", "build_facts", "evaluate", "forget", "opened"]
