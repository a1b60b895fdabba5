"""Fields of forms, and the parts of pages that show files."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template

from tests.files import conftest as made
from tirek.files import actions
from tirek.files.forms import MultipleStoredFilesField, StoredFileField
from tirek.files.models import StoredFile

pytestmark = pytest.mark.django_db


class NoteForm(forms.Form):
    plan = StoredFileField(kind="plan", label="Plan")
    photos = MultipleStoredFilesField(kind="photo", label="Photos", required=False)


def file(name, content):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def form(plan, *photos):
    data = {"plan": plan} if plan else {}
    from django.utils.datastructures import MultiValueDict

    return NoteForm({}, MultiValueDict({key: [value] for key, value in data.items()} | {"photos": list(photos)}))


def test_files_come_clean_and_are_stored_by_the_view(inspector):
    given = form(file("plan.pdf", made.pdf()), file("1.jpg", made.picture()), file("2.png", made.picture("PNG")))
    assert given.is_valid(), given.errors
    assert not StoredFile.objects.exists()
    assert given.cleaned_data["plan"].store(inspector).kind == "plan"
    assert [p.store(inspector).name for p in given.cleaned_data["photos"]] == ["1.jpg", "2.jpg"]


def test_errors_stand_at_the_field_and_name_the_file():
    given = form(None, file("bad.jpg", made.executable()), file("2.jpg", made.picture()))
    assert not given.is_valid()
    assert "plan" in given.errors
    assert "bad.jpg: This is not a file of an allowed type" in str(given.errors["photos"][0])


def test_nothing_is_fine_where_nothing_is_asked():
    given = form(file("plan.png", made.picture("PNG")))
    assert given.is_valid(), given.errors
    assert given.cleaned_data["photos"] == []


def test_the_inputs_offer_the_right_files():
    html = str(NoteForm())
    assert 'accept="image/*"' in html
    assert "multiple" in html
    assert ".pdf" in html


def test_a_gallery_and_a_list(inspector):
    files = [
        actions.store(inspector, made.photo_with_place(), kind="photo", name="front.jpg"),
        actions.store(inspector, made.pdf(), kind="document", name="<b>act.pdf"),
    ]
    gallery = Template("{% load files %}{% file_gallery files 'Photos' %}").render(Context({"files": files}))
    assert files[0].thumbnail_url in gallery
    assert 'alt="front.jpg"' in gallery
    assert "_b_act.pdf" in gallery
    listed = Template("{% load files %}{% file_list files %}").render(Context({"files": files}))
    assert listed.count("<li>") == 2
