"""What only the holder of the key sees: names and numbers of a case, and the night's lists. Each look is noted first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from monitor import audit
from monitor.errors import Fault, UsageError
from monitor.explain import explain, find_cases
from monitor.explain.tell import lines
from monitor.run import Home
from monitor.settings import Settings
from monitor.store import connect


@dataclass(frozen=True)
class Restricted:
    """The restricted zone of a home, read by somebody who holds its key."""

    settings: Settings

    @property
    def _home(self) -> Home:
        return Home(self.settings.home)

    def case(self, case_no: str, as_of: date) -> str:
        """The whole explanation of a case with its people, as text.

        Raises:
            UsageError: there is no such case on that night, or the night is kept no more.
        """
        with connect(None, self.settings) as connection:
            found = find_cases(connection, self._home, case_no, as_of)
            numbers = [case["case_no"] for case in found.cases]
            self._note(audit.Action.REVEALED, as_of=found.as_of, cases=numbers, shown="姓名、身份号码、电话、住址")
            told = explain(connection, found, self.settings.region)
        return "\n\n".join("\n".join(lines(one, reveal=True)) for one in told)

    def lists(self, as_of: date) -> list[tuple[str, int]]:
        """(path below the night's folder, bytes) of every file that was written for the field and the county's offices."""
        folder = self._outbox(as_of)
        found = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()] if folder.is_dir() else []
        return sorted((path.relative_to(folder).as_posix(), path.stat().st_size) for path in found)

    def list_file(self, as_of: date, name: str) -> Path:
        """One of `lists`.

        Raises:
            UsageError: the night has no such file.
        """
        if name not in {path for path, _ in self.lists(as_of)}:
            raise UsageError("没有这份名单。", [Fault("名单", f"{as_of} 这一晚没有")])
        self._note(audit.Action.EXPORTED, as_of=as_of, file=name)
        return self._outbox(as_of) / name

    def _outbox(self, as_of: date) -> Path:
        return self._home.outbox / as_of.isoformat()

    def _note(self, action: audit.Action, **what: Any) -> None:
        audit.record(self.settings.home, action, by="ui", **what)
