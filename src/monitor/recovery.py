"""What the next start does for a night that died: finish what had become real in part, and sweep up what nobody will finish.

A night is complete when its manifest is there, because everything else was put on disk before it. Nothing here guesses: every
state that a crash can leave has one way on.

| found | means | done |
| --- | --- | --- |
| `.building-<day>` with manifest and lists | complete, its last rename is lacking | made real |
| `.building-<day>` with manifest, lists delivered | the older version, names just exchanged | moved to `.replaced/` |
| `.<day>.aside` | the older version, where names cannot be exchanged | moved to `.replaced/` |
| lists or reports in a run folder, or `.<day>.new` where they belong | real, not delivered | delivered, by the manifest |
| `.building-<day>` without manifest | a night in the making | kept: it is taken up again, or dropped by the next night |
| files ending in 32 hexadecimal digits, `.publishing-*`, `.reading-*` | being written when the process died | deleted |
"""

from __future__ import annotations

import shutil
from pathlib import Path

from monitor.durable import ASIDE, left_beside, remove
from monitor.run import BUILDING, HANDED_OUT, LISTS, MANIFEST, Home, deliver, is_undelivered, make_real


def recover(home: Home) -> list[str]:
    """Finish what a crashed night had made real in part; return the as-of dates of those nights.

    Args:
        home: whose lock the caller holds.
    """
    home.make()
    finished = [*_complete(home), *_aside(home)]
    for run in home.run_folders():
        if is_undelivered(home, run):
            deliver(home, run)
            finished.append(run.name)
    _sweep(home)
    return sorted(set(finished))


def _complete(home: Home) -> list[str]:
    """Nights that have their manifest but not their name, or that have just given it to a newer version."""
    found = [folder for folder in sorted(home.runs.glob(f"{BUILDING}*")) if (folder / MANIFEST).is_file()]
    for building in found:
        as_of = building.name.removeprefix(BUILDING)
        shutil.rmtree(building / "work", ignore_errors=True)
        if (building / LISTS).is_dir():
            make_real(home, building)
        else:
            home.put_aside(building, as_of)
    return [folder.name.removeprefix(BUILDING) for folder in found]


def _aside(home: Home) -> list[str]:
    """Older versions of a run, and of its lists, from a file system that cannot exchange names.

    Lists whose place is free go back there; others wait where `deliver` looks for what is to be forgotten.
    """
    runs = sorted(home.runs.glob(f".*{ASIDE}"))
    for folder in runs:
        home.put_aside(folder, folder.name[1:11])
    for folder in sorted(path for name in HANDED_OUT for path in (home.root / name).glob(f".*{ASIDE}")):
        target = folder.with_name(folder.name[1:11])
        folder.rename(target.with_name(f".{target.name}.new") if target.is_dir() else target)
    return [folder.name[1:11] for folder in runs]


def unfinished(home: Home) -> list[Path]:
    """Folders of files for one process, of which some died: what an analyst file spilled, a returned list in UTF-8."""
    return [*home.runs.glob(".publishing-*"), *home.runs.glob(".reading-*")]


def _sweep(home: Home) -> None:
    """Only what no process can be writing while the home is held."""
    for folder in unfinished(home):
        remove(folder)
    for folder in (home.landing, home.published, home.answers / "reports", home.keys):
        for path in list(left_beside(folder)):
            remove(path)
