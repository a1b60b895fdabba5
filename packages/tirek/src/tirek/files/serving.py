"""Handing files out, so that whatever is in them does nothing in the reader's browser."""

from __future__ import annotations

from django.http import FileResponse, Http404

from tirek.files import disk
from tirek.files.kinds import JPEG, PDF
from tirek.files.models import StoredFile

# A browser shows pages, scripts and frames of an answer with this policy as dead things.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox; frame-ancestors 'none'"
# Browsers refuse to open their own viewer of PDF in a sandbox; it is one itself.
VIEWER = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
KEPT_S = 3600


def serve(stored: StoredFile, *, inline: bool = False, thumbnail: bool = False) -> FileResponse:
    """The file as an answer. Ask first whether the reader may have it: this does not.

    Without `inline`, and for everything but pictures and PDF, the browser saves it instead of showing it.
    """
    path = disk.thumbnail_of(stored.path) if thumbnail else stored.path
    media = JPEG if thumbnail else stored.media_type
    shown = thumbnail or (inline and (stored.is_picture or media == PDF))
    try:
        content = disk.full(path).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, content_type=media, as_attachment=not shown, filename=stored.name)
    if media.startswith("text/"):
        response["Content-Type"] = "text/plain"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = VIEWER if media == PDF and shown else SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = f"private, max-age={KEPT_S}"
    response["ETag"] = etag(stored, thumbnail=thumbnail)
    return response


def etag(stored: StoredFile, *, thumbnail: bool = False) -> str:
    return f'"{stored.sha256}{"-small" if thumbnail else ""}"'
