"""How the battery asks for the pages of inspections."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.battery.samples import Sample
from tests.fixtures import Province, make_facility, make_person
from tests.inspections.support import make_finding, make_round, make_visit, requirements
from tirek.accounts.models import Person
from tirek.inspections.models import Answer, Conflict, Finding, Inspection, Round


def inspector(province: Province) -> Person:
    found = Person.objects.filter(username="sample-of-inspections").first()
    return found or make_person("inspector", province.districts[0], username="sample-of-inspections")


def the_visit(province: Province) -> Inspection:
    found = Inspection.objects.filter(reason="battery").first()
    return found or make_visit(province.facilities[0], inspector(province), reason="battery")


def visit(province: Province) -> dict[str, Any]:
    return {"pk": the_visit(province).pk}


def uid(province: Province) -> dict[str, Any]:
    return {"uid": the_visit(province).uid}


def photo(province: Province) -> dict[str, Any]:
    return uid(province) | {"client_id": "p1"}


def _conflict(province: Province) -> Conflict:
    made, _new = Conflict.objects.get_or_create(
        inspection=the_visit(province),
        requirement=requirements()[0],
        sent_by=inspector(province),
        defaults={"ours": {"state": "met"}, "theirs": {"state": "unmet"}},
    )
    return made


def conflict(province: Province) -> dict[str, Any]:
    return visit(province) | {"conflict": _conflict(province).pk}


def device_conflict(province: Province) -> dict[str, Any]:
    return uid(province) | {"conflict": _conflict(province).pk}


def finding(province: Province) -> dict[str, Any]:
    found = Finding.objects.filter(facility=province.facilities[0]).first()
    return {"pk": (found or make_finding(province.facilities[0], inspector(province), text="")).pk}


def a_round(province: Province) -> dict[str, Any]:
    found = Round.objects.first() or make_round(province, state=Round.State.RUNNING)
    return {"pk": found.pk}


def facility(province: Province) -> dict[str, Any]:
    return {"facility": province.facilities[0].pk}


def more_visits(province: Province, count: int) -> None:
    for number in range(count):
        make_visit(make_facility(f"School {number}", province.settlements[0]), inspector(province))


def more_findings(province: Province, count: int) -> None:
    for number in range(count):
        make_finding(make_facility(f"School {number}", province.settlements[0]), inspector(province), text="")


def more_answers(province: Province, count: int) -> None:
    edition = requirements()[0].edition
    start = edition.requirements.count()
    for number in range(start, start + count):
        fields = {"key": f"k{number}", "paragraph": str(number), "order": number, "text_kk": "x", "text_ru": "x"}
        requirement = edition.requirements.create(**fields, text_en="x", point="video")
        Answer.objects.create(
            inspection=the_visit(province),
            requirement=requirement,
            state="met",
            by=inspector(province),
            answered_at=timezone.now(),
        )


def more_rounds(province: Province, count: int) -> None:
    for number in range(count):
        make_round(province, name=f"Round {number}")


def more_of_a_day(province: Province, count: int) -> None:
    more_visits(province, count)


def more_of_the_round(province: Province, count: int) -> None:
    found = Round.objects.get(**a_round(province))
    for number in range(count):
        facility_ = make_facility(f"Shop {number}", province.settlements[0])
        day = timezone.localdate() + timedelta(days=1)
        make_visit(facility_, inspector(province), round=found, planned_on=day)


SAMPLES = {
    "inspections:visits": Sample(rows=more_visits),
    "inspections:points_json": Sample(rows=more_visits),
    "inspections:inspection": Sample(make=visit, rows=more_answers),
    "inspections:fill_in": Sample(make=visit, rows=more_answers),
    "inspections:hand_in": visit,
    "inspections:choose": conflict,
    "inspections:assign": visit,
    "inspections:move": visit,
    "inspections:cancel": visit,
    "inspections:reopen": visit,
    "inspections:plan": facility,
    "inspections:recheck": facility,
    "inspections:findings": Sample(rows=more_findings),
    "inspections:finding": finding,
    "inspections:withdraw": finding,
    "inspections:rounds": Sample(rows=more_rounds),
    "inspections:round": Sample(make=a_round, rows=more_of_the_round),
    "inspections:round_edit": a_round,
    "inspections:round_start": a_round,
    "inspections:round_close": a_round,
    "inspections:round_assign": a_round,
    "inspections:round_routes": a_round,
    "inspections:day": Sample(rows=more_of_a_day),
    "inspections:device_icon": Sample(make=lambda province: {"name": "icon-192"}, scoped=False),
    "inspections:device_worker": Sample(answers={404}),
    "inspections:device_start": Sample(make=uid, answers={400}),
    "inspections:device_sync": Sample(make=uid, answers={400}),
    "inspections:device_photo": Sample(make=uid, answers={400}),
    "inspections:device_unphoto": photo,
    "inspections:device_choose": Sample(make=device_conflict, answers={400}),
    "inspections:device_submit": Sample(make=uid, answers={400}),
}
