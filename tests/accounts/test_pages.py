"""Pages about people, as an administrator uses them."""

import re

import pytest

from tirek.accounts.models import Agency, Assignment, Person
from tirek.ui import registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(person):
    return person("administrator", full_name="Admin")


@pytest.fixture
def desk(admin, client_for):
    return client_for(admin)


def text(response):
    return response.content.decode()


def names(client, query=""):
    return [p.username for p in client.get(f"/people/?{query}").context["table"].data]


class TestList:
    def test_search_and_filters(self, desk, admin, person, small_province):
        officer = person("duty_officer", username="serikov", full_name="Сериков Данияр", phone="+7 701 111 22 33")
        closed = person("inspector", home=small_province.agency, username="closed", is_active=False)
        for query in ("q=сериков", "q=Данияр", "q=serik", "q=111 22", "role=duty_officer"):
            assert names(desk, query) == [officer.username], query
        assert names(desk, f"agency={small_province.agency.pk}") == ["closed"]
        assert names(desk, "state=closed") == [closed.username]
        assert "closed" not in names(desk, "state=open")
        assert names(desk, "role=duty_officer&role=administrator&sort=full_name") == [admin.username, "serikov"]
        assert "Nobody found" in text(desk.get("/people/?q=nobody-of-that-name"))

    def test_a_role_that_has_ended_does_not_count(self, desk, person):
        person("inspector").assignments.update(until="2020-01-01T00:00Z")
        assert names(desk, "role=inspector") == []

    def test_who_may_only_look_gets_no_buttons(self, person, client_for):
        page = text(client_for(person("overseer")).get("/people/"))
        assert "Add a person" not in page


class TestAdd:
    fields = {"full_name": "New Person", "username": "New.Person", "language": "kk"}

    def test_the_one_time_password_is_shown_once(self, desk):
        page = desk.post("/people/add/", self.fields)
        password = page.context["password"]
        made = Person.objects.get(username="new.person")
        assert made.check_password(password)
        assert password in text(page)
        assert "no-store" in page.headers["Cache-Control"]
        assert password not in text(desk.get(f"/people/{made.pk}/"))

    @pytest.mark.parametrize("name", ["ADMIN-taken", "two words"])
    def test_a_log_in_name_that_cannot_be(self, desk, person, name):
        person(username="admin-taken")
        page = desk.post("/people/add/", self.fields | {"username": name})
        assert page.context["form"].errors["username"]

    def test_a_bound_administrator_adds_at_home_only(self, person, client_for, small_province):
        north, south = small_province.districts
        here, there = (Agency.objects.create(code=a.name_en, name_en=a.name_en, area=a) for a in (north, south))
        client = client_for(person("administrator", north))
        offered = client.get("/people/add/").context["form"].fields["agency"].queryset
        assert list(offered) == [here]
        assert client.post("/people/add/", self.fields | {"agency": there.pk}).context["form"].errors
        assert client.post("/people/add/", self.fields).status_code == 403
        assert "password" in client.post("/people/add/", self.fields | {"agency": here.pk}).context


class TestPerson:
    def test_change(self, desk, person):
        somebody = person("analyst", username="old")
        fields = {"full_name": "Renamed", "username": "old", "language": "en", "phone": "5"}
        assert desk.post(f"/people/{somebody.pk}/edit/", fields).url == f"/people/{somebody.pk}/"
        page = text(desk.get(f"/people/{somebody.pk}/"))
        assert "Renamed" in page
        assert "changed a person" in page

    def test_close_and_open_again(self, desk, person):
        somebody = person("analyst")
        where = f"/people/{somebody.pk}/"
        assert desk.post(f"{where}close/", {}).context["form"].errors["why"]
        desk.post(f"{where}close/", {"why": "has left"})
        assert "This account is closed" in text(desk.get(where))
        page = desk.post(f"{where}reopen/")
        assert Person.objects.get(pk=somebody.pk).check_password(page.context["password"])

    def test_closing_oneself_is_refused_in_words(self, desk, admin):
        page = desk.post(f"/people/{admin.pk}/close/", {"why": "x"})
        assert "You cannot close your own account" in text(page)

    def test_a_role_is_given_and_withdrawn(self, desk, person, small_province):
        somebody, north = person(), small_province.districts[0]
        where = f"/people/{somebody.pk}/"
        desk.post(f"{where}roles/add/", {"role": "inspector", "area": north.pk, "until": "2099-12-31"})
        one = Assignment.objects.get(person=somebody)
        assert (one.role, one.area) == ("inspector", north)
        assert re.search(r"31 December 2099|Dec. 31, 2099", text(desk.get(where)))
        desk.post(f"{where}roles/{one.pk}/withdraw/")
        assert not Assignment.objects.filter(person=somebody).exists()

    def test_the_last_administrator_stays(self, desk, admin):
        one = admin.assignments.get()
        page = desk.post(f"/people/{admin.pk}/roles/{one.pk}/withdraw/", follow=True)
        assert "last administrator of the whole province" in text(page)
        assert Assignment.objects.filter(pk=one.pk).exists()

    def test_somebody_elses_role_is_not_withdrawn_by_way_of_another(self, desk, person):
        other = person("inspector").assignments.get()
        assert desk.post(f"/people/{person().pk}/roles/{other.pk}/withdraw/").status_code == 404

    def test_a_new_one_time_password(self, desk, person):
        somebody = person("analyst")
        page = desk.post(f"/people/{somebody.pk}/password/")
        somebody.refresh_from_db()
        assert somebody.check_password(page.context["password"])
        assert somebody.one_time_until is not None

    def test_how_others_sign_in_is_for_those_who_look_after_accounts(self, person, client_for):
        somebody = person("analyst")
        client_for(somebody, REMOTE_ADDR="10.9.8.7").get("/people/me/")
        assert "10.9.8.7" in text(client_for(person("administrator")).get(f"/people/{somebody.pk}/"))
        assert "10.9.8.7" not in text(client_for(person("overseer")).get(f"/people/{somebody.pk}/"))

    def test_out_of_reach_is_forbidden(self, person, client_for, small_province):
        home = Agency.objects.create(code="home", area=small_province.districts[0])
        wider = person("administrator", home=home)
        bound = client_for(person("administrator", small_province.districts[0]))
        assert bound.get(f"/people/{wider.pk}/").status_code == 200
        assert bound.post(f"/people/{wider.pk}/password/").status_code == 403


class TestAgencies:
    def test_added_changed_and_shown(self, desk, small_province):
        made = desk.post("/people/agencies/add/", {"code": "police", "name_ru": "Полиция", "name_en": "Police"})
        agency = Agency.objects.get(code="police")
        assert made.url == f"/people/agencies/{agency.pk}/"
        desk.post(f"/people/agencies/{agency.pk}/edit/", {"code": "police", "name_ru": "Полиция", "phone": "102"})
        assert "102" in text(desk.get(made.url))
        assert desk.post("/people/agencies/add/", {"code": "x"}).context["form"].errors

    def test_areas_are_offered_as_a_tree(self, desk, small_province):
        labels = [label for _value, label in desk.get("/people/agencies/add/").context["form"].fields["area"].choices]
        assert labels[:4] == ["the whole province", "Region", "· North", "· · Aral"]


class TestOwnPage:
    def test_language_and_theme(self, person, client_for):
        somebody = person("analyst", language="en")
        client = client_for(somebody)
        client.cookies["tirek_theme"] = "light"
        answer = client.post("/people/me/", {"language": "kk", "theme": "dark"})
        somebody.refresh_from_db()
        assert (somebody.language, somebody.theme) == ("kk", "dark")
        assert answer.cookies["tirek_theme"]["max-age"] == 0
        assert 'data-bs-theme="dark"' in text(client.get("/people/me/"))

    def test_nothing_changed_leaves_no_trace(self, person, client_for):
        client = client_for(person("analyst", language="en"))
        client.post("/people/me/", {"language": "en", "theme": ""})
        assert "changed the own settings" not in text(client.get("/people/me/"))

    def test_a_person_without_any_role_has_one(self, person, client_for):
        page = client_for(person()).get("/people/me/")
        assert "An administrator gives them to you" in text(page)


class TestSearch:
    def test_people_whom_one_may_see(self, person, small_province):
        there = Agency.objects.create(code="n", name_en="North office", area=small_province.districts[0])
        somebody = person("analyst", full_name="Сериков Данияр", home=there, position="analyst")
        hits = registry.search(person("chief"), "сериков")
        assert [(hit.title, hit.subtitle, hit.url) for hit in hits] == [
            ("Сериков Данияр", "analyst, North office", f"/people/{somebody.pk}/")
        ]
        assert registry.search(person("chief", small_province.districts[1]), "сериков") == []
        assert registry.search(person("analyst"), "сериков") == []
