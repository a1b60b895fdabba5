import pytest

from tests.fixtures import make_person
from tests.passports.making import fill, make_approved, make_contact, make_draft, make_in_force
from tirek.audit.models import Entry
from tirek.passports.models import Passport

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def hospital(small_province):
    return fill(small_province.facilities[0])


def test_from_the_facility_to_force(hospital, client_for):
    contact, chief = make_contact(hospital), make_person("chief")
    facility, chiefs = client_for(contact), client_for(chief)
    tab = facility.get(f"{hospital.get_absolute_url()}?tab=passport")
    assert f"/passports/draw-up/{hospital.pk}/" in tab.content.decode()
    drawn = facility.post(f"/passports/draw-up/{hospital.pk}/")
    passport = Passport.objects.get()
    assert drawn["Location"] == passport.get_absolute_url()
    page = facility.get(passport.get_absolute_url()).content.decode()
    assert f'name="sha256" value="{passport.sha256}"' in page
    facility.post(f"{passport.get_absolute_url()}approve/", {"sha256": passport.sha256})
    assert Passport.objects.get().state == "approved"
    chiefs.post(f"{passport.get_absolute_url()}refuse/", {"why": "No scheme of gas"})
    assert "No scheme of gas" in facility.get(passport.get_absolute_url()).content.decode()
    facility.post(f"{passport.get_absolute_url()}approve/", {"sha256": passport.sha256})
    chiefs.post(f"{passport.get_absolute_url()}agree/", {"sha256": passport.sha256})
    done = Passport.objects.get()
    assert (done.state, done.agreed_by) == ("agreed", chief)


def test_a_page_that_is_old_signs_nothing(hospital, client_for):
    contact, draft = make_contact(hospital), make_draft(hospital)
    answer = client_for(contact).post(f"{draft.get_absolute_url()}approve/", {"sha256": "0" * 64}, follow=True)
    assert "Load the page again" in answer.content.decode()
    assert Passport.objects.get().state == "draft"


def test_a_contact_sees_only_the_own_facility(hospital, small_province, client_for):
    own, other = make_in_force(hospital), make_in_force(small_province.facilities[1])
    client = client_for(own.approved_by)
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get(f"{other.get_absolute_url()}pdf/").status_code == 404
    assert client.get(own.plans.first().get_absolute_url()).status_code == 200
    listed = client.get("/passports/")
    assert [row.record for row in listed.context["table"].page.object_list] == [hospital]
    assert f'"{other.get_absolute_url()}"' not in listed.content.decode()


def test_a_plan_that_the_passport_names_opens_after_it_left_the_register(hospital, client_for):
    passport = make_in_force(hospital)
    plan = passport.plans.first()
    hospital.documents.all().delete()
    assert client_for(passport.approved_by).get(plan.get_absolute_url()).status_code == 200


def test_the_list_counts_and_filters(hospital, small_province, client_for):
    make_in_force(hospital)
    make_approved(small_province.facilities[1])
    client = client_for(make_person("chief"))
    page = client.get("/passports/")
    counts = page.context["counts"]
    assert (counts.in_force, counts.stale, counts.to_agree, counts.to_approve, counts.none) == (1, 0, 1, 0, 2)
    shown = {
        state: [
            row.record.name for row in client.get(f"/passports/?passport={state}").context["table"].page.object_list
        ]
        for state in ("in_force", "stale", "to_agree", "to_approve", "none")
    }
    assert shown == {
        "in_force": ["Hospital"], "stale": [], "to_agree": ["School"], "to_approve": [], "none": ["Market", "School"],
    }  # fmt: skip
    found = client.get("/facilities/?passport=approved").content.decode()
    assert "School" in found


def test_the_paper_is_taken_with_a_trace(hospital, client_for):
    passport = make_in_force(hospital)
    answer = client_for(make_person("duty_officer")).get(f"{passport.get_absolute_url()}pdf/?language=kk")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.startswith(b"%PDF")
    entry = Entry.objects.get(verb="passports.print_passport")
    assert entry.after == {"sha256": passport.sha256, "languages": ["kk"]}


def test_no_paper_for_who_may_not(hospital, client_for):
    passport = make_in_force(hospital)
    assert client_for(make_person("coordinator")).get(f"{passport.get_absolute_url()}pdf/").status_code == 403
