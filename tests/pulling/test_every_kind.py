"""Every kind of source brings its files whole, once, and again when they have changed; against real servers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from places import ORDERS, Place, folder_source, http_source, s3_source, sftp_source
from servers import HttpServer, S3Server, SftpServer

CONTENT = b"".join(b"%d,line\n" % n for n in range(60_000))
Putting = Callable[[str, bytes], object]


@pytest.fixture(params=["folder", "sftp", "http", "s3"])
def put(request: pytest.FixtureRequest, place: Place) -> Putting:
    """Declare a source of the kind; what is put is what the department puts out."""
    if request.param == "folder":
        place.drop("readme.txt")
        place.declare("department", folder_source())
        return place.drop
    if request.param == "sftp":
        sftp: SftpServer = request.getfixturevalue("sftp")
        place.declare("department", sftp_source(sftp, place))
        return lambda name, content: (sftp.folder / name).write_bytes(content)
    if request.param == "http":
        http: HttpServer = request.getfixturevalue("http")
        place.declare("department", http_source(http, request.getfixturevalue("certificates")))
        return lambda name, content: http.files.__setitem__(f"/{name}", content)
    s3: S3Server = request.getfixturevalue("s3")
    place.declare("department", s3_source(s3, place))
    return s3.put


def test_a_file_comes_whole_and_only_once(place: Place, put: Putting) -> None:
    put(ORDERS, CONTENT)
    first, again = place.pull()["department"], place.pull()["department"]
    assert (first.failures, again.failures) == ((), ())
    assert [(one.file, one.bytes) for one in first.files] == [(ORDERS, len(CONTENT))]
    assert (again.files, again.unchanged) == ((), 1)
    assert place.arrived() == {ORDERS: CONTENT}


def test_a_file_that_has_changed_comes_again(place: Place, put: Putting) -> None:
    put(ORDERS, CONTENT)
    place.pull()
    put(ORDERS, CONTENT + b"later\n")
    assert len(place.pull()["department"].files) == 1
    assert place.arrived() == {ORDERS: CONTENT + b"later\n"}


def test_a_file_that_is_gone_from_the_inbox_comes_again(place: Place, put: Putting) -> None:
    put(ORDERS, CONTENT)
    place.pull()
    (place.inbox / ORDERS).unlink()
    assert len(place.pull()["department"].files) == 1
    assert place.arrived() == {ORDERS: CONTENT}


def test_what_comes_is_for_its_owner_only(place: Place, put: Putting) -> None:
    put(ORDERS, CONTENT)
    place.pull()
    assert (place.inbox / ORDERS).stat().st_mode & 0o777 == 0o600
    assert place.inbox.stat().st_mode & 0o777 == 0o700
