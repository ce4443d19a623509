"""How long does each page of `monitor ui` take over the home of a large place?

    python benchmarks/pages.py                              one million people, two nights
    python benchmarks/pages.py --persons 20000              small
    python benchmarks/pages.py --home DIR                   a home that is there already

`monitor ui` runs as a process of its own, with the restricted pages; every page is asked for over HTTP as a browser does, and
read to its end. Told are the first time (nothing of it was asked before) and the median of the next ones.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from cookbook import asked_home, size_of
from results import conditions, keep, pages_table

from monitor.query import opened
from monitor.settings import load_settings
from monitor.ui.filters import PAGE_ROWS

TIMES = 5
Line = dict[str, Any]


def main(
    persons: Annotated[int, typer.Option()] = 1_000_000,
    home: Annotated[Path | None, typer.Option(help="a finished home; made and removed when not given")] = None,
) -> None:
    """Measure, keep and print."""
    with asked_home(persons, home) as made, browser(made) as client:
        line: Line = {**conditions(), "mode": "pages", **size_of(made)}
        line["pages"] = {name: asked_for(client, path) for name, path in pages(client, made).items()}
    keep(line)
    print("\n".join(pages_table([line])))


@contextmanager
def browser(home: Path) -> Iterator[httpx.Client]:
    """A client that holds the session of a fresh `monitor ui`."""
    command = [sys.executable, "-m", "monitor.cli", "ui", "--home", str(home), "--port", "0"]
    command += ["--reveal-key", str(home / "keys" / "token.key")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        try:
            assert served.stdout is not None
            address = next(found[0] for text in served.stdout if (found := re.search(r"http://\S+", text)))
            base, token = address.split("/?token=")
            with httpx.Client(base_url=base, timeout=60, follow_redirects=True, trust_env=False) as client:
                client.get("/style.css", params={"token": token}).raise_for_status()
                yield client
        finally:
            served.terminate()


def pages(client: httpx.Client, home: Path) -> dict[str, str]:
    """Every kind of page, and of the list of cases every filter, with what the home holds most of."""
    with opened(load_settings(home)) as connection:
        night, first = connection.execute("select max(as_of), min(as_of) from run").fetchall()[0]
        township, indicator = connection.execute(
            "select mode(township), mode(split_part(indicators, ',', 1)) from case_history where as_of = ?", [night]
        ).fetchall()[0]
        (case_no,) = connection.execute(
            "select case_no from case_history where as_of = ? order by len(indicators) desc, case_no limit 1", [night]
        ).fetchall()[0]
        (open_cases,) = connection.execute(
            "select count(*) from case_history where as_of = ? and state not in ('cleared', 'closed')", [night]
        ).fetchall()[0]
    county, domain, last = township[:6], indicator[:3], max(1, open_cases // PAGE_ROWS)
    filters = {
        "county": county,
        "township": township,
        "colour": "red",
        "domain": domain,
        "indicator": indicator,
        "older_than": "1",
        "place": "capacity",
        "page": str(last),
    }
    lists = client.get("/restricted/lists", params={"night": night.isoformat()}).raise_for_status().text
    (listed, *_) = re.findall(r'href="(/restricted/lists/[^"]+)"', lists)
    return {
        "a night at a glance": "/",
        "an earlier night": f"/?night={first}",
        "cases": "/cases",
        **{f"cases by {name}": f"/cases?{name}={value}" for name, value in filters.items()},
        "cases of a county as a file": f"/cases.csv?county={county}",
        "a case": f"/cases/{case_no}",
        "indicators": "/indicators",
        "an indicator": f"/indicators/{indicator}",
        "deliveries": "/deliveries",
        "a case with its people": f"/restricted/cases/{case_no}?night={night}",
        "lists": f"/restricted/lists?night={night}",
        "a list": listed.replace("&amp;", "&"),
    }


def asked_for(client: httpx.Client, path: str) -> Line:
    """Seconds of the first time and of the next ones, and how many bytes came."""
    seconds, size = [], 0
    for _ in range(TIMES + 1):
        started = time.perf_counter()
        size = len(client.get(path).raise_for_status().content)
        seconds.append(round(time.perf_counter() - started, 4))
    return {"first": seconds[0], "median": statistics.median(seconds[1:]), "bytes": size}


if __name__ == "__main__":
    typer.run(main)
