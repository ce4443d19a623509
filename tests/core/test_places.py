"""Places: where a person or household counts, and by which area kind."""

from __future__ import annotations

import duckdb
import pytest
from given import core_of, key_of, made_up_id

from monitor.regions import load_regions

A, B = made_up_id(1, "1970-05-01"), made_up_id(2, "1960-05-01")
HERE, THERE = "530102001001", "530622100201"


def place(connection: duckdb.DuckDBPyConnection, id_no: str) -> tuple[object, ...]:
    return connection.execute(
        f"select village_code, township, county, area_kind, is_rural from core.person where person = {key_of(id_no)}"
    ).fetchall()[0]


def test_a_household_and_its_people_have_the_heads_place_and_area_kind() -> None:
    core = core_of(
        {
            "psb_resident": [
                {"id_no": A, "hukou_no": "1", "relation": "head", "village_code": THERE, "hukou_type": "urban"},
                {
                    "id_no": B,
                    "hukou_no": "1",
                    "relation": "spouse",
                    "village_code": HERE,
                    "hukou_type": "rural",
                    "status": "moved",
                },
            ]
        }
    )
    assert place(core, A) == place(core, B) == (THERE, "530622100", "530622", "urban", False)
    assert core.execute("select village_code, county, area_kind from core.household").fetchall() == [(THERE, "530622", "urban")]


def test_a_blank_hukou_type_is_rural() -> None:
    core = core_of({"psb_resident": [{"id_no": A, "hukou_type": None}]})
    assert place(core, A)[3:] == ("rural", True)


def test_who_stands_alone_has_the_own_place_and_area_kind() -> None:
    core = core_of({"psb_resident": [{"id_no": A, "status": "dead", "village_code": THERE, "hukou_type": "urban"}]})
    assert place(core, A) == (THERE, "530622100", "530622", "urban", False)


def test_who_is_not_in_the_register_is_placed_by_the_newest_benefit_whenever_it_begins() -> None:
    core = core_of(
        {
            "mca_assistance": [
                {"id_no": A, "start_date": "2027-01-01", "village_code": THERE},
                {"id_no": A, "start_date": "2026-01-01", "village_code": HERE},
                {"id_no": B, "start_date": "2026-01-01", "village_code": HERE},
                {"id_no": B, "start_date": "2026-01-01", "village_code": THERE},
            ]
        }
    )
    assert place(core, A) == place(core, B) == (THERE, "530622100", "530622", "rural", True)


@pytest.mark.parametrize("region", ["53", "530622", HERE])
def test_who_has_no_place_counts_in_the_region_of_the_installation(region: str) -> None:
    core = core_of({"mca_payment": [{"id_no": A}], "psb_resident": [{"id_no": B, "village_code": HERE}]}, region=region)
    assert place(core, A) == (None, None, "000000", "rural", True)
    found = core.execute("select region_code, county from core.place order by place_id").fetchall()
    assert found == [(region, "000000"), (HERE, "530102")]


def test_every_person_and_household_has_one_of_the_places() -> None:
    core = core_of(
        {
            "psb_resident": [{"id_no": A, "village_code": HERE}, {"id_no": B, "village_code": THERE, "hukou_type": "urban"}],
            "mca_payment": [{"id_no": made_up_id(3)}],
        }
    )
    lost = (
        "select count(*) from core.{} as s left join core.place as p using (place_id) where p.county is distinct from s.county"
    )
    assert core.execute(lost.format("person")).fetchall() == core.execute(lost.format("household")).fetchall() == [(0,)]
    assert core.execute("select count(*) from core.place").fetchall() == [(3,)]


def test_regions_have_names_and_unknown_codes_keep_their_code() -> None:
    core = core_of({"psb_resident": [{"id_no": A, "village_code": "530602999001"}, {"id_no": B, "village_code": HERE}]})
    load_regions(core)
    found = {row[0]: row[1:] for row in core.execute("select code, name, level, parent, full_name from core.region").fetchall()}
    assert found["5306"] == ("昭通市", "prefecture", "53", "云南省昭通市")
    assert found["530602"][0] == "昭阳区"
    assert found["530602999001"] == ("530602999001", "village", "530602999", "云南省昭通市昭阳区530602999001")
    assert found["530602999"][0] == "530602999"
    assert len([code for code in found if len(code) == 6]) == 129
