"""What a request knows of its person before any view runs: language, a forced change of password, the end of a session.

When a session ends stands in `endings`. Requests that a page makes by itself (the live stream, refreshes marked with the
header X-Tirek-Background) are no acts of the person.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from tirek.accounts import device_cookie
from tirek.accounts.endings import BEGAN, SEEN, why_ended
from tirek.accounts.guards import reads_json, signed_out
from tirek.accounts.models import Person
from tirek.accounts.sessions import ADDRESS, BROWSER

BACKGROUND_HEADER = "X-Tirek-Background"
BACKGROUND_PATHS = ("/live/",)
SEEN_EVERY = 60  # seconds between writes of the last act
OPEN_WITH_ONE_TIME_PASSWORD = {"account_change_password", "account_logout", "language"}


class PersonMiddleware:
    """Stands after AuthenticationMiddleware and MessageMiddleware, which it uses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = request.user.pk
        response = self._answer(request)
        device_cookie.tell_change(request, response, before)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if not person.is_authenticated:
            return self.get_response(request)
        translation.activate(person.language)
        request.LANGUAGE_CODE = person.language
        return self._ended(request, person) or self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """With a one-time password only the change of it is open, and the way out."""
        person = request.user
        if not person.is_authenticated or person.one_time_until is None:
            return None
        if request.resolver_match and request.resolver_match.url_name in OPEN_WITH_ONE_TIME_PASSWORD:
            return None
        if reads_json(request):
            return signed_out(reverse("account_change_password"), _("First choose a password of your own."))
        return _go(request, reverse("account_change_password"))

    def _ended(self, request: HttpRequest, person: Person) -> HttpResponse | None:
        """The answer that ends the session, or None when it goes on."""
        now = int(time.time())
        session = request.session
        began, seen = session.get(BEGAN), session.get(SEEN)
        if began is None or seen is None:
            session.update(
                {
                    BEGAN: now,
                    SEEN: now,
                    ADDRESS: request.META.get("REMOTE_ADDR", ""),
                    BROWSER: request.META.get("HTTP_USER_AGENT", ""),
                }
            )
            return None
        if why := why_ended(session, person):
            return _end(request, why)
        if now - seen >= SEEN_EVERY and not is_background(request):
            session[SEEN] = now
        return None


def is_background(request: HttpRequest) -> bool:
    """Whether a page makes this request by itself."""
    return BACKGROUND_HEADER in request.headers or request.path.startswith(BACKGROUND_PATHS)


def _end(request: HttpRequest, why: str) -> HttpResponse:
    logout(request)
    if reads_json(request):
        return signed_out("/", why)
    messages.warning(request, why)
    back = request.get_full_path() if request.method == "GET" and not is_background(request) else ""
    query = f"?{urlencode({'next': back})}" if back else ""
    return _go(request, f"{reverse('account_login')}{query}")


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect of the whole page, also when only a part of it was asked for (htmx)."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)
