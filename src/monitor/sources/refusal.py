"""Why a delivered file cannot be used, in words for the department that sent it."""

from __future__ import annotations

from monitor.errors import MonitorError


class RefusalError(MonitorError):
    """A file that cannot be opened or decoded.

    The text is plain Chinese and says what was found, what is allowed and what to do. It names columns of the contract
    and safe file names; never a cell, nor a header, sheet or archive member that the contract does not know.
    """


def listed(names: list[str] | tuple[str, ...], most: int = 12) -> str:
    """Names for a message, cut when they are many."""
    shown = "、".join(name[:40] for name in names[:most])
    return f"{shown} 等 {len(names)} 项" if len(names) > most else shown
