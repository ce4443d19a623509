"""Ways to damage the bytes of a valid file, for `fuzz`: wounds anywhere, in cells and lines, inside archives packed again.

Each takes the content, a source of chance and other valid contents to splice with.
"""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Sequence

_HURTS = (
    b"", b"\x00", b"\xff\xfe", b'"', b"'", b",", b"\r", b"\n", b"\r\n", b"\t", b";", b"=1+1", b"-", b"NaN", b"1e308", b"9" * 20,
    b"2026-02-30", "无".encode(), "\u3000".encode(), "9９0".encode(), "𠮷".encode("gb18030"), b"\x81\x30\x81\x30",
    b"\xef\xbb\xbf", b"</row>", b"&#0;", b"[[", b"{}", b"../",
)  # fmt: skip


def damaged_bytes(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """One to four wounds anywhere."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(content) + 1)
        length = chance.choice((1, 1, 2, 8, 64, 1024))
        match chance.randrange(6):
            case 0:
                content = content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
            case 1:
                content = content[:at] + content[at + length :]
            case 2:
                content = content[:at] + content[at : at + length] * chance.randint(2, 4) + content[at + length :]
            case 3:
                content = content[:at] + chance.choice(_HURTS) + content[at:]
            case 4:
                content = content[:at]
            case 5:
                other = chance.choice(others)
                content = content[:at] + other[chance.randrange(len(other) + 1) :]
    return content


def damaged_text(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Wounds that keep most of the shape: a cell, a line or a word, besides those anywhere."""
    if chance.random() < 0.4:
        return damaged_bytes(content, chance, others)
    lines = content.splitlines(keepends=True) or [b""]
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(lines))
        cells = lines[at].split(b",")
        match chance.randrange(5):
            case 0:
                cells[chance.randrange(len(cells))] = chance.choice(_HURTS)
                lines[at] = b",".join(cells)
            case 1:
                lines[at] = b",".join(cells[:-1]) + b"\n"
            case 2:
                lines.insert(at, chance.choice(lines))
            case 3:
                lines[at] = lines[at].replace(b"\n", chance.choice((b"\r\n", b"\r", b"", b"\n\n", b"\x0b\n")))
            case 4:
                chance.shuffle(cells)
                lines[at] = b",".join(cells)
    return b"".join(lines)


def damaged_gzip(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Outside, or inside and packed again."""
    if chance.random() < 0.4:
        return damaged_bytes(content, chance, others)
    return gzip.compress(damaged_text(gzip.decompress(content), chance, [gzip.decompress(one) for one in others[:1]]), 1)


def damaged_zip(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Outside, or one or two members and packed again, one may be lost or called otherwise."""
    if chance.random() < 0.3:
        return damaged_bytes(content, chance, others)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    for name in chance.sample(sorted(members), min(len(members), chance.randint(1, 2))):
        members[name] = damaged_text(members[name], chance, [members[name]])
    name = chance.choice(sorted(members))
    match chance.randrange(12):
        case 0:
            del members[name]
        case 1:
            members[f"../{name}"] = members.pop(name)
        case 2:
            members["other.csv"] = b"a,b\n"
    return zipped(members)


def zipped(members: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()
