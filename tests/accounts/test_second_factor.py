"""The second factor that a live alert asks for."""

import time

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory
from django.urls import reverse

from tirek.accounts import second_factor
from tirek.accounts.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of():
    def make(person, method="get", path="/warning/5/", **headers):
        request = getattr(RequestFactory(), method)(path, headers=headers)
        request.user, request.session = person, SessionStore()
        request._messages = FallbackStorage(request)
        return request

    return make


def said(request):
    return " ".join(str(message) for message in get_messages(request))


class TestFresh:
    def test_a_password_is_none(self, person, request_of):
        request = request_of(person("chief"))
        assert not second_factor.fresh(request)
        record_authentication(request, request.user, method="password")
        assert not second_factor.fresh(request)

    @pytest.mark.parametrize("kind", ["totp", "webauthn", "recovery_codes"])
    def test_each_kind_counts(self, person, request_of, kind):
        request = request_of(person("chief"))
        record_authentication(request, request.user, method="mfa", type=kind, id=1)
        assert second_factor.fresh(request)

    def test_it_grows_old(self, person, request_of):
        request = request_of(person("chief"))
        record_authentication(request, request.user, method="mfa", type="totp", id=1)
        record_authentication(request, request.user, method="password", reauthenticated=True)
        request.session["account_authentication_methods"][0]["at"] = time.time() - 299
        assert second_factor.fresh(request)
        request.session["account_authentication_methods"][0]["at"] = time.time() - 301
        assert not second_factor.fresh(request)
        assert second_factor.fresh(request, seconds=600)

    def test_a_clock_set_back_does_not_keep_it_fresh(self, person, request_of):
        request = request_of(person("chief"))
        record_authentication(request, request.user, method="mfa", type="totp", id=1)
        request.session["account_authentication_methods"][0]["at"] = time.time() + 3600
        assert not second_factor.fresh(request)

    def test_somebody_elses_proof_is_none(self, person, request_of):
        request = request_of(person("chief"))
        record_authentication(request, request.user, method="mfa", type="totp", id=1)
        request.user = person("chief")
        assert not second_factor.fresh(request)

    def test_never_for_sample_people(self, person, request_of):
        for somebody, mark in ((person("chief", is_sample=True), False), (person("chief"), True)):
            request = request_of(somebody)
            record_authentication(request, somebody, method="mfa", type="totp", id=1)
            request.session["sample"] = mark
            assert not second_factor.fresh(request)


class TestDemand:
    def test_who_has_none_is_sent_to_set_one_up(self, person, request_of):
        request = request_of(person("chief"))
        assert second_factor.demand(request).url == reverse("mfa_index")
        assert "needs a second factor" in said(request)

    def test_recovery_codes_alone_are_none(self, person, request_of):
        somebody = person("chief")
        Authenticator.objects.create(user=somebody, type="recovery_codes", data={})
        assert second_factor.demand(request_of(somebody)).url == reverse("mfa_index")

    @pytest.mark.parametrize(
        ("kind", "way"), [("totp", "mfa_reauthenticate"), ("webauthn", "mfa_reauthenticate_webauthn")]
    )
    def test_to_the_proof_and_back(self, person, request_of, kind, way):
        somebody = person("chief")
        Authenticator.objects.create(user=somebody, type=kind, data={})
        assert second_factor.demand(request_of(somebody)).url == f"{reverse(way)}?next=%2Fwarning%2F5%2F"
        assert second_factor.demand(request_of(somebody), "/desk/").url.endswith("?next=%2Fdesk%2F")

    def test_after_a_post_back_to_where_it_came_from(self, person, request_of):
        somebody = person("chief")
        Authenticator.objects.create(user=somebody, type="totp", data={})
        request = request_of(somebody, "post", Referer="http://testserver/warning/5/")
        assert second_factor.demand(request).url.endswith("?next=http%3A%2F%2Ftestserver%2Fwarning%2F5%2F")
        request = request_of(somebody, "post", Referer="http://elsewhere.example/")
        assert second_factor.demand(request).url.endswith("?next=%2F")

    def test_a_part_of_a_page_moves_the_whole_page(self, person, request_of):
        request = request_of(person("chief"), **{"HX-Request": "true"})
        assert second_factor.demand(request).headers["HX-Redirect"] == reverse("mfa_index")

    def test_sample_people_are_told_why_not(self, person, request_of):
        request = request_of(person("chief", is_sample=True))
        assert second_factor.demand(request).url == "/warning/5/"
        assert "only hold exercises" in said(request)
