"""Handing files out: whom a holder lets, and as what."""

import pytest
from django.urls import reverse

from tests.files import conftest as made
from tirek.files import actions, disk
from tirek.files.serving import serve

pytestmark = pytest.mark.django_db


def body(response):
    return b"".join(response.streaming_content)


def test_nobody_finds_a_file_that_no_record_holds(inspector, client_for, holders):
    row = actions.store(inspector, made.picture(), kind="photo", name="a.jpg")
    client = client_for(inspector)
    assert client.get(row.get_absolute_url()).status_code == 404
    holders.append(lambda user, stored: False)
    assert client.get(row.thumbnail_url).status_code == 404
    holders.append(lambda user, stored: user == inspector and stored == row)
    assert client.get(row.get_absolute_url()).status_code == 200


def test_a_picture_is_shown_and_its_thumbnail_is_small(inspector, client_for, holders, media):
    holders.append(lambda user, stored: True)
    row = actions.store(inspector, made.picture(size=(2000, 1000)), kind="photo", name="Ғимарат.jpg")
    client = client_for(inspector)
    response = client.get(row.get_absolute_url())
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Cache-Control"].startswith("private")
    assert body(response) == (media / row.path).read_bytes()
    small = client.get(row.thumbnail_url)
    assert body(small) == (media / disk.thumbnail_of(row.path)).read_bytes()
    known = client.get(row.get_absolute_url(), headers={"If-None-Match": response["ETag"]})
    assert known.status_code == 304
    assert client.get(row.get_absolute_url(), {"save": "1"})["Content-Disposition"].startswith("attachment")


def test_a_known_copy_opens_nothing_once_the_right_is_gone(inspector, client_for, holders):
    row = actions.store(inspector, made.picture(), kind="photo", name="a.jpg")
    headers = {"If-None-Match": f'"{row.sha256}"'}
    assert client_for(inspector).get(row.get_absolute_url(), headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("content", "kind", "shown"),
    [(made.pdf(), "document", True), (made.docx(), "document", False), (b"a,b\n<script>,1\n", "document", False)],
)
def test_only_pictures_and_pdf_are_shown(inspector, content, kind, shown):
    row = actions.store(inspector, content, kind=kind, name="x")
    assert serve(row, inline=True)["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert serve(row)["Content-Disposition"].startswith("attachment")
    assert "text/html" not in serve(row, inline=True)["Content-Type"]


def test_a_document_has_no_thumbnail(inspector, client_for, holders):
    holders.append(lambda user, stored: True)
    row = actions.store(inspector, made.pdf(), kind="document", name="x.pdf")
    assert row.thumbnail_url == ""
    assert client_for(inspector).get(reverse("files:thumbnail", args=[row.pk])).status_code == 404


def test_a_path_that_leads_elsewhere_is_not_followed(inspector):
    row = actions.store(inspector, made.pdf(), kind="document", name="x.pdf")
    row.path = "../../../etc/passwd"
    with pytest.raises(ValueError, match="passwd"):
        serve(row)
