"""How sessions end, and what the middleware knows of a person."""

import time

import pytest
from django.conf import settings

from tirek.accounts.middleware import BACKGROUND_HEADER
from tirek.accounts.models import Session

pytestmark = pytest.mark.django_db
ME = "/people/me/"


def age(client, **seconds):
    session = client.session
    for key, value in seconds.items():
        session[key] = int(time.time()) - value
    session.save()


@pytest.fixture
def analyst(person, client_for):
    client = client_for(person("analyst"), HTTP_USER_AGENT="Testbrowser/1")
    assert client.get(ME).status_code == 200
    return client


def test_a_session_knows_whose_it_is(analyst, person):
    row = Session.objects.get(pk=analyst.session.session_key)
    assert row.person.roles == ["analyst"]
    assert (row.address, row.browser) == ("127.0.0.1", "Testbrowser/1")
    assert row.began_at is not None
    assert row.seen_at is not None


def test_nothing_done_for_two_hours_ends_it(analyst):
    age(analyst, seen=settings.SESSION_IDLE_AGE - 10)
    assert analyst.get(ME).status_code == 200
    age(analyst, seen=settings.SESSION_IDLE_AGE)
    assert analyst.get(ME).url == "/account/login/?next=%2Fpeople%2Fme%2F"
    assert "nothing was done" in analyst.get("/account/login/").content.decode()
    assert not Session.objects.filter(person__isnull=False).exists()


def test_an_act_keeps_it_open(analyst):
    age(analyst, seen=settings.SESSION_IDLE_AGE - 10)
    analyst.get(ME)
    assert time.time() - analyst.session["seen"] < 5


def test_what_a_page_does_by_itself_is_no_act(analyst):
    age(analyst, seen=settings.SESSION_IDLE_AGE - 10)
    before = analyst.session["seen"]
    analyst.get(ME, headers={BACKGROUND_HEADER: "1"})
    assert analyst.session["seen"] == before


def test_the_last_act_is_written_once_a_minute(analyst, django_assert_num_queries):
    before = analyst.session["seen"]
    age(analyst, seen=30)
    analyst.get(ME)
    assert analyst.session["seen"] == pytest.approx(before - 30, abs=2)


def test_those_on_watch_are_not_ended_for_idleness(person, client_for):
    desk = client_for(person("duty_officer"))
    desk.get(ME)
    age(desk, seen=settings.SESSION_IDLE_AGE * 3)
    assert desk.get(ME).status_code == 200


@pytest.mark.parametrize("role", ["duty_officer", "analyst"])
def test_twelve_hours_end_every_session(person, client_for, role):
    client = client_for(person(role))
    client.get(ME)
    age(client, began=settings.SESSION_COOKIE_AGE)
    assert client.get(ME).url.startswith("/account/login/")
    assert "shift of this session is over" in client.get("/account/login/").content.decode()


def test_a_part_of_a_page_moves_the_whole_page(analyst):
    age(analyst, seen=settings.SESSION_IDLE_AGE)
    answer = analyst.get(ME, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/account/login/")


@pytest.mark.parametrize(
    ("language", "heading"), [("kk", "Сіздің рөлдеріңіз"), ("ru", "Ваши роли"), ("en", "Your roles")]
)
def test_pages_speak_the_language_of_the_person(person, client_for, language, heading):
    client = client_for(person("analyst", language=language))
    client.cookies["django_language"] = "en"
    page = client.get(ME)
    assert heading in page.content.decode()
    assert f'<html lang="{language}"' in page.content.decode()
    assert page.headers["Content-Language"] == language


def test_the_language_switch_is_remembered(person, client_for):
    somebody = person("analyst", language="ru")
    client = client_for(somebody)
    client.post("/language", {"language": "kk", "next": ME})
    somebody.refresh_from_db()
    assert somebody.language == "kk"
    assert 'lang="kk"' in client.get(ME).content.decode()


def test_signing_out_everywhere_else(person, client_for):
    somebody = person("analyst")
    here, there = client_for(somebody), client_for(somebody)
    here.get(ME), there.get(ME)
    here.post("/people/me/sessions/end/")
    assert here.get(ME).status_code == 200
    assert there.get(ME).status_code == 302
