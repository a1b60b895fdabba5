"""The hand-in: whole or not at all, and the same answer each time."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.inspections.support import make_finding, make_standard, make_visit
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.facilities.models import Figures
from tirek.files.models import StoredFile
from tirek.inspections import registry
from tirek.inspections.models import Conflict, Finding, Inspection, Photo
from tirek.requirements.models import Standing

pytestmark = pytest.mark.django_db


def whole(phone, visit, demands, **states):
    """Answer everything: met, unless a state is named."""
    changes = [
        phone.answer(demand, states.get(demand.key, "met"), "seen" if demand.key in states else "")
        for demand in demands
    ]
    phone.sync(visit, *changes)


def test_what_is_not_met_becomes_a_finding_and_the_standing_is_known(phone, visit, demands):
    whole(phone, visit, demands, gate="unmet", camera="na", drill="unknown")
    told = phone.submit(visit, representative="Ospanova G.", note="All went well", lat=50.5, lon=56.8, accuracy=8)
    assert told.status_code == 200, told.json()
    finding = Finding.objects.get()
    assert (finding.requirement, finding.text, finding.state, finding.found_by) == (
        demands[0],
        "seen",
        "open",
        phone.person,
    )
    assert finding.found_on == timezone.localdate()
    assert told.json()["findings"] == [
        {"id": finding.pk, "requirement": demands[0].pk, "severity": "serious", "state": "open"}
    ]
    visit.refresh_from_db()
    assert (visit.state, visit.representative, visit.note, visit.lat) == (
        "submitted",
        "Ospanova G.",
        "All went well",
        50.5,
    )
    assert dict(Standing.objects.values_list("key", "state")) == {"gate": "unmet", "camera": "na"}
    assert Figures.objects.get(facility=visit.facility).inspected_on == timezone.localdate()
    assert Entry.objects.filter(verb="inspections.submit_inspection").count() == 1


def test_handed_in_again_it_is_the_same(phone, visit, demands):
    whole(phone, visit, demands, gate="unmet")
    first, again = phone.submit(visit).json(), phone.submit(visit).json()
    for told in (first, again):
        told.pop("server_time")
    assert first == again
    assert Finding.objects.count() == 1
    assert Entry.objects.filter(verb="inspections.submit_inspection").count() == 1


def test_everything_that_is_missing_is_told_at_once(phone, phone_of, colleague, visit, demands):
    other = phone_of(colleague)
    phone.sync(visit, phone.answer(demands[0], "unmet"), phone.answer(demands[1], "met"))
    other.sync(visit, other.answer(demands[1], "unmet", "dark"))
    told = phone.submit(visit, signature_refused="", expect={"answers": {str(demands[0].pk): 2}, "photos": ["p1"]})
    assert told.status_code == 409
    assert told.json()["code"] == "incomplete"
    missing = told.json()["missing"]
    assert {(m["what"], m.get("requirement")) for m in missing} == {
        ("answer", demands[2].pk),
        ("version", demands[0].pk),
        ("photo", None),
        ("reason", demands[0].pk),
        ("conflict", demands[1].pk),
        ("signature", None),
    }
    assert all(m["text"] for m in missing)
    visit.refresh_from_db()
    assert visit.state == "under_way"
    assert not Finding.objects.exists()


def test_a_photo_is_reason_enough(phone, visit, demands):
    phone.sync(visit, *[phone.answer(demand, "unmet") for demand in demands])
    for number, demand in enumerate(demands):
        phone.upload(f"p{number}")
        assert phone.photo(visit, f"p{number}", demand).status_code == 200
    assert phone.submit(visit, expect={"photos": ["p0", "p1", "p2"]}).status_code == 200


def test_the_signature_must_have_arrived(phone, visit, demands):
    whole(phone, visit, demands)
    told = phone.submit(visit, signature="sig", signature_refused="")
    assert {m["what"] for m in told.json()["missing"]} == {"upload", "signature"}
    phone.upload("sig", "signature")
    assert phone.submit(visit, signature="sig", signature_refused="").status_code == 200
    visit.refresh_from_db()
    assert visit.signature.kind == "signature"


def test_a_photo_comes_once(phone, visit, demands):
    refused = phone.photo(visit, "p1", demands[0])
    assert (refused.status_code, refused.json()["code"]) == (409, "not_uploaded")
    phone.upload("p1")
    first, again = phone.photo(visit, "p1", demands[0]).json(), phone.photo(visit, "p1", demands[0]).json()
    assert first["photo"] == again["photo"]
    assert Photo.objects.count() == 1


def test_a_photo_that_was_taken_back_does_not_come_back(phone, phone_of, colleague, visit, demands):
    phone.upload("p1")
    phone.photo(visit, "p1", demands[0])
    gone = {"uid": visit.uid, "client_id": "p1"}
    assert phone_of(colleague).post("device_unphoto", {}, **gone).status_code == 409
    assert phone.post("device_unphoto", {}, **gone).json()["photos"] == []
    assert phone.photo(visit, "p1", demands[0]).json()["removed"]
    assert phone.sync(visit).json()["removed_photos"] == ["p1"]
    assert StoredFile.objects.count() == 1


def test_a_photo_taken_back_before_it_came_stays_away(phone, visit, demands):
    phone.upload("p1")
    assert phone.post("device_unphoto", {}, uid=visit.uid, client_id="p1").status_code == 200
    assert phone.photo(visit, "p1", demands[0]).json().get("removed")


def test_a_photo_that_comes_late_is_kept_and_marked(phone, visit, demands):
    whole(phone, visit, demands)
    phone.submit(visit)
    phone.upload("p1")
    assert phone.photo(visit, "p1", demands[0]).json()["photo"]["late"]
    assert phone.post("device_unphoto", {}, uid=visit.uid, client_id="p1").status_code == 409


def test_a_photo_of_nothing_known_is_of_the_whole(phone, visit, demands):
    phone.upload("p1")
    body = {
        "client_id": "p1",
        "upload": "p1",
        "sent_at": phone.time(),
        "requirement": 987654,
        "lat": "x",
        "taken_at": 10**20,
    }
    told = phone.post("device_photo", body, uid=visit.uid).json()["photo"]
    assert (told["requirement"], told["doubtful"]) == (None, True)


def test_what_comes_after_the_hand_in_is_kept_beside(phone, phone_of, colleague, visit, demands):
    other = phone_of(colleague)
    whole(phone, visit, demands, gate="unmet")
    phone.submit(visit)
    change = other.answer(demands[0], "met", "closed when I came")
    outcome = other.sync(visit, change).json()["outcomes"][change["id"]]
    assert (outcome["outcome"], outcome["flags"]) == ("conflict", ["late"])
    assert visit.answers.get(requirement=demands[0]).state == "unmet"
    conflict = Conflict.objects.get()
    assert conflict.late
    assert other.post("device_choose", {"choose": "theirs"}, uid=visit.uid, conflict=conflict.pk).status_code == 200
    finding = Finding.objects.get()
    assert (finding.state, finding.withdrawn_by) == ("withdrawn", colleague)
    assert Standing.objects.get(key="gate").state == "met"


def test_nobody_takes_back_the_own_finding_by_a_second_phone(phone, phone_of, visit, demands):
    whole(phone, visit, demands, gate="unmet")
    phone.submit(visit)
    second = phone_of(phone.person, device="second-phone")
    second.sync(visit, second.answer(demands[0], "met"))
    told = second.post("device_choose", {"choose": "theirs"}, uid=visit.uid, conflict=Conflict.objects.get().pk)
    assert told.status_code == 409
    assert "Another person must agree" in told.json()["error"]
    assert Finding.objects.get().state == "open"
    assert Conflict.objects.get().chosen == ""
    assert visit.answers.get(requirement=demands[0]).state == "unmet"


def test_a_late_not_met_that_is_chosen_becomes_a_finding(phone, phone_of, colleague, visit, demands):
    other = phone_of(colleague)
    whole(phone, visit, demands)
    phone.submit(visit)
    other.sync(visit, other.answer(demands[1], "unmet", "dark"))
    other.post("device_choose", {"choose": "theirs"}, uid=visit.uid, conflict=Conflict.objects.get().pk)
    finding = Finding.objects.get()
    assert (finding.requirement, finding.found_by) == (demands[1], colleague)


def test_a_late_not_met_of_a_re_inspection_opens_the_finding_again(
    phone, phone_of, colleague, person, small_province, demands
):
    finder = person("inspector", small_province.districts[0])
    finding = make_finding(small_province.facilities[0], finder, demands[0])
    visit = again(small_province.facilities[0], phone.person, finding)
    phone.sync(visit, phone.answer(demands[0], "met"))
    assert phone.submit(visit).json()["fixed"] == [finding.pk]
    other = phone_of(colleague)
    other.sync(visit, other.answer(demands[0], "unmet", "only painted over"))
    other.post("device_choose", {"choose": "theirs"}, uid=visit.uid, conflict=Conflict.objects.get().pk)
    finding.refresh_from_db()
    assert (finding.state, finding.fixed_by, finding.fixed_on) == ("open", None, None)
    assert Standing.objects.get(key="gate").state == "unmet"
    phone.sync(visit, phone.answer(demands[0], "met", base=visit.answers.get().version))
    phone.post("device_choose", {"choose": "theirs"}, uid=visit.uid, conflict=Conflict.objects.get(chosen="").pk)
    finding.refresh_from_db()
    assert (finding.state, finding.fixed_by) == ("fixed", visit)


def test_whoever_found_it_does_not_see_it_put_right_after_the_hand_in_either(
    phone, phone_of, colleague, small_province, demands
):
    finding = make_finding(small_province.facilities[0], colleague, demands[0])
    visit = again(small_province.facilities[0], phone.person, finding)
    phone.sync(visit, phone.answer(demands[0], "unmet", "still open"))
    assert phone.submit(visit).status_code == 200
    finder = phone_of(colleague)
    finder.sync(visit, finder.answer(demands[0], "met"))
    conflict = Conflict.objects.get()
    for chooser in (finder, phone):
        told = chooser.post("device_choose", {"choose": "theirs"}, uid=visit.uid, conflict=conflict.pk)
        assert told.status_code == 409
        assert "Another person must see" in told.json()["error"]
    assert Finding.objects.get().state == "open"
    assert Standing.objects.get(key="gate").state == "unmet"
    assert Figures.objects.get(facility=visit.facility).mandatory_unmet == 1
    assert Conflict.objects.get().chosen == ""
    assert visit.answers.get().state == "unmet"


def test_what_is_open_already_is_not_found_twice(phone, colleague, visit, demands):
    make_finding(visit.facility, colleague, demands[0])
    whole(phone, visit, demands, gate="unmet", camera="unmet")
    assert [f["requirement"] for f in phone.submit(visit).json()["findings"]] == [demands[1].pk]


def test_what_rooms_above_do_belongs_to_the_hand_in(phone, visit, demands, monkeypatch):
    whole(phone, visit, demands, gate="unmet")

    def hook(user, inspection):
        raise Refused("Not now")

    monkeypatch.setattr(registry, "_hooks", [hook])
    assert phone.submit(visit).status_code == 409
    assert not Finding.objects.exists()
    visit.refresh_from_db()
    assert visit.state == "under_way"


def again(facility, inspector, *findings):
    visit = make_visit(facility, inspector, kind=Inspection.Kind.AGAIN)
    visit.verifies.set(findings)
    return visit


def test_a_re_inspection_by_another_person_sees_it_put_right(phone, colleague, small_province, demands):
    fixed, still = (make_finding(small_province.facilities[0], colleague, demand) for demand in demands[:2])
    visit = again(small_province.facilities[0], phone.person, fixed, still)
    told = phone.start(visit).json()["visit"]
    assert [line["requirement"] for line in told["checklist"]] == [demands[0].pk, demands[1].pk]
    assert told["checklist"][0]["finding"]["id"] == fixed.pk
    phone.sync(visit, phone.answer(demands[0], "met"), phone.answer(demands[1], "unmet", "still dark"))
    assert phone.submit(visit).json()["fixed"] == [fixed.pk]
    fixed.refresh_from_db()
    still.refresh_from_db()
    assert (fixed.state, fixed.fixed_by, still.state) == ("fixed", visit, "open")
    assert Finding.objects.count() == 2


def test_whoever_found_it_does_not_see_it_put_right(phone, phone_of, colleague, small_province, demands):
    finding = make_finding(small_province.facilities[0], phone.person, demands[0])
    visit = again(small_province.facilities[0], phone.person, finding)
    phone.sync(visit, phone.answer(demands[0], "met"))
    told = phone.submit(visit).json()
    assert [m["what"] for m in told["missing"]] == ["other_person"]
    assert "Another person must see" in told["missing"][0]["text"]
    other = phone_of(colleague)
    other.sync(visit, other.answer(demands[0], "met", base=1))  # the other saw the answer, and says the same
    assert phone.submit(visit).status_code == 200
    finding.refresh_from_db()
    assert (finding.state, finding.fixed_by) == ("fixed", visit)


def test_a_visit_of_a_replaced_edition_is_handed_in_as_it_began(phone, visit, demands):
    make_standard(label="2027", keys=("gate", "fence"))
    phone.start(visit, editions=[demands[0].edition_id])
    whole(phone, visit, demands, gate="unmet", drill="unmet")
    assert phone.submit(visit).status_code == 200
    assert Standing.objects.get(key="gate").state == "unmet"
    assert Finding.objects.count() == 2


def test_one_demand_in_two_editions_is_one_finding(phone, visit, demands):
    newer = make_standard(label="2027", keys=("gate", "fence"))
    phone.sync(visit, phone.answer(newer[0], "unmet", note="seen in the new words"))
    phone.start(visit, editions=[demands[0].edition_id])
    whole(phone, visit, demands, gate="unmet")
    assert phone.submit(visit).status_code == 200
    assert Finding.objects.get().requirement == demands[0], "in the words of the edition that the visit began with"


@pytest.mark.parametrize(
    "expect", [[], {"answers": []}, {"photos": {}}, {"answers": {"1": "x"}}, {"answers": {"x": 1}}]
)
def test_nonsense_in_what_is_expected(phone, visit, expect):
    assert phone.submit(visit, expect=expect).status_code in {400, 409}
    visit.refresh_from_db()
    assert visit.state == "assigned"
