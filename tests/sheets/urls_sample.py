"""How the battery asks for tables."""

from __future__ import annotations

from typing import Any

from tests.battery.samples import Sample
from tests.fixtures import Province, make_person
from tirek.accounts.sheets import AgencySheet
from tirek.sheets import actions


def key(province: Province) -> dict[str, Any]:
    return {"key": "agencies"}


def key_and_form(province: Province) -> dict[str, Any]:
    return {"key": "agencies", "form": "csv"}


def brought(province: Province) -> dict[str, Any]:
    """Somebody else's."""
    found = actions.bring(make_person("administrator"), AgencySheet(), b"code,name_ru\na,b\n", "a.csv")
    return {"pk": found.pk}


OTHERS = Sample(make=brought, answers={404}, scoped=False)
SAMPLES = {
    "sheets:sheet": Sample(make=key, answers={403}, scoped=False),
    "sheets:template": Sample(make=key_and_form, answers={403}, scoped=False),
    "sheets:export": Sample(make=key_and_form, answers={403}, scoped=False),
    "sheets:import": OTHERS,
    "sheets:read_again": OTHERS,
    "sheets:write": OTHERS,
    "sheets:errors": OTHERS,
}
