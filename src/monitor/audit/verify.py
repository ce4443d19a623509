"""Is the trail what was written? Finds a record that was changed, taken out, put in, moved, or cut off at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from monitor.audit.actions import Action
from monitor.audit.anchor import HEAD, Head, audit_key, read_anchor, read_head
from monitor.audit.entry import Entry, read_entry
from monitor.audit.trail import FOLDER, TRAIL, held
from monitor.privacy import AUDIT_KEY
from monitor.run import Home, read_manifest


@dataclass(frozen=True)
class Finding:
    """What is wrong, and where: a record by its place in the trail, `head.json`, or a night's manifest."""

    where: str
    found: str


@dataclass(frozen=True)
class Verdict:
    """What was found.

    Attributes:
        records: genuine records, up to the first that is not.
        head: the last of them.
        nights: manifests whose anchor was compared.
        repaired: records that were cut off by a crash and never confirmed.
        findings: empty when the trail is what was written; the first broken record comes first.
    """

    records: int
    head: Head | None
    nights: int
    repaired: int
    findings: tuple[Finding, ...]


def verify(home: Path, noted: Head | None = None) -> Verdict:
    """Read the whole trail and compare it with what was told of it elsewhere.

    Args:
        home: the home folder; nothing in it is changed.
        noted: a head that somebody wrote down outside this machine. Only that finds a home of which trail, head and nights were
            all put back together.
    """
    folder = home / FOLDER
    with held(folder) if folder.is_dir() else nullcontext():
        lost = _lost(home, folder)
        if lost:
            return Verdict(0, None, 0, 0, (lost,))
        key = audit_key(home) if (folder / TRAIL).is_file() else b""
        content = (folder / TRAIL).read_bytes() if key else b""
        head, anchors = read_head(folder, key), _anchors(home, key)
    genuine, findings = _chain(content, key)
    head_is_told = (folder / HEAD).exists()
    if not findings:
        findings += list(_end(genuine, head, head_is_told=head_is_told))
        findings += list(_told_elsewhere(genuine, anchors, noted))
    last = Head(genuine[-1].number, genuine[-1].seal) if genuine else None
    repaired = sum(entry.action == Action.REPAIRED for entry in genuine)
    nights = sum(isinstance(anchor, Head) for anchor in anchors.values())
    return Verdict(len(genuine), last, nights, repaired, tuple(findings))


def _lost(home: Path, folder: Path) -> Finding | None:
    """The trail and its key come into being together; one without the other is no trail."""
    has_key, has_trail = (home / "keys" / AUDIT_KEY).is_file(), (folder / TRAIL).is_file()
    if has_trail and not has_key:
        return Finding(f"keys/{AUDIT_KEY}", "审计密钥不见了,无法核对任何一条记录")
    if has_key and not has_trail:
        return Finding(f"{FOLDER}/{TRAIL}", "第1条起全部记录不见了")
    return None


def _chain(content: bytes, key: bytes) -> tuple[list[Entry], list[Finding]]:
    """The genuine records up to the first that is not, and what is wrong with that one; gaps that the trail itself tells."""
    *lines, torn = content.split(b"\n")
    genuine: list[Entry] = []
    for place, line in enumerate(lines, 1):
        entry, before = read_entry(line), genuine[-1].seal if genuine else ""
        wrong = _wrong(entry, place, before, key)
        if wrong or entry is None:
            return genuine, [Finding(f"第{place}条", wrong)]
        genuine.append(entry)
    findings = [
        Finding(f"第{entry.number}条", f"写这一条时发现此前应有{entry.what['expected']}条,只有{entry.what['found']}条")
        for entry in genuine
        if entry.action == Action.GAP_FOUND
    ]
    if torn:
        findings.append(Finding(f"第{len(lines) + 1}条", "没有写完(断电或程序中止);下一次操作会去掉它并记下这件事"))
    return genuine, findings


def _wrong(entry: Entry | None, place: int, before: str, key: bytes) -> str:
    if entry is None:
        return "不是一条完整的记录,被改过"
    if not entry.is_sealed_by(key):
        return "内容与封签不符,被改过,或密钥不是写它时的密钥"
    if entry.number != place:
        return f"编号是{entry.number},有记录被删除、插入或调换"
    return "" if entry.before == before else "与上一条接不上,有记录被删除、插入或调换"


def _end(genuine: list[Entry], head: Head | None, *, head_is_told: bool) -> Iterator[Finding]:
    """The head is the last record, or after a crash the one before it."""
    if head is None:
        if head_is_told or len(genuine) > 1:
            yield Finding(f"{FOLDER}/{HEAD}", "末条封签缺失或不是本系统写的")
    elif head.number > len(genuine):
        yield Finding(f"第{len(genuine) + 1}条", f"末尾被截去:应有{head.number}条,只有{len(genuine)}条")
    elif head.number < len(genuine) - 1:
        yield Finding(f"{FOLDER}/{HEAD}", f"末条封签停在第{head.number}条,比记录旧,被换过")
    elif genuine and not _is_there(genuine, head):
        yield Finding(f"第{head.number}条", "与末条封签不符")


def _told_elsewhere(genuine: list[Entry], anchors: dict[str, Head | str], noted: Head | None) -> Iterator[Finding]:
    committed = {entry.what.get("as_of") for entry in genuine if entry.action == Action.RUN_COMMITTED}
    for night, head in anchors.items():
        if isinstance(head, Head):
            if not _is_there(genuine, head):
                yield Finding(
                    f"第{min(head.number, len(genuine) + 1)}条", f"与 runs/{night} 记下的第{head.number}条不符,被截去或换过"
                )
        elif head or night in committed:
            yield Finding(f"runs/{night}/manifest.json", head or "应当记下的审计封签不见了")
    if noted and not _is_there(genuine, noted):
        yield Finding(f"第{min(noted.number, len(genuine) + 1)}条", f"与另行抄录的第{noted.number}条不符")


def _is_there(genuine: list[Entry], head: Head) -> bool:
    return 0 < head.number <= len(genuine) and genuine[head.number - 1].seal == head.seal


def _anchors(home: Path, key: bytes) -> dict[str, Head | str]:
    """Night -> what its manifest tells of the trail; a text says what is wrong with it, an empty one that there is nothing."""
    found: dict[str, Head | str] = {}
    for run in Home(home).run_folders():
        anchor = read_manifest(run).get("audit")
        found[run.name] = read_anchor(key, run.name, anchor) or ("审计封签不是本系统为这一晚写的" if anchor else "")
    return found
