"""Keeping a file: what is taken, what it becomes, what is refused and in which words."""

import hashlib
import io
import os
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.files import conftest as made
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.files import actions, disk, images
from tirek.files.models import StoredFile
from tirek.files.prune import prune

pytestmark = pytest.mark.django_db


def keep(user, content, kind="photo", name="IMG_1.jpg", **options):
    return actions.store(user, content, kind=kind, name=name, **options)


def test_a_photo_is_drawn_anew_without_what_the_camera_wrote(inspector, media):
    content = made.photo_with_place()
    row = keep(inspector, content)
    kept = (media / row.path).read_bytes()
    assert row.media_type == "image/jpeg"
    assert (row.width, row.height) == (640, 480)
    assert row.taken_at == datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
    assert b"SecretCamera" in content
    assert b"SecretCamera" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert row.sha256 == hashlib.sha256(kept).hexdigest()
    assert (row.source_sha256, row.source_size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert row.size == len(kept)
    assert row.scanned == "skipped"
    assert max(Image.open(media / disk.thumbnail_of(row.path)).size) == 400


def test_files_are_their_owners_only(inspector, media):
    row = keep(inspector, made.picture())
    for path in (media / row.path, media / disk.thumbnail_of(row.path)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (media / row.path).relative_to(media).parents:
        assert stat.S_IMODE((media / folder).stat().st_mode) & 0o077 == 0
    assert not list((media / "drafts").iterdir())


def test_a_large_photo_is_made_smaller_and_stands_upright(inspector):
    row = keep(inspector, made.photo_with_place(size=(4000, 3000), orientation=6))
    assert (row.width, row.height) == (1920, 2560)


MEASURED = """
import resource, sys
import django
django.setup()
from pathlib import Path
from tirek.files import images
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
drawn = images.draw(Path(sys.argv[1]), "image/jpeg", 2560, "image/jpeg")
print(max(drawn.width, drawn.height), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_photo_of_40_mb_needs_bounded_memory(inspector, tmp_path):
    noise = Image.frombytes("RGB", (6000, 5000), os.urandom(6000 * 5000 * 3))
    path = tmp_path / "large.jpg"
    noise.save(path, "JPEG", quality=97)
    assert 40e6 < path.stat().st_size < 60e6
    said = subprocess.run([sys.executable, "-c", MEASURED, path], capture_output=True, text=True, check=True).stdout
    side, kilobytes = map(int, said.split())
    assert side == 2560
    assert kilobytes < 85_000  # one copy of the whole picture alone would be 90 MB
    assert keep(inspector, path).size < 15e6


def test_a_document_is_kept_byte_for_byte(inspector, media):
    for name, content, kind in (
        ("act.pdf", made.pdf(), "application/pdf"),
        ("letter.docx", made.docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("scan.jpg", made.photo_with_place(), "image/jpeg"),
        ("list.csv", "код;имя\n1;Мектеп\n".encode("cp1251"), "text/plain"),
        ("list.csv", "код;имя\n1;Мектеп\n".encode("utf-16"), "text/plain"),
    ):
        row = keep(inspector, content, "document", name)
        assert row.media_type == kind
        assert row.name == name
        assert (media / row.path).read_bytes() == content


def test_a_signature_keeps_its_transparency(inspector, media):
    row = keep(inspector, made.picture("PNG", (300, 100), (0, 0, 0, 0)), "signature", "sign.png")
    assert Image.open(media / row.path).mode == "RGBA"
    assert Image.open(media / disk.thumbnail_of(row.path)).getpixel((5, 5)) == (255, 255, 255)


def test_the_same_upload_twice_is_one_file(inspector, person):
    first = keep(inspector, made.picture(), client_id="phone-1")
    assert keep(inspector, made.picture(colour="red"), client_id="phone-1") == first
    other = keep(person("inspector"), made.picture(), client_id="phone-1")
    assert other != first
    assert other.path == first.path  # equal content lies on the disk once
    assert Entry.objects.filter(verb="files.upload_file").count() == 2


def test_whoever_may_not_bring_files_does_not(person):
    with pytest.raises(PermissionDenied):
        keep(person("analyst"), made.picture())
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (b"", "photo", "empty"),
        (b" \r\n\0\0", "document", "empty"),
        (b"<!doctype html><script>alert(1)</script>", "photo", "Allowed here: JPEG, PNG, WebP"),
        (b"<!doctype html><script>alert(1)</script>", "document", "allowed type"),
        (b"\xef\xbb\xbf \n<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "document", "allowed type"),
        (b"#!/bin/sh\nrm -rf /\n", "document", "allowed type"),
        (made.executable(), "photo", "allowed type"),
        (made.executable(), "document", "allowed type"),
        (made.picture("GIF"), "photo", "allowed type"),
        (made.pdf(), "photo", "allowed type"),
        (made.picture("PNG"), "clip", "allowed type"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 90, "photo", "HEIC"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "document", "old format"),
        (made.archive(notes_xml="<a/>"), "document", "allowed type"),
        (made.docx(word__vbaProject_bin="x"), "document", "macros"),
        (b"PK\x03\x04" + b"\x14\0" * 40, "document", "damaged"),
        (made.picture()[:2000], "photo", "damaged"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 500, "photo", "damaged"),
        (made.picture() + made.docx(), "photo", "two things"),
        (made.pdf() + made.archive(evil_xml="<a/>"), "document", "two things"),
        (b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF", "document", "two things"),
        (made.picture(comment=b"<?php system($_GET[0]); ?>"), "photo", "two things"),
        (made.picture() + b"something hidden", "document", "more than a picture"),
    ],
)  # fmt: skip
def test_what_is_not_what_it_should_be_is_refused(inspector, media, content, kind, sentence):
    with pytest.raises(Refused, match=sentence):
        keep(inspector, content, kind, "photo.jpg")
    assert not StoredFile.objects.exists()
    assert not Entry.objects.filter(verb="files.upload_file").exists()
    assert not list(media.glob("files/*/*/*"))
    assert not list(media.glob("drafts/*"))


def test_a_bomb_of_pixels_is_not_opened(inspector):
    header = made.picture("PNG", (16, 16))
    huge = header[:16] + (60_000).to_bytes(4, "big") * 2 + header[24:]
    with pytest.raises(Refused):  # its checksum is wrong too, which alone would not save us
        keep(inspector, huge, name="bomb.png")
    target = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(target, "PNG", optimize=True)
    assert len(target.getvalue()) < 200_000
    with pytest.raises(Refused, match="too many pixels"):
        keep(inspector, target.getvalue(), name="bomb.png")


def test_an_archive_that_unpacks_to_too_much_is_not_taken(inspector, monkeypatch):
    monkeypatch.setattr("tirek.files.sniff.MOST_UNPACKED", 1_000_000)
    with pytest.raises(Refused, match="unpacks"):
        keep(inspector, made.docx(bomb_xml="0" * 2_000_000), "document", "bomb.docx")


def test_a_file_that_is_too_large_is_not_read_to_its_end(inspector, settings):
    settings.FILES_MOST_MB = settings.FILES_MOST_MB | {"photo": 1}

    class Endless:
        read_bytes = 0

        def read(self, size):
            self.read_bytes += size
            return b"x" * size

    source = Endless()
    with pytest.raises(Refused, match="larger than 1 MB"):
        keep(inspector, source)
    assert source.read_bytes <= 3_000_000


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\photos\\Қоршау.JPG", "Қоршау.jpg"),
        ("invoice\u202egpj.exe", "invoicegpj.jpg"),
        ("a\r\nSet-Cookie: x=1.jpg", "aSet-Cookie_ x=1.jpg"),
        ("", "file.jpg"),
        ("....", "file.jpg"),
        ("x" * 400 + ".jpeg", "x" * 180 + ".jpeg"),
        ("<script>.jpg", "_script_.jpg"),
    ],
)
def test_names_become_harmless(inspector, given, kept):
    assert keep(inspector, made.picture(), name=given).name == kept


def test_uploads_of_a_form_are_taken(inspector):
    file = SimpleUploadedFile("photo.jpg", made.picture(), content_type="text/html")
    assert keep(inspector, file).media_type == "image/jpeg"


def test_house_keeping_clears_content_without_a_row(inspector, media):
    kept, gone = keep(inspector, made.picture()), keep(inspector, made.picture(colour="red"))
    path = media / gone.path
    StoredFile.objects.filter(pk=gone.pk).delete()
    assert prune() == 0  # too young: its row may be on its way
    old = time.time() - 2 * 24 * 3600
    for file in media.glob("files/*/*/*"):
        os.utime(file, (old, old))
    assert prune() == 2  # with its thumbnail
    assert not path.exists()
    assert (media / kept.path).exists()


def test_the_measures_of_a_picture_that_is_kept_as_it_came(inspector):
    row = keep(inspector, made.photo_with_place(size=(600, 400), orientation=6), "document", "scan.jpg")
    assert (row.width, row.height) == (400, 600)


def test_a_progressive_picture_has_a_lower_limit(inspector, monkeypatch):
    monkeypatch.setattr(images, "MOST_PROGRESSIVE", 1000)
    with pytest.raises(Refused, match="too many pixels"):
        keep(inspector, made.picture(progressive=True))
    assert keep(inspector, made.picture())
