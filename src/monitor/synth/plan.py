"""What to make: how many people, where, for which nights, how dirty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from monitor.contracts import extracts
from monitor.errors import Fault, UsageError
from monitor.synth.dirt_kinds import Dirt

BLOCK_PEOPLE = 50_000
MOST_PEOPLE = 1_000 * BLOCK_PEOPLE
HORIZON_DAYS = 31  # what happens in the month after the first night is made up from the start


@dataclass(frozen=True)
class Plan:
    """A made-up population and its deliveries. Same plan, same bytes.

    Attributes:
        persons: people in the resident register, 200 to 50 million.
        seed: chooses the population.
        as_of: the first night's date; night n is n days later.
        nights: consecutive days of deliveries, 1 to 31.
        region: division code of a county, prefecture or the province whose villages are peopled.
        dirt: `none`, `light`, `demo`, or a `Dirt` with a rate for each kind.
        late: departments or extracts that last delivered longer ago than agreed, and deliver nothing on these nights.
    """

    persons: int = 20_000
    seed: int = 7
    as_of: date = date(2026, 11, 20)
    nights: int = 1
    region: str = "530622"
    dirt: Dirt | str = "demo"
    late: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults = []
        if not 200 <= self.persons <= MOST_PEOPLE:
            faults.append(Fault("persons", str(self.persons), f"200 to {MOST_PEOPLE}"))
        if not 1 <= self.nights <= HORIZON_DAYS:
            faults.append(Fault("nights", str(self.nights), f"1 to {HORIZON_DAYS}"))
        if self.seed < 0:
            faults.append(Fault("seed", str(self.seed), "0 or more"))
        known = {*extracts(), *(e.department for e in extracts().values())}
        faults += [Fault("late", name, "an extract or a department") for name in self.late if name not in known]
        if faults:
            raise UsageError("The plan cannot be carried out.", faults)

    @property
    def days(self) -> tuple[date, ...]:
        """The as-of dates of the nights."""
        return tuple(self.as_of + timedelta(days=n) for n in range(self.nights))

    @property
    def soil(self) -> Dirt:
        """The dirt, as rates."""
        return self.dirt if isinstance(self.dirt, Dirt) else Dirt.named(self.dirt)

    def is_late(self, extract: str) -> bool:
        return extract in self.late or extracts()[extract].department in self.late

    @property
    def blocks(self) -> tuple[int, ...]:
        """People in each block; a block is made, written and forgotten before the next."""
        whole, rest = divmod(self.persons, BLOCK_PEOPLE)
        return (BLOCK_PEOPLE,) * whole + ((rest,) if rest else ())


@dataclass(frozen=True)
class Summary:
    """What was made.

    Attributes:
        persons, households: in the resident register.
        files, bytes: written.
        rows: extract -> rows over all files.
        planted: story -> households it was planted in.
        seconds: wall time.
    """

    persons: int
    households: int
    files: int
    bytes: int
    seconds: float
    rows: Mapping[str, int] = field(default_factory=dict)
    planted: Mapping[str, int] = field(default_factory=dict)
