"""The operator's base map: one PMTiles file (TIREK_PMTILES), read by pages in ranges (RFC 9110, section 14)."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tirek.accounts.guards import page

RANGE = re.compile(r"bytes=(\d{1,15})-(\d{1,15})")
LARGEST = 16 * 1024 * 1024  # bytes in one answer: far more than any tile or directory


def base_map_file() -> Path | None:
    """The configured file, if it is there."""
    path = Path(settings.PMTILES_FILE) if settings.PMTILES_FILE else None
    return path if path is not None and path.is_file() else None


@require_GET
@page()
def base_map(request: HttpRequest) -> HttpResponse:
    """One range of the file. Asking for all of it, or for more than 16 MB at once, is refused (416)."""
    path = base_map_file()
    if path is None:
        raise Http404
    status = path.stat()
    wanted = RANGE.fullmatch(request.headers.get("Range", ""))
    first, last = (int(wanted[1]), min(int(wanted[2]), status.st_size - 1)) if wanted else (0, -1)
    if not 0 <= last - first < LARGEST:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{status.st_size}"})
    with path.open("rb") as file:
        file.seek(first)
        content = file.read(last - first + 1)
    return HttpResponse(
        content,
        status=206,
        content_type="application/vnd.pmtiles",
        headers={
            "Content-Range": f"bytes {first}-{last}/{status.st_size}",
            "Accept-Ranges": "bytes",
            # The reader asks for the directory anew when the file was changed under it.
            "ETag": f'"{status.st_mtime_ns:x}-{status.st_size:x}"',
            "Cache-Control": "private, max-age=3600",
        },
    )
