"""Rows that the tests of passports stand on: a facility of which everything is known, and its passport in every state."""

from __future__ import annotations

import io
import itertools

from PIL import Image, ImageDraw

from tests.fixtures import make_person
from tirek.accounts.models import Person
from tirek.equipment.models import Item, Kind
from tirek.facilities.models import Building, Contact, Document, Entrance, Facility
from tirek.files.actions import store
from tirek.files.models import StoredFile
from tirek.passports.actions import agree, approve, draw_up
from tirek.passports.models import Passport

_numbers = itertools.count(1)


def make_contact(facility: Facility) -> Person:
    """A person with an account who answers for the facility."""
    person = make_person("facility_contact", position="Chief doctor")
    Contact.objects.create(facility=facility, person=person, full_name=person.full_name, phone="+7 7132 55 00 77")
    return person


def make_plan(width: int = 300, height: int = 200) -> StoredFile:
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    for n in range(next(_numbers), width, 23):
        draw.line((n, 0, width - n, height), fill="navy", width=3)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return store(None, file.getvalue(), kind="plan", name="plan.png", system="tests")


def fill(facility: Facility, devices: tuple[str, ...] = ("works", "works", "fault")) -> Facility:
    """Everything a passport asks for: hours, people, buildings, entrances, plans, and devices in these states."""
    facility.address_kk, facility.address_ru = "Әбілқайыр хан даңғылы, 12", "пр. Абилкайыр хана, 12"
    facility.opening = [[480, 1080]] * 5 + [None, None]
    facility.visitors = [5] * 8 + [120] * 10 + [5] * 6
    facility.capacity, facility.staff, facility.perimeter_m, facility.floor_area_m2 = 400, 85, 640, 12_500
    facility.head, facility.phone, facility.owner = "Өмірбекова Ғайша Қуанқызы", "+7 7132 55 00 11", "Облыс әкімдігі"
    facility.save()
    house = Building.objects.create(facility=facility, name="Main house", floors=5, area_m2=9000, people=350)
    Entrance.objects.create(facility=facility, building=house, name="Front door", kind="main", control="guard")
    kind, _made = Kind.objects.get_or_create(
        code="camera", defaults={"group": "video", "name_kk": "Бейнекамера", "name_ru": "Видеокамера"}
    )
    for state in devices:
        Item.objects.create(tag=f"T-{next(_numbers)}", kind=kind, facility=facility, state=state)
    for plan in ("site_plan", "floor_plan", "utilities"):
        Document.objects.create(facility=facility, kind=plan, title=f"The {plan}", file=make_plan())
    return facility


def make_draft(facility: Facility, by: Person | None = None) -> Passport:
    return draw_up(by or make_person("inspector"), facility.pk)


def make_approved(facility: Facility) -> Passport:
    contact = Person.objects.filter(contact_of__facility=facility).first() or make_contact(facility)
    draft = make_draft(facility)
    return approve(contact, draft.pk, draft.sha256)


def make_in_force(facility: Facility) -> Passport:
    approved = make_approved(facility)
    return agree(make_person("chief"), approved.pk, approved.sha256)
