"""The analyst file: all runs in one database, with tokens where the runs hold identity."""

from monitor.publish.tables import write_parameters
from monitor.publish.warehouse import WAREHOUSE, is_current, publish, published_bytes, rebuild

__all__ = ["WAREHOUSE", "is_current", "publish", "published_bytes", "rebuild", "write_parameters"]
