"""How the battery asks for the pages of standards."""

from __future__ import annotations

from typing import Any

from tests.battery.samples import Sample
from tests.fixtures import Province, make_facility
from tests.requirements.support import content, demand
from tirek.requirements import actions
from tirek.requirements.models import Edition, Requirement

RULES = [demand("gate", text="Қақпа"), demand("camera", point="video", mandatory=True, text="Камера")]


def _edition(label: str = "2025", **fields: Any) -> Edition:
    found = Edition.objects.filter(standard__code="school-rules", label=label).first()
    return found or actions.import_edition(None, content(*RULES, label=label, **fields), system="test")


def _in_force() -> Edition:
    made = _edition()
    if made.state == Edition.State.DRAFT:
        actions.enforce_edition(None, made.pk, system="test")
    return made


def edition(province: Province) -> dict[str, Any]:
    return {"pk": _in_force().pk}


def draft(province: Province) -> dict[str, Any]:
    return {"pk": _edition("2026").pk}


def standard(province: Province) -> dict[str, Any]:
    return {"pk": _in_force().standard_id}


def requirement(province: Province) -> dict[str, Any]:
    return {"pk": Requirement.objects.get(edition=_in_force(), key="gate").pk}


def standing(province: Province) -> dict[str, Any]:
    found = Requirement.objects.select_related("edition").get(edition=_in_force(), key="gate")
    actions.record_standings(province.facilities[0], {found: ("unmet", "№ 1")}, source="inspection", source_id=1)
    return {"pk": found.pk, "facility": province.facilities[0].pk}


def more_editions(province: Province, count: int) -> None:
    for number in range(count):
        _edition(f"draft {number}")


def more_facilities(province: Province, count: int) -> None:
    for number in range(count):
        make_facility(f"School {number}", province.settlements[0], province.agency)


def more_demands(province: Province, count: int) -> None:
    first = Requirement.objects.get(edition=_in_force(), key="gate")
    start = Requirement.objects.count()
    for number in range(start, start + count):
        first.pk, first.key = None, f"gate-{number}"
        first.save(force_insert=True)


SAMPLES = {
    "requirements:standards": Sample(rows=more_editions),
    "requirements:import_confirm": Sample(answers={302}),
    "requirements:compare": Sample(rows=more_editions),
    "requirements:standard": Sample(make=standard, scoped=False),
    "requirements:edition": Sample(make=edition, rows=more_demands, scoped=False),
    "requirements:edition_file": Sample(make=edition, scoped=False),
    "requirements:enforce": Sample(make=draft, scoped=False),
    "requirements:remove": Sample(make=draft, scoped=False),
    "requirements:requirement": Sample(make=requirement, scoped=False),
    "requirements:facilities": Sample(make=requirement, rows=more_facilities, scoped=False),
    "requirements:standing": standing,
    "requirements:declare": Sample(make=standing, answers={422}),
}
