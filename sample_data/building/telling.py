"""The README of the sample: every story with what must happen and when."""

from __future__ import annotations

import csv
from pathlib import Path

from building.cast import HERE, NIGHTS, Household, deliveries, households, villages
from building.files import put
from building.stories import cases, indicators

_HEAD = """\
# A cast of {count} households

Made-up people in the departments' own files, with the usual dirt, for three nights: {nights}. Every citizen ID begins with
990, which is assigned to nobody, and carries a valid check digit; telephone numbers begin with 120000. Villages are real.

| folder | what it holds |
| --- | --- |
| `cast/*.toml` | the source of truth: households, their members, the records by extract, and what must hit, by hand |
| `cast/deliveries.toml` | the files, how each department writes them, and what is wrong with them |
| `inbox/` | the files as delivered, {files} of them; those dated after a night do not exist for it |
| `expected/` | `ledger.csv` and `quarantine.csv` by file, `hits.csv` and `cases.csv` by night, a township's list of the third |
| `build.py` | writes `inbox/`, `expected/` and this page from the cast; same cast, same bytes |

To see it: `monitor run --as-of 2026-11-18 --home var/sample --inbox sample_data/inbox`, then the 19th and the 20th.

The expectations were written with the stories, before any pipeline ran. In the `must hit` column `@12` means the first two
nights only. Codes are those of the indicator catalogue; all {codes} are hit by somebody. An office's lateness (process)
makes no case; the last column shows the colour and the state of the cases: v = visit, r = review.

## Deliveries that are not taken as they are

| file | why |
| --- | --- |
{refused}

## The stories

| household | story | must hit | cases by night |
| --- | --- | --- | --- |
{stories}
"""


def write_readme(folder: Path) -> None:
    """Write `README.md`."""
    refused = [f"| {d['extract']}_{d['date']} | refused: {d['refused']} |" for d in deliveries() if "refused" in d]
    with (HERE / "expected" / "quarantine.csv").open(encoding="utf-8", newline="") as source:
        refused += [f"| {row['delivery']} | a row quarantined: `{row['reasons']}` |" for row in csv.DictReader(source)]
    text = _HEAD.format(
        count=len(households()),
        nights=", ".join(day.isoformat() for day in NIGHTS.values()),
        files=sum(1 for _ in (HERE / "inbox").iterdir()),
        codes=len(indicators()),
        refused="\n".join(refused),
        stories="\n".join(_story(household) for household in sorted(households(), key=lambda h: h.id)),
    )
    put(folder, "README.md", text.encode("utf-8"))


def _story(household: Household) -> str:
    given = household.given
    hits = "<br>".join(given["hits"]) or "nothing"
    untold = "".join(f"<br>{kind}: {line}" for kind in ("exempt", "unknown") for line in given.get(kind, ()))
    place = villages()[household.village]
    story = f"**{given['title']}** {given['story']}<br>{given['english']}"
    return f"| {household.id} {place} | {story} | {hits}{untold} | {_cases(household)} |"


def _cases(household: Household) -> str:
    found: dict[str, list[str]] = {}
    for case in cases(set(indicators())):
        if case.household == household.household_id or case.household.startswith(f"9900{household.id}"):
            found.setdefault(case.kind[0], []).append(f"{case.night} {case.colour} {case.state}")
    return "<br>".join(f"{kind}: " + ", ".join(lines) for kind, lines in sorted(found.items(), reverse=True))
