"""Wilson's interval in whole numbers says what the formula says."""

import random
from decimal import ROUND_HALF_UP, Decimal, getcontext
from itertools import accumulate

import pytest

from monitor.learned import make_interval_macros
from monitor.settings import Settings
from monitor.store import connect

getcontext().prec = 60
_Z2 = Decimal("3.841459")


@pytest.fixture(scope="module")
def wilson():  # type: ignore[no-untyped-def]
    connection = connect(None, Settings(threads=1))
    make_interval_macros(connection)

    def ends(pairs: list[tuple[int, int]]) -> list[tuple[Decimal, Decimal]]:
        values = ", ".join(f"({k}::bigint, {n}::bigint)" for k, n in pairs)
        return connection.execute(
            "select share_low(k * 1000000, n * 1000000), share_high(k * 1000000, n * 1000000) "
            f"from (values {values}) as t(k, n)"
        ).fetchall()

    return ends


def by_formula(k: int, n: int) -> tuple[Decimal, Decimal]:
    """The textbook's formula with sixty digits."""
    p = Decimal(k) / n
    middle = p + _Z2 / (2 * n)
    width = (_Z2 * (p * (1 - p) / n + _Z2 / (4 * n * n))).sqrt()
    scale = 1 + _Z2 / n
    ends = ((middle - width) / scale, (middle + width) / scale)
    low, high = (end.quantize(Decimal("0.0001"), ROUND_HALF_UP) for end in ends)
    return abs(low), high


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(0, 10, "0.0000", "0.2775"), (10, 10, "0.7225", "1.0000"), (1, 2, "0.0945", "0.9055"), (12, 40, "0.1807", "0.4543")],
)
def test_ends_known_from_tables(wilson, k: int, n: int, low: str, high: str) -> None:  # type: ignore[no-untyped-def]
    assert wilson([(k, n)]) == [(Decimal(low), Decimal(high))]


def test_every_pair_up_to_forty_and_many_large_ones_agree_with_sixty_digits(wilson) -> None:  # type: ignore[no-untyped-def]
    chance = random.Random(5)
    sizes = [chance.randrange(1, 10**power) for power in range(2, 10) for _ in range(40)]
    pairs = [(k, n) for n in range(1, 41) for k in range(n + 1)] + [(chance.randrange(n + 1), n) for n in sizes]
    wrong = [pair for pair, found in zip(pairs, wilson(pairs), strict=True) if found != by_formula(*pair)]
    assert wrong == []


def test_nothing_asked_has_no_interval(wilson) -> None:  # type: ignore[no-untyped-def]
    assert wilson([(0, 0)]) == [(None, None)]


@pytest.mark.parametrize(("n", "p"), [(120, 0.1), (300, 0.05), (500, 0.3)])
def test_it_holds_the_truth_in_93_to_97_of_100_draws(wilson, n: int, p: float) -> None:  # type: ignore[no-untyped-def]
    """Not drawn but summed: the chance of every count, of those whose interval holds the truth."""
    chances = list(accumulate(range(n), lambda c, k: c * (n - k) / (k + 1) * p / (1 - p), initial=(1 - p) ** n))
    held = [low <= Decimal(str(p)) <= high for low, high in wilson([(k, n) for k in range(n + 1)])]
    covered = sum(c for c, holds in zip(chances, held, strict=True) if holds)
    assert 0.93 <= covered <= 0.97
