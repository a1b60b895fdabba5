"""How the battery asks for the pages of passports."""

from __future__ import annotations

from typing import Any

from tests.battery.samples import Sample
from tests.fixtures import Province, make_facility
from tests.passports.making import fill, make_approved, make_draft
from tirek.facilities.models import Facility
from tirek.passports.models import Passport


def _facility(province: Province) -> Facility:
    facility = province.facilities[0]
    return facility if facility.documents.exists() else fill(facility, devices=())


def drafted(province: Province) -> dict[str, Any]:
    found = Passport.objects.filter(facility=province.facilities[0], state="draft").first()
    return {"pk": (found or make_draft(_facility(province))).pk}


def approved(province: Province) -> dict[str, Any]:
    found = Passport.objects.filter(facility=province.facilities[0], state="approved").first()
    return {"pk": (found or make_approved(_facility(province))).pk}


def facility(province: Province) -> dict[str, Any]:
    return {"facility_pk": _facility(province).pk}


def more(province: Province, count: int) -> None:
    for n in range(count):
        make_draft(make_facility(f"More {n}", province.settlements[0], province.agency))


SAMPLES = {
    "passports:passports": Sample(rows=more),
    "passports:passport": drafted,
    "passports:draw_up": facility,
    "passports:approve": drafted,
    "passports:agree": approved,
    "passports:refuse": approved,
    "passports:paper": drafted,
}
