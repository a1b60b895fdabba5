"""The stream: nothing lost between catch-up and live, nothing shown to whom it does not concern."""

import asyncio
import json
import time

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.test import AsyncClient, RequestFactory

from tirek.accounts.models import Assignment, Person, Session
from tirek.accounts.sessions import SessionStore
from tirek.live.emit import Change, emit
from tirek.live.hub import newest_id
from tirek.live.models import Event
from tirek.live.prune import prune
from tirek.live.stream import _review
from tirek.places.models import Area

pytestmark = pytest.mark.django_db(transaction=True)


def tell(n: int, area_path: str = "", permission: str = "alarms.view_alarm") -> None:
    with transaction.atomic():
        emit([Change("alarm.changed", {"id": n}, permission, area_path)])


def officer(area: Area | None = None) -> Person:
    person = Person.objects.create(username=f"officer{Person.objects.count()}", full_name="Officer")
    Assignment.objects.create(person=person, role="duty_officer", area=area)
    return person


async def read(response, count: int, kinds: tuple[str, ...] = ("alarm.changed",)) -> list[dict]:
    """The data of the first `count` events of `kinds`."""
    found: list[dict] = []

    async def collect() -> None:
        async for chunk in response.streaming_content:
            for block in chunk.decode().split("\n\n"):
                lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
                if lines.get("event") in kinds:
                    found.append(json.loads(lines["data"]))
                    if len(found) == count:
                        return

    await asyncio.wait_for(collect(), 10)
    return found


async def stream(person: Person, query: str = ""):
    client = AsyncClient()
    await client.aforce_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return await client.get(f"/live/stream{query}")


async def test_a_page_hears_what_happens_while_it_listens():
    response = await stream(await sync_to_async(officer)())
    assert len(await read(response, 1, ("hello",))) == 1  # from here on it listens
    reading = asyncio.create_task(read(response, 3))
    for n in range(3):
        await sync_to_async(tell)(n)
    assert [event["id"] for event in await reading] == [0, 1, 2]


async def test_a_page_that_was_away_catches_up_without_a_gap():
    person = await sync_to_async(officer)()
    await sync_to_async(tell)(1)
    since = await sync_to_async(newest_id)()
    for n in range(2, 12):
        await sync_to_async(tell)(n)
    response = await stream(person, f"?since={since}")
    reading = asyncio.create_task(read(response, 15))
    for n in range(12, 17):
        await sync_to_async(tell)(n)
    assert [event["id"] for event in await reading] == list(range(2, 17))


async def test_events_of_another_area_or_another_permission_are_not_heard():
    area = await Area.objects.acreate(kind="district", code="a", name_en="A", path="1/4/")
    person = await sync_to_async(officer)(area)
    since = await sync_to_async(newest_id)()
    await sync_to_async(tell)(1, "1/42/")
    await sync_to_async(tell)(2, "1/4/", "accounts.change_person")
    await sync_to_async(tell)(3, "1/4/9/")
    await sync_to_async(tell)(4, "1/4/")
    response = await stream(person, f"?since={since}")
    assert [event["id"] for event in await read(response, 2)] == [3, 4]


async def test_a_page_that_was_away_too_long_is_told_to_load_anew():
    person = await sync_to_async(officer)()
    for n in range(3):
        await sync_to_async(tell)(n)
    first = (await Event.objects.order_by("pk").afirst()).pk
    await Event.objects.filter(pk__lte=first + 1).adelete()
    assert await read(await stream(person, f"?since={first}"), 1, ("reset",)) == [{}]


class TestReview:
    """Now and then an open stream asks whether its session would still let a page in."""

    @pytest.fixture(autouse=True)
    def often(self, monkeypatch):
        monkeypatch.setattr("tirek.live.stream.REVIEW_S", 0.0)
        monkeypatch.setattr("tirek.live.stream.BEAT_S", 0.05)

    @staticmethod
    def expires(person: Person) -> None:
        Session.objects.update(expire_date="2020-01-01T00:00Z")

    @staticmethod
    def is_gone(person: Person) -> None:
        Session.objects.all().delete()

    @staticmethod
    def aged(**seconds: int) -> None:
        session = SessionStore(Session.objects.get().pk)
        session.update({key: int(time.time()) - value for key, value in seconds.items()})
        session.save()

    @classmethod
    def shift_is_over(cls, person: Person) -> None:
        cls.aged(began=settings.SESSION_COOKIE_AGE)

    @classmethod
    def idle(cls, person: Person) -> None:
        cls.aged(seen=settings.SESSION_IDLE_AGE)

    @classmethod
    def idle_without_a_watch(cls, person: Person) -> None:
        person.assignments.update(role="analyst")
        cls.idle(person)

    @staticmethod
    def password_changed(person: Person) -> None:
        person.set_password("another one, also long")
        person.save()

    @staticmethod
    def closed(person: Person) -> None:
        Person.objects.update(is_active=False)

    @pytest.mark.parametrize(
        "what", ["expires", "is_gone", "shift_is_over", "idle_without_a_watch", "password_changed", "closed"]
    )
    async def test_it_ends_with_the_session(self, what):
        person = await sync_to_async(officer)()
        response = await stream(person)
        beats = aiter(response.streaming_content)
        await asyncio.wait_for(anext(beats), 10)
        await sync_to_async(getattr(self, what))(person)

        async def to_its_end() -> None:
            async for _beat in beats:
                pass

        await asyncio.wait_for(to_its_end(), 10)

    @pytest.mark.parametrize("what", ["idle", "nothing"])
    async def test_it_goes_on_with_the_session(self, what):
        person = await sync_to_async(officer)()
        response = await stream(person)
        if what == "idle":  # who stands watch is not ended for it
            await sync_to_async(self.idle)(person)
        assert len(await read(response, 5, ("beat",))) == 5

    def test_it_asks_for_the_session_and_the_person(self, django_assert_num_queries):
        person, request = officer(), RequestFactory().get("/live/stream")
        request.session = SessionStore()
        login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
        request.session.update({"began": int(time.time()), "seen": int(time.time())})
        request.session.save()
        with django_assert_num_queries(2):
            assert _review(request, person) == person


async def test_nobody_hears_without_a_log_in():
    assert (await AsyncClient().get("/live/stream")).status_code == 401


def test_pruning_keeps_the_newest():
    tell(1)
    tell(2)
    Event.objects.update(at="2020-01-01T00:00Z")
    assert prune() == 1
    assert Event.objects.get().data == {"id": 2}


def test_over_wsgi_it_says_what_it_needs(client_for, person):
    response = client_for(person("duty_officer")).get("/live/stream")
    assert response.status_code == 503
    assert b"ASGI" in response.content
