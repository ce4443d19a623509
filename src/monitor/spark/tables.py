"""The tables of a night on both sides: what DuckDB has is given to Spark, what Spark makes DuckDB reads, both as Parquet."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb
import sqlglot
from sqlglot import exp

from monitor.errors import Fault, PromiseBroken
from monitor.spark.rewrites import view_name
from monitor.spark.translate import Dialect, tables_of, translate_tree
from monitor.store import identifier, literal, literals

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# the types of the contracts; anything else would change on its way through Parquet
_SPARK_TYPES: Final = {
    "BOOLEAN": "boolean",
    "TINYINT": "tinyint",
    "SMALLINT": "smallint",
    "INTEGER": "int",
    "BIGINT": "bigint",
    "VARCHAR": "string",
    "DATE": "date",
}
_FILES: Final = "files"


@dataclass
class Tables:
    """What a step of a night has open.

    Attributes:
        spark: the session.
        connection: the working database.
        dialect: of the night.
        folder: shared storage, the same path on every machine that takes part.
        texts: `schema.table` -> SELECT, of tables that are made when somebody reads them.
    """

    spark: SparkSession
    connection: duckdb.DuckDBPyConnection
    dialect: Dialect
    folder: Path
    texts: dict[str, str] = field(default_factory=dict)

    def select(self, text: str, where: str) -> DataFrame:
        """A SELECT of DuckDB, on Spark; the tables that it reads are put there first."""
        return self._select_tree(parsed(text), where)

    def define(self, table: str, text: str) -> None:
        """Make a view in Spark: it is computed where it is read."""
        self._register(table, self.select(text, table))

    def make(self, table: str, text: str, *, order_by: str = "") -> None:
        """Compute a table, write it to shared storage and let both sides read it; rows stand in the order given.

        What is ordered is written as one file: where one file ends DuckDB hands on a short piece, and cuts the row groups of
        the run's files elsewhere than from a table of its own.
        """
        rows = self.select(text, table)
        path = self.folder / table
        in_order = rows.orderBy(order_by).coalesce(1) if order_by else rows
        in_order.write.mode("overwrite").parquet(path.as_uri(), compression="lz4_raw")
        self._register(table, self.spark.read.schema(rows.schema).parquet(path.as_uri()))
        schema, name = table.split(".")
        self.connection.execute(
            f"create or replace view {schema}.{name} as select * from read_parquet({literals(written(path))})"
        )

    def _select_tree(self, tree: exp.Expression, where: str) -> DataFrame:
        for table in sorted(tables_of(tree)):
            if table not in self.dialect.date_columns:
                self._bring(table)
        return self.spark.sql(translate_tree(tree, self.dialect, where=where))

    def _bring(self, table: str) -> None:
        """Make a table known to Spark that is not yet."""
        if table in self.texts:
            self.define(table, self.texts[table])
        elif (self.folder / table).is_dir():  # an earlier step of this night made it
            self._read(table, written(self.folder / table))
        elif view := self._view(table):
            self._register(table, self._select_tree(self._with_files(view, table), table))
        else:
            self._give(table)

    def _view(self, table: str) -> exp.Expression | None:
        """The SELECT of a view of the working database."""
        rows = self.connection.execute(
            "select sql from duckdb_views() where schema_name || '.' || view_name = $1 and not internal", [table]
        ).fetchall()
        return sqlglot.parse_one(rows[0][0], read="duckdb").expression if rows else None

    def _with_files(self, tree: exp.Expression, table: str) -> exp.Expression:
        """Let a view over Parquet files read them through Spark."""
        for source in list(tree.find_all(exp.Table)):
            if _reads_files(source.this):
                paths = [text.name for text in source.this.find_all(exp.Literal)]
                name = f"{_FILES}.{table.replace('.', '_')}"
                self._read(name, paths)
                source.replace(exp.to_table(name, alias=source.alias or None))
        return tree

    def _give(self, table: str) -> None:
        """Write a table of the working database where Spark reads it."""
        path = self.folder / "given" / f"{table}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.connection.execute(f"copy (from {table}) to {literal(str(path))} (format parquet)")
        self._read(table, [str(path)])

    def _read(self, table: str, paths: list[str]) -> None:
        columns = self.connection.execute(f"describe select * from read_parquet({literals(paths)})").fetchall()
        schema = ", ".join(f"`{name}` {_spark_type(table, name, sql_type)}" for name, sql_type, *_ in columns)
        self._register(table, self.spark.read.schema(schema).parquet(*(Path(path).as_uri() for path in paths)))

    def _register(self, table: str, rows: DataFrame) -> None:
        self.dialect.date_columns[table] = {name: kind == "date" for name, kind in rows.dtypes}
        _refuse_floats(table, rows)
        rows.createOrReplaceTempView(view_name(*table.split(".")))


def parsed(text: str) -> exp.Expression:
    """A SELECT of DuckDB, as a tree."""
    return sqlglot.parse_one(text.strip().rstrip(";"), read="duckdb")


def _reads_files(node: exp.Expression | None) -> bool:
    """Parquet files, also by the store's macro `restricted`: a home with a key does not run on Spark, so they are clear."""
    return isinstance(node, exp.ReadParquet) or (isinstance(node, exp.Anonymous) and node.name.lower() == "restricted")


def written(folder: Path) -> list[str]:
    """The files that Spark wrote, in the order of their rows."""
    return sorted(str(path) for path in folder.glob("part-*.parquet"))


def _spark_type(table: str, column: str, sql_type: str) -> str:
    if sql_type.startswith("DECIMAL"):
        return sql_type.lower()
    if sql_type not in _SPARK_TYPES:
        raise PromiseBroken(
            "A table cannot be given to Spark.", [Fault(f"{table}.{column}", sql_type, ", ".join([*_SPARK_TYPES, "DECIMAL"]))]
        )
    return _SPARK_TYPES[sql_type]


def _refuse_floats(table: str, rows: DataFrame) -> None:
    floats = [name for name, kind in rows.dtypes if kind in ("double", "float")]
    if floats:
        raise PromiseBroken(
            "A table on Spark holds floats.", [Fault(f"{table}.{identifier(name)}", "float") for name in floats]
        )
