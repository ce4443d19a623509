"""What the tests of the local pages share."""

from collections.abc import Callable
from datetime import date

from fastapi.testclient import TestClient

LAST = date(2026, 11, 20)
HOSTILE = "<img src=x onerror=alert(1)>"
TOKEN = "a-token-of-this-test"
Client = Callable[..., TestClient]
