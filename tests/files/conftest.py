"""What the tests of files share: small real files of every kind, and a media folder of their own."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import ExifTags, Image

from tirek.files import registry


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences in English."""


@pytest.fixture
def inspector(person):
    return person("inspector")


@pytest.fixture
def holders(monkeypatch):
    """The holders of this test only."""
    found = []
    monkeypatch.setattr(registry, "_holders", found)
    return found


def picture(form="JPEG", size=(640, 480), colour="#3a6ea5", **options):
    target = io.BytesIO()
    Image.new("RGBA" if form == "PNG" else "RGB", size, colour).save(target, form, **options)
    return target.getvalue()


def photo_with_place(size=(640, 480), orientation=1):
    """A JPEG that says when, where and with what it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SecretCamera"
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:20 09:30:00"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.OffsetTimeOriginal] = "+05:00"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (50.0, 17.0, 3.0)
    return picture(size=size, exif=exif.tobytes())


def pdf():
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def archive(**members):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return target.getvalue()


def docx(**more):
    target = io.BytesIO(archive(word__document_xml="<w/>", **more))
    with zipfile.ZipFile(target, "a") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
    return target.getvalue()


def executable():
    return b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff" + b"\0" * 50 + b"PE\0\0" + b"\0" * 200
