"""What devices ask over HTTP: enrolment, and recorded messages. No session, no cookie: a code or a hash is the key."""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from tirek.accounts.guards import public
from tirek.audit.act import Refused
from tirek.audit.plain import text
from tirek.warning import actions, queries, sound
from tirek.warning.commands import milliseconds
from tirek.warning.signing import centre_public_keys

log = logging.getLogger(__name__)

MOST_BYTES = 4096
TRIES, TRIES_SECONDS = 20, 300


@never_cache
@csrf_exempt
@require_POST
@public
def enrol(request: HttpRequest) -> HttpResponse:
    """`{code, public_key (hex), name, version}` -> all that the device must know. 409 for a bad code, 429 for too many."""
    if not _may_try(request):
        return JsonResponse({"error": _("Too many tries. Wait five minutes.")}, status=429)
    try:
        body = _body(request)
        endpoint = actions.enrol_endpoint(body["code"], bytes.fromhex(body["public_key"]), body["version"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": _("The request must have code, public_key, name and version.")}, status=400)
    except Refused as refusal:
        log.warning("enrolment refused for %s", request.META.get("REMOTE_ADDR"))
        return JsonResponse({"error": str(refusal)}, status=409)
    assert endpoint.enrolled_at is not None
    return JsonResponse(
        {
            "endpoint": endpoint.code,
            "cell": endpoint.cell,
            "centre_keys": [key.hex() for key in centre_public_keys()],
            "mqtt": _login(settings.DEVICE_MQTT_URL),
            "clips_url": request.build_absolute_uri(reverse("agent:clips")),
            "enrolled_at": milliseconds(endpoint.enrolled_at),
        }
    )


def _may_try(request: HttpRequest) -> bool:
    """At most `TRIES` from one address in `TRIES_SECONDS`: a code cannot be guessed, and a loop cannot keep us busy."""
    key = f"enrol:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, TRIES_SECONDS)
    return cache.incr(key) <= TRIES


def _body(request: HttpRequest) -> dict[str, str]:
    if len(request.body) > MOST_BYTES:
        raise ValueError
    body: Any = json.loads(request.body)
    return {name: text(str(body[name])) for name in ("code", "public_key", "name", "version")}


def _login(url: str) -> dict[str, str]:
    """The broker's address without its log-in, and the log-in beside it."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return {
        "url": f"{parts.scheme}://{place}",
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
    }


@never_cache
@require_GET
@public
def clips(request: HttpRequest) -> HttpResponse:
    """The recordings that plans use now and that alerts on their way name, so that devices have them before they are needed."""
    return JsonResponse({"clips": queries.clips()})


@require_GET
@public
def clip(request: HttpRequest, sha256: str) -> HttpResponse | FileResponse:
    """One recording, by its hash: it is played aloud in the street, so it is no secret."""
    file = sound.recording(sha256)
    if file is None:
        raise Http404
    return FileResponse(file, content_type="audio/wav")
