"""A returned file, once read, for good: `landing/field_verification/`, named by the day of collection and its content.

    <YYYYMMDD>-<sha256, 16 digits>.parquet               the answers, typed
                                  .quarantine.parquet    sheet, row, reason codes; and what was typed as answer, date and note
                                  .json                  counts; written last, so it proves the others

The file itself stays where it was put. It is never read twice, whatever its name: the same night always reads the same answers.
Only when its landing has been damaged since is it read again, for the day and at the place in the order that it had.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from monitor.answers.judging import Judged
from monitor.durable import sha256_of, write_whole
from monitor.run import Home
from monitor.settings import Settings
from monitor.store import connect, write_parquet

EXTRACT = "field_verification"


@dataclass(frozen=True)
class LandedAnswers:
    """What reading a file gave; counts only.

    Attributes:
        stem: name of the landing files.
        sha256: of the returned file.
        collected_on: ISO date; nights from this date on read it.
        sequence: 1 for the file collected first; of two files collected for the same day, the later one speaks.
        rows_read: rows that say something = answered + doubled + quarantined.
        answered: answers kept; `doubled` rows are equal to one of them.
        unanswered: rows of the list that nobody filled in.
        refused: why the whole file was not read, in Chinese; "" when it was.
        content: sha256 of the answers as they were written; "" when there are none.
    """

    stem: str
    sha256: str
    collected_on: str
    sequence: int
    rows_read: int = 0
    answered: int = 0
    doubled: int = 0
    quarantined: int = 0
    unanswered: int = 0
    refused: str = ""
    content: str = ""

    @property
    def delivery(self) -> str:
        """Its name in the ledger: the sender's own file name may tell of a person."""
        return f"{EXTRACT}_{self.stem}"


def landed_answers(home: Home, until: date | None = None) -> list[LandedAnswers]:
    """Everything collected for nights up to a date, in the order in which it was collected."""
    folder = home.landing / EXTRACT
    read = [LandedAnswers(**json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.json"))]
    kept = [one for one in read if until is None or one.collected_on <= until.isoformat()]
    return sorted(kept, key=lambda one: (one.collected_on, one.sequence))


def answers_file(home: Home, landed: LandedAnswers) -> Path:
    """The answers; there is no file when there are none."""
    return home.landing / EXTRACT / f"{landed.stem}.parquet"


def is_as_written(home: Home, landed: LandedAnswers) -> bool:
    """Whether the answers that were kept are still those that were read."""
    path = answers_file(home, landed)
    if not landed.answered:
        return True
    return path.is_file() and (not landed.content or sha256_of(path) == landed.content)


def land_answers(settings: Settings, landed: LandedAnswers, judged: Judged | None) -> LandedAnswers:
    """Write what was read, each file whole or not at all; return it with the hash of what was written."""
    folder = Home(settings.home).landing / EXTRACT
    folder.mkdir(parents=True, exist_ok=True)
    if judged:
        rows = judged.rows.with_columns(
            collected_on=pl.lit(landed.collected_on).str.to_date(), sequence=pl.lit(landed.sequence)
        )
        kept = rows.filter(pl.col("is_answer") & ~pl.col("is_doubled")).select(
            "case_no", "kind", "list_as_of", "answer", "answered_on", "answered_by", "note", "collected_on", "sequence",
            "sheet", "row",
        )  # fmt: skip
        bad = rows.filter(pl.col("reasons") != "").select("sheet", "row", "reasons", "case_no", "answer", "answered_on", "note")
        with connect(None, settings) as connection:
            for table, ending in ((kept, "parquet"), (bad, "quarantine.parquet")):
                if not table.is_empty():
                    connection.register("returned", table.to_arrow())
                    write_parquet(connection, "from returned", folder / f"{landed.stem}.{ending}")
    if landed.answered:
        landed = replace(landed, content=sha256_of(answers_file(Home(settings.home), landed)))
    proof = json.dumps(asdict(landed), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_whole(folder / f"{landed.stem}.json", proof)
    return landed
