"""Acts on many: what is chosen, what is confirmed, what is written down."""

import pytest
from django.urls import reverse

from tests.fixtures import make_facility
from tirek.audit.models import Entry
from tirek.facilities import bulk
from tirek.facilities.models import Facility, Proposal
from tirek.facilities.registry import BulkAct, find_bulk_act
from tirek.jobs.models import Job
from tirek.jobs.running import run_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
URL = "facilities:bulk"


@pytest.fixture
def admin(person, small_province):
    return person("administrator")


def test_chosen_rows(client_for, admin, small_province):
    hospital, school, _market = small_province.facilities
    client, rows = client_for(admin), [hospital.pk, school.pk]
    page = client.get(reverse(URL), {"act": "category", "row": rows}).content.decode()
    assert "2 chosen facilities" in page
    Facility.objects.filter(pk=school.pk).update(category=3)
    answer = client.post(reverse(URL), {"act": "category", "row": rows, "count": "2", "category": "3"})
    assert {f.pk: f.category for f in Facility.objects.all()} == {hospital.pk: 3, school.pk: 3, _market.pk: 2}
    assert answer.context["outcome"].done == 1
    assert answer.context["outcome"].same == 1
    assert Entry.objects.filter(verb="facilities.change_facility").count() == 1


def test_all_that_the_filter_finds(client_for, admin, small_province):
    client = client_for(admin)
    query = f"area={small_province.districts[0].pk}&page=2"
    given = {"act": "agency", "all": "1", "query": query, "agency": small_province.agency.pk}
    assert "2 facilities" in client.get(reverse(URL), given).content.decode()
    client.post(reverse(URL), given | {"count": "2"})
    assert Facility.objects.filter(agency=small_province.agency).count() == 2
    assert Facility.objects.get(pk=small_province.facilities[2].pk).agency is None


def test_another_number_than_was_confirmed_is_asked_anew(client_for, admin, small_province):
    answer = client_for(admin).post(reverse(URL), {"act": "category", "all": "1", "count": "2", "category": "3"})
    assert "another number of facilities" in answer.content.decode()
    assert not Facility.objects.filter(category=3).exists()


def test_the_form_is_asked_for(client_for, admin, small_province):
    answer = client_for(admin).post(reverse(URL), {"act": "propose_removal", "all": "1", "count": "3", "reason": ""})
    assert "required" in answer.content.decode()
    assert not Proposal.objects.exists()


def test_rows_out_of_reach_are_left_out(client_for, person, small_province):
    inspector = person("inspector", agency=small_province.agency)
    inspector.assignments.create(role="duty_officer")  # sees all, changes one
    page = client_for(inspector).get(reverse(URL), {"act": "category", "all": "1"}).content.decode()
    assert "2 more are left out" in page
    data = {"act": "category", "row": [f.pk for f in small_province.facilities], "count": "1", "category": "1"}
    client_for(inspector).post(reverse(URL), data)
    assert list(Facility.objects.filter(category=1)) == [small_province.facilities[0]]


def test_who_may_not_is_told(client_for, person, small_province):
    client = client_for(person("duty_officer"))
    assert client.get(reverse(URL), {"act": "category", "all": "1"}).status_code == 403
    assert client.get(reverse(URL), {"act": "nonsense"}).status_code == 404
    assert "data-bulk" not in client.get(reverse("facilities:register")).content.decode()


def test_one_that_refuses_does_not_hold_up_the_others(admin, small_province):
    deed = find_bulk_act("propose_removal")
    first = bulk.run(admin, deed, [small_province.facilities[0].pk], {"reason": "Closed."})
    again = bulk.run(admin, deed, [f.pk for f in small_province.facilities] + [987654], {"reason": "Closed."})
    assert (first.done, again.done, again.refused_count) == (1, 2, 2)
    assert "waits for its decision" in again.refused[0][2]
    assert Proposal.objects.count() == 3


def test_many_by_a_job(client_for, admin, small_province):
    for number in range(60):
        make_facility(f"School {number}", small_province.settlements[0])
    data = {"act": "category", "all": "1", "query": "q=school", "count": "61", "category": "3"}
    answer = client_for(admin).post(reverse(URL), data)
    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    assert not Facility.objects.filter(category=3).exists()
    assert run_waiting() == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 61, 61)
    assert Facility.objects.filter(category=3).count() == 61
    assert Entry.objects.filter(verb="facilities.change_facility").count() == 61
    done = client_for(admin).get(job.result["url"])
    assert done.context["outcome"].done == 61


def test_other_apps_add_theirs(client_for, admin, small_province, monkeypatch):
    seen = []
    deed = BulkAct("look", "Look at them", "eye", "facilities.view_facility", lambda user, pk, data: seen.append(pk))
    monkeypatch.setattr("tirek.facilities.registry._bulk", {"look": deed})
    client = client_for(admin)
    assert "Look at them" in client.get(reverse("facilities:register")).content.decode()
    client.post(reverse(URL), {"act": "look", "all": "1", "count": "3"})
    assert sorted(seen) == sorted(f.pk for f in small_province.facilities)


def test_the_chosen_are_exported(client_for, admin, small_province):
    rows = [f.pk for f in small_province.facilities[:2]]
    answer = client_for(admin).get(reverse(URL), {"act": "export", "row": rows}, follow=True)
    assert answer.headers["Content-Type"].endswith("sheet")
    some = client_for(admin).get(reverse("sheets:export", args=["facilities", "csv"]), {"row": rows})
    assert len(b"".join(some.streaming_content).decode().strip().splitlines()) == 3
