"""Who is at the machine, and when. A trail without them proves nothing; nothing that a night computes comes near them."""

from __future__ import annotations

import os
import pwd
from datetime import UTC, datetime


def moment() -> str:
    """The time of day in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def user() -> str:
    """The user of the operating system, whom the environment cannot pretend to be."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
