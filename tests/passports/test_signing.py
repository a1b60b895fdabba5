import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from tests.fixtures import make_person
from tests.passports.making import fill, make_approved, make_contact, make_draft, make_in_force
from tirek.accounts.models import Assignment
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.facilities.models import Figures
from tirek.live.models import Event
from tirek.passports import content
from tirek.passports.actions import agree, approve, draw_up, refuse
from tirek.passports.models import Passport

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def hospital(small_province):
    return fill(small_province.facilities[0])


def state_of(facility):
    return Figures.objects.get(pk=facility.pk).passport_state


class TestDrawUp:
    def test_six_parts_from_living_rows(self, hospital):
        draft = make_draft(hospital)
        facts = draft.facts
        assert facts["general"]["name"] == {"kk": "Hospital kk", "ru": "Hospital ru"}
        assert facts["general"]["area"]["ru"] == "North ru, Aral ru"
        assert [row["name"] for row in facts["characteristics"]["buildings"]] == ["Main house"]
        assert facts["equipment"]["kinds"] == [
            {"id": "camera", "group": "video", "name": {"kk": "Бейнекамера", "ru": "Видеокамера"}, "count": 3}
        ]
        assert facts["day"]["equipment"][0] | {"works": 2, "faulty": 1} == facts["day"]["equipment"][0]
        plans = [facts[part]["plans"][0]["sha256"] for part in ("site", "floors", "utilities")]
        assert plans == [document.file.sha256 for document in hospital.documents.order_by("pk")]
        assert draft.plans.count() == 3
        assert draft.sha256 == content.sha256(facts)
        assert (draft.version, draft.state, state_of(hospital)) == (1, "draft", "draft")

    def test_the_hash_is_the_same_after_the_database(self, hospital):
        draft = make_draft(hospital)
        assert content.sha256(Passport.objects.get(pk=draft.pk).facts) == draft.sha256
        assert content.sha256(content.facts_of([hospital.pk])[hospital.pk]) == draft.sha256

    def test_a_draft_is_drawn_up_anew_under_its_number(self, hospital):
        first = make_draft(hospital)
        hospital.staff = 90
        hospital.save()
        again = make_draft(hospital)
        assert (again.pk, again.version) == (first.pk, 1)
        assert again.sha256 != first.sha256

    def test_not_while_one_waits_for_agreement(self, hospital):
        make_approved(hospital)
        with pytest.raises(Refused, match="waits for agreement"):
            make_draft(hospital)

    def test_not_for_what_is_off_the_register(self, hospital):
        hospital.state = "removed"
        hospital.save()
        with pytest.raises(Refused, match="not on the register"):
            make_draft(hospital)

    def test_only_where_one_may(self, hospital, small_province):
        south = make_person("inspector", small_province.districts[1])
        with pytest.raises(type(hospital).DoesNotExist):
            draw_up(south, hospital.pk)
        with pytest.raises(PermissionDenied):
            draw_up(make_person("analyst"), hospital.pk)
        assert draw_up(make_contact(hospital), hospital.pk).version == 1

    def test_a_contact_who_sees_more_draws_up_only_their_own(self, hospital, small_province):
        contact = make_contact(hospital)
        Assignment.objects.create(person=contact, role="analyst")
        with pytest.raises(PermissionDenied):
            draw_up(contact, small_province.facilities[1].pk)


class TestApprove:
    def test_by_the_facility_and_bound_to_the_hash(self, hospital):
        contact, draft = make_contact(hospital), make_draft(hospital)
        done = approve(contact, draft.pk, draft.sha256)
        assert (done.state, done.approved_by, done.approved_sha256) == ("approved", contact, draft.sha256)
        assert state_of(hospital) == "approved"

    @pytest.mark.parametrize("sha256", ["", "0" * 64])
    def test_not_what_another_page_showed(self, hospital, sha256):
        contact, draft = make_contact(hospital), make_draft(hospital)
        with pytest.raises(Refused, match="Load the page again"):
            approve(contact, draft.pk, sha256)

    def test_not_a_draft_that_was_drawn_up_anew_meanwhile(self, hospital):
        contact, shown = make_contact(hospital), make_draft(hospital)
        hospital.capacity = 500
        hospital.save()
        make_draft(hospital)
        with pytest.raises(Refused, match="not the one that your page showed"):
            approve(contact, shown.pk, shown.sha256)

    def test_not_what_is_no_longer_so(self, hospital):
        contact, draft = make_contact(hospital), make_draft(hospital)
        hospital.capacity = 500
        hospital.save()
        with pytest.raises(Refused, match="Draw it up again"):
            approve(contact, draft.pk, draft.sha256)

    def test_not_facts_that_somebody_changed_in_the_table(self, hospital):
        contact, draft = make_contact(hospital), make_draft(hospital)
        draft.facts["general"]["head"] = "Somebody else"
        Passport.objects.filter(pk=draft.pk).update(facts=draft.facts)
        with pytest.raises(Refused, match="not the one"):
            approve(contact, draft.pk, draft.sha256)

    def test_not_by_the_contact_of_another_facility(self, hospital, small_province):
        draft = make_draft(hospital)
        stranger = make_contact(small_province.facilities[1])
        with pytest.raises(Passport.DoesNotExist):
            approve(stranger, draft.pk, draft.sha256)
        with pytest.raises(PermissionDenied):
            approve(make_person("inspector"), draft.pk, draft.sha256)

    def test_the_database_wants_the_hash_of_what_stands_there(self, hospital):
        draft = make_draft(hospital)
        with pytest.raises(IntegrityError), transaction.atomic():
            Passport.objects.filter(pk=draft.pk).update(approved_by=draft.made_by, approved_sha256="0" * 64)
        with pytest.raises(IntegrityError), transaction.atomic():
            Passport.objects.filter(pk=draft.pk).update(state="agreed")


class TestAgree:
    def test_comes_into_force_and_replaces_the_one_before(self, hospital):
        first = make_in_force(hospital)
        hospital.capacity = 500
        hospital.save()
        second = make_in_force(hospital)
        first.refresh_from_db()
        assert (first.state, second.state, second.version) == ("replaced", "agreed", 2)
        assert state_of(hospital) == "in_force"

    def test_by_another_person_than_approved(self, hospital):
        both = make_contact(hospital)
        Assignment.objects.create(person=both, role="chief")
        approved = make_approved(hospital)
        assert approved.approved_by == both
        with pytest.raises(Refused, match="Another person"):
            agree(both, approved.pk, approved.sha256)
        with pytest.raises(IntegrityError), transaction.atomic():
            Passport.objects.filter(pk=approved.pk).update(agreed_by=both, agreed_sha256=approved.sha256)

    def test_bound_to_the_hash_and_to_the_facts(self, hospital):
        approved, chief = make_approved(hospital), make_person("chief")
        with pytest.raises(Refused, match="Load the page again"):
            agree(chief, approved.pk, "f" * 64)
        hospital.capacity = 500
        hospital.save()
        with pytest.raises(Refused, match="Facts have changed"):
            agree(chief, approved.pk, approved.sha256)

    def test_not_before_it_is_approved(self, hospital):
        draft = make_draft(hospital)
        with pytest.raises(Refused, match="draft"):
            agree(make_person("chief"), draft.pk, draft.sha256)

    def test_sent_back_with_the_reason(self, hospital):
        approved, chief = make_approved(hospital), make_person("chief")
        with pytest.raises(Refused, match="Write why"):
            refuse(chief, approved.pk, " ")
        back = refuse(chief, approved.pk, "The plan is of 2009")
        assert (back.state, back.approved_by, back.refused_why) == ("draft", None, "The plan is of 2009")
        with pytest.raises(Refused):
            agree(chief, approved.pk, approved.sha256)


def test_every_act_leaves_a_trace_and_tells_open_pages(hospital):
    passport = make_in_force(hospital)
    verbs = Entry.objects.filter(object_type="passports.passport", object_id=str(passport.pk)).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "passports.draft_passport",
        "passports.approve_passport",
        "passports.agree_passport",
    ]
    assert all("facts" not in (entry.after or {}) for entry in verbs)
    events = Event.objects.filter(kind="passport.changed")
    assert [event.data for event in events] == [{"id": passport.pk, "facility": hospital.pk}] * 3
