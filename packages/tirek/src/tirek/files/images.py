"""Pictures, drawn anew: smaller, upright, without what the camera wrote beside them (place, owner, serial number).

Memory is bounded: a JPEG is decoded at the smallest scale that is still large enough, other formats have a lower limit of
pixels, and only two pictures are worked on at a time.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps

from tirek.audit.act import Refused
from tirek.files.kinds import JPEG, PNG, WEBP

THUMBNAIL = 400
MOST_PIXELS = {"JPEG": 150_000_000, "PNG": 50_000_000, "WEBP": 50_000_000}
MOST_PROGRESSIVE = 60_000_000  # its coefficients are all held at once
FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
FEW_PIXELS = 256 * 256
_hands = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as we keep it."""

    content: bytes
    media_type: str
    width: int
    height: int
    taken_at: datetime | None
    thumbnail: bytes


def draw(path: Path, media: str, longest_side: int, to: str) -> Drawn:
    """Draw the picture anew. Raises `Refused` for one that is damaged or has too many pixels."""
    with _opened(path, media) as picture:
        taken = _taken_at(picture)
        small = _upright(picture, longest_side)
        kind = JPEG if to == PNG and media == JPEG else to
        return Drawn(_encoded(small, kind), kind, *small.size, taken, _thumbnail(small))


def look_at(path: Path, media: str) -> Drawn:
    """The measures and the thumbnail of a picture whose bytes are kept as they are (`content` is empty)."""
    with _opened(path, media) as picture:
        taken, (width, height) = _taken_at(picture), picture.size
        if picture.getexif().get(ExifTags.Base.Orientation, 1) >= 5:
            width, height = height, width
        return Drawn(b"", media, width, height, taken, _thumbnail(_upright(picture, THUMBNAIL)))


@contextmanager
def _opened(path: Path, media: str) -> Iterator[Image.Image]:
    damaged = _("The picture is damaged and cannot be opened.")
    with _hands, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # our own limits stand below
        try:
            with Image.open(path, formats=[FORMATS[media]]) as picture:
                _bound(picture)
                yield picture
        except Refused:
            raise
        except Image.DecompressionBombError as error:
            raise Refused(_too_many()) from error
        except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, MemoryError) as error:
            raise Refused(damaged) from error


def _bound(picture: Image.Image) -> None:
    pixels = picture.width * picture.height
    most = MOST_PIXELS[picture.format or "PNG"]
    if picture.info.get("progressive") or picture.info.get("progression"):
        most = MOST_PROGRESSIVE
    if pixels > most or not pixels:
        raise Refused(_too_many())


def _too_many() -> str:
    return _("The picture has too many pixels. Make it smaller and bring it again.")


def _upright(picture: Image.Image, longest_side: int) -> Image.Image:
    picture.draft("RGB", (longest_side, longest_side))
    turned = picture.getexif().get(ExifTags.Base.Orientation, 1)
    has_alpha = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    mode = "RGBA" if has_alpha else "RGB"
    small = picture if picture.mode == mode else picture.convert(mode)
    small.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _turn(small, turned)


def _turn(picture: Image.Image, orientation: int) -> Image.Image:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    picture.info = {"exif": exif.tobytes()}
    turned = ImageOps.exif_transpose(picture)
    turned.info = {}
    return turned


def _encoded(picture: Image.Image, media: str) -> bytes:
    target = io.BytesIO()
    if media == PNG:
        picture.save(target, "PNG", optimize=picture.width * picture.height <= FEW_PIXELS)
    else:
        _flat(picture).save(target, "JPEG", quality=86, optimize=True, progressive=False)
    return target.getvalue()


def _thumbnail(picture: Image.Image) -> bytes:
    small = _flat(picture)
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    small.save(target, "JPEG", quality=80, optimize=True)
    return target.getvalue()


def _flat(picture: Image.Image) -> Image.Image:
    """Without transparency, on white; a copy."""
    if picture.mode != "RGBA":
        return picture.convert("RGB") if picture.mode != "RGB" else picture.copy()
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _taken_at(picture: Image.Image) -> datetime | None:
    """When the camera says that it took the picture; its time zone, or else ours."""
    try:
        inner = picture.getexif().get_ifd(ExifTags.IFD.Exif)
        text = str(inner.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
        moment = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  its zone stands apart
    except (ValueError, KeyError, TypeError, OSError, SyntaxError):
        return None
    zone = str(inner.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
    try:
        return datetime.fromisoformat(f"{moment.isoformat()}{zone}") if zone else timezone.make_aware(moment)
    except (ValueError, OverflowError):
        return None
