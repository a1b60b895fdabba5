"""Row scope: what a grant reaches, and the traps in it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from tests.fixtures import make_area, make_facility
from tirek.accounts.access import AreaPolicy, Grant, can, can_at, inside, is_inside, require
from tirek.accounts.models import Agency, Assignment, Person
from tirek.audit.models import Entry
from tirek.facilities.models import Contact, Facility
from tirek.places.models import Area
from tirek.warning.models import Plan

pytestmark = pytest.mark.django_db
LOOK = "facilities.view_facility"


def seen(user, action="view"):
    return set(Facility.objects.restrict(user, action))


class TestArea:
    def test_everywhere(self, person, small_province):
        assert seen(person("inspector")) == set(small_province.facilities)

    def test_inside_the_area_only(self, person, small_province):
        hospital, school, market = small_province.facilities
        assert seen(person("inspector", small_province.districts[0])) == {hospital, school}
        assert seen(person("inspector", small_province.settlements[2])) == {market}

    def test_a_path_is_no_prefix_of_a_longer_number(self, person, small_province):
        """Area 4 must not reach area 42."""
        near = make_area("district", "Near", 50, 57, 0.1, small_province.region)
        Area.objects.filter(pk=near.pk).update(path="1/4/")
        far = make_area("district", "Far", 50, 57, 0.1, small_province.region)
        Area.objects.filter(pk=far.pk).update(path="1/42/")
        near.refresh_from_db()
        facility = make_facility("Far away", far)
        assert facility not in seen(person("inspector", near))
        assert not can(person("inspector", near), LOOK, facility)
        assert is_inside("1/4/7/", "1/4/")
        assert is_inside("1/4/7/", "1/4")
        assert not is_inside("1/42/", "1/4/")
        assert not is_inside("1/42/", "1/4")

    def test_an_area_without_a_place_in_the_tree_reaches_nothing(self, person, small_province):
        lost = Area.objects.create(kind="district", code="lost", name_en="Lost")
        Area.objects.filter(pk=lost.pk).update(path="")
        lost.refresh_from_db()
        assert seen(person("inspector", lost)) == set()
        assert not is_inside("", "1/")
        assert not is_inside("1/", "")
        assert not Facility.objects.filter(inside("area__path", "")).exists()

    def test_several_grants_add_up(self, person, small_province):
        somebody = person("inspector", small_province.settlements[0])
        Assignment.objects.create(person=somebody, role="inspector", area=small_province.settlements[2])
        hospital, _school, market = small_province.facilities
        assert seen(somebody) == {hospital, market}


class TestAgency:
    def test_a_grant_bound_to_an_agency_reaches_its_rows_only(self, person, small_province):
        assert seen(person("inspector", agency=small_province.agency)) == {small_province.facilities[0]}

    def test_both_limits_must_be_met(self, person, small_province):
        south = person("inspector", small_province.districts[1], agency=small_province.agency)
        assert seen(south) == set()

    def test_where_rows_belong_to_no_agency_it_reaches_nothing(self, person, small_province):
        bound = person("overseer", agency=small_province.agency)
        assert AreaPolicy("area_path").rows(bound, bound.grants("audit.view_entry")) is not None
        assert not Entry.objects.restrict(bound, "view").exists()
        assert not Entry.objects.filter(AreaPolicy("area_path").rows(bound, bound.all_grants)).exists()


class TestOwn:
    @pytest.fixture
    def contact(self, person, small_province):
        somebody = person("facility_contact")
        Contact.objects.create(
            facility=small_province.facilities[1], person=somebody, full_name="x", phone="1", order=1
        )
        Contact.objects.create(
            facility=small_province.facilities[1], person=somebody, full_name="x", phone="2", order=2
        )
        return somebody

    def test_own_rows_only_and_each_once(self, contact, small_province):
        assert list(Facility.objects.restrict(contact, "view")) == [small_province.facilities[1]]

    def test_without_a_rule_for_own_rows_there_are_none(self, contact, small_province):
        assert not Facility.objects.filter(AreaPolicy("area__path").rows(contact, contact.all_grants)).exists()

    def test_an_own_only_grant_covers_no_part_of_the_world(self, contact, small_province):
        assert not can_at(contact, LOOK, small_province.settlements[1].path)

    def test_another_role_of_the_same_person_is_not_narrowed(self, contact, small_province):
        Assignment.objects.create(person=contact, role="inspector", area=small_province.districts[1])
        contact.refresh_from_db()
        assert seen(contact) == set(small_province.facilities[1:])


class TestWhoHasNothing:
    def test_nobody(self, small_province):
        assert seen(AnonymousUser()) == set()
        assert not can(AnonymousUser(), LOOK)
        assert not can_at(AnonymousUser(), LOOK, None)

    def test_no_role(self, person, small_province):
        assert seen(person()) == set()

    def test_a_closed_account(self, person, small_province):
        closed = person("administrator", is_active=False)
        assert seen(closed) == set()
        assert closed.roles == []
        assert not can(closed, LOOK, small_province.facilities[0])
        assert not can_at(closed, LOOK, None)

    def test_an_assignment_that_has_ended(self, person, small_province):
        somebody = person("inspector")
        somebody.assignments.update(until=timezone.now() - timedelta(seconds=1))
        assert seen(somebody) == set()
        somebody.assignments.update(until=timezone.now() + timedelta(hours=1))
        somebody.refresh_from_db()
        assert len(seen(somebody)) == 3

    def test_a_role_that_is_gone_from_the_code(self, person, small_province):
        somebody = person("inspector")
        somebody.assignments.update(role="emperor")
        assert seen(somebody) == set()
        assert somebody.roles == []

    def test_an_action_that_the_role_does_not_know(self, person, small_province):
        assert seen(person("analyst"), "change") == set()


class TestCan:
    def test_on_a_row(self, person, small_province):
        north = person("inspector", small_province.districts[0])
        assert can(north, LOOK)
        assert can(north, LOOK, small_province.facilities[0])
        assert not can(north, LOOK, small_province.facilities[2])
        require(north, LOOK, small_province.facilities[0])
        with pytest.raises(PermissionDenied):
            require(north, LOOK, small_province.facilities[2])

    def test_over_a_part_of_the_world(self, person, small_province):
        north, south = small_province.districts
        administrator = person("administrator", north)
        assert can_at(administrator, "facilities.add_facility", small_province.settlements[0].path)
        assert can_at(administrator, "facilities.add_facility", north.path)
        for wider in (south.path, small_province.region.path, None, ""):
            assert not can_at(administrator, "facilities.add_facility", wider)
        assert can_at(person("administrator"), "facilities.add_facility", None)

    def test_over_an_agency(self, person, small_province):
        bound = person("administrator", agency=small_province.agency)
        other = Agency.objects.create(code="other")
        assert can_at(bound, "facilities.add_facility", "1/", small_province.agency.pk)
        assert not can_at(bound, "facilities.add_facility", "1/", other.pk)
        assert not can_at(bound, "facilities.add_facility", "1/")

    def test_an_unlimited_grant_covers_everything(self):
        assert Grant(None, None, "chief").covers(None)
        assert Grant(None, None, "chief").covers("1/2/", 5)


class TestWhatServesEverybody:
    """Plans of warning belong to no area: whoever is bound to one looks at them and does nothing to them."""

    CHANGE = "warning.change_plan"

    @pytest.fixture
    def plan(self, small_province):
        return Plan.objects.create(code="test")

    def may(self, user, plan):
        found = {can(user, self.CHANGE), can(user, self.CHANGE, plan), Plan.objects.restrict(user, "change").exists()}
        assert len(found) == 1, "whoever asks without a row hears the same"
        return found.pop()

    def test_a_role_without_limits_changes_it(self, person, plan):
        assert self.may(person("chief"), plan)

    def test_a_role_in_a_district_only_looks(self, person, plan, small_province):
        chief = person("chief", small_province.districts[1])
        assert list(Plan.objects.restrict(chief, "view")) == [plan]
        assert not self.may(chief, plan)

    def test_nor_does_a_role_of_an_agency(self, person, plan, small_province):
        chief = person("chief", agency=small_province.agency)
        assert list(Plan.objects.restrict(chief, "view")) == [plan]
        assert not self.may(chief, plan)
        assert not self.may(person("chief", small_province.region, agency=small_province.agency), plan)

    def test_two_roles_with_limits_do_not_add_up(self, person, plan, small_province):
        chief = person("chief", small_province.districts[0])
        Assignment.objects.create(person=chief, role="chief", area=small_province.districts[1])
        Assignment.objects.create(person=chief, role="overseer")
        assert not self.may(chief, plan)

    def test_the_area_that_holds_every_other_is_no_limit(self, person, plan, small_province):
        assert self.may(person("chief", small_province.region), plan)
        Area.objects.create(kind="settlement", code="lost", name_en="Lost")
        assert not self.may(person("chief", small_province.region), plan), "something lies outside of it now"

    def test_what_is_no_table_is_not_narrowed(self, person, small_province):
        assert person("administrator", small_province.districts[0]).grants("accounts.reset_password")


class TestQueries:
    def test_scoped_rows_can_be_locked(self, person, small_province):
        """On PostgreSQL neither DISTINCT nor an outer join may be locked."""
        contact = person("facility_contact")
        Contact.objects.create(facility=small_province.facilities[0], person=contact, full_name="x", phone="1")
        for user in (contact, person("inspector", small_province.districts[0])):
            with transaction.atomic():
                assert Facility.objects.restrict(user, "view").select_for_update().first()

    def test_grants_are_read_once(self, person, small_province, django_assert_num_queries):
        somebody = Person.objects.get(pk=person("inspector", small_province.districts[0]).pk)
        with django_assert_num_queries(1):
            for _ in range(3):
                assert somebody.grants(LOOK)
                assert somebody.roles == ["inspector"]


class TestPeople:
    def test_people_of_ones_area_are_seen_by_agency_or_role(self, person, small_province):
        north, south = small_province.districts
        there = Agency.objects.create(code="north", area=north)
        by_agency, by_role = person(home=there), person("inspector", small_province.settlements[0])
        elsewhere, nowhere = person("inspector", south), person("analyst")
        looker = person("chief", north)
        visible = set(Person.objects.restrict(looker, "view"))
        assert {by_agency, by_role, looker} <= visible
        assert not {elsewhere, nowhere} & visible
        assert elsewhere in set(Person.objects.restrict(person("chief"), "view"))

    def test_people_of_ones_agency(self, person, small_province):
        inside, outside = person(home=small_province.agency), person()
        visible = set(Person.objects.restrict(person("chief", agency=small_province.agency), "view"))
        assert inside in visible
        assert outside not in visible
