"""Records that nobody would invent: every column drawn from values near the edges of the definitions, a fifth of them empty."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from given import made_up_id
from opinion.calendar_rules import first_of, plus_months

from monitor.contracts import Column, Extract, codes, extracts

Records = dict[str, list[dict[str, Any]]]
VILLAGES = ("530102001001", "530626102201", "530626103201", "530622104202")
MONEY = ("0", "0.01", "0.05", "80", "559.99", "560", "743.33", "1000.01", "2520", "5000", "49999.99", "150000")
NUMBERS = ("0", "0.5", "1", "2.3333", "3", "60", "61.25")
INTEGERS = {"satisfaction": (1, 5), "risk_level": (0, 5), "score": (-1, 92), "months_worked_12m": (0, 12)}
EMPTY = 0.2
OFTEN = {"sta_income": 6, "nhsa_settlement": 6, "grid_power": 6, "mca_payment": 6, "mca_assistance": 6}
OFTEN |= {"psb_vehicle": 3, "mnr_realestate": 2, "samr_entity": 2, "mem_disaster": 2, "mca_service_order": 3}
DARK = 4  # people who used no power for 14 months
# half of the cells hold these, or are empty where None stands: otherwise rare things would hardly ever meet
LIKELY = {
    "mca_assistance.status": "active", "mca_assistance.end_date": None, "moe_student.status": "enrolled",
    "moe_student.stage": "university", "moe_student.aid_amount": None, "moj_custody.ends_on": None,
    "moj_custody.released_on": None, "grid_power.kwh": Decimal(0), "samr_entity.status": "open",
    "mem_disaster.house_damage": "collapsed", "mnr_realestate.is_commodity": True, "nhc_disease.disease": "severe_mental",
}  # fmt: skip


class Drawing:
    """One random world: its people first, then the records of every extract."""

    def __init__(self, seed: int, as_of: date, households: int) -> None:
        self.random = Random(seed)
        self.today = as_of
        self.days = self._days()
        self.people = [self._person(n) for n in range(households * 3)]
        self.households = households

    def _days(self) -> list[date]:
        """Days whose distance from today matters."""
        months = [plus_months(self.today, -n) for n in (1, 2, 3, 6, 9, 11, 12, 13, 24, 36)]
        counts = [self.today - timedelta(n) for n in (0, 1, 15, 30, 59, 60, 61, 89, 90, 91, 120, 179, 180, 181)]
        firsts = [first_of(plus_months(self.today, -n)) for n in (0, 1, 1, 1, 2, 3)]
        days = [day + timedelta(step) for day in months + counts + firsts for step in (-1, 0, 1)]
        return days + [self.today + timedelta(n) for n in (2, 40, 400)]

    def _person(self, number: int) -> str:
        age = self.random.choice((0, 1, 2, 10, 15, 16, 17, 18, 25, 40, 58, 59, 60, 69, 70, 80))
        born = plus_months(self.today, -12 * age - self.random.choice((0, 0, 6))) + timedelta(self.random.randint(-1, 1))
        return made_up_id(number % 1000, min(born, self.today).isoformat())

    def records(self) -> tuple[Records, dict[str, date | None]]:
        """Records by extract in the order of arrival, and the day of each extract's newest delivery."""
        found: Records = {}
        delivered: dict[str, date | None] = {}
        for name, contract in extracts().items():
            late = self.random.random()
            day = self.today - timedelta(self.random.randint(0, contract.late_after if late < 0.9 else 200))
            delivered[name] = day if late < 0.97 or name == "psb_resident" else None
            found[name] = self._records(contract, day) if delivered[name] else []
        return found, delivered

    def _records(self, contract: Extract, day: date) -> list[dict[str, Any]]:
        owners = self.people if contract.name == "psb_resident" else self._owners(contract)
        by_key: dict[tuple[Any, ...], dict[str, Any]] = {}
        for number, person in enumerate(owners):
            row = {column.name: self._cell(contract, column, number) for column in contract.columns} | {"id_no": person}
            row["_delivered_on"] = day
            if contract.mode == "delta" and self.random.random() < 0.3:
                row["_delivered_on"] = day - timedelta(30)
            self._fit(contract.name, row, number)
            by_key[tuple(row[column] for column in contract.key)] = row
        rows = sorted(by_key.values(), key=lambda row: row["_delivered_on"])
        return [row | {"_order": (row["_delivered_on"], number)} for number, row in enumerate(rows)]

    def _owners(self, contract: Extract) -> list[str]:
        """Who has records: several each where a person has many, and now and then somebody who is in no register."""
        often = OFTEN.get(contract.name, 1)
        strangers = [made_up_id(900 + n, "1970-02-03") for n in range(3)]
        return self.random.choices(self.people + strangers, k=often * len(self.people) // 2)

    def _cell(self, contract: Extract, column: Column, number: int) -> Any:
        likely = f"{contract.name}.{column.name}"
        if likely in LIKELY and self.random.random() < 0.5:
            return LIKELY[likely]
        if not column.required and self.random.random() < EMPTY:
            return None
        if column.code_list:
            return self.random.choice(list(codes()[column.code_list]))
        if column.kind == "date":
            near = self.random.random() < 0.2
            return self.today + timedelta(self.random.randint(-1, 1)) if near else self.random.choice(self.days)
        if column.kind == "month":
            return plus_months(first_of(self.today), -self.random.randint(-1, 15))
        if column.kind == "int":
            return self._integer(column.name)
        choices = {"money": MONEY, "num": NUMBERS, "village": VILLAGES, "id": tuple(self.people), "bool": (True, False)}
        if column.kind in choices:
            value = self.random.choice(choices[column.kind])
            return Decimal(value) if column.kind in ("money", "num") else value
        return (
            f"{contract.name}-{self.random.randint(0, 2 * self.households)}"
            if column.name.endswith("_no")
            else f"甲{number % 3}"
        )

    def _integer(self, name: str) -> int:
        if name.endswith("year"):
            return self.today.year + self.random.randint(-3, 1)
        return self.random.randint(*INTEGERS.get(name, (0, 30)))

    def _fit(self, extract: str, row: dict[str, Any], number: int) -> None:
        """What must hang together for the record to mean anything."""
        if extract == "psb_resident":
            row["hukou_no"] = f"HK{number // 3}"
            row["status"] = self.random.choices(("normal", "dead", "moved", "missing"), (8, 1, 1, 1))[0]
            if row["status"] == "missing" and row["status_date"]:
                row["status_date"] = plus_months(self.today, -6) + timedelta(self.random.randint(-1, 1))
            born = row["id_no"][6:14]
            row["birth_date"] = row["birth_date"] and date(int(born[:4]), int(born[4:6]), int(born[6:]))
            for parent in ("father_id_no", "mother_id_no"):
                near = self.people[max(number - 3, 0) : number]
                row[parent] = self.random.choice(near) if near and row[parent] and self.random.random() < 0.7 else row[parent]
                row[parent] = None if row[parent] == row["id_no"] else row[parent]
        elif extract == "grid_power" and number < DARK * 14:
            row["id_no"], row["account_no"] = self.people[number % DARK], f"dark-{number % DARK}"
            row["use_month"], row["kwh"] = plus_months(first_of(self.today), -1 - number // DARK), Decimal(0)
        elif extract == "grid_power":
            row["account_no"] = f"{row['id_no'][-4:]}-{number % 2}" if self.random.random() < 0.9 else "shared"
            row["use_month"] = plus_months(first_of(self.today), -self.random.randint(-1, 6))
        elif extract == "mca_family" and self.random.random() < 0.7:
            row["family_no"] = f"FA{self.people.index(row['id_no']) // 2}" if row["id_no"] in self.people else "FA0"
        elif extract == "samr_entity":
            row["capital"] = Decimal(sum(map(ord, row["entity_no"])) % 5 * 50000)
        elif extract in ("nhsa_settlement", "mca_service_order", "mca_application"):
            row[{"nhsa_settlement": "settle_no", "mca_service_order": "order_no"}.get(extract, "application_no")] = f"N{number}"
        elif extract in ("nhc_death", "mca_funeral") and self.random.random() < 0.7:
            row["id_no"] = made_up_id(800 + number % 100, "1960-01-01")
