"""Error pages: what happened, what is safe, what to do. They read no database, for that may be what failed."""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tirek.failures import disk_is_full
from tirek.ui.assets import asset
from tirek.ui.context import theme_cookie


def _wants_text(request: HttpRequest) -> bool:
    """Whether a sentence serves better than a page: for htmx, for the API, for whoever does not read HTML."""
    accepted = request.headers.get("Accept", "*/*")
    reads_html = "text/html" in accepted or "*/*" in accepted
    return bool(getattr(request, "htmx", False)) or request.path.startswith("/api/") or not reads_html


def _page(request: HttpRequest, status: HTTPStatus, title: str, *, icon: str, **parts: str) -> HttpResponse:
    """`parts`: happened, safe, todo."""
    if _wants_text(request):
        return HttpResponse(title, status=status, content_type="text/plain; charset=utf-8")
    context: dict[str, Any] = {"status": status.value, "icon_name": icon, "title": title, **parts}
    context["theme"] = theme_cookie(request) or "light"
    context["icons"] = asset("icons.svg")
    return HttpResponse(render_to_string("errors/page.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        HTTPStatus.BAD_REQUEST,
        _("The server could not read this request"),
        icon="file-unknown",
        happened=_("The address or the form was not as expected."),
        safe=_("Nothing was changed."),
        todo=_("Go back, load the page again and repeat the step."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        HTTPStatus.FORBIDDEN,
        _("You may not see this page"),
        icon="lock",
        happened=_("Your role, or the area it is bound to, does not include it."),
        safe=_("Nothing was changed."),
        todo=_("If you need it for your work, ask an administrator for the role."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        HTTPStatus.NOT_FOUND,
        _("There is no such page"),
        icon="map-off",
        happened=_("The address is wrong, or the record lies outside what you may see."),
        safe=_("Nothing was changed."),
        todo=_("Look for it with the search, or start from the first page."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    if disk_is_full(sys.exc_info()[1]):
        return _disk_full(request)
    return _page(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("The server made a mistake"),
        icon="alert-octagon",
        happened=_("This page failed. Alarms and alerts run in processes of their own and go on."),
        safe=_("What you did last was either done wholly or not at all."),
        todo=_("Load the page again. If it fails again, tell the administrator the time and this address."),
    )


def _disk_full(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        HTTPStatus.INSUFFICIENT_STORAGE,
        _("The disk of the server is full"),
        icon="alert-octagon",
        happened=_("Nothing new can be stored: no alarm, no warning, no change."),
        safe=_("What was stored is safe. Panels send again what was not acknowledged."),
        todo=_("Call the administrator now: room must be freed on the server. Tirek then goes on by itself."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        HTTPStatus.FORBIDDEN,
        _("This form is too old to be sent"),
        icon="clock-off",
        happened=_("You have signed in or out since it was opened, or the browser keeps no cookies."),
        safe=_("Nothing was changed."),
        todo=_("Go back, load the page again and send the form once more."),
    )
