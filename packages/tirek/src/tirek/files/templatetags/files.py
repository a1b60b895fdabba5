"""Files in pages: `{% load files %}`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat

from tirek.files.kinds import DOCX, ODP, ODS, ODT, PDF, PPTX, TEXT, XLSX
from tirek.files.models import StoredFile

register = template.Library()
ICONS = {
    PDF: "file-type-pdf", XLSX: "file-spreadsheet", ODS: "file-spreadsheet", DOCX: "file-text", ODT: "file-text",
    PPTX: "presentation", ODP: "presentation", TEXT: "file-text",
}  # fmt: skip


@register.inclusion_tag("files/parts/gallery.html")
def file_gallery(files: Iterable[StoredFile], label: str = "") -> dict[str, Any]:
    """Pictures as thumbnails that open the picture; whatever is no picture stands below as a list."""
    given = list(files)
    return {
        "label": label,
        "pictures": [file for file in given if file.is_picture],
        "others": [_line(file) for file in given if not file.is_picture],
    }


@register.inclusion_tag("files/parts/list.html")
def file_list(files: Iterable[StoredFile], label: str = "") -> dict[str, Any]:
    """Documents as a list: name, size, when they were brought."""
    return {"label": label, "lines": [_line(file) for file in files]}


def _line(file: StoredFile) -> dict[str, Any]:
    icon = "photo" if file.is_picture else "volume" if file.media_type.startswith("audio/") else ""
    return {"file": file, "icon": icon or ICONS.get(file.media_type, "file"), "size": filesizeformat(file.size)}
