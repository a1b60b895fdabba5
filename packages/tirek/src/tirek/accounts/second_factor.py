"""A second factor, proved a short while ago: what issuing or confirming a live alert asks for, and changing the factors.

django-allauth notes in the session by which method a person proved who they are, and when (`method`, `type`, `at`).
"""

from __future__ import annotations

import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from tirek.accounts.access import is_sample_session
from tirek.accounts.models import Person

FRESH_SECONDS = 300


def has_any(person: Person) -> bool:
    """Whether the person has set up a passkey or an authenticator app (recovery codes alone are none)."""
    return bool(get_adapter().is_mfa_enabled(person, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]))


def fresh(request: HttpRequest, seconds: int = FRESH_SECONDS) -> bool:
    """Whether this session has proved a second factor (passkey, app or recovery code) within the last `seconds`.

    Never for a session that plays a sample person.
    """
    if not request.user.is_authenticated or is_sample_session(request):
        return False
    proved = [r["at"] for r in get_authentication_records(request, request.user) if r.get("method") == "mfa"]
    return bool(proved) and 0 <= time.time() - max(proved) < seconds


def stale(request: HttpRequest) -> bool:
    """Whether the person has a second factor but has not proved it lately. The factors themselves are then not changed
    and recovery codes not shown: at an open session a password alone would put a stranger's factor in place of theirs.
    """
    return has_any(request.user) and not fresh(request)


def demand(request: HttpRequest, next_url: str = "") -> HttpResponse:
    """Send the person to prove the second factor, and back to `next_url` (default: this page; after a POST, the one it
    came from). Who has none is sent to set one up; who plays a sample person is told that it takes a real log-in.
    """
    back = next_url or _here(request)
    if is_sample_session(request):
        messages.error(request, _("Sample people can only hold exercises. Sign in as yourself to warn for real."))
        return _go(request, back)
    if not has_any(request.user):
        messages.error(
            request,
            _("A live alert needs a second factor, and you have none yet. Add a passkey or an authenticator app here."),
        )
        return _go(request, reverse("mfa_index"))
    passkey = get_adapter().is_mfa_enabled(request.user, [Authenticator.Type.WEBAUTHN])
    way = reverse("mfa_reauthenticate_webauthn" if passkey else "mfa_reauthenticate")
    return _go(request, f"{way}?{urlencode({'next': back})}")


def _here(request: HttpRequest) -> str:
    if request.method == "GET":
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return came_from if safe else "/"


def _go(request: HttpRequest, url: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)
