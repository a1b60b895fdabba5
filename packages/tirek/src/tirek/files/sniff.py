"""What a file is, by its content. The name is never asked.

puremagic proposes, a look of our own decides: a signature at the start does not make a whole file, and a file that is
two things at once (a picture that is an archive too) is none that we take.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from pathlib import Path

import puremagic
from django.utils.translation import gettext as _

from tirek.audit.act import Refused
from tirek.files.kinds import (
    DOCX,
    ENDINGS,
    FLAC,
    JPEG,
    MP3,
    ODP,
    ODS,
    ODT,
    OGG,
    PDF,
    PNG,
    PPTX,
    TEXT,
    WAV,
    WEBP,
    XLSX,
    Kind,
)

HEAD = 4096
TAIL = 66_000  # an archive's directory ends within the last 65,557 bytes
MOST_MEMBERS, MOST_UNPACKED = 20_000, 1024 * 1024 * 1024
SIGNATURES: list[tuple[re.Pattern[bytes], str]] = [
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), WEBP),
    (re.compile(rb"%PDF-[12]\.\d"), PDF),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), WAV),
    (re.compile(rb"ID3[\2-\4]|\xff[\xe3\xf2\xf3\xfa\xfb]"), MP3),
    (re.compile(rb"OggS\0"), OGG),
    (re.compile(rb"fLaC\0"), FLAC),
]
# puremagic's words for the same things.
WORDS = {
    "image/jpeg": JPEG, "image/png": PNG, "image/webp": WEBP, "application/pdf": PDF,
    "audio/wave": WAV, "audio/x-wav": WAV, "audio/wav": WAV, "audio/mpeg": MP3, "audio/mp3": MP3,
    "application/ogg": OGG, "audio/ogg": OGG, "audio/flac": FLAC, "audio/x-flac": FLAC,
}  # fmt: skip
MARKUP = re.compile(
    rb"<(!doctype|\?xml|\?php|html|head|body|script|svg|iframe|object|embed)\b|javascript:", re.IGNORECASE
)
OFFICE = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
OPEN_DOCUMENT = {ODT, ODS, ODP}
FRAGMENT = b"PK\x05\x06"
ARCHIVE = b"PK\x03\x04"


def media_type(path: Path, kind: Kind) -> str:
    """The media type of the file. Raises `Refused` when its content is not allowed for `kind`."""
    head, tail = _ends(path)
    if not head.strip(b"\0 \r\n\t"):
        raise Refused(_("The file is empty."))
    found = _archive(path) if head.startswith(ARCHIVE) else _signed(head) or _text(path, head)
    if found not in kind.types:
        raise Refused(_not_allowed(head, kind))
    if found not in {TEXT, DOCX, XLSX, PPTX, ODT, ODS, ODP} and _is_two_things(head, tail):
        raise Refused(_("This file is two things at once: a picture or document, and something hidden in it."))
    return found


def harmless_name(name: str, media: str) -> str:
    """The person's name for a file: without a path, control or direction signs, and ending as its content demands."""
    base = re.split(r"[/\\]", name)[-1]
    base = "".join(c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c)[0] != "C")
    base = re.sub(r'[<>:"|?*#%]+', "_", base).strip(" .") or "file"
    endings = ENDINGS[media]
    stem, dot, ending = base.rpartition(".")
    if dot and f".{ending.lower()}" in endings:
        return f"{stem[:180] or 'file'}.{ending.lower()}"
    if dot and 1 <= len(ending) <= 5 and ending.isalnum():
        base = stem or "file"
    return f"{base[:180]}{endings[0]}"


def ends_where_it_should(path: Path, media: str) -> bool:
    """Whether a picture ends with its end mark and nothing behind it; asked where the original bytes are kept."""
    _head, tail = _ends(path)
    if media == JPEG:
        return tail.rstrip(b"\0").endswith(b"\xff\xd9")
    if media == PNG:
        return tail.endswith(b"IEND\xaeB`\x82")
    if media == WEBP:
        with path.open("rb") as file:
            declared = int.from_bytes(file.read(8)[4:], "little") + 8
        return declared == path.stat().st_size
    return True


def _ends(path: Path) -> tuple[bytes, bytes]:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(max(0, size - TAIL))
        return head, file.read()


def _signed(head: bytes) -> str:
    ours = next((media for pattern, media in SIGNATURES if pattern.match(head)), "")
    try:
        proposed = {WORDS.get(match.mime_type, "") for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        proposed = set()
    return ours if ours in proposed else ""


def _is_two_things(head: bytes, tail: bytes) -> bool:
    """Whether something that runs or unpacks lies in what should be one plain thing."""
    return FRAGMENT in tail or ARCHIVE in head[4:] or MARKUP.search(head[:1024]) is not None or head[:2] == b"MZ"


def _archive(path: Path) -> str:
    """The kind of office document that an archive is; "" for every other archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            unpacked = sum(member.file_size for member in members)
            declared = archive.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, EOFError) as error:
        raise Refused(_("The file is damaged and cannot be opened.")) from error
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED:
        raise Refused(_("The file unpacks to more than it may."))
    if any(name.lower().endswith("vbaproject.bin") or "/basic/" in f"/{name.lower()}" for name in names):
        raise Refused(_("The document holds macros. Save it without macros and bring it again."))
    if declared in OPEN_DOCUMENT:
        return declared
    if "[Content_Types].xml" in names:
        return next((media for part, media in OFFICE.items() if part in names), "")
    return ""


def _text(path: Path, head: bytes) -> str:
    """Plain text of any of the usual encodings, unless it begins as a page or a script does."""
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").replace(b"\0", b"")
    if start.startswith((b"<", b"#!", b"MZ", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"\x7fELF")):
        return ""
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    controls = set(range(32)) - {9, 10, 12, 13, 27}
    with path.open("rb") as file:
        while block := file.read(1024 * 1024):
            if wide:
                continue
            if controls.intersection(block):
                return _text_without_mark(head)
    return TEXT


def _text_without_mark(head: bytes) -> str:
    """UTF-16 that does not say so has a zero in every other byte of its Latin letters and signs."""
    zeros = head[:200].count(0)
    evens, odds = head[:200:2].count(0), head[1:200:2].count(0)
    return TEXT if zeros > 10 and min(evens, odds) == 0 and not set(head) & {1, 2, 3, 5, 6, 7} else ""


def _not_allowed(head: bytes, kind: Kind) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"mif1", b"hevc", b"msf1"}:
        return _("This is a HEIC picture. Set the camera to “most compatible” (JPEG), or save the picture as JPEG.")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _("This is a document of an old format. Save it as DOCX, XLSX or PDF and bring it again.")
    return _("This is not a file of an allowed type. Allowed here: %(formats)s.") % {"formats": kind.formats}
