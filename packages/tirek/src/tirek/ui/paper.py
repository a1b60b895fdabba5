"""Documents on A4, made by typst, with page numbers; at their foot a QR to where they stand and a hash of what they say."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
import typst
from django.utils import formats, timezone
from django.utils.translation import gettext as _


def pdf(template: Path, content: dict[str, Any], *, url: str) -> bytes:
    """Set a document. The template reads `sys.inputs.data` (JSON) and `sys.inputs.qr` (SVG); `url` is where the QR leads."""
    picture = io.BytesIO()
    segno.make(url, error="m").save(picture, kind="svg", border=0)
    given = {"url": url, "printed": moment(timezone.now()), "page": _("page"), **content}
    values = {"data": json.dumps(given, ensure_ascii=False), "qr": picture.getvalue().decode()}
    return bytes(typst.compile(str(template), sys_inputs=values))


def digest(content: Any) -> str:
    """SHA-256 of plain data as canonical JSON: the same facts give the same hash, in whatever order they came."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def moment(at: datetime | None) -> str:
    """A moment to the second, as the language writes it."""
    if at is None:
        return "—"
    local = timezone.localtime(at)
    return formats.date_format(local, "DATETIME_FORMAT") + local.strftime(":%S")
