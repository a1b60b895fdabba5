"""What administrators do, and where their reach ends."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tirek.accounts import actions
from tirek.accounts.models import Agency, Assignment, Person
from tirek.audit import chain
from tirek.audit.act import Refused
from tirek.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(person):
    return person("administrator")


def last():
    return Entry.objects.first()


class TestFirstAdministrator:
    def test_one_is_made_with_a_one_time_password(self):
        username, password = actions.create_first_administrator()
        person = Person.objects.get(username=username)
        assert person.check_password(password)
        assert person.one_time_until > timezone.now() + timedelta(days=6)
        assert person.roles == ["administrator"]
        assert (last().verb, last().actor) == ("accounts.add_person", "system:installation")
        assert password not in str(last().after)

    def test_only_the_first(self, admin):
        assert actions.create_first_administrator() is None

    def test_neither_a_sample_nor_a_bound_one_counts(self, person, small_province):
        person("administrator", is_sample=True, username="admin")
        person("administrator", small_province.districts[0])
        username, _password = actions.create_first_administrator()
        assert username == "admin2"


class TestAdd:
    def test_a_person_gets_a_one_time_password(self, admin):
        made, password = actions.add_person(admin, username="aigul", full_name="Aigul")
        assert made.check_password(password)
        assert len(password) == 19
        assert made.one_time_until is not None
        assert (last().verb, last().after["username"]) == ("accounts.add_person", "aigul")
        assert "password" not in last().after

    def test_in_ones_own_part_of_the_world(self, person, small_province):
        north, south = small_province.districts
        bound = person("administrator", north)
        here, there = (Agency.objects.create(code=a.name_en, area=a) for a in (north, south))
        actions.add_person(bound, username="here", full_name="x", agency=here)
        for agency in (there, None):
            with pytest.raises(PermissionDenied):
                actions.add_person(bound, username="there", full_name="x", agency=agency)

    def test_without_permission(self, person):
        with pytest.raises(PermissionDenied):
            actions.add_person(person("chief"), username="x", full_name="x")


class TestReach:
    """An administrator of a district must not become one of the province by way of somebody else's account."""

    @pytest.fixture
    def bound(self, person, small_province):
        return person("administrator", small_province.districts[0])

    @pytest.fixture
    def wider(self, person, small_province):
        home = Agency.objects.create(code="home", area=small_province.districts[0])
        return person("administrator", home=home)

    @pytest.mark.parametrize(
        "action",
        [
            lambda user, pk: actions.reset_password(user, pk),
            lambda user, pk: actions.reset_second_factor(user, pk, "x"),
            lambda user, pk: actions.close_person(user, pk, "x"),
            lambda user, pk: actions.change_person(user, pk, username="mine"),
            lambda user, pk: actions.unlock_person(user, pk),
            lambda user, pk: actions.assign_role(user, pk, "analyst"),
        ],
    )
    def test_whoever_holds_more_is_out_of_reach(self, bound, wider, action):
        assert wider in Person.objects.restrict(bound, "view")
        with pytest.raises(PermissionDenied):
            action(bound, wider.pk)
        assert not Entry.objects.exists()

    def test_nobody_gives_away_more_than_they_hold(self, bound, person, small_province):
        north, south = small_province.districts
        somebody = person("analyst", north)
        actions.assign_role(bound, somebody.pk, "duty_officer", area=small_province.settlements[0])
        for area in (None, south, small_province.region):
            with pytest.raises(PermissionDenied):
                actions.assign_role(bound, somebody.pk, "administrator", area=area)

    def test_not_even_to_themselves(self, bound):
        with pytest.raises(PermissionDenied):
            actions.assign_role(bound, bound.pk, "administrator")

    def test_a_sample_person_reaches_sample_people_only(self, person):
        player, real = person("administrator", is_sample=True), person("analyst")
        for act in (
            lambda: actions.reset_password(player, real.pk),
            lambda: actions.assign_role(player, real.pk, "administrator"),
        ):
            with pytest.raises(Refused, match="Sample people"):
                act()
        made, password = actions.add_person(player, username="new", full_name="New")
        assert made.is_sample
        assert password is None
        assert not made.has_usable_password()


class TestClose:
    def test_a_closed_person_loses_every_session(self, admin, person, client_for):
        somebody = person("analyst")
        client = client_for(somebody)
        assert client.get("/people/me/").status_code == 200
        actions.close_person(admin, somebody.pk, "has left")
        assert somebody.sessions.count() == 0
        assert client.get("/people/me/").status_code == 302
        assert (last().verb, last().why, last().after) == ("accounts.close_person", "has left", {"is_active": False})

    def test_not_oneself(self, admin):
        with pytest.raises(Refused, match="your own account"):
            actions.close_person(admin, admin.pk, "x")

    def test_open_again_with_a_new_password(self, admin, person):
        closed = person("analyst", is_active=False)
        again, password = actions.reopen_person(admin, closed.pk)
        assert again.is_active
        assert again.check_password(password)
        with pytest.raises(Refused):
            actions.reopen_person(admin, closed.pk)


class TestLastAdministrator:
    def test_stays(self, admin, person, small_province):
        other = person("administrator", small_province.districts[0])
        own = admin.assignments.get()
        with pytest.raises(Refused, match="last administrator"):
            actions.withdraw_role(admin, own.pk)
        with pytest.raises(Refused, match="last administrator"):
            actions.assign_role(admin, admin.pk, "administrator", until=timezone.now() + timedelta(days=1))
        actions.withdraw_role(admin, other.assignments.get().pk)
        assert Assignment.objects.filter(role="administrator").get() == own

    def test_closing_the_last_but_oneself_is_fine(self, admin, person):
        second = person("administrator")
        actions.close_person(admin, second.pk, "x")
        with pytest.raises(Refused):
            actions.withdraw_role(admin, admin.assignments.get().pk)

    def test_where_there_never_was_one_nothing_is_kept(self, person, small_province):
        bound = person("administrator", small_province.region)
        actions.withdraw_role(bound, person("analyst", small_province.region).assignments.get().pk)


class TestRoles:
    def test_given_changed_and_withdrawn(self, admin, person, small_province):
        somebody, area = person(), small_province.districts[0]
        given = actions.assign_role(admin, somebody.pk, "inspector", area=area)
        assert (last().verb, last().after["role"], last().after["area"]) == (
            "accounts.assign_role",
            "inspector",
            str(area),
        )
        end = timezone.now() + timedelta(days=3)
        again = actions.assign_role(admin, somebody.pk, "inspector", area=area, until=end)
        assert (again.pk, again.until) == (given.pk, end)
        actions.withdraw_role(admin, given.pk, "moved on")
        assert not somebody.assignments.exists()
        assert last().before["role"] == "inspector"

    @pytest.mark.parametrize(("role", "until"), [("emperor", None), ("analyst", timezone.now() - timedelta(minutes=1))])
    def test_nonsense_is_refused(self, admin, person, role, until):
        with pytest.raises(Refused):
            actions.assign_role(admin, person().pk, role, until=until)


class TestPasswordsAndFactors:
    def test_a_reset_ends_sessions(self, admin, person, client_for):
        somebody = person("analyst")
        client = client_for(somebody)
        client.get("/people/me/")
        changed, password = actions.reset_password(admin, somebody.pk)
        assert changed.check_password(password)
        assert somebody.sessions.count() == 0
        assert password not in str((last().before, last().after))

    def test_lost_second_factors_are_removed(self, admin, person):
        somebody = person("chief")
        with pytest.raises(Refused, match="no second factor"):
            actions.reset_second_factor(admin, somebody.pk, "lost telephone")
        Authenticator.objects.create(user=somebody, type="totp", data={})
        actions.reset_second_factor(admin, somebody.pk, "lost telephone")
        assert not Authenticator.objects.filter(user=somebody).exists()
        assert last().before == {"second_factors": ["totp"]}

    def test_not_ones_own(self, admin):
        Authenticator.objects.create(user=admin, type="totp", data={})
        with pytest.raises(Refused):
            actions.reset_second_factor(admin, admin.pk, "x")

    def test_recovered_from_the_machine(self, person):
        somebody = person("administrator", username="aigul")
        Authenticator.objects.create(user=somebody, type=Authenticator.Type.TOTP, data={})
        AccessAttempt.objects.create(username="Aigul", ip_address="10.0.0.1", failures_since_start=5)
        password = actions.recover_person("aigul", "lost telephone")
        somebody.refresh_from_db()
        assert somebody.check_password(password)
        assert somebody.one_time_until
        assert not Authenticator.objects.exists()
        assert not AccessAttempt.objects.exists()
        assert (last().actor, last().why) == ("system:installation", "lost telephone")
        with pytest.raises(Refused):
            actions.recover_person("nobody", "")

    def test_unlock(self, admin, person):
        somebody = person("analyst", username="aigul")
        AccessAttempt.objects.create(username="Aigul", ip_address="10.0.0.1", failures_since_start=5)
        actions.unlock_person(admin, somebody.pk)
        assert not AccessAttempt.objects.exists()
        assert last().before == {"wrong_passwords": 5}


class TestAgencies:
    def test_added_and_changed(self, admin, small_province):
        made = actions.add_agency(admin, code="police", name_ru="Полиция", area=small_province.region)
        actions.change_agency(admin, made.pk, phone="102")
        made.refresh_from_db()
        assert made.phone == "102"
        assert (last().before, last().after) == ({"phone": ""}, {"phone": "102"})
        assert last().area_path == small_province.region.path

    def test_in_ones_own_part_of_the_world(self, person, small_province):
        north, south = small_province.districts
        bound = person("administrator", north)
        made = actions.add_agency(bound, code="north", name_ru="x", area=north)
        for area in (south, None):
            with pytest.raises(PermissionDenied):
                actions.add_agency(bound, code="south", name_ru="x", area=area)
            with pytest.raises(PermissionDenied):
                actions.change_agency(bound, made.pk, area=area)


def test_every_act_stands_in_a_chain_that_holds(admin, person):
    actions.add_person(admin, username="a", full_name="A")
    actions.assign_role(admin, person().pk, "analyst")
    assert Entry.objects.count() == 2
    assert list(chain.verify()) == []
