"""Archives that are broken in rare ways, and files that would unpack to more than a machine holds: each refused, alone."""

from __future__ import annotations

import bz2
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from landing_inbox import Inbox, made_up_id

from monitor.sources import opening, shared_texts, unpacking, workbooks
from monitor.sources.refusal import RefusalError
from monitor.sources.shared_texts import LongestText

NAME = "nhc_elder_ability_20261001"
HEADER = ["身份证号", "评估总分", "能力等级", "评估日期"]
CSV = f"{','.join(HEADER)}\n{made_up_id(1)},55,,2026-01-03\n".encode()


def zipped(content: bytes, method: int = zipfile.ZIP_DEFLATED, name: str = "a.csv") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr(name, content)
    return made.getvalue()


def workbook(rows: list[list[Any]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return made.getvalue()


def no_utf8(archive: bytes) -> bytes:
    """Its first name has a sign that is no UTF-8, and the flag that says it is."""
    at = archive.rindex(b"PK\x01\x02")
    return archive[: at + 8] + b"\x00\x08" + archive[at + 10 : at + 46] + b"\xff" + archive[at + 47 :]


def damaged(archive: bytes, at: int) -> bytes:
    return archive[:at] + bytes([archive[at] ^ 0xFF]) + archive[at + 1 :]


def far_away(archive: bytes) -> bytes:
    """Its only file begins, it says, where no file reaches."""
    at, offset = archive.index(b"PK\x01\x02"), (2**64 - 2).to_bytes(8, "little")
    extra = b"\x01\x00\x08\x00" + offset
    central = archive[at : at + 30] + len(extra).to_bytes(2, "little") + archive[at + 32 : at + 42] + b"\xff" * 4
    ends = archive.index(b"PK\x05\x06")
    central += archive[at + 46 : ends] + extra
    end = archive[ends : ends + 12] + len(central).to_bytes(4, "little") + archive[ends + 16 :]
    return archive[:at] + central + end


LZMA, BZ2 = (zipped(CSV * 50, method) for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2))
RARE: dict[str, tuple[str, bytes]] = {
    "a zip whose name is no utf-8": (".zip", no_utf8(zipped(CSV))),
    "a workbook with a name that is no utf-8": (".xlsx", no_utf8(workbook([HEADER]))),
    "a zip of damaged lzma": (".zip", damaged(LZMA, 60)),
    "a zip of lzma with settings of nobody": (".zip", damaged(LZMA, 39)),
    "a zip of damaged bzip2": (".zip", damaged(BZ2, BZ2.index(bz2.compress(b"")[:2]) + 5)),
    "a zip that points beyond every file": (".zip", far_away(zipped(CSV))),
}


@pytest.mark.parametrize(("ending", "content"), RARE.values(), ids=RARE.keys())
def test_an_archive_broken_in_a_rare_way_is_refused_alone(inbox: Inbox, ending: str, content: bytes) -> None:
    inbox.put(NAME + ending, content)
    inbox.put("nhc_elder_ability_20261002.csv", CSV)
    broken, good = inbox.landed()
    assert any(word in broken.fault for word in ("压缩包打不开", "不能完整解压", "不是完好的 .xlsx"))
    assert (good.fault, good.readable) == ("", 1)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_whole_archive_of_a_rare_kind_is_read(inbox: Inbox, method: int) -> None:
    inbox.put(f"{NAME}.zip", zipped(CSV, method))
    assert inbox.landed()[0].readable == 1


def test_a_disk_that_takes_nothing_is_no_fault_of_the_archive(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(unpacking, "create", full)
    inbox.put(f"{NAME}.zip", zipped(CSV))
    with pytest.raises(OSError, match="No space"):
        inbox.landed()


def texts(change: Callable[[bytes], bytes], rows: int = 2000) -> bytes:
    """A workbook where a thousand cells point to one text of the shared ones, which were changed."""
    people = [[made_up_id(1), 55, "轻度失能", "2026-01-03"] for _ in range(rows)]
    made, changed = io.BytesIO(workbook([HEADER, *people])), io.BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change(content) if name == "xl/sharedStrings.xml" else content)
    return changed.getvalue()


LABEL = "轻度失能".encode()
LONG = {
    "in one piece": lambda x: x.replace(LABEL, b"x" * 32_768),
    "of signs of two units": lambda x: x.replace(LABEL, "𠀀".encode() * 16_384),
    "of megabytes": lambda x: x.replace(LABEL, b"x" * 9_000_000),
    "in two runs": lambda x: x.replace(b"<t>" + LABEL + b"</t>", (b"<r><t>" + b"x" * 20_000 + b"</t></r>") * 2),
    "behind ends of items in comments": lambda x: x.replace(LABEL, (b"x" * 20_000 + b"<!--</si>-->") * 2),
    "behind ends of items in instructions": lambda x: x.replace(LABEL, (b"x" * 20_000 + b"<?a </si>?>") * 2),
    "in elements of another name": lambda x: (
        x.replace(LABEL, b"x" * 40_000).replace(b"<sst xmlns=", b"<y:sst xmlns:y=").replace(b"</sst", b"</y:sst")
        .replace(b"<si>", b"<y:si>").replace(b"</si>", b"</y:si>").replace(b"<t>", b"<y:t>").replace(b"</t>", b"</y:t>")
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", LONG.values(), ids=LONG.keys())
def test_a_shared_text_longer_than_any_cell_refuses_the_workbook(inbox: Inbox, change: Callable[[bytes], bytes]) -> None:
    inbox.put(f"{NAME}.xlsx", texts(change))
    assert "32,767" in inbox.landed()[0].fault


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.replace(LABEL, b"&amp;" * 32_767),
        lambda x: x.replace(LABEL, "长".encode() * 32_767),
        lambda x: x.replace(b"<t>" + LABEL + b"</t>", b"<r><rPr><b/></rPr><t>x</t></r>" * 32_767),
    ],
)
def test_the_longest_text_of_a_cell_is_read_however_many_bytes_it_takes(inbox: Inbox, change: Callable[[bytes], bytes]) -> None:
    inbox.put(f"{NAME}.xlsx", texts(change, rows=3))
    (landed,) = inbox.landed()
    assert (landed.fault, landed.readable, landed.blanked_by) == ("", 3, {"ability": 3})


def test_texts_that_are_too_much_together_refuse_the_workbook(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "_MOST_BYTES", 8 * 2**20)
    monkeypatch.setattr(workbooks.inspect_workbook, "__kwdefaults__", {"marks": False, "most_bytes": 8 * 2**20})
    inbox.put(f"{NAME}.xlsx", texts(lambda x: x.replace(LABEL, b"x" * 10_000)))
    inbox.put(
        "nhc_elder_ability_20261002.xlsx",
        texts(lambda x: x.replace(b"</sst>", b"<si><t>" + b"x" * 10_000 + b"</t></si></sst>")),
    )
    bomb, honest = inbox.landed()
    assert "文字展开后超过 8 MB" in bomb.fault
    assert (honest.fault, honest.readable) == ("", 2000), "a long text that few cells point to does no harm"


def test_texts_are_not_weighed_where_they_cannot_be_too_much(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "check_texts", lambda *given: pytest.fail("weighed"))
    inbox.put(f"{NAME}.xlsx", texts(lambda x: x))
    assert inbox.landed()[0].readable == 2000


@pytest.mark.parametrize("step", [1, 3, 64, 10**6])
def test_the_bound_of_texts_is_never_too_low(step: int) -> None:
    content = b'<?xml version="1.0"?><sst>' + b"".join(b"<si><t>" + b"x" * n + b"</t></si>" for n in (5, 900, 7)) + b"</sst>"
    longest = LongestText()
    for at in range(0, len(content), step):
        longest.feed(content[at : at + step])
    assert longest.doubtful or 900 <= longest.most_bytes <= 1_000


def test_a_huge_text_is_not_held_to_be_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"<sst><si><t>" + b"x" * 50_000_000 + b"</t></si></sst>"
    held = []
    monkeypatch.setattr(shared_texts, "_BLOCK", 2**20)
    monkeypatch.setattr(shared_texts._Weighed, "end", lambda self, name: held.append(name))
    with (
        zipfile.ZipFile(io.BytesIO(zipped(content, name="xl/sharedStrings.xml"))) as archive,
        pytest.raises(RefusalError, match="32,767"),
    ):
        shared_texts.check_texts(archive, [], 1, 2**30)
    assert not held


def parquet(rows: int, *, with_ids: bool) -> bytes:
    def same(value: Any) -> pa.Array:
        return pa.array([value]).take(pa.nulls(rows, pa.int32()).fill_null(0))

    ids = (
        pa.array([made_up_id(n % 1000, f"19{n // 1000 % 100:02d}0101") for n in range(rows)])
        if with_ids
        else same(made_up_id(1))
    )
    made = io.BytesIO()
    columns = {"id_no": ids, "score": same(55), "ability": same("2"), "assessed_on": same("2026-01-03")}
    empty = {f"空{n}": pa.nulls(rows, pa.string()) for n in range(40)}
    pq.write_table(pa.table(columns | (empty if with_ids else {})), made, compression="zstd")
    return made.getvalue()


def test_a_parquet_file_of_endless_rows_is_refused_before_it_is_read(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "RATIO_COUNTS_FROM", 2**20)
    inbox.put(f"{NAME}.parquet", parquet(3_000_000, with_ids=False))
    monkeypatch.setattr(opening, "opened", lambda *given, **named: pytest.fail("read"))
    assert "大得不正常" in inbox.landed()[0].fault


def test_columns_that_hold_one_value_are_honest(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "RATIO_COUNTS_FROM", 2**20)
    inbox.put(f"{NAME}.parquet", parquet(100_000, with_ids=True))
    assert inbox.landed()[0].readable == 100_000


@pytest.mark.parametrize(
    ("rows", "columns", "unpacked", "says"),
    [
        (opening.MOST_ROWS + 1, 1, 1, "2,000,000,001 行"),
        (10, 4, unpacking.MOST_BYTES + 1, "大得不正常"),
        (10, 4, 251 * 2**20, "大得不正常"),
        (100_000_000, 40, 2**20, "大得不正常"),
    ],
)
def test_what_a_footer_may_say(rows: int, columns: int, unpacked: int, says: str) -> None:
    with pytest.raises(RefusalError, match=says):
        opening._check_footer(rows, columns, unpacked, 2**20)
    opening._check_footer(50_000_000, 20, 8 * 2**30, 200 * 2**20)
