"""How the battery asks for the pages of the register."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.battery.samples import Sample
from tests.fixtures import Province, make_facility, make_person
from tirek.facilities.models import Building, Contact, Document, Entrance, Facility, ListDecision, Proposal
from tirek.files.models import StoredFile
from tirek.jobs.models import Job


def facility(province: Province) -> dict[str, Any]:
    return {"pk": province.facilities[0].pk}


def contact(province: Province) -> dict[str, Any]:
    fields = {"facility": province.facilities[0], "full_name": "Guard", "phone": "+7 7132 55 00 99"}
    return {"pk": Contact.objects.get_or_create(**fields)[0].pk}


def building(province: Province) -> dict[str, Any]:
    return {"pk": Building.objects.get_or_create(facility=province.facilities[0], name="House")[0].pk}


def entrance(province: Province) -> dict[str, Any]:
    return {"pk": Entrance.objects.get_or_create(facility=province.facilities[0], name="Door")[0].pk}


def stored(name: str = "plan.pdf") -> StoredFile:
    fields = {"size": 10, "source_size": 10, "media_type": "application/pdf", "kind": "document", "path": "x/y/z"}
    return StoredFile.objects.create(sha256="a" * 64, source_sha256="a" * 64, name=name, **fields)


def document(province: Province) -> dict[str, Any]:
    found = Document.objects.filter(facility=province.facilities[0]).first()
    made = found or Document.objects.create(facility=province.facilities[0], title="Plan", file=stored())
    return {"pk": made.pk}


def proposal(province: Province) -> dict[str, Any]:
    found = Proposal.objects.filter(facility=province.facilities[0]).first()
    return {"pk": (found or _proposal(province.facilities[0])).pk}


def decision(province: Province) -> dict[str, Any]:
    return {"pk": ListDecision.objects.get_or_create(number="1", dated=date(2026, 11, 2))[0].pk}


def job(province: Province) -> dict[str, Any]:
    """Somebody else's: everybody is told that there is none."""
    return {"pk": Job.objects.create(kind="facilities.bulk", title="x", person=make_person()).pk}


def _proposal(of: Facility, **fields: Any) -> Proposal:
    return Proposal.objects.create(facility=of, act="remove", reason="Closed.", proposed_by=make_person(), **fields)


def more_facilities(province: Province, count: int) -> None:
    for number in range(count):
        make_facility(f"School {number}", province.settlements[0], province.agency)


def more_of_the_facility(province: Province, count: int) -> None:
    one = province.facilities[0]
    for number in range(count):
        Contact.objects.create(facility=one, full_name=f"Guard {number}", phone="+7 7132 55 00 98", hours="8-18")
        house = Building.objects.create(facility=one, name=f"House {number}")
        Entrance.objects.create(facility=one, building=house, name=f"Door {number}")


def more_documents(province: Province, count: int) -> None:
    person = make_person()
    for number in range(count):
        fields = {"facility": province.facilities[0], "added_by": person, "title": f"Plan {number}"}
        old = Document.objects.create(file=stored(), **fields)
        old.replaced_by = Document.objects.create(file=stored(), **fields)
        old.save()


def more_proposals(province: Province, count: int) -> None:
    for number in range(count):
        place = make_facility(f"Market {number}", province.settlements[0], province.agency)
        _proposal(place, state="reviewed", reviewed_by=make_person(), review="Yes.", supported=True)


def more_decided(province: Province, count: int) -> None:
    paper = ListDecision.objects.get(pk=decision(province)["pk"])
    for number in range(count):
        place = make_facility(f"Hall {number}", province.settlements[0], province.agency)
        _proposal(place, state="accepted", decision=paper)


SAMPLES = {
    "facilities:register": Sample(rows=more_facilities, query="all=1"),
    "facilities:map_json": Sample(rows=more_facilities),
    "facilities:facility": Sample(make=facility, rows=more_of_the_facility),
    "facilities:edit": facility,
    "facilities:bulk": Sample(query="act=agency&all=1", answers={403}),
    "facilities:bulk_done": Sample(make=job, answers={404}),
    "facilities:contact_new": facility,
    "facilities:contact_edit": contact,
    "facilities:contact_remove": contact,
    "facilities:building_new": facility,
    "facilities:building_edit": building,
    "facilities:building_remove": building,
    "facilities:entrance_new": facility,
    "facilities:entrance_edit": entrance,
    "facilities:entrance_remove": entrance,
    "facilities:document_new": facility,
    "facilities:document_replace": document,
    "facilities:document_remove": document,
    "facilities:proposals": Sample(rows=more_proposals),
    "facilities:propose_change": facility,
    "facilities:proposal": proposal,
    "facilities:review": proposal,
    "facilities:decide": Sample(rows=more_proposals),
    "facilities:decision": Sample(make=decision, rows=more_decided, scoped=False),
}
