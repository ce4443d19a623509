"""From the departments to the inbox: pulls what is new, whole files only.

sources_file, declared      <home>/sources.toml, every fault at once
secret                      secrets by reference
shelves                     which of folder, sftp, http, s3, postgres, mysql (over database) serves a source
offered                     which files are wanted tonight
sink                        bytes on their way: counted, hashed, bounded
pull, memory                attempts, the rename into the inbox, what was pulled before
report, trouble             what is told
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from monitor.errors import UsageError
from monitor.pulling.pull import check_sources, chosen_sources, pull_sources
from monitor.pulling.report import Failure, Pulled, PulledFile, read_report, write_report
from monitor.pulling.sources_file import SOURCES_FILE, Sources, load_sources, sources_path
from monitor.run import Home
from monitor.settings import Settings

Report = Callable[[str, int, int], None]

__all__ = [
    "SOURCES_FILE",
    "Failure",
    "Pulled",
    "PulledFile",
    "Sources",
    "check_sources",
    "chosen_sources",
    "load_sources",
    "pull_for_night",
    "pull_sources",
    "read_report",
    "sources_path",
    "write_report",
]


def pull_for_night(settings: Settings, as_of: date, report: Report = lambda what, done, total: None) -> dict[str, int]:
    """Pull before a night begins, when the home has sources; a night stands with whatever came.

    Settings that cannot be read are told in the night's manifest instead of ending it: what lies in the inbox is worth a night.
    A night before the newest one does not pull, because what departments hold now is not what they held then.

    Returns:
        sources asked, sources that failed, files and bytes that came.
    """
    pulled: list[Pulled] = []
    if sources_path(settings).is_file():
        report("pull", 0, 1)
        pulled = _pull_or_tell(settings, as_of, report)
    files = [file for one in pulled for file in one.files]
    failed = sum(1 for one in pulled if one.failures)
    return {"sources": len(pulled), "failed": failed, "files": len(files), "bytes": sum(file.bytes for file in files)}


def _pull_or_tell(settings: Settings, as_of: date, report: Report) -> list[Pulled]:
    home = Home(settings.home)
    runs = home.run_folders()
    pulled: list[Pulled] = []
    notice = ""
    if runs and as_of.isoformat() < runs[-1].name:
        notice = "重跑以前的一晚,没有拉取;要补取请运行 monitor pull"
    else:
        try:
            pulled = pull_sources(settings, as_of, load_sources(settings), report=report)
        except UsageError as error:
            notice = str(error)
    write_report(home, as_of, pulled, notice)
    return pulled
