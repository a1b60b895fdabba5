"""Files handed out, and files that arrive in pieces."""

from __future__ import annotations

import json
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.audit.plain import normal
from tirek.files import actions, registry
from tirek.files import uploads as pieces
from tirek.files.models import StoredFile, Upload
from tirek.files.scanning import TryLater
from tirek.files.serving import etag, serve

MOST_JSON = 8192


@require_GET
@page()
def file(request: HttpRequest, pk: int, name: str) -> FileResponse | HttpResponse:
    """The file, for whom a record that holds it says yes. `?save=1` saves what the browser would show."""
    stored = _opened(request, pk)
    return _served(request, stored, inline="save" not in request.GET)


@require_GET
@page()
def thumbnail(request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
    stored = _opened(request, pk)
    if not stored.is_picture:
        raise Http404
    return _served(request, stored, thumbnail=True)


@never_cache
@require_POST
@page(actions.UPLOAD)
def uploads(request: HttpRequest) -> HttpResponse:
    """Announce a file: `{client_id, size, sha256, name, kind}` as JSON or a form -> `{id, offset, ...}`. Saying it again is right.

    400 for nonsense, 409 with `error` when it will not be taken, 503 when it will be later.
    """
    try:
        given = _given(request)
        state = pieces.begin(
            request.user,
            client_id=str(given["client_id"]),
            size=int(given["size"]),
            sha256=str(given["sha256"]).lower(),
            name=str(given["name"]),
            kind=str(given["kind"]),
        )
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": _("An upload needs client_id, size, sha256, name and kind.")}, status=400)
    except TryLater as refusal:
        return JsonResponse({"error": str(refusal)}, status=503, headers={"Retry-After": "60"})
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    return _told(state, status=201 if state.offset == 0 and state.stored is None else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "PATCH"])
@page(actions.UPLOAD)
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """GET, HEAD: how far it is. PATCH with the header `Upload-Offset`: the next bytes, as many as the device likes.

    409: go on at `offset` (0 after damage on the way). 422: `error` says why the file is not taken; do not send it again.
    503: all is here, send an empty piece later.
    """
    row = get_object_or_404(Upload.objects.select_related("stored"), pk=pk, uploaded_by=request.user)
    if request.method != "PATCH":
        return _told(pieces.state(row))
    offset = request.headers.get("Upload-Offset", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 16):
        return JsonResponse({"error": _("A piece needs the header Upload-Offset.")}, status=400)
    try:
        state = pieces.append(request.user, row, int(offset), request)
    except pieces.WrongOffset as wrong:
        return _again(pk, wrong.offset, "")
    except pieces.NotTheSame as refusal:
        return _again(pk, 0, str(refusal))
    except TryLater as refusal:
        return JsonResponse({"error": str(refusal), "offset": row.size}, status=503, headers={"Retry-After": "60"})
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=422)
    return _told(state)


def _opened(request: HttpRequest, pk: int) -> StoredFile:
    stored = get_object_or_404(StoredFile, pk=pk)
    if not registry.may_open(request.user, stored):
        raise Http404
    return stored


def _served(request: HttpRequest, stored: StoredFile, **options: bool) -> FileResponse | HttpResponse:
    """304 when the browser has it. Asked after the rights, so that an old copy opens nothing."""
    tag = etag(stored, thumbnail=options.get("thumbnail", False))
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    return serve(stored, **options)


def _given(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        return dict(request.POST.items())
    given = json.loads(request.read(MOST_JSON + 1)[:MOST_JSON])
    return dict(normal(given)) if isinstance(given, dict) else {}


def _told(state: pieces.State, status: int = 200) -> JsonResponse:
    answer: dict[str, Any] = {"id": state.upload.pk, "offset": state.offset, "size": state.upload.size}
    if state.error:
        answer["error"] = state.error
    if state.stored is not None:
        stored = state.stored
        answer["file"] = {
            "id": stored.pk,
            "sha256": stored.sha256,
            "source_sha256": stored.source_sha256,
            "media_type": stored.media_type,
            "name": stored.name,
            "url": stored.get_absolute_url(),
        }
    where = reverse("files:upload", args=[state.upload.pk])
    headers = {"Upload-Offset": str(state.offset), "Upload-Length": str(state.upload.size), "Location": where}
    return JsonResponse(answer, status=status, headers=headers)


def _again(pk: int, offset: int, error: str) -> JsonResponse:
    answer = {"id": pk, "offset": offset} | ({"error": error} if error else {})
    return JsonResponse(answer, status=409, headers={"Upload-Offset": str(offset)})
