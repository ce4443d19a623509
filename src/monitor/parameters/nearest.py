"""The nearest name that exists, for messages about a name that does not."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Up to three similar names as a question, or an empty text."""
    close = get_close_matches(name, list(known), n=3, cutoff=0.6)
    return " 或 ".join(close)
