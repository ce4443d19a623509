"""Bad cases at whole size: does the night complete, are its outcomes right, does its memory stay within a bound?

    python benchmarks/bad_cases.py                                     everything: an hour, some 30 GB of disk
    python benchmarks/bad_cases.py --share 0.1 --case "one person"     a tenth of one case

Every case is an ordinary county with one thing out of all proportion (bad_inboxes.py, the suite runs them small). The ordinary
county is run, too, and compared with.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer
from bad_inboxes import BAD, linked
from data_of import AS_OF, DATA, inbox_of
from night import night_of
from processes import Figure, measured
from results import conditions, keep

SIZES = {"one village": 1_000_000, "one household": 10_000, "one person": 100_000, "unreadable": 50_000_000}
LIMIT_MB, PEAK_MB = 2_048, 3_072
_STEP = """
import sys
from pathlib import Path
from bad_inboxes import BAD
step, name, *folders, size = sys.argv[1:]
getattr(BAD[name], step)(*map(Path, folders), int(size))
"""


def main(
    case: Annotated[list[str] | None, typer.Option(help=f"of {', '.join(BAD)}; all when not given")] = None,
    share: Annotated[float, typer.Option(min=0.0001, max=1, help="of the whole size")] = 1.0,
    limit_mb: Annotated[int, typer.Option(help="memory of the query engine")] = LIMIT_MB,
    peak_mb: Annotated[int, typer.Option(help="what the process may take at most")] = PEAK_MB,
) -> None:
    """Run, assert and print."""
    for name in case or list(BAD):
        size = round(SIZES[name] * share)
        common = {**conditions(), "mode": "bad", "case": name, "size": size, "memory_limit_mb": limit_mb, "peak_mb": peak_mb}
        figure = held(name, size, limit_mb)
        assert figure.memory <= peak_mb, f"{name}: {figure.memory:,.0f} MB at the peak, at most {peak_mb:,} are allowed"
        keep(common | {"night": figure.as_row()})
        cost = f"{figure.wall:.0f} s, {figure.cpu:.0f} CPU s, {figure.memory:,.0f} MB, {figure.disk:,.0f} MB of disk"
        print(f"{name}, {size:,}: {BAD[name].says}: held, {cost}", flush=True)


def held(name: str, size: int, limit_mb: int) -> Figure:
    """Run the ordinary and the bad county; what the night of the bad one took.

    Raises:
        SystemExit: a night failed, or its outcomes are not those expected.
    """
    folder = DATA / f"bad-{os.getpid()}"
    try:
        inbox = inbox_of(max(BAD[name].people(size), 1_200))
        altered = linked(inbox, folder / "inbox")
        _in_its_own_process("alter", name, altered, size)
        runs, figures = {}, {}
        for which, given in (("good", inbox), ("bad", altered)):
            home = folder / which
            figures[which], _ = night_of(home, given, AS_OF, MONITOR_MEMORY_LIMIT_MB=str(limit_mb))
            runs[which] = home / "runs" / AS_OF.isoformat()
        _in_its_own_process("hold", name, runs["good"], runs["bad"], altered, size)
        return figures["bad"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_its_own_process(step: str, name: str, *given: object) -> None:
    """Altering and comparing read whole tables; their memory is not to be counted as the night's."""
    words = [str(word) for word in (step, name, *given)]
    measured([sys.executable, "-c", _STEP, *words], environment={"PYTHONPATH": str(Path(__file__).parent)})


if __name__ == "__main__":
    typer.run(main)
