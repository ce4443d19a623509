"""Which module serves which kind of source. A library is imported when a source needs it."""

from __future__ import annotations

from monitor.pulling.declared import AnySource, FolderSource, HttpSource, MysqlSource, PostgresSource, S3Source
from monitor.pulling.offered import Asked, Shelf


def shelf_of(source: AnySource, asked: Asked) -> Shelf:
    """A source, ready to be asked."""
    if isinstance(source, FolderSource):
        from monitor.pulling.folder import FolderShelf

        return FolderShelf(source, asked)
    if isinstance(source, HttpSource):
        from monitor.pulling.http import HttpShelf

        return HttpShelf(source, asked)
    if isinstance(source, S3Source):
        from monitor.pulling.s3 import S3Shelf

        return S3Shelf(source, asked)
    if isinstance(source, PostgresSource):
        from monitor.pulling.postgres import PostgresShelf

        return PostgresShelf(source, asked)
    if isinstance(source, MysqlSource):
        from monitor.pulling.mysql import MysqlShelf

        return MysqlShelf(source, asked)
    from monitor.pulling.sftp import SftpShelf

    return SftpShelf(source, asked)
