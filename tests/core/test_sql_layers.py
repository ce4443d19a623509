"""The laws of the SQL files: what a layer may read, and what every file says of itself."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from given import night

from monitor.contracts.reading import schemas_folder
from monitor.transform import SQL, tables_read

# a layer's SQL reads earlier layers and itself; parameters are resolved between core and facts
# cases and what is learned of them take turns: answers, weights, cases, progress
LAYERS = ("landing", "deliveries", "staging", "core", "parameters", "facts", "hits", "cases", "referrals", "lists")
RANK = {layer: rank for rank, layer in enumerate(LAYERS)} | {"learned": LAYERS.index("cases")}
ALL_FILES = sorted(SQL.rglob("*.sql"))
# the analyst file is made from run folders, and what the public and those who answer are told from the analyst file, not from
# the working database
PUBLISHED = {"publish", "public", "bulletin"}
FILES = [path for path in ALL_FILES if path.relative_to(SQL).parts[0] not in PUBLISHED]


@pytest.fixture(scope="module")
def parser() -> duckdb.DuckDBPyConnection:
    return night()


def layer_of(path: Path) -> str:
    return path.relative_to(SQL).parts[0]


def test_every_folder_is_a_layer() -> None:
    assert {layer_of(path) for path in FILES} <= RANK.keys()
    assert {"staging", "core", "facts"} <= {layer_of(path) for path in FILES}


def test_a_layer_reads_only_earlier_layers_and_itself(parser: duckdb.DuckDBPyConnection) -> None:
    later = []
    for path in FILES:
        allowed = {layer for layer, rank in RANK.items() if rank <= RANK[layer_of(path)]}
        read = tables_read(parser, path.read_text(encoding="utf-8"))
        later += [f"{path.relative_to(SQL)} reads {schema}.{table}" for schema, table in sorted(read) if schema not in allowed]
    assert later == []


def test_publishing_reads_no_working_table(parser: duckdb.DuckDBPyConnection) -> None:
    for path in set(ALL_FILES) - set(FILES):
        schemas = {schema for schema, _ in tables_read(parser, path.read_text(encoding="utf-8"))}
        # schemas of the analyst file itself, views of the files that it is made of, tables made of it for pages
        assert schemas <= {"replaced", "temp", "warehouse", "bulletin"}, path.relative_to(SQL)


def test_facts_and_what_follows_read_no_landing_table(parser: duckdb.DuckDBPyConnection) -> None:
    for path in FILES:
        if layer_of(path) not in ("staging", "core"):
            read = {schema for schema, _ in tables_read(parser, path.read_text(encoding="utf-8"))}
            assert "landing" not in read, path.relative_to(SQL)


def test_a_staging_file_reads_its_own_extract_only(parser: duckdb.DuckDBPyConnection) -> None:
    for path in (SQL / "staging").rglob("*.sql"):
        assert tables_read(parser, path.read_text(encoding="utf-8")) == {("landing", path.stem)}


def test_staging_has_the_departments_folders() -> None:
    staged = {path.relative_to(SQL / "staging").with_suffix("") for path in (SQL / "staging").rglob("*.sql")}
    agreed = {
        path.relative_to(schemas_folder() / "extracts").with_suffix("") for path in schemas_folder().rglob("extracts/*/*.toml")
    }
    assert staged == agreed


def test_every_file_says_what_one_row_is_and_its_key() -> None:
    for path in ALL_FILES:
        head = path.read_text(encoding="utf-8").split("\n\n")[0]
        comment = " ".join(line for line in head.splitlines() if line.startswith("--")).lower()
        assert "one row" in comment, path.relative_to(SQL)
        assert "key" in comment, path.relative_to(SQL)


def test_no_file_makes_a_float() -> None:
    floats = re.compile(r"\b(double|float|real)\b|(?<!/)/(?!/)")
    for path in ALL_FILES:
        statement = re.sub(r"--.*|'[^']*'", "", path.read_text(encoding="utf-8").lower())
        assert not floats.search(statement), path.relative_to(SQL)
