"""How the battery asks for the pages of notices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.battery.samples import Sample
from tests.fixtures import Province, make_person
from tests.notices.making import demands, make_served, make_visit
from tirek.notices.actions import ask_for_time, draft_notice
from tirek.notices.models import Notice


def served(province: Province) -> dict[str, Any]:
    found = Notice.objects.filter(state="served").first() or make_served(province.facilities[0])
    return {"pk": found.pk}


def drafted(province: Province) -> dict[str, Any]:
    visit = make_visit(province.facilities[0])
    return {"pk": draft_notice(visit.inspector, visit.pk, demands(visit)).pk}


def visit(province: Province) -> dict[str, Any]:
    return {"inspection_pk": make_visit(province.facilities[0]).pk}


def wish(province: Province) -> dict[str, Any]:
    notice = Notice.objects.get(**served(province))
    found = notice.extensions.filter(granted=None).first()
    if found is None:
        contact = notice.facility.contacts.exclude(person=None).first().person
        found = ask_for_time(contact, notice.pk, notice.due_on + timedelta(days=5), "More time")
    return {"pk": notice.pk, "extension_pk": found.pk}


def more(province: Province, count: int) -> None:
    inspector = make_person("inspector")
    for _n in range(count):
        made = make_visit(province.facilities[0], inspector)
        draft_notice(inspector, made.pk, demands(made))


SAMPLES = {
    "notices:notices": Sample(rows=more),
    "notices:inbox": Sample(),
    "notices:read": Sample(),
    "notices:draft": visit,
    "notices:notice": served,
    "notices:edit": drafted,
    "notices:paper": served,
    "notices:issue": drafted,
    "notices:discard": drafted,
    "notices:serve": served,
    "notices:answer": served,
    "notices:ask": served,
    "notices:decide": wish,
    "notices:withdraw": served,
}
