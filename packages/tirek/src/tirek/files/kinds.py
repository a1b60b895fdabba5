"""Kinds of files: what may be in them, and how much."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODP = "application/vnd.oasis.opendocument.presentation"
TEXT = "text/plain"
WAV, MP3, OGG, FLAC = "audio/wav", "audio/mpeg", "audio/ogg", "audio/flac"

PICTURES = frozenset({JPEG, PNG, WEBP})
# The ending that a name gets when it has another one: it shall say what is inside.
ENDINGS: dict[str, tuple[str, ...]] = {
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    WEBP: (".webp",),
    PDF: (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    PPTX: (".pptx",),
    ODT: (".odt",),
    ODS: (".ods",),
    ODP: (".odp",),
    TEXT: (".txt", ".csv", ".tsv"),
    WAV: (".wav",),
    MP3: (".mp3",),
    OGG: (".ogg", ".oga", ".opus"),
    FLAC: (".flac",),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is for. `longest_side`: pictures are drawn anew, at most this large; None keeps them as they came."""

    key: str
    name: str | Promise
    types: frozenset[str]
    formats: str
    longest_side: int | None = None
    draws: str = ""

    @property
    def most_bytes(self) -> int:
        return int(settings.FILES_MOST_MB[self.key] * 1024 * 1024)


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind("photo", _("photo"), PICTURES, "JPEG, PNG, WebP", 2560, JPEG),
        Kind(
            "document",
            _("document"),
            PICTURES | {PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, TEXT},
            "PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, JPEG, PNG, WebP, TXT, CSV",
        ),
        Kind("plan", _("site or floor plan"), PICTURES | {PDF}, "PDF, PNG, JPEG, WebP", 6000, PNG),
        Kind("signature", _("signature"), frozenset({PNG, JPEG}), "PNG, JPEG", 1600, PNG),
        Kind("clip", _("recording"), frozenset({WAV, MP3, OGG, FLAC}), "WAV, MP3, OGG, FLAC"),
        Kind("sheet", _("table"), frozenset({XLSX, TEXT}), "XLSX, CSV"),
    )
}
KIND_CHOICES = [(kind.key, kind.name) for kind in KINDS.values()]
