"""Sample people, and the bar that plays them: between this machine and itself only."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.fixtures import make_area
from tirek.accounts import sample
from tirek.accounts.models import Agency, Person
from tirek.accounts.roles import ROLES
from tirek.audit.models import Entry

pytestmark = pytest.mark.django_db
HERE = {"headers": {"host": "localhost:8000"}, "REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture
def loaded(settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_area("region", "Region", 50, 57, 1, is_sample=True)
    make_area("district", "City", 50, 57, 0.1, code="sample-aktobe", is_sample=True)
    lines = []
    sample.load(lines.append)
    return lines


def become(client, username="sample-officer", field=False, **request):
    where = "/people/become/" if field else f"/people/become/{username}"
    return client.post(where, {"as": username, "next": "/people/me/"}, **(HERE | request))


class TestLoad:
    def test_every_role_can_be_played(self, loaded):
        held = {role for person in Person.objects.filter(is_sample=True) for role in person.roles}
        assert held == set(ROLES)
        assert sum("duty_officer" in person.roles for person in Person.objects.all()) == 2
        assert not any(person.has_usable_password() for person in Person.objects.all())
        assert all(agency.name_kk and agency.name_ru and agency.name_en for agency in Agency.objects.all())

    def test_twice_is_once(self, loaded):
        people, entries = Person.objects.count(), Entry.objects.count()
        sample.load(loaded.append)
        assert (Person.objects.count(), Entry.objects.count()) == (people, entries)
        assert loaded[-1].endswith("(0 new)")

    def test_a_role_of_one_area_is_never_given_everywhere(self):
        sample.load(lambda line: None)
        assert Person.objects.get(username="sample-inspector").roles == []

    def test_a_real_person_of_that_name_is_left_alone(self, person):
        real = person("analyst", username="sample-chief")
        sample.load(lambda line: None)
        real.refresh_from_db()
        assert not real.is_sample
        assert real.roles == ["analyst"]

    def test_cleared_without_touching_real_people(self, loaded, person):
        real = person("analyst")
        assert sample.clear() == len(sample.PEOPLE) + len(sample.AGENCIES)
        assert list(Person.objects.all()) == [real]
        assert sample.clear() == 0


class TestBecome:
    @pytest.mark.parametrize("field", [False, True])
    def test_one_click_plays_somebody(self, loaded, field):
        client = Client()
        assert become(client, field=field).url == "/people/me/"
        assert client.session["sample"] is True
        assert Person.objects.get(pk=client.session["_auth_user_id"]).username == "sample-officer"
        assert Entry.objects.first().after == {"methods": ["sample"]}
        become(client, "sample-chief")
        assert Person.objects.get(pk=client.session["_auth_user_id"]).username == "sample-chief"

    @pytest.mark.parametrize("name", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"])
    def test_loopback_names(self, loaded, name):
        assert become(Client(), headers={"host": name}).status_code == 302

    @pytest.mark.parametrize(
        "request_",
        [
            {"REMOTE_ADDR": "10.0.0.5"},
            {"REMOTE_ADDR": ""},
            {"REMOTE_ADDR": "203.0.113.9"},
            {"headers": {"host": "tirek.example"}},
            {"headers": {"host": "localhost.evil.example"}},
            {"headers": {"host": "127.0.0.1.evil.example"}},
            {"headers": {"host": "localhost", "X-Forwarded-For": "127.0.0.1"}},
            {"headers": {"host": "localhost", "Forwarded": "for=127.0.0.1"}},
            {"headers": {"host": "localhost", "X-Real-IP": "10.0.0.1"}},
        ],
    )
    def test_not_from_elsewhere(self, loaded, request_):
        client = Client()
        assert become(client, **request_).status_code == 404
        assert "_auth_user_id" not in client.session

    def test_nobody_real_and_nobody_closed(self, loaded, person):
        real = person("administrator", username="real")
        Person.objects.filter(username="sample-chief").update(is_active=False)
        for username in (real.username, "sample-chief", "nobody", ""):
            assert become(Client(), username, field=True).status_code == 404

    def test_not_by_a_link(self, loaded):
        assert Client().get("/people/become/sample-officer", **HERE).status_code == 405

    def test_not_from_another_site(self, loaded):
        strict = Client(enforce_csrf_checks=True)
        assert become(strict).status_code == 403

    def test_not_to_another_site(self, loaded):
        where = Client().post("/people/become/sample-chief", {"next": "https://elsewhere.example/"}, **HERE)
        assert where.url == "/"

    def test_without_sample_people_it_does_not_exist(self, person):
        person("administrator", username="sample-officer")
        assert become(Client()).status_code == 404


class TestBar:
    def test_it_lists_the_story_first(self, loaded):
        page = Client().get("/account/login/", **HERE).content.decode()
        assert "band-sample" in page
        assert page.index("sample-officer") < page.index("sample-chief") < page.index("sample-analyst")

    def test_it_is_not_there_from_elsewhere(self, loaded):
        assert "band-sample" not in Client().get("/account/login/", REMOTE_ADDR="10.0.0.5").content.decode()

    def test_who_one_is_stands_in_it(self, loaded, person, client_for):
        page = client_for(person("analyst", full_name="Real Analyst")).get("/people/me/", **HERE).content.decode()
        assert "Real Analyst</option>" in page

    def test_played_people_have_no_password_and_no_second_factor(self, loaded):
        client = Client()
        become(client)
        for name in ("mfa_index", "mfa_add_webauthn", "mfa_activate_totp", "account_change_password"):
            assert client.get(reverse(name), **HERE).status_code == 403
