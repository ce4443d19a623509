"""Secrets of sources; one that cannot be had is a trouble of its source."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel

from monitor import secret
from monitor.pulling.trouble import Trouble


def secret_of(source: BaseModel, name: str) -> str:
    """The secret that `<name>_env` or `<name>_file` of a source refers to; "" when neither is given.

    Raises:
        Trouble: the variable is not set, or the file cannot be read or may be read by others.
    """
    with _told():
        return secret.read_secret(getattr(source, f"{name}_env"), getattr(source, f"{name}_file"))


def private_text(path: Path) -> str:
    """The text of a file that only its owner may read, without the line end behind it.

    Raises:
        Trouble: it is not there, no text, or open to others.
    """
    with _told():
        return secret.private_text(path)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except secret.NoSecret as error:
        raise Trouble(error.found, error.remedy) from None
