"""People, households and places with pandas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import job
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

Landed = dict[str, pd.DataFrame]
NOBODY = -1
FIRST_DAY = np.datetime64("1800-01-01", "D")


@dataclass
class Population:
    """Who there is.

    Attributes:
        persons: index person; name, is_member, is_living, is_dead, is_rural, in_registry, age_years, birth, village_code,
            father, mother, status, status_date, residence_village, death_date and `home`: the row of the household, -1 = none.
        homes: one row per household; household_id, head, village_code, is_rural.
        own_village: where the register says somebody lives; `village_code` of a person is the household's.
        deaths: of every dead ID, in the register or not, the earliest date that a source gives.
    """

    persons: pd.DataFrame
    homes: pd.DataFrame
    own_village: pd.Series[Any]
    deaths: pd.Series[Any]

    def home_of(self, keys: pd.Series[Any]) -> npt.NDArray[np.int64]:
        """The row of the household whose present member somebody is; -1 for all others."""
        place = self.persons.index.get_indexer(keys)
        found = self.persons["member_home"].to_numpy()[place]
        return np.where(place < 0, NOBODY, found)


def days_of(days: pd.Series[Any]) -> npt.NDArray[np.datetime64]:
    """Arrow dates as numpy's; NaT for a blank."""
    return np.asarray(pa.array(days.array).cast(pa.date32()).to_numpy(zero_copy_only=False)).astype("datetime64[D]")


def months_since(days: pd.Series[Any], until: Any = job.AS_OF) -> pd.Series[Any]:
    """Whole months from each day until another; <NA> for a blank."""
    day = days_of(days)
    month = day.astype("datetime64[M]")
    short = (day - month.astype("datetime64[D]")).astype(np.int64) + 1 > until.day
    short &= (np.datetime64(until) + 1).astype("datetime64[M]") == np.datetime64(until, "M")  # not on the last of a month
    whole = (np.datetime64(until, "M") - month).astype(np.int64) - short
    return pd.Series(pd.arrays.IntegerArray(whole, np.isnat(day)), index=days.index)


def days_since(days: pd.Series[Any]) -> pd.Series[Any]:
    """Days from each day until D; <NA> for a blank."""
    day = days_of(days)
    return pd.Series(pd.arrays.IntegerArray((np.datetime64(job.AS_OF) - day).astype(np.int64), np.isnat(day)), index=days.index)


def populate(landed: Landed) -> Population:
    """Everybody whom the register, the ledger of assistance or the payments name, and the households of those present."""
    persons = _known(landed)
    deaths = _deaths(landed, persons)
    persons["is_dead"] = persons.index.isin(deaths.index)
    persons["death_date"] = deaths.reindex(persons.index)
    persons["is_living"] = ~persons["is_dead"]
    persons["is_member"] = persons["in_registry"] & (persons["status"] == "normal") & persons["is_living"]
    persons["birth"] = _births(persons)
    persons["age_years"] = (months_since(persons["birth"]) // 12).to_numpy(np.int64)
    home, names = pd.factorize(_assigned(persons, landed["mca_family"]), use_na_sentinel=True)
    homes, place = _homes(persons, home, names)
    persons["home"] = np.where(home < 0, NOBODY, place[home])
    persons["member_home"] = np.where(persons["is_member"], persons["home"], NOBODY)
    own_village = persons["village_code"].copy()
    housed = persons["home"].to_numpy() >= 0
    for column in ("is_rural", "village_code"):
        persons.loc[housed, column] = homes[column].array[persons["home"].to_numpy()[housed]]
    return Population(persons, homes, own_village, deaths)


def _known(landed: Landed) -> pd.DataFrame:
    register = landed["psb_resident"].set_index("id_no")
    register["relation"] = register["relation"].astype(object).where(register["relation"].notna(), None)
    later = (register["status_date"] > job.AS_OF).fillna(False).to_numpy(bool)
    register.loc[later, "status"] = "normal"
    register.loc[later, "status_date"] = pd.NA
    register["in_registry"] = True
    register["is_rural"] = (register["hukou_type"] != "urban").to_numpy(bool)
    aid = landed["mca_assistance"]
    named = np.unique(np.concatenate([aid["id_no"].to_numpy(np.int64), landed["mca_payment"]["id_no"].to_numpy(np.int64)]))
    strangers = pd.DataFrame(index=pd.Index(named[~np.isin(named, register.index)], dtype=register.index.dtype))
    newest = (
        aid[aid["id_no"].isin(strangers.index)].sort_values("start_date", kind="stable").drop_duplicates("id_no", keep="last")
    )
    strangers = strangers.join(newest.set_index("id_no")[["name", "village_code"]])
    both = pd.concat([register, strangers.assign(in_registry=False, is_rural=True)])
    both.index = pd.Index(both.index.to_numpy(np.int64), name="person")
    return both.astype({"in_registry": bool, "is_rural": bool})


def _deaths(landed: Landed, persons: pd.DataFrame) -> pd.Series[Any]:
    """Dead person -> the earliest date that a source gives."""
    dead = persons.loc[persons["status"] == "dead", "status_date"].rename("died_on")
    certified = landed["nhc_death"].set_index("id_no")["died_on"]
    both = pd.concat([dead, certified])
    return both.groupby(both.index.to_numpy(np.int64)).min()


def _births(persons: pd.DataFrame) -> pd.Series[Any]:
    births = persons["birth_date"].astype("date32[pyarrow]")
    blank = births.isna()
    if blank.any():
        digits = pd.Series((persons.index[blank].to_numpy() >> 4) // 1000 % 10**8).astype(str).str.zfill(8)
        days = (digits.str[:4] + "-" + digits.str[4:6] + "-" + digits.str[6:]).to_numpy("datetime64[D]")
        births[blank] = days.astype(object)
    return births


def _assigned(persons: pd.DataFrame, family: pd.DataFrame) -> pd.Series[Any]:
    """The household that lists say somebody belongs to; of several family lists the one checked last, then the greatest."""
    ordered = (
        family.sort_values(["checked_on", "family_no"], na_position="first") if family["id_no"].duplicated().any() else family
    )
    listed = ordered.drop_duplicates("id_no", keep="last").set_index("id_no")
    own = listed.reindex(persons.index)
    persons["relation"] = own["relation"].astype(object).fillna(persons["relation"])
    return ("F:" + own["family_no"]).fillna("H:" + persons["hukou_no"])


def _homes(
    persons: pd.DataFrame, home: npt.NDArray[np.intp], names: pd.Index[Any]
) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
    """Households that have a member; and the row of each name, -1 where nobody is left."""
    member = np.flatnonzero(persons["is_member"].to_numpy())
    ahead = persons["relation"].to_numpy()[member] == "head"
    age = (days_of(persons["birth"])[member] - FIRST_DAY).astype(np.int64)
    order = np.lexsort((persons.index.to_numpy()[member], age, ~ahead, home[member]))
    member = member[order]
    _, first = np.unique(home[member], return_index=True)
    heads = persons.iloc[member[first]]
    homes = pd.DataFrame(
        {
            "household_id": names[home[member[first]]],
            "head": heads.index,
            "village_code": heads["village_code"].array,
            "is_rural": heads["is_rural"].to_numpy(),
        }
    )
    place = np.full(len(names), NOBODY, np.int64)
    place[home[member[first]]] = np.arange(len(homes))
    return homes, place
