"""The sample's facilities: enough of each, plausible, made up, the same every time."""

from collections import Counter

import pytest
from django.db import transaction

from tirek.accounts import sample as people
from tirek.facilities import sample
from tirek.facilities.hours import show
from tirek.facilities.models import Contact, Facility, Figures, ListDecision, Proposal
from tirek.facilities.queries import documents
from tirek.places import sample as places
from tirek.places.queries import area_at


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        places.load(lambda text: None)
        people.load(lambda text: None)
        sample.load(lambda text: None)
        yield Facility.objects.filter(is_sample=True)
        transaction.set_rollback(True)


pytestmark = pytest.mark.django_db


def test_some_two_hundred_facilities_of_every_type(loaded):
    assert loaded.listed().count() == 214
    assert Counter(loaded.values_list("state", flat=True)) == {
        "listed": 214,
        "proposed": 6,
        "removed": 5,
        "declined": 3,
    }
    types = Counter(loaded.values_list("type__code", flat=True))
    assert len(types) == 18
    assert types["school"] > types["hospital"] > types["broadcast"]


def test_the_hospital_of_the_story(loaded):
    hospital = loaded.get(code="sample-hospital")
    assert (hospital.name_kk, hospital.name_ru) == ("Облыстық аурухана", "Областная больница")
    assert hospital.area.name_en == "Aktobe"
    assert hospital.contacts.count() == 4
    assert hospital.category == 1


def test_each_is_complete_and_stands_near_its_settlement(loaded):
    for facility in loaded.select_related("area__parent"):
        assert facility.name_kk
        assert facility.name_ru
        assert facility.name_en
        assert facility.address
        assert len(facility.visitors) == 24
        assert max(facility.visitors) <= facility.capacity
        assert area_at(facility.lat, facility.lon) == facility.area.parent


def test_details_plans_and_papers(loaded):
    for facility in loaded.prefetch_related("buildings", "entrance_rows"):
        assert facility.owner
        assert facility.head
        assert show(facility.opening)
        assert facility.buildings.all()
        assert len(facility.entrance_rows.all()) == facility.entrances
        assert abs(sum(b.area_m2 for b in facility.buildings.all()) - facility.floor_area_m2) < 5
    hospital = loaded.get(code="sample-hospital")
    papers = documents(hospital)
    assert [paper.document.kind for paper in papers] == ["site_plan", "floor_plan"]
    assert len(papers[1].older) == 1
    assert papers[0].document.file.is_picture
    decisions = list(ListDecision.objects.filter(is_sample=True))
    assert [decision.number for decision in decisions] == ["23", "14"]
    assert all(decision.file.media_type == "application/pdf" for decision in decisions)
    waiting = Proposal.objects.filter(state__in=Proposal.OPEN, is_sample=True)
    assert waiting.count() == 8
    assert waiting.filter(state="reviewed").exists()
    assert Figures.objects.filter(facility__in=loaded).count() == loaded.count()


def test_names_and_phones_are_not_used_twice(loaded):
    assert len(set(loaded.values_list("name_ru", flat=True))) == loaded.count()
    phones = list(Contact.objects.values_list("phone", flat=True))
    assert len(set(phones)) == len(phones)
    assert all(phone.startswith("+7 (7132) 55-") for phone in phones)


def test_the_same_every_time(loaded):
    def everything():
        return list(loaded.order_by("code").values_list("code", "name_ru", "lat", "lon", "capacity", "visitors"))

    before = everything()
    assert sample.clear() == len(before)
    sample.load(lambda text: None)
    assert everything() == before
