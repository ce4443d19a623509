"""DuckDB with a key: spill, Parquet and databases encrypted by OpenSSL, which comes with the extension httpfs.

The extension is a pinned package of this environment and is loaded from its place; nothing is fetched. Its file systems are
switched off: it is there for its ciphers only.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import duckdb

from monitor.encryption.key import HomeKey
from monitor.encryption.sealed import sealed_files
from monitor.errors import Fault, UsageError

_NETWORK = "HTTPFileSystem,S3FileSystem,HuggingFaceFileSystem"


def give_keys(connection: duckdb.DuckDBPyConnection, keys: Mapping[str, HomeKey]) -> None:
    """Let a connection read and write what is encrypted; what it spills is encrypted by a key of its own from now on.

    Args:
        connection: any.
        keys: name by which the connection is to know it -> key of a home.

    Raises:
        UsageError: the extension is not installed, or not for this version of DuckDB.
    """
    try:
        connection.execute(f"load '{extension()}'")
    except duckdb.Error as error:
        raise _not_installed(type(error).__name__) from None
    connection.execute("set temp_file_encryption = true")
    connection.execute(f"set disabled_filesystems = '{_NETWORK}'")
    connection.register_filesystem(sealed_files())
    for name, key in keys.items():
        connection.execute(f"pragma add_parquet_key('{name}', '{b64encode(key.part('parquet')).decode()}')")


def attach(connection: duckdb.DuckDBPyConnection, path: Path, key: HomeKey) -> None:
    """Open an encrypted database as the one that is worked in; made if it is not there."""
    place, secret = str(path).replace("'", "''"), b64encode(key.part("database")).decode()
    connection.execute(f"attach '{place}' as night (encryption_key '{secret}', encryption_cipher 'GCM')")
    connection.execute("use night")


@cache
def extension() -> Path:
    """Where the extension lies.

    Raises:
        UsageError: it is not installed, or not for this version of DuckDB.
    """
    found = find_spec("duckdb_extension_httpfs")
    if found is None or found.origin is None:
        raise _not_installed("没有安装")
    path = Path(found.origin).parent / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    if not path.is_file():
        raise _not_installed(f"没有 DuckDB {duckdb.__version__} 的一份")
    return path


def _not_installed(found: str) -> UsageError:
    why = "没有它,DuckDB 不能写加密文件"
    remedy = f"pip install duckdb-extension-httpfs=={duckdb.__version__}"
    return UsageError("加密所需的扩展不能用。", [Fault("duckdb-extension-httpfs", found, why=why, remedy=remedy)])
