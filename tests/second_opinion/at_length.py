"""The second opinion at length, for a machine that is idle: many random worlds, facts and outcomes, seed by seed.

    python tests/second_opinion/at_length.py --households 100000 --first-seed 1000

Prints what differs and ends with 1 if anything does. The short version of the same runs with the other tests.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1] / "sample_data")]

from comparing import built, differences_in  # noqa: E402
from random_records import Drawing  # noqa: E402
from test_outcomes import engine_outcomes, plain_outcomes  # noqa: E402

NIGHTS = (date(2026, 11, 20), date(2026, 2, 28), date(2027, 3, 31), date(2026, 9, 1), date(2028, 2, 29), date(2026, 12, 31))
WORLD = 300


def disagreements(seed: int, as_of: date, households: int) -> tuple[list[str], int]:
    """Where the SQL and the plain opinion differ over one random world, and how many households it really held."""
    rows, delivered = Drawing(seed, as_of, households=households).records()
    connection = built(rows, delivered, as_of)
    found = differences_in(connection, rows, delivered, as_of)
    hits, counted = engine_outcomes(connection)
    plain = plain_outcomes(rows, delivered, as_of)
    plain_counted = Counter((code, county, said) for (code, _, county), said in plain.items())
    plain_hits = {(code, subject) for (code, subject, _), said in plain.items() if said == "hit"}
    found += [f"hit: {code}" for code, _ in sorted(hits ^ plain_hits)]
    found += [f"outcome: {key}" for key in (counted - plain_counted) + (plain_counted - counted)]
    [(held,)] = connection.execute("select count(*) from core.household").fetchall()
    return found, held


def main() -> int:
    """Compare worlds until enough households have been seen; 0 when all agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--first-seed", type=int, default=1000)
    asked = parser.parse_args()
    seen, seed, faults = 0, asked.first_seed, 0
    while seen < asked.households:
        as_of = NIGHTS[seed % len(NIGHTS)]
        found, held = disagreements(seed, as_of, WORLD)
        faults += len(found)
        seen += held
        for line in found[:5]:
            print(f"seed {seed}, {as_of}: {line}")
        seed += 1
        if seed % 10 == 0:
            print(f"{seen:,} households, seeds {asked.first_seed} to {seed - 1}, {faults} differences", flush=True)
    print(f"{seen:,} households, seeds {asked.first_seed} to {seed - 1}, {faults} differences")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
