"""Signing in: password, one-time password, second factors, lock-out, and what does not exist."""

import re
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.fixtures import PASSWORD
from tirek.accounts import actions
from tirek.accounts.models import Person
from tirek.audit.models import Entry

pytestmark = pytest.mark.django_db
LOGIN, ME = "/account/login/", "/people/me/"


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()


def sign_in(client, person, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": person.username, "password": password, **more})


def prove_password(client):
    """What adding or removing a second factor asks for, however short ago one has signed in."""
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def code_of(secret, moment=0):
    counter = next(iter(totp.yield_hotp_counters_from_time())) + moment
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


@pytest.fixture
def with_app(person, client, django_capture_on_commit_callbacks):
    """Somebody who has set up an authenticator app, through the pages; with its secret."""
    somebody = person("duty_officer")
    sign_in(client, somebody)
    prove_password(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert Authenticator.objects.filter(user=somebody, type="totp").exists()
    client.post(reverse("account_logout"))
    cache.clear()
    return somebody, secret


class TestPassword:
    def test_in_and_out(self, person, client):
        somebody = person("analyst")
        assert sign_in(client, somebody, next=ME).url == ME
        assert client.get(ME).status_code == 200
        entry = Entry.objects.first()
        assert (entry.verb, entry.actor_id, entry.after) == ("accounts.log_in", somebody.pk, {"methods": ["password"]})
        client.post(reverse("account_logout"))
        assert client.get(ME).status_code == 302

    def test_the_device_knows_whose_it_is(self, person, client):
        somebody = person("analyst")
        sign_in(client, somebody)
        cookie = client.cookies["tirek_person"]
        assert cookie.value == str(somebody.pk)
        assert not cookie["httponly"]
        assert "tirek_person" not in client.get(ME).cookies  # it knows
        client.session.flush()  # a session that ends by itself changes nothing: without a network it would not be heard of
        client.get(ME)
        assert client.cookies["tirek_person"].value == str(somebody.pk)
        sign_in(client, somebody)
        client.post(reverse("account_logout"))
        assert client.cookies["tirek_person"].value == "0"

    def test_the_case_of_the_name_does_not_matter(self, person, client):
        somebody = person("analyst", username="aigul")
        client.post(LOGIN, {"login": "AIGUL", "password": PASSWORD})
        assert client.session["_auth_user_id"] == str(somebody.pk)

    @pytest.mark.parametrize("language", ["kk", "ru", "en"])
    def test_a_wrong_one_is_said_in_the_language(self, person, client, language):
        client.cookies["django_language"] = language
        page = sign_in(client, person(), "wrong").content.decode()
        assert "The username and/or password" not in page
        assert ("The log-in name or the password is not right." in page) == (language == "en")

    def test_a_closed_account(self, person, client):
        closed = person("analyst", is_active=False)
        sign_in(client, closed)
        assert "_auth_user_id" not in client.session

    def test_no_way_out_to_another_site(self, person, client):
        assert sign_in(client, person(), next="https://elsewhere.example/").url == "/"

    def test_a_guarded_page_leads_to_the_log_in_and_back(self, client):
        assert client.get(ME).url == f"{LOGIN}?next={ME}"

    def test_a_part_of_a_page_moves_the_whole_page(self, client):
        response = client.get(ME, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/"})
        assert response.headers["HX-Redirect"] == f"{LOGIN}?next=/desk/"


class TestWhatDoesNotExist:
    @pytest.mark.parametrize(
        "path",
        ["signup/", "email/", "confirm-email/", "confirm-email/abc/", "password/reset/", "password/set/",
         "login/code/", "login/code/confirm/", "password/reset/key/1-abc/", "2fa/", "reauthenticate/"],
    )  # fmt: skip
    def test_sign_up_mail_and_reset(self, person, client_for, path):
        expected = 404 if path != "login/code/" else 302  # ours: the second step of a log-in
        for client in (Client(), client_for(person("administrator"))):
            assert client.get(f"/account/{path}").status_code == expected


class TestOneTimePassword:
    @pytest.fixture
    def newcomer(self, person):
        admin = person("administrator")
        return actions.add_person(admin, username="new", full_name="New", language="en")

    def test_must_be_changed_before_anything_else(self, newcomer, client, client_for):
        somebody, password = newcomer
        sign_in(client, somebody, password)
        for path in (ME, "/people/", "/", reverse("mfa_index")):
            assert client.get(path).url == reverse("account_change_password")
        assert client.post("/people/me/sessions/end/").url == reverse("account_change_password")
        answer = client.get(ME, headers={"HX-Request": "true"})
        assert answer.headers["HX-Redirect"] == reverse("account_change_password")
        new = {"oldpassword": password, "password1": PASSWORD, "password2": PASSWORD}
        assert client.post(reverse("account_change_password"), new).url == ME
        assert client.get(ME).status_code == 200
        somebody.refresh_from_db()
        assert somebody.one_time_until is None
        assert Entry.objects.first().verb == "accounts.change_own_password"

    def test_cannot_be_kept(self, newcomer, client):
        somebody, password = newcomer
        sign_in(client, somebody, password)
        same = {"oldpassword": password, "password1": password, "password2": password}
        assert "other than the present one" in client.post(reverse("account_change_password"), same).content.decode()

    def test_runs_out(self, newcomer, client):
        somebody, password = newcomer
        Person.objects.update(one_time_until="2020-01-01T00:00Z")
        sign_in(client, somebody, password)
        client.get(ME)
        assert client.get(ME).url.startswith(LOGIN)
        assert "no longer valid" in client.get(LOGIN).content.decode()

    def test_language_and_way_out_stay_open(self, newcomer, client):
        somebody, password = newcomer
        sign_in(client, somebody, password)
        assert client.post("/language", {"language": "kk", "next": "/"}).url == "/"
        assert client.post(reverse("account_logout")).url == LOGIN


class TestAuthenticatorApp:
    def test_the_second_step(self, with_app, client):
        somebody, secret = with_app
        assert sign_in(client, somebody).url == reverse("mfa_authenticate")
        assert "_auth_user_id" not in client.session
        assert client.get(ME).status_code == 302
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret, 1)})
        assert client.session["_auth_user_id"] == str(somebody.pk)
        assert Entry.objects.filter(verb="accounts.log_in").first().after == {"methods": ["password", "totp"]}

    def test_a_wrong_code(self, with_app, client):
        sign_in(client, with_app[0])
        page = client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
        assert "This code is not right" in page
        assert "_auth_user_id" not in client.session

    def test_codes_cannot_be_tried_for_ever(self, with_app, client):
        somebody, secret = with_app
        sign_in(client, somebody)
        for _ in range(5):
            client.post(reverse("mfa_authenticate"), {"code": "000000"})
        page = client.post(reverse("mfa_authenticate"), {"code": code_of(secret, 1)}).content.decode()
        assert "Too many wrong attempts" in page
        assert "_auth_user_id" not in client.session

    def test_the_secret_stands_encrypted_in_the_database(self, with_app):
        stored = Authenticator.objects.get(type="totp").data["secret"]
        assert stored != with_app[1]
        assert stored.startswith("gAAAA")

    def test_a_recovery_code(self, with_app, client):
        somebody, _secret = with_app
        codes = Authenticator.objects.get(user=somebody, type="recovery_codes").wrap().get_unused_codes()
        sign_in(client, somebody)
        client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert client.session["_auth_user_id"] == str(somebody.pk)

    def test_its_setting_up_and_removal_are_on_record(self, with_app):
        said = [
            entry.after["second_factor"] for entry in Entry.objects.filter(verb="accounts.change_own_second_factor")
        ]
        assert sorted(said) == ["added recovery_codes", "added totp"]


CHANGES = [
    ("mfa_activate_totp", False), ("mfa_deactivate_totp", False), ("mfa_view_recovery_codes", False),
    ("mfa_generate_recovery_codes", False), ("mfa_download_recovery_codes", False), ("mfa_add_webauthn", False),
    ("mfa_edit_webauthn", True), ("mfa_remove_webauthn", True),
]  # fmt: skip


class TestChangingFactors:
    """At a session left open, with the password known: the factors of whoever has some stay theirs."""

    @pytest.fixture
    def left_open(self, with_app, client_for):
        somebody, _secret = with_app
        somebody.refresh_from_db()  # signing in has kept the password anew
        session = client_for(somebody)
        session.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        return session

    @staticmethod
    def factors(somebody):
        return list(Authenticator.objects.filter(user=somebody).order_by("pk").values_list("pk", "type", "data"))

    @pytest.mark.parametrize(("name", "one"), CHANGES)
    def test_the_password_alone_opens_nothing(self, with_app, left_open, name, one):
        somebody, _secret = with_app
        key = Authenticator.objects.create(user=somebody, type="webauthn", data={"name": "mine"})
        before, path = self.factors(somebody), reverse(name, args=[key.pk] if one else [])
        for answer in (left_open.get(path), left_open.post(path, {"name": "theirs"})):
            assert answer.status_code == 302
            assert answer.url == f"{reverse('mfa_reauthenticate_webauthn')}?next={quote(path, safe='')}"
        assert self.factors(somebody) == before

    def test_without_a_passkey_to_the_page_for_codes(self, left_open):
        path = reverse("mfa_deactivate_totp")
        assert left_open.get(path).url == f"{reverse('mfa_reauthenticate')}?next={quote(path, safe='')}"

    def test_the_password_is_not_offered(self, with_app, left_open):
        assert left_open.get(reverse("account_reauthenticate")).url == reverse("mfa_reauthenticate")
        assert "confirm/password" not in left_open.get(reverse("mfa_reauthenticate")).content.decode()
        Authenticator.objects.create(user=with_app[0], type="webauthn", data={"name": "mine"})
        assert left_open.get(reverse("account_reauthenticate")).url == reverse("mfa_reauthenticate_webauthn")

    def test_a_code_from_the_app_opens_them(self, with_app, left_open):
        path = reverse("mfa_deactivate_totp")
        proof = {"code": code_of(with_app[1], 1), "next": path}
        assert left_open.post(reverse("mfa_reauthenticate"), proof).url == path
        assert left_open.get(reverse("mfa_view_recovery_codes")).status_code == 200
        assert left_open.post(path).url == reverse("mfa_index")
        assert self.factors(with_app[0]) == []

    def test_so_does_a_recovery_code(self, with_app, left_open):
        codes = Authenticator.objects.get(user=with_app[0], type="recovery_codes").wrap().get_unused_codes()
        left_open.post(reverse("mfa_reauthenticate"), {"code": codes[0]})
        assert left_open.post(reverse("mfa_deactivate_totp")).url == reverse("mfa_index")
        assert self.factors(with_app[0]) == []

    def test_a_proof_grows_old(self, with_app, left_open):
        left_open.post(reverse("mfa_reauthenticate"), {"code": code_of(with_app[1], 1)})
        session = left_open.session
        for record in session["account_authentication_methods"]:
            record["at"] -= 301
        session.save()
        assert left_open.post(reverse("mfa_deactivate_totp")).url.startswith(reverse("mfa_reauthenticate"))
        assert self.factors(with_app[0])


class TestPasskey:
    def test_log_in_begins(self, client):
        answer = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
        options = answer.json()["request_options"]["publicKey"]
        assert len(options["challenge"]) >= 22
        assert options["rpId"] == "testserver"

    def test_rubbish_is_refused(self, client):
        assert client.post(reverse("mfa_login_webauthn"), {"credential": "{}"}).url == LOGIN
        assert "_auth_user_id" not in client.session

    def test_setting_up_begins_after_the_password(self, person, client):
        somebody = person("analyst")
        sign_in(client, somebody)
        prove_password(client)
        page = client.get(reverse("mfa_add_webauthn"))
        options = page.context["js_data"]["creation_options"]["publicKey"]
        assert options["user"]["name"] == somebody.username
        assert page.context["form"].initial["name"] == "My key"

    def test_an_old_log_in_must_be_proved_again(self, person, client_for):
        assert (
            client_for(person("analyst")).get(reverse("mfa_add_webauthn")).url.startswith("/account/confirm/password/")
        )


class TestLockOut:
    def test_after_five_wrong_passwords(self, person, client):
        somebody = person("analyst")
        for _ in range(4):
            assert sign_in(client, somebody, "wrong").status_code == 200
        locked = sign_in(client, somebody, "wrong")
        assert locked.status_code == 429
        assert re.search("wrong 5 times", locked.content.decode())
        assert sign_in(client, somebody).status_code == 429

    def test_a_name_written_another_way_is_the_same_name(self, person, client, client_for):
        somebody, admin = person("analyst", username="aigul"), client_for(person("administrator"))
        for name in ("aigul", "AIGUL", " Aigul", "aIGUL "):
            assert client.post(LOGIN, {"login": name, "password": "wrong"}).status_code == 200
        assert client.post(LOGIN, {"login": "aiguL", "password": "wrong"}).status_code == 429
        for name in ("AiGuL", "aigul"):
            assert client.post(LOGIN, {"login": name, "password": PASSWORD}).status_code == 429
        assert "Locked out after" in admin.get(f"/people/{somebody.pk}/").content.decode()
        admin.post(f"/people/{somebody.pk}/unlock/")
        client.post(LOGIN, {"login": "Aigul", "password": PASSWORD})
        assert client.session["_auth_user_id"] == str(somebody.pk)

    def test_a_flood_of_tries_is_slowed_down(self, client):
        for number in range(30):
            client.post(LOGIN, {"login": f"nobody-{number}", "password": "wrong"})
        page = client.post(LOGIN, {"login": "nobody", "password": "wrong"})
        assert page.status_code == 429
        assert "Wait a minute" in page.content.decode()

    def test_only_from_that_address(self, person, client):
        somebody = person("analyst")
        for _ in range(5):
            sign_in(client, somebody, "wrong")
        other = Client(REMOTE_ADDR="10.1.2.3")
        sign_in(other, somebody)
        assert other.session["_auth_user_id"] == str(somebody.pk)

    def test_an_administrator_sees_and_ends_it(self, person, client, client_for):
        somebody, admin = person("analyst"), client_for(person("administrator"))
        for _ in range(5):
            sign_in(client, somebody, "wrong")
        page = admin.get(f"/people/{somebody.pk}/").content.decode()
        assert "Locked out after 5 wrong passwords" in page
        admin.post(f"/people/{somebody.pk}/unlock/")
        assert "Locked out" not in admin.get(f"/people/{somebody.pk}/").content.decode()
        sign_in(client, somebody)
        assert client.session["_auth_user_id"] == str(somebody.pk)
