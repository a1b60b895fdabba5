"""Onto the list and off it: proposed by one, reviewed by another, decided by the commission."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.facilities import actions
from tirek.facilities.models import Facility, FacilityType, ListDecision, Proposal
from tirek.facilities.queries import facilities, ready
from tirek.facilities.search import find_facilities
from tirek.places.models import Area
from tirek.places.rebuild import rebuild_population

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def people(person, small_province):
    return {role: person(role) for role in ("inspector", "chief", "secretary", "administrator", "duty_officer")}


def new(province, **more):
    kind = FacilityType.objects.get(code="school")
    place = {"lat": 50.5, "lon": 56.8, "area": province.settlements[0]}
    return {"code": "F-00001", "type": kind, "name_ru": "Новая школа"} | place | more


def reviewed(people, facility, what=actions.propose_removal, supported=True):
    proposal = what(people["inspector"], facility.pk, "Closed.")
    return actions.review_proposal(people["chief"], proposal.pk, "Seen on the spot.", supported)


def decide(people, outcomes, number="14", **more):
    return actions.decide_proposals(people["secretary"], outcomes, number=number, dated=timezone.localdate(), **more)


def test_a_candidate_comes_onto_the_list(people, small_province):
    proposal = actions.propose_facility(people["inspector"], new(small_province), "Many people.")
    facility = proposal.facility
    assert facility.state == Facility.State.PROPOSED
    assert facility not in facilities(people["chief"])
    assert find_facilities(people["chief"], "новая") == []
    actions.review_proposal(people["chief"], proposal.pk, "Yes.", True)
    decision = decide(people, {proposal.pk: True})
    facility.refresh_from_db()
    assert facility.state == Facility.State.LISTED
    assert [hit.title for hit in find_facilities(people["chief"], "НОВАЯ шк")] == ["Новая школа"]
    verbs = list(Entry.objects.filter(object_id=str(facility.pk)).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["facilities.add_proposal", "facilities.review_proposal", "facilities.decide_proposal"]
    assert Entry.objects.filter(object_type="facilities.listdecision", object_id=str(decision.pk)).count() == 1


def test_one_paper_decides_several_ways(people, small_province):
    hospital, school, market = small_province.facilities
    off = reviewed(people, hospital)
    stays = reviewed(people, school, supported=False)
    Facility.objects.filter(pk=market.pk).update(state=Facility.State.REMOVED)
    back = reviewed(people, market, actions.propose_again)
    decision = decide(people, {off.pk: True, stays.pk: False, back.pk: False})
    states = {f.pk: f.state for f in Facility.objects.all()}
    assert [states[f.pk] for f in (hospital, school, market)] == ["removed", "listed", "declined"]
    assert decision.proposals.count() == 3


def test_nobody_reviews_an_own_proposal(person, people, small_province):
    both = person("inspector")
    both.assignments.create(role="chief")
    proposal = actions.propose_removal(both, small_province.facilities[0].pk, "Closed.")
    with pytest.raises(Refused, match="Somebody else must review it"):
        actions.review_proposal(both, proposal.pk, "Fine.", True)
    with pytest.raises(IntegrityError), transaction.atomic():  # nor past the act
        Proposal.objects.filter(pk=proposal.pk).update(reviewed_by=both)
    with pytest.raises(PermissionDenied):
        actions.review_proposal(people["secretary"], proposal.pk, "Fine.", True)


def test_what_is_not_reviewed_is_not_decided_and_nothing_of_the_paper_stays(people, small_province):
    one = reviewed(people, small_province.facilities[0])
    raw = actions.propose_removal(people["inspector"], small_province.facilities[1].pk, "Closed.")
    with pytest.raises(Refused, match="not reviewed"):
        decide(people, {one.pk: True, raw.pk: True})
    assert not ListDecision.objects.exists()
    one.refresh_from_db()
    assert one.state == Proposal.State.REVIEWED
    assert Facility.objects.filter(state=Facility.State.LISTED).count() == 3


def test_refusals(people, small_province):
    hospital = small_province.facilities[0]
    one = reviewed(people, hospital)
    with pytest.raises(Refused, match="waits for its decision"):
        actions.propose_removal(people["inspector"], hospital.pk, "Again.")
    with pytest.raises(Refused, match="on the list already"):
        actions.propose_again(people["inspector"], small_province.facilities[1].pk, "Again.")
    with pytest.raises(Refused, match="future"):
        actions.decide_proposals(
            people["secretary"], {one.pk: True}, number="9", dated=timezone.localdate() + timedelta(days=1)
        )
    with pytest.raises(Refused, match="Choose"):
        decide(people, {})
    decide(people, {one.pk: True})
    with pytest.raises(Refused, match="this number"):
        decide(people, {one.pk: True})
    with pytest.raises(Refused, match="decided already"):
        decide(people, {one.pk: True}, number="15")
    with pytest.raises(Refused, match="decided already"):
        actions.review_proposal(people["chief"], one.pk, "Late.", False)
    with pytest.raises(PermissionDenied):
        actions.propose_removal(people["duty_officer"], hospital.pk, "No.")


def test_out_of_reach(person, people, small_province):
    south = small_province.districts[1]
    inspector = person("inspector", south)
    with pytest.raises(PermissionDenied):
        actions.propose_facility(inspector, new(small_province), "Many people.")
    with pytest.raises(Facility.DoesNotExist):
        actions.propose_removal(inspector, small_province.facilities[0].pk, "Closed.")
    one = reviewed(people, small_province.facilities[0])
    secretary = person("secretary", south)
    assert list(ready(secretary)) == []
    with pytest.raises(Refused, match="outside"):
        actions.decide_proposals(secretary, {one.pk: True}, number="7", dated=timezone.localdate())


def test_on_the_pages(client_for, people, small_province):
    rebuild_population()
    inspector, chief, secretary = (client_for(people[role]) for role in ("inspector", "chief", "secretary"))
    kind = FacilityType.objects.get(code="school")
    form = {"name_ru": "Новая школа", "type": kind.pk, "category": 2, "lat": "50.5", "lon": "56.8", "capacity": 5}
    assert "required" in inspector.post(reverse("facilities:propose"), form).content.decode()
    url = inspector.post(reverse("facilities:propose"), form | {"reason": "Many people."}).url
    proposal = Proposal.objects.get()
    assert (url, proposal.facility.code) == (proposal.get_absolute_url(), "F-00001")
    assert "somebody else reviews it" in inspector.get(url).content.decode()
    assert "Hospital" in chief.get(url).content.decode()  # stands at the same spot
    review = reverse("facilities:review", args=[proposal.pk])
    assert inspector.post(review, {"supported": "yes", "opinion": "Me."}).status_code == 403
    chief.post(review, {"supported": "yes", "opinion": "Seen."})
    decide_url = reverse("facilities:decide")
    assert "Новая школа" in secretary.get(decide_url).content.decode()
    paper = {"number": "23", "dated": str(timezone.localdate()), f"outcome-{proposal.pk}": "yes"}
    bad = SimpleUploadedFile("paper.pdf", b"<script>alert(1)</script>")
    assert "allowed type" in secretary.post(decide_url, paper | {"file": bad}).content.decode()
    assert not ListDecision.objects.exists()
    answer = secretary.post(decide_url, paper | {"file": SimpleUploadedFile("paper.pdf", PDF)})
    decision = ListDecision.objects.get()
    assert answer.url == decision.get_absolute_url()
    page = secretary.get(answer.url).content.decode()
    assert "paper.pdf" in page
    assert "Новая школа" in page
    assert inspector.get(decision.file.get_absolute_url()).status_code == 200
    assert secretary.post(decide_url, {"number": "1", "dated": "2026-01-01"}).status_code == 200


@pytest.mark.parametrize(("role", "name"), [("inspector", "facilities:propose"), ("chief", "inspections:round_new")])
def test_areas_to_choose_from_stand_by_name(client_for, person, small_province, role, name):
    for area, letter in zip(small_province.districts, "ҚӘ", strict=True):
        Area.objects.filter(pk=area.pk).update(name_kk=letter, name_ru=letter, name_en=letter)
    page = client_for(person(role)).get(reverse(name))
    offered = [str(label) for _value, label in page.context["form"].fields["area"].choices]
    assert 0 < offered.index("Ә") < offered.index("Қ")


def test_a_removed_facility_is_offered_nowhere_and_its_alarms_go_on(people, small_province):
    hospital = small_province.facilities[0]
    decide(people, {reviewed(people, hospital).pk: True})
    assert hospital.pk not in set(facilities(people["chief"]).values_list("pk", flat=True))
    assert Facility.objects.restrict(people["duty_officer"], "view").filter(pk=hospital.pk).exists()
