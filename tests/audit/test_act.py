"""The frame around an act: permission first, then change, entry and events together or not at all."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from tirek.accounts.models import Agency
from tirek.audit import chain
from tirek.audit.act import Refused, act, acts, snapshot
from tirek.audit.models import Entry
from tirek.live.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return Agency.objects.create(code="police", name_en="Police")


def rename(user, agency, **kwargs):
    with act("accounts.change_agency", user, **kwargs) as trace:
        before = snapshot(agency)
        agency.name_en = "Police department"
        agency.save()
        trace.on(agency, before=before, after=snapshot(agency))
        trace.event("agency.changed", {"id": agency.pk}, permission="accounts.view_agency")


def test_one_act_one_entry_one_event(person, agency):
    admin = person("administrator", full_name="Aigul")
    rename(admin, agency, why="new name")
    entry, event = Entry.objects.get(), Event.objects.get()
    assert (entry.actor, entry.actor_id) == (admin.audit_name, admin.pk)
    assert (entry.verb, entry.object_type, entry.object_id) == (
        "accounts.change_agency",
        "accounts.agency",
        str(agency.pk),
    )
    assert (entry.before, entry.after) == ({"name_en": "Police"}, {"name_en": "Police department"})
    assert (entry.why, event.kind, event.data) == ("new name", "agency.changed", {"id": agency.pk})


def test_without_the_permission_nothing_happens(person, agency):
    with pytest.raises(PermissionDenied):
        rename(person("duty_officer"), agency)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("user", [AnonymousUser(), None])
def test_nobody_may_not_act(user, agency):
    with pytest.raises((PermissionDenied, RuntimeError)):
        rename(user, agency)


def test_a_closed_person_may_not_even_do_their_own(person, agency):
    closed = person("administrator", is_active=False)
    for own in (False, True):
        with pytest.raises(PermissionDenied):
            rename(closed, agency, own=own)


def test_a_process_signs_with_its_name(agency):
    rename(None, agency, system="dispatcher")
    assert (Entry.objects.get().actor, Entry.objects.get().actor_id) == ("system:dispatcher", None)


def test_an_act_that_raises_leaves_nothing(person, agency):
    admin = person("administrator")

    def refuse_at_the_end():
        with act("accounts.change_agency", admin) as trace:
            agency.name_en = "Lost"
            agency.save()
            trace.on(agency)
            raise Refused("not now")

    with pytest.raises(Refused):
        refuse_at_the_end()
    agency.refresh_from_db()
    assert agency.name_en == "Police"
    assert not Entry.objects.exists()
    assert not Event.objects.exists()


def test_an_act_must_say_what_it_was_done_on(person):
    with pytest.raises(RuntimeError, match=r"trace\.on"), act("accounts.change_agency", person("administrator")):
        pass


def open_many(agencies, *, forget: bool = False):
    with acts("accounts.add_agency", system="receiver") as begin:
        for agency in agencies:
            trace = begin()
            if not forget:
                trace.on(agency, after=snapshot(agency))
            trace.event("agency.changed", {"id": agency.pk}, permission="accounts.view_agency")


def test_many_acts_at_once_leave_an_entry_each_in_their_order(agency, django_assert_max_num_queries):
    many = [agency, *(Agency.objects.create(code=f"a{n}", name_en=f"Agency {n}") for n in range(40))]
    with act("accounts.change_agency", system="installation") as trace:
        trace.on(agency)
    with django_assert_max_num_queries(8):
        open_many(many)
    entries = list(Entry.objects.order_by("id"))[1:]
    assert [entry.object_id for entry in entries] == [str(one.pk) for one in many]
    assert {(entry.verb, entry.actor) for entry in entries} == {("accounts.add_agency", "system:receiver")}
    assert [entry.after["code"] for entry in entries] == [one.code for one in many]
    assert [event.data["id"] for event in Event.objects.order_by("pk")] == [one.pk for one in many]
    assert list(chain.verify()) == []


def test_of_many_acts_one_that_says_nothing_undoes_all(agency):
    with pytest.raises(RuntimeError, match=r"trace\.on"):
        open_many([agency], forget=True)
    assert not Entry.objects.exists()
    assert not Event.objects.exists()


def test_no_acts_leave_nothing():
    open_many([])
    assert not Entry.objects.exists()


def test_secrets_are_left_out_of_the_snapshot(person):
    somebody = person("analyst")
    assert "password" not in snapshot(somebody)
    assert "phone" not in snapshot(somebody, without=("phone",))
