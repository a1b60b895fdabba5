"""Tells a device whose it is now, in a cookie that scripts can read.

The app of inspections opens without a network, when nobody can be asked who is signed in. It asks this cookie before it opens
anybody's drafts. The end of a session by time changes nothing: an inspector far from any network goes on with their own drafts.
Signing out does: nobody's drafts open then.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE = "tirek_person"
NOBODY = "0"
AGE = 400 * 24 * 3600  # as long as browsers keep any


def tell(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put into the answer who is signed in, if the device does not know it yet."""
    _set(request, response, str(request.user.pk))


def tell_change(request: HttpRequest, response: HttpResponseBase, before: int | None) -> None:
    """The same, after a request in which somebody may have signed in or out."""
    now = request.user.pk
    if now is not None and now != before:
        _set(request, response, str(now))
    elif (
        now is None
        and before is not None
        and request.resolver_match
        and request.resolver_match.url_name == "account_logout"
    ):
        _set(request, response, NOBODY)


def _set(request: HttpRequest, response: HttpResponseBase, value: str) -> None:
    if request.COOKIES.get(COOKIE) != value:
        response.set_cookie(COOKIE, value, max_age=AGE, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
