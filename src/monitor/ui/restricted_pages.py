"""The pages that only the holder of the key sees. They are not there at all unless the key was shown at the start."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse

from monitor.ui.shown import PagesShown, Zone

NightWanted = Annotated[date, Query(alias="night")]
router = APIRouter()


@router.get("/restricted/cases/{case_no}")
def people(pages: PagesShown, zone: Zone, case_no: str, wanted: NightWanted) -> Response:
    """A case with its people."""
    return pages.page("people", as_of=wanted, case_no=case_no, text=zone.case(case_no, wanted))


@router.get("/restricted/lists")
def lists(pages: PagesShown, zone: Zone, wanted: NightWanted) -> Response:
    """The lists of a night, to download."""
    return pages.page("lists", as_of=wanted, files=zone.lists(wanted))


@router.get("/restricted/lists/{name:path}")
def list_file(zone: Zone, name: str, wanted: NightWanted) -> Response:
    """One of them."""
    path = zone.list_file(wanted, name)
    # opened here a page for printing would not be under the rules of these pages
    return FileResponse(path, media_type="application/octet-stream", filename=path.name)
