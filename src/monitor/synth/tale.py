"""The words in which stories are told: what may happen to the people of some households."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from monitor.synth.life import JOBLESS, NOT_WORKING, Life
from monitor.synth.people import Block
from monitor.synth.rows import last_month, numbered, own_numbers, rows
from monitor.synth.streams import Days, Ints

DAY = np.timedelta64(1, "D")
FIRST_NUMBER = 50_000_000  # stories number their records from here, ordinary records below
LOW_PENSION = 16_500
NEARBY_VILLAGE = "530602001001"


class Tale:
    """A story about some households. Days ago may be negative: it happens on a later night.

    Attributes:
        homes: positions of the households; `head` their heads.
    """

    def __init__(self, block: Block, life: Life, homes: Ints) -> None:
        self.block, self.life, self.homes = block, life, homes
        self.head = block.head[homes]

    # who
    def members(self, low: int = 0, high: int = 200) -> Ints:
        """Members of these ages, household by household."""
        inside = np.isin(self.block.household[: self.block.registered], self.homes)
        age = self.block.age[: self.block.registered]
        return np.flatnonzero(inside & (age >= low) & (age <= high))

    def one(self, low: int = 0, high: int = 200) -> Ints:
        """The first member of these ages of each household that has one."""
        found = self.members(low, high)
        return found[np.unique(self.block.household[found], return_index=True)[1]]

    def parents(self) -> tuple[Ints, Ints]:
        """Fathers and mothers of the first child of each household, where named."""
        child = self.one(0, 17)
        father, mother = self.block.father[child], self.block.mother[child]
        return father[father >= 0], mother[mother >= 0]

    # numbers and days
    def around(self, line: float, people: Ints) -> Ints:
        """Amounts in 分: above the line, well above, exactly on it, just above, just below."""
        pattern = np.array([1.3, 2.0, 1.0, 1.05, 1.0])
        made = (line * 100 * np.resize(pattern, len(people))).astype(np.int64)
        made[4::5] -= 1
        return made

    def ago(self, days: int | Sequence[int], people: Ints) -> Days:
        """Days before today, taken in turn."""
        on: Days = self.block.today - np.resize(np.atleast_1d(days), len(people)).astype("timedelta64[D]")
        return on

    def number(self, name: str, prefix: str, size: int) -> pl.Series:
        """Record numbers of their own for rows that are about to be added."""
        used = sum(len(part) for part in self.life.extra.get(name, []))
        return numbered(prefix, own_numbers(self.block, size, FIRST_NUMBER + used), 12)

    # what happens
    def add(self, name: str, people: Ints, /, **cells: Any) -> None:
        """Rows of an extract, one for each of the people."""
        self.life.extra.setdefault(name, []).append(rows(self.block, name, people, **cells))

    def put_on(self, listed: int, since: int | Sequence[int] = 500) -> None:
        """The whole household on a list; its old people are assessed, as they should be."""
        self.life.listed[self.homes] = listed
        self.life.listed_on[self.homes] = self.ago(since, self.homes)
        old = self.members(60)
        self.add("nhc_elder_ability", old, score=90, ability="0", assessed_on=self.ago(90, old))

    def grant(self, people: Ints, benefit: str, since: int | Sequence[int] = 400, yuan: float = 400, **cells: Any) -> None:
        """One benefit for each of these people."""
        cells = {"status": "active", "village_code": self._village(people), "reviewed_on": self.block.today - 60 * DAY} | cells
        amount = int(yuan * 100) if "monthly_amount" not in cells else cells.pop("monthly_amount")
        name, start = self.block.name.gather(people), self.ago(since, people)
        self.add("mca_assistance", people, name=name, benefit=benefit, start_date=start, monthly_amount=amount, **cells)

    def _village(self, people: Ints) -> pl.Series:
        """Village codes; those of outsiders are the first household's."""
        home = np.where(self.block.household[people] >= 0, self.block.household[people], 0)
        return self.block.villages.code.gather(self.block.village[home])

    def change(self, people: Ints, status: str, ago: int | Sequence[int]) -> None:
        """Dead, moved or missing since some days ago."""
        self.life.status = self.life.status.scatter(people, status)
        self.life.status_on[people] = self.ago(ago, people)

    def work(self, people: Ints, work: int, yuan: float = 4000) -> None:
        """An occupation for those of working age among the people."""
        grown = people[(self.block.age[people] >= 16) & (self.block.age[people] < 60)]
        self.life.work[grown], self.life.wage[grown], self.life.stage[grown] = work, int(yuan * 100), -1

    def impoverish(self, pension: int = LOW_PENSION) -> None:
        """Nobody earns, on record; old people have the base pension."""
        self.work(self.members(18, 59), JOBLESS)
        old = self.members(60)
        self.life.pension[old], self.life.pension_is_worker[old] = pension, False

    def leave_childless(self, people: Ints) -> None:
        """Nobody names these people as parents."""
        for parent in (self.block.father, self.block.mother):
            parent[np.isin(parent, people)] = -1

    def idle(self, people: Ints) -> None:
        """No record of work at all."""
        self.life.work[people] = NOT_WORKING

    def visit(self, people: Ints, self_paid: Any, ago: int | Sequence[int] = 60, **cells: Any) -> None:
        """A settlement, a hospital stay unless said otherwise; `self_paid` in 分."""
        paid = np.broadcast_to(np.asarray(self_paid, dtype=np.int64), len(people)).copy()
        aid = cells.get("aid_paid", 0)
        cells = {"visit_kind": "inpatient", "fund_paid": paid * 2, "injury": False, "aid_paid": aid} | cells
        self.add(
            "nhsa_settlement",
            people,
            settle_no=self.number("nhsa_settlement", "JS", len(people)),
            settled_on=self.ago(ago, people),
            total=paid * 3 + np.asarray(aid, dtype=np.int64),
            self_paid=paid,
            **cells,
        )

    def disable(
        self,
        people: Ints,
        kind: int,
        grade: int,
        issued: int | Sequence[int] = 900,
        ends: int | Sequence[int] = -2000,
        **more: Any,
    ) -> None:
        """A disability certificate; `ends` in days ago as well."""
        on = self.ago(issued, people)
        cells = {"first_issued_on": on, "issued_on": on, "expires_on": self.ago(ends, people)} | more
        self.add("dpf_disability", people, disability_kind=str(kind), disability_grade=str(grade), **cells)

    def ail(self, people: Ints, disease: str, ago: int | Sequence[int] = 400, **cells: Any) -> None:
        """A row of the disease register."""
        self.add("nhc_disease", people, disease=disease, diagnosed_on=self.ago(ago, people), managed=True, **cells)

    def jail(self, people: Ints, kind: str = "prison", ago: int | Sequence[int] = 300) -> None:
        """In custody for three years."""
        on = self.ago(ago, people)
        self.add("moj_custody", people, custody_kind=kind, started_on=on, ends_on=on + 1100 * DAY)

    def study(self, people: Ints, stage: str, status: str = "enrolled", year: int = 0, **cells: Any) -> None:
        """The school record of the running school year (`year` 0) or an earlier one (-1 ...)."""
        day = self.block.plan.as_of
        started = (day.year if day.month >= 9 else day.year - 1) + year
        cells = {"tuition": 0, "aid_amount": 0, "loan": False, "boarding": False, "school": "职业技术学校"} | cells
        self.life.stage[people] = -1
        self.idle(people)
        self.add("moe_student", people, school_year=started, stage=stage, status=status, **cells)

    def earn(self, people: Ints, yuan: Any, months_ago: Sequence[int], item: str = "labour") -> None:
        """Tax records of these months, counted back from the running one; yuan for each month."""
        for ago, amount in zip(months_ago, np.broadcast_to(np.asarray(yuan), len(months_ago)), strict=True):
            month = last_month(self.block, ago)
            self.add(
                "sta_income", people, payer_no="91530622MA00000000", tax_month=month, tax_item=item, amount=int(amount * 100)
            )

    def own_vehicle(self, people: Ints, kind: str, price: Any, ago: int | Sequence[int] = 900) -> None:
        plate = self.number("psb_vehicle", "云D", len(people))
        self.add(
            "psb_vehicle",
            people,
            plate_no=plate,
            vehicle_kind=kind,
            purchase_price=price,
            registered_on=self.ago(ago, people),
            scrapped=False,
        )

    def own_estate(self, people: Ints, use: str = "dwelling", ago: int | Sequence[int] = 900, commodity: bool = False) -> None:
        unit = self.number("mnr_realestate", "530622GD", len(people))
        self.add(
            "mnr_realestate",
            people,
            unit_no=unit,
            estate_use=use,
            area_m2=9000,
            registered_on=self.ago(ago, people),
            is_commodity=commodity,
        )

    def own_business(self, people: Ints, kind: str, capital: Any = 3_000_000, status: str = "open") -> None:
        number = self.number("samr_entity", "93530622M", len(people))
        role = "operator" if kind == "sole" else "legal_rep"
        self.add(
            "samr_entity",
            people,
            entity_no=number,
            role=role,
            entity_kind=kind,
            capital=capital,
            status=status,
            founded_on=self.ago(1000, people),
        )

    def dwell(self, people: Ints, grade: str = "B", **cells: Any) -> None:
        cells = {"only_dwelling": True, "safe_water": True, "public_rental": False} | cells
        self.add("mohurd_housing", people, surveyed_on=self.ago(200, people), dwelling_grade=grade, **cells)

    def strike(self, people: Ints, kind: str, ago: int | Sequence[int], **cells: Any) -> None:
        """A disaster."""
        self.add("mem_disaster", people, disaster_kind=kind, happened_on=self.ago(ago, people), relocated=False, **cells)

    def apply(self, people: Ints, decision: str, ago: int | Sequence[int], refusal: str | None = None) -> None:
        """An application for dibao, decided thirty days later unless pending."""
        on = self.ago(ago, people)
        decided = None if decision == "pending" else on + 30 * DAY
        number = self.number("mca_application", "SL", len(people))
        self.add(
            "mca_application",
            people,
            application_no=number,
            benefit="dibao_rural",
            applied_on=on,
            decision=decision,
            decided_on=decided,
            refusal=refusal,
        )

    def serve(self, people: Ints, ordered: int | Sequence[int], **cells: Any) -> None:
        """One service order; `dispatched_on`, `served_on`, `followed_up_on` as days ago, None for not yet."""
        shown = {
            name: None if cells.get(name) is None else self.ago(cells[name], people)
            for name in ("dispatched_on", "served_on", "followed_up_on")
        }
        rest = {name: value for name, value in cells.items() if name not in shown}
        on = self.ago(ordered, people)
        number = self.number("mca_service_order", "GD", len(people))
        self.add(
            "mca_service_order",
            people,
            order_no=number,
            service_kind="care",
            applied_on=on,
            ordered_on=on,
            hours=200,
            **shown,
            **rest,
        )

    def care_for(self, people: Ints, kind: str, ago: int | Sequence[int] = 40, **cells: Any) -> None:
        self.add("mca_care", people, care_kind=kind, last_visit_on=self.ago(ago, people), **cells)

    def watch(self, people: Ints, *, removed: bool) -> None:
        """Monitored against falling back into poverty."""
        number = self.number("mara_monitor", "JC", len(people))
        self.add(
            "mara_monitor",
            people,
            monitor_no=number,
            monitor_kind="edge",
            monitor_risk="illness",
            risk_removed=removed,
            identified_on=self.ago(500, people),
            net_income_pc=780_000,
        )

    def use_power(self, people: Ints, months_ago: Sequence[int], kwh: int = 0, *, cut: bool = False) -> None:
        """Readings of an account of their own, newer than any other by its number."""
        account = self.number("grid_power", "0699", len(people))
        for ago in months_ago:
            self.add("grid_power", people, account_no=account, use_month=last_month(self.block, ago), kwh=kwh, disconnected=cut)
