"""Pull from an S3-compatible store by Arrow's file system."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.fs as pafs

from monitor.pulling.declared import S3Source
from monitor.pulling.offered import Asked, Entry, Fetched, Offer, Offered, at_rest, offered
from monitor.pulling.secret import secret_of
from monitor.pulling.sink import Sink
from monitor.pulling.trouble import (
    ChangedWhileRead,
    Trouble,
    cut_short,
    no_answer,
    refused_connection,
    untrusted_certificate,
)

_BLOCK = 4 * 2**20
# the words of the AWS library; its messages quote addresses and keys, so only these are looked for
_DENIED: Final = re.compile(
    "ACCESS_DENIED|INVALID_ACCESS_KEY_ID|SIGNATURE_DOES_NOT_MATCH|INVALID_CLIENT_TOKEN_ID|HTTP response code: 403"
)
_NO_SUCH: Final = re.compile("NO_SUCH_BUCKET|NO_SUCH_KEY|RESOURCE_NOT_FOUND|HTTP response code: 404")


class S3Shelf:
    """The objects of a bucket below a prefix, not of folders in it."""

    def __init__(self, source: S3Source, asked: Asked) -> None:
        self._source, self._asked = source, asked

    def offers(self) -> Offered:
        entries = at_rest(self._entries, self._source.quiet_seconds, self._asked.remembered.marks())
        return offered(self._source, self._asked, entries)

    def check(self) -> int:
        return len(offered(self._source, self._asked, self._entries()).offers)

    def fetch(self, offer: Offer, sink: Sink) -> Fetched:
        sink.expect(offer.size)
        with _told(self._source):
            store, path = self._store(), f"{self._folder}/{offer.locator}"
            with store.open_input_stream(path) as stream:
                while block := stream.read(_BLOCK):
                    sink.write(block)
            if sink.size != offer.size or _entry(store.get_file_info(path)).mark != offer.mark:
                raise ChangedWhileRead
        return Fetched(offer.mark, offer.changed)

    @property
    def _folder(self) -> str:
        return f"{self._source.bucket}/{self._source.prefix.strip('/')}".rstrip("/")

    def _entries(self) -> list[Entry]:
        with _told(self._source):
            try:
                found = self._store().get_file_info(pafs.FileSelector(self._folder))
            except FileNotFoundError:  # nothing below the prefix yet; a bucket that is not there is another error
                return []
        return [_entry(one) for one in found if one.type == pafs.FileType.File]

    def _store(self) -> pafs.S3FileSystem:
        source, parts = self._source, urlsplit(self._source.endpoint)
        return pafs.S3FileSystem(
            access_key=secret_of(source, "access_key"),
            secret_key=secret_of(source, "secret_key"),
            endpoint_override=parts.netloc,
            scheme=parts.scheme,
            region=source.region,
            connect_timeout=source.timeout_seconds,
            request_timeout=source.timeout_seconds,
            retry_strategy=pafs.AwsStandardS3RetryStrategy(max_attempts=1),
            force_virtual_addressing=source.virtual_hosted,
            tls_ca_file_path=str(source.ca_file) if source.ca_file else None,
        )


def _entry(info: pafs.FileInfo) -> Entry:
    return Entry(info.base_name, f"{info.size}-{info.mtime_ns}", info.size or 0, info.mtime_ns or 0)


@contextmanager
def _told(source: S3Source) -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise _trouble(str(error), source) from None


def _trouble(said: str, source: S3Source) -> Trouble:
    if _DENIED.search(said):
        return Trouble("密钥不被接受,或没有读取权限", "向对方核对 access_key、secret_key 和桶的权限")
    if _NO_SUCH.search(said):
        return Trouble("对方没有这个桶或文件", "核对 bucket 和 prefix")
    if "curlCode: 7" in said:
        return refused_connection()
    if "curlCode: 60" in said:
        return untrusted_certificate()
    return no_answer(source.timeout_seconds) if "curlCode: 28" in said else cut_short()
