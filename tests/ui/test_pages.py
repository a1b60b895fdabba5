"""Pages of the frame itself."""

import pytest
from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils import translation

from tirek.accounts.models import Person
from tirek.ui.forms import Field
from tirek.ui.gallery import GalleryForm, GalleryTable


def test_gallery_is_for_administrators(person, client_for):
    assert client_for(person("administrator")).get("/ui/gallery/").status_code == 200
    assert client_for(person("duty_officer")).get("/ui/gallery/").status_code == 403


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_gallery_in_each_language(person, client_for, language):
    answer = client_for(person("administrator", language=language)).get("/ui/gallery/")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()


def test_home_leads_to_the_first_place(person, client_for, own_registry):
    client = client_for(person("administrator"))
    assert "no role" in client.get("/").content.decode()
    own_registry.nav("gallery", "Gallery", "ui:gallery", "photo", "ui.view_gallery")
    assert client.get("/").headers["Location"] == "/ui/gallery/"


def test_home_asks_strangers_to_sign_in(client, db):
    assert client.get("/").status_code == 302


def test_search_gives_a_page_or_a_part(person, client_for, own_registry):
    own_registry.search_provider(
        lambda user, query: [
            own_registry.Hit(title=f"<{query}>", subtitle="Aktobe", url="/x/", icon="home", kind="place")
        ]
    )
    client = client_for(person("analyst"))
    whole = client.get("/search?q=%20abc%20%20d").content.decode()
    part = client.get("/search?q=abc+d", headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    for text in (whole, part):
        assert "&lt;abc d&gt;" in text


def test_search_waits_for_two_letters(person, client_for, own_registry):
    def provider(user, query):
        raise AssertionError

    own_registry.search_provider(provider)
    assert client_for(person("analyst")).get("/search?q=a").status_code == 200


def test_search_that_finds_nothing_says_what_to_try(person, client_for, own_registry):
    text = client_for(person("analyst")).get("/search?q=abc", headers={"HX-Request": "true"}).content.decode()
    assert "Nothing found" in text


def test_language_is_kept_for_the_person(person, client_for):
    somebody = person("analyst")
    client = client_for(somebody)
    answer = client.post("/language", {"language": "kk", "next": "/search"})
    assert answer.headers["Location"] == "/search"
    somebody.refresh_from_db()
    assert somebody.language == "kk"
    assert '<html lang="kk"' in client.get("/search").content.decode()


@pytest.mark.parametrize("wrong", ["xx", "", "../"])
def test_a_language_that_is_not_there_changes_nothing(person, client_for, wrong):
    somebody = person("analyst")
    assert client_for(somebody).post("/language", {"language": wrong}).status_code == 302
    somebody.refresh_from_db()
    assert somebody.language == "en"


def test_language_does_not_lead_outside(client, db):
    answer = client.post("/language", {"language": "kk", "next": "https://example.org/"})
    assert "example.org" not in answer.headers["Location"]


def test_theme_cookie_is_in_the_first_answer(person, client_for):
    client = client_for(person("analyst"))
    assert 'data-bs-theme="light"' in client.get("/search").content.decode()
    client.cookies["tirek_theme"] = "dark"
    assert 'data-bs-theme="dark"' in client.get("/search").content.decode()


def test_sample_bar_offers_roles(person, client_for, own_registry):
    own_registry.sample_bar(lambda r: own_registry.SampleBar("/as", [("1", "Officer"), ("2", "Chief")], "2"))
    text = client_for(person("analyst")).get("/search").content.decode()
    assert 'action="/as"' in text
    assert '<option value="2" selected>Chief</option>' in text


def test_form_ties_label_help_and_error_to_the_control():
    with translation.override("en"):
        html = str(GalleryForm({}))
    assert '<label for="id_name" class="field-label">' in html
    assert 'class="form-control"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert html.count("<fieldset") == 1, "a group of boxes is a fieldset with a legend"


def test_form_marks_what_is_optional():
    with translation.override("en"):
        html = str(GalleryForm()["phone"].as_field_group())
    assert "optional" in html


def test_widget_keeps_its_own_class():
    class Small(forms.Form):
        code = forms.CharField(widget=forms.TextInput(attrs={"class": "w-auto"}))

    assert isinstance(Small()["code"], Field)
    assert 'class="form-control w-auto"' in str(Small()["code"])


def test_table_names_each_cell_for_phones(person, client_for):
    text = client_for(person("administrator")).get("/ui/gallery/?sort=-people").content.decode()
    assert 'data-label="People"' in text
    assert 'aria-sort="descending"' in text
    assert GalleryTable.Meta.template_name == "ui/table.html"


@pytest.mark.parametrize(("language", "word"), [("kk", "Таңдаңыз"), ("ru", "Выберите"), ("en", "Choose")])
def test_a_list_where_nothing_is_chosen_says_so_in_words(language, word):
    class Form(forms.Form):
        who = forms.ModelChoiceField(Person.objects.none())
        how = forms.TypedChoiceField(choices=[*BLANK_CHOICE_DASH, ("a", "A")])

    with translation.override(language):
        drawn = str(Form())
    assert drawn.count(f'<option value="" selected>{word}</option>') == 2
    assert "---" not in drawn
