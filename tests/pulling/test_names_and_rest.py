"""Which files are taken: names of the agreed form only, whole files only, none that is still being written."""

from __future__ import annotations

import os
import threading
import time
from datetime import date

import pytest
from places import ORDERS, D, Place, folder_source, s3_source, sftp_source
from servers import S3Server, SftpServer

PARTS = {"psb_resident_20261119_a.csv", "psb_resident_20261119_b.csv"}
HOSTILE = [
    "../../mca_service_order_20261120.csv",
    "..",
    "/etc/mca_service_order_20261120.csv",
    "sub/mca_service_order_20261120.csv",
    "mca_service_order_20261120.csv\n",
    "mca_service_order_20261120.csv.exe",
    "mca_service_order_20261120\u202e.csv",
    "mca_service_order_20261120_990101198001010014.csv",
    "mca_service_order_20261399.csv",
    "-rf",
    ".mca_service_order_20261120.csv",
]


def test_names_beyond_the_agreed_are_never_taken_whatever_a_server_lists(place: Place, sftp: SftpServer) -> None:
    sftp.behaviour.extra = tuple(HOSTILE)
    (sftp.folder / ORDERS).write_bytes(b"good\n")
    place.declare("department", sftp_source(sftp, place))
    pulled = place.pull()["department"]
    assert place.arrived() == {ORDERS: b"good\n"}
    assert [path.name for path in place.home.parent.rglob("*mca_service*")] == [ORDERS], "nor is anything left elsewhere"
    assert len(pulled.misnamed) == len(HOSTILE)


def test_names_that_are_told_hold_no_number_of_anybody_and_no_control_sign(place: Place, sftp: SftpServer) -> None:
    sftp.behaviour.extra = ("张三_990101198001010014.xlsx", "\x1b[31mred.csv")
    place.declare("department", sftp_source(sftp, place))
    assert place.pull()["department"].misnamed == ("…[31mred.csv", "…_….xlsx")


def test_keys_of_a_bucket_that_climb_are_not_followed(place: Place, s3: S3Server) -> None:
    for key in ("..%2Fmca_service_order_20261120.csv", "deep/mca_service_order_20261120.csv", ORDERS):
        s3.put(key, b"good\n")
    place.declare("department", s3_source(s3, place))
    place.pull()
    assert place.arrived() == {ORDERS: b"good\n"}


def test_a_link_in_a_drop_folder_is_not_followed(place: Place) -> None:
    secret = place.home / "secret"
    secret.write_text("secret")
    (place.home / "drop").mkdir()
    (place.home / "drop" / ORDERS).symlink_to(secret)
    place.declare("department", folder_source())
    place.pull()
    assert place.arrived() == {}


@pytest.mark.parametrize(
    ("lying", "taken"),
    [
        ({"psb_resident_20261118.csv", "psb_resident_20261119.csv"}, {"psb_resident_20261119.csv"}),
        (PARTS, PARTS),
        ({"mca_service_order_20261018.csv", ORDERS}, {"mca_service_order_20261018.csv", ORDERS}),
        ({"mca_service_order_20261121.csv"}, set()),
        ({"nhc_death_20261120.csv"}, set()),
    ],
    ids=["full: the newest day", "full: all its parts", "delta: every day", "dated later", "not asked of this source"],
)  # fmt: skip
def test_what_a_night_needs_is_taken(place: Place, lying: set[str], taken: set[str]) -> None:
    for name in lying:
        place.drop(name)
    place.declare("department", folder_source(extracts=["psb_resident", "mca_service_order"]))
    place.pull()
    assert place.arrived().keys() == taken


def test_sources_of_the_same_extract_are_told_apart_by_their_parts(place: Place) -> None:
    for part in ("5301", "5303-a"):
        place.drop(f"mca_service_order_20261120_{part}.csv", part.encode())
    place.declare("kunming", folder_source(part="5301"))
    place.declare("qujing", folder_source(part="5303"))
    pulled = place.pull()
    assert [[one.file for one in pulled[name].files] for name in ("kunming", "qujing")] == [
        ["mca_service_order_20261120_5301.csv"],
        ["mca_service_order_20261120_5303-a.csv"],
    ]


def test_a_file_waits_for_its_mark(place: Place) -> None:
    place.drop(ORDERS)
    place.declare("department", folder_source(done_marker=".done"))
    place.pull()
    assert place.arrived() == {}
    place.drop(f"{ORDERS}.done", b"")
    assert place.pull()["department"].misnamed == ()
    assert place.arrived().keys() == {ORDERS}


def test_a_file_that_still_grows_is_left_for_the_next_time(place: Place) -> None:
    path, stop = place.drop(ORDERS), threading.Event()

    def write() -> None:
        while not stop.is_set():
            with path.open("ab") as file:
                file.write(b"more\n")
            time.sleep(0.005)

    place.declare("department", folder_source(quiet_seconds=0.1))
    writer = threading.Thread(target=write)
    writer.start()
    try:
        pulled = place.pull()["department"]
    finally:
        stop.set()
        writer.join()
    assert (pulled.files, pulled.failures) == ((), ())
    assert place.arrived() == {}
    place.pull()
    assert place.arrived() == {ORDERS: path.read_bytes()}


def test_a_file_that_changes_each_time_it_is_read_never_lands(place: Place, sftp: SftpServer) -> None:
    (sftp.folder / ORDERS).write_bytes(b"begun\n")
    sftp.behaviour.grows_at_reads = 100
    place.declare("department", sftp_source(sftp, place))
    (failure,) = place.pull()["department"].failures
    assert failure.found == "读取期间对方的文件变了"
    assert place.arrived() == {}


def test_a_file_that_changes_once_while_it_is_read_comes_as_it_is_afterwards(place: Place, sftp: SftpServer) -> None:
    (sftp.folder / ORDERS).write_bytes(b"begun\n")
    sftp.behaviour.grows_at_reads = 1
    place.declare("department", sftp_source(sftp, place))
    assert place.pull()["department"].failures == ()
    assert place.arrived() == {ORDERS: b"begun\nmore\n"}


def test_a_file_that_somebody_laid_into_the_inbox_is_never_replaced(place: Place) -> None:
    place.drop(ORDERS, b"as the department sent it\n")
    place.declare("department", folder_source())
    place.inbox.mkdir()
    (place.inbox / ORDERS).write_bytes(b"mended by hand\n")
    (failure,) = place.pull()["department"].failures
    assert failure.found == "收件目录里已有同名的另一份文件,不是从这里取来的,没有覆盖"
    assert place.arrived() == {ORDERS: b"mended by hand\n"}


def test_a_file_that_was_cut_to_its_beginning_since_it_was_listed_never_lands(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place.drop(ORDERS, b"x" * 10_000)
    place.declare("department", folder_source())
    fetch = "monitor.pulling.folder.FolderShelf.fetch"
    from monitor.pulling.folder import FolderShelf

    sound = FolderShelf.fetch

    def shrinking(*given: object) -> object:
        os.truncate(path, 5)
        return sound(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(fetch, shrinking)
    (failure,) = place.pull()["department"].failures
    assert failure.found == "读取期间对方的文件变了"
    assert place.arrived() == {}


def test_what_a_crashed_pull_left_is_no_delivery_and_is_swept_away(place: Place) -> None:
    from monitor.run import Night
    from monitor.sources import arrive

    place.drop(ORDERS)
    place.declare("department", folder_source())
    (place.inbox / ".pulling").mkdir(parents=True)
    (place.inbox / ".pulling" / "department-psb_resident_20261120.csv").write_bytes(b"half")
    (place.inbox / "mca_service_order_20261119.csv").write_bytes(b"whole\n")
    night = Night(place.settings, D)
    night.begin()
    arrivals = arrive(night)
    assert ([one.name for one in arrivals.deliveries], arrivals.ignored) == (["mca_service_order_20261119"], ())
    place.pull()
    assert not (place.inbox / ".pulling").exists()


def test_the_departments_own_time_of_change_is_kept(place: Place) -> None:
    path = place.drop(ORDERS)
    os.utime(path, ns=(0, 1_700_000_000_123_456_789))
    place.declare("department", folder_source())
    place.pull()
    assert (place.inbox / ORDERS).stat().st_mtime_ns == 1_700_000_000_123_456_789


def test_a_page_without_a_date_is_delivered_only_when_it_has_changed(place: Place, request: pytest.FixtureRequest) -> None:
    from places import http_source

    http, certificates = request.getfixturevalue("http"), request.getfixturevalue("certificates")
    url = f"https://127.0.0.1:{http.port}/latest.csv"
    place.declare("department", http_source(http, certificates, url=url))
    for says in ({}, {"/latest.csv": (200, {}, b"monday\n")}):  # with validators, and without any
        http.says, http.files = says, {"/latest.csv": b"monday\n"}
        place.pull(date(2026, 11, 19))
        place.pull(date(2026, 11, 20))
        assert place.arrived() == {"mca_service_order_20261119.csv": b"monday\n"}, (
            "else what is stale would look fresh for ever"
        )
    http.says, http.files = {}, {"/latest.csv": b"friday\n"}
    place.pull(date(2026, 11, 21))
    assert place.arrived()["mca_service_order_20261121.csv"] == b"friday\n"


def test_days_that_a_department_has_not_put_out_are_no_failure_and_come_later(
    place: Place, request: pytest.FixtureRequest
) -> None:
    from places import http_source

    http, certificates = request.getfixturevalue("http"), request.getfixturevalue("certificates")
    place.declare("department", http_source(http, certificates, days=3))
    http.files["/mca_service_order_20261118.csv"] = b"18\n"
    first = place.pull()["department"]
    assert (len(first.files), first.not_there, first.failures) == (1, 2, ())
    http.files["/mca_service_order_20261119.csv"] = b"19\n"
    second = place.pull()["department"]
    assert ([one.file for one in second.files], second.unchanged) == (["mca_service_order_20261119.csv"], 1)
