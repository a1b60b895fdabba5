"""The reader of events: no error makes it deaf, and no event falls between joining and its first look."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest
from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection, transaction

from tirek.live import hub as hub_module
from tirek.live.emit import Change, emit
from tirek.live.hub import Hub, Listener, Reader, newest_id

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_S = 10.0


def tell(number: int) -> None:
    with transaction.atomic():
        emit([Change("alarm.changed", {"id": number})])


async def heard(listener: Listener, count: int) -> list[int]:
    async def collect() -> list[int]:
        return [(await listener.queue.get()).data["id"] for _ in range(count)]

    return await asyncio.wait_for(collect(), PATIENCE_S)


async def ended(hub: Hub) -> None:
    """Wait until the hub has no thread any more."""
    end = asyncio.get_running_loop().time() + PATIENCE_S
    while hub._thread is not None:
        assert asyncio.get_running_loop().time() < end, "the thread still stands in the hub"
        await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "ERROR_S", 0.05)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch):
    made = Hub()
    yield made
    for listener in list(made._listeners):
        made.leave(listener)
    if thread := made._thread:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


class Faulty:
    """Fails the first `times` calls with `error`, then does what was asked."""

    def __init__(self, real, error: BaseException, times: int) -> None:
        self.real, self.error, self.left = real, error, times
        self.calls = 0

    def __call__(self, *args):
        self.calls += 1
        if self.left > 0:
            self.left -= 1
            raise self.error
        return self.real(*args)


@pytest.mark.parametrize(
    "error", [DatabaseError("gone"), RuntimeError("not allowed"), ValueError("odd"), OSError(24, "")]
)
async def test_any_error_is_survived_and_nothing_is_missed(hub, monkeypatch, caplog, error):
    faulty = Faulty(Reader.read, error, 3)
    monkeypatch.setattr(Reader, "read", lambda reader: faulty(reader))
    with caplog.at_level(logging.WARNING, "tirek.live.hub"):
        listener = hub.join(await sync_to_async(newest_id)())
        await sync_to_async(tell)(1)
        await sync_to_async(tell)(2)
        assert await heard(listener, 2) == [1, 2]
    assert faulty.left == 0
    assert "cannot be read, trying again" in caplog.text
    assert not listener.overrun


async def test_an_error_between_the_look_and_the_reading_delays_nothing(hub, monkeypatch):
    """The version of the data was seen, but not its events: they must be asked for again although nothing is written since."""
    real = Reader.read
    listener = hub.join(await sync_to_async(newest_id)())
    await sync_to_async(tell)(1)
    assert await heard(listener, 1) == [1]

    class Broken:
        def filter(self, **_conditions):
            monkeypatch.setattr(hub_module.Event, "objects", objects)
            raise DatabaseError("gone")

    objects = hub_module.Event.objects
    await sync_to_async(tell)(2)
    assert await heard(listener, 1) == [2]
    with monkeypatch.context():
        monkeypatch.setattr(Reader, "read", lambda reader: [])
        await sync_to_async(tell)(3)
        monkeypatch.setattr(hub_module.Event, "objects", Broken())
        monkeypatch.setattr(Reader, "read", real)
        assert await heard(listener, 1) == [3]


async def test_a_thread_that_ends_clears_itself_and_sends_the_open_pages_to_connect_anew(hub, monkeypatch):
    monkeypatch.setattr(Reader, "read", Faulty(None, SystemExit(), 1))  # no Exception: nothing in the loop catches it
    deaf = hub.join(await sync_to_async(newest_id)())
    await ended(hub)
    assert deaf.overrun
    monkeypatch.undo()
    listener = hub.join(await sync_to_async(newest_id)())
    await sync_to_async(tell)(1)
    assert await heard(listener, 1) == [1]


async def test_even_an_error_in_the_handling_of_errors_leaves_no_deaf_hub(hub, monkeypatch, caplog):
    def fail(*_args):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(Reader, "read", fail)
        patch.setattr(Reader, "reset", fail)
        deaf = hub.join(await sync_to_async(newest_id)())
        await ended(hub)
    assert deaf.overrun
    assert "the reader has ended" in caplog.text
    listener = hub.join(await sync_to_async(newest_id)())
    await sync_to_async(tell)(1)
    assert await heard(listener, 1) == [1]


async def test_what_is_committed_before_the_first_look_of_a_new_thread_is_heard(hub, monkeypatch):
    may_look, real = threading.Event(), Reader.read

    def late(reader):
        may_look.wait(PATIENCE_S)
        return real(reader)

    monkeypatch.setattr(Reader, "read", late)
    await sync_to_async(tell)(0)
    listener = hub.join(await sync_to_async(newest_id)())
    await sync_to_async(tell)(1)
    await sync_to_async(tell)(2)
    may_look.set()
    assert await heard(listener, 2) == [1, 2]


async def test_a_listener_whose_loop_is_gone_does_not_keep_the_others_from_hearing(hub):
    gone = asyncio.new_event_loop()
    dead = Listener(gone)
    gone.close()
    with hub._lock:
        hub._listeners.add(dead)
    listener = hub.join(await sync_to_async(newest_id)())
    await sync_to_async(tell)(1)
    assert await heard(listener, 1) == [1]
    assert dead.overrun
    assert dead not in hub._listeners


async def test_the_thread_ends_when_the_last_listener_was_cut_off(hub):
    loop = asyncio.new_event_loop()
    with hub._lock:
        hub._listeners.add(Listener(loop))
    hub.leave(hub.join(await sync_to_async(newest_id)()))
    loop.close()
    await ended(hub)


async def test_the_thread_ends_when_nobody_listens_and_another_begins(hub):
    listener = hub.join(await sync_to_async(newest_id)())
    hub.leave(listener)
    await ended(hub)
    again = hub.join(await sync_to_async(newest_id)())
    await sync_to_async(tell)(7)
    assert await heard(again, 1) == [7]


async def test_more_events_than_one_reading_takes_come_in_their_order(hub, monkeypatch):
    monkeypatch.setattr(hub_module, "BATCH", 3)
    start = await sync_to_async(newest_id)()
    for number in range(10):
        await sync_to_async(tell)(number)
    listener = hub.join(start)
    assert await heard(listener, 10) == list(range(10))


def test_a_reader_asks_sqlite_only_when_something_was_written():
    reader = Reader(newest_id())
    reader.read()
    if connection.vendor == "sqlite":
        before = reader._version
        assert reader.read() == []
        assert reader._version == before is not None
