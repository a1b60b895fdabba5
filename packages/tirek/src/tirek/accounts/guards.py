"""Guards of views. A view without one does not pass the test battery."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from tirek.accounts.access import can


def page(*permissions: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Guard a view, plain or async: log-in, and at least one of `permissions`. With none named, any person logged in.

    The guard is readable from outside (`view.guard`): the test battery tries every role on every page with it.
    """

    def check(request: HttpRequest) -> HttpResponseBase | None:
        if not request.user.is_authenticated:
            return _to_login(request)
        if permissions and not any(can(request.user, permission) for permission in permissions):
            raise PermissionDenied(permissions[0])
        return None

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        if iscoroutinefunction(view):

            @wraps(view)
            async def guarded_async(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                answer = await sync_to_async(check)(request)
                return answer or await view(request, *args, **kwargs)

            guarded_async.guard = permissions  # type: ignore[attr-defined]
            return guarded_async

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return check(request) or view(request, *args, **kwargs)

        guarded.guard = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Say that a view is open to everybody on purpose."""
    view.guard = None  # type: ignore[attr-defined]
    return view


def reads_json(request: HttpRequest) -> bool:
    """Whether a script asks that understands JSON only: it is told in JSON, since a page would mean nothing to it."""
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def signed_out(back: str, text: str = "") -> JsonResponse:
    """The session has ended, for scripts: what they hold stays with them until the person has signed in again."""
    text = text or _("You are signed out. Sign in again; everything on this device is kept.")
    login = redirect_to_login(back).url
    return JsonResponse({"error": text, "code": "signed_out", "login": login}, status=401)


def _to_login(request: HttpRequest) -> HttpResponseBase:
    """To the log-in and back again. For a part of a page (htmx) the whole page goes, back to where the person is."""
    if reads_json(request):
        return signed_out("/")
    htmx = getattr(request, "htmx", None)
    if htmx:
        back = htmx.current_url_abs_path or request.get_full_path()
        return HttpResponseClientRedirect(redirect_to_login(back).url)
    return redirect_to_login(request.get_full_path())
