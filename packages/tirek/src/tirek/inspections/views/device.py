"""The addresses of the phone app. The contract stands in docs/inspections-device.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from tirek.accounts import device_cookie
from tirek.accounts.access import can
from tirek.accounts.guards import page, public, signed_out
from tirek.audit.act import Refused
from tirek.audit.plain import normal
from tirek.inspections import payload
from tirek.inspections.actions import carrying, handing_in, photos
from tirek.inspections.clock import ms
from tirek.inspections.models import Conflict, Inspection

CARRY = "inspections.carry_inspection"
MOST_BYTES = 2 * 1024 * 1024
WORKER = "dist/inspection-sw.js"
ICONS = {"icon-192", "icon-512", "icon-mask-512"}

View = Callable[..., HttpResponseBase]


def asks(view: View) -> View:
    """Guard an address of the app and speak JSON in every case: a phone that meets a page does not know what it means."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return signed_out(reverse("inspections:device"))
        if not can(request.user, CARRY):
            raise PermissionDenied(CARRY)
        if request.headers.get("X-Tirek-Person", str(request.user.pk)) != str(request.user.pk):
            text = _("Another person is signed in on this phone. What is kept on it waits for its owner.")
            refusal = _refused(request, text, 403, code="other_person")
            device_cookie.tell(request, refusal)  # also without a network from now on
            return refusal
        try:
            if "uid" in kwargs:  # before anything is said of what was sent
                _require_mine(request, kwargs["uid"])
            answer = view(request, *args, **kwargs)
        except carrying.Put as refusal:
            return _refused(request, str(refusal), 409, code=refusal.code, **refusal.facts)
        except Refused as refusal:
            return _refused(request, str(refusal), 409, code="refused")
        except _TooLarge:
            return _refused(request, _("That is too much at once. Send it in parts."), 413, code="too_large")
        except ValueError as problem:
            text = _("The server could not read what the app has sent: %(what)s.") % {"what": problem}
            return _refused(request, text, 400, code="nonsense")
        except (Inspection.DoesNotExist, Conflict.DoesNotExist):
            return _refused(request, _("This visit is not yours, or it does not exist."), 404, code="gone")
        answer["X-Server-Time"] = str(ms(timezone.now()))
        return answer

    guarded.guard = (CARRY,)  # type: ignore[attr-defined]
    return never_cache(guarded)


class _TooLarge(Exception):
    pass


@require_GET
@ensure_csrf_cookie
@never_cache
@page(CARRY)
def app(request: HttpRequest) -> HttpResponse:
    """The shell. Everything in it comes from the phone afterwards."""
    shell = render(request, "inspections/device.html", {"login": f"{reverse('account_login')}?next={request.path}"})
    device_cookie.tell(request, shell)
    return shell


@require_GET
@public
def manifest(request: HttpRequest) -> HttpResponse:
    """What the phone shows before the app has started."""
    here = reverse("inspections:device")
    icons = [
        {"src": f"{here}icon-192.png", "sizes": "192x192", "type": "image/png"},
        {"src": f"{here}icon-512.png", "sizes": "512x512", "type": "image/png"},
        {"src": f"{here}icon-mask-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    told = {
        "id": here,
        "name": _("Tirek: inspections"),
        "short_name": _("Inspections"),
        "lang": translation.get_language(),
        "start_url": here,
        "scope": here,
        "display": "standalone",
        "orientation": "any",
        "background_color": "#f4f6f8",
        "theme_color": "#0b7a75",
        "icons": icons,
    }
    return HttpResponse(json.dumps(told, ensure_ascii=False), content_type="application/manifest+json")


@require_GET
@public
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, as the front-end build wrote it."""
    found = finders.find(WORKER)
    if not found:
        raise Http404
    response = HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = reverse("inspections:device")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
@public
def icon(request: HttpRequest, name: str) -> FileResponse:
    found = finders.find(f"inspections/{name}.png") if name in ICONS else None
    if not found:
        raise Http404
    return FileResponse(Path(found).open("rb"), content_type="image/png", headers={"Cache-Control": "max-age=86400"})


@require_GET
@asks
def visits(request: HttpRequest) -> HttpResponse:
    """Everything that the phone carries."""
    told = payload.everything(request.user)
    body = json.dumps(told, ensure_ascii=False, sort_keys=True)
    language = translation.get_language() or ""
    tag = f'"{hashlib.sha256(f"{language}{body}".encode()).hexdigest()[:40]}"'
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        answer = JsonResponse({"server_time": ms(timezone.now())} | told, json_dumps_params={"ensure_ascii": False})
    answer["ETag"] = tag
    return answer


@require_POST
@asks
def start(request: HttpRequest, uid: Any) -> HttpResponse:
    visit = carrying.start(request.user, uid, _body(request))
    return _told(payload.one(visit, request.user))


@require_POST
@asks
def sync(request: HttpRequest, uid: Any) -> HttpResponse:
    visit, taken, clock = carrying.sync(request.user, uid, _body(request))
    told = {"outcomes": taken.outcomes} | payload.state_of(visit, request.user)
    if clock.offset_s is not None:
        told |= {"clock_offset_s": clock.offset_s, "clock_note": payload.clock_note(clock.offset_s)}
    return _told(told)


@require_POST
@asks
def choose(request: HttpRequest, uid: Any, conflict: int) -> HttpResponse:
    given = _body(request)
    version = given.get("version")
    if version is not None and not carrying.is_number(version):
        raise ValueError("version")
    try:
        visit = carrying.choose(request.user, uid, conflict, str(given.get("choose")), version)
    except carrying.Put as refusal:
        refusal.facts |= payload.state_of(carrying.carried(request.user).get(uid=uid), request.user)
        raise
    return _told(payload.state_of(visit, request.user))


@require_POST
@asks
def photo(request: HttpRequest, uid: Any) -> HttpResponse:
    made, _visit = photos.add_photo(request.user, uid, _body(request))
    shown = payload.photo(made, request.user)
    return _told({"photo": shown} if shown else {"photo": None, "removed": True})


@require_POST
@asks
def unphoto(request: HttpRequest, uid: Any, client_id: str) -> HttpResponse:
    visit = photos.remove_photo(request.user, uid, client_id)
    return _told(payload.state_of(visit, request.user))


@require_POST
@asks
def submit(request: HttpRequest, uid: Any) -> HttpResponse:
    visit, _clock = handing_in.submit(request.user, uid, _body(request))
    return _told(handing_in.result(visit) | payload.one(visit, request.user))


def _require_mine(request: HttpRequest, uid: Any) -> None:
    if not Inspection.objects.restrict(request.user, "carry").filter(uid=uid).exists():
        raise Inspection.DoesNotExist


def _body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent, in the form that both databases keep. Raises `_TooLarge`, or ValueError for nonsense."""
    size = request.headers.get("Content-Length", "")
    if size.isdigit() and int(size) > MOST_BYTES:
        raise _TooLarge
    text = request.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise _TooLarge
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("JSON") from error
    if not isinstance(given, dict):
        raise ValueError("JSON")
    return dict(normal(given))


def _told(answer: dict[str, Any]) -> HttpResponse:
    return JsonResponse({"server_time": ms(timezone.now())} | answer, json_dumps_params={"ensure_ascii": False})


def _refused(request: HttpRequest, text: str, status: int, **facts: Any) -> HttpResponse:
    told = {"error": text, "server_time": ms(timezone.now())} | facts
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
