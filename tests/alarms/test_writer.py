"""The thread that stores: groups follow the time that commits take, in order, and nothing is answered that was not stored."""

import threading
import time

import pytest
from django.db import DatabaseError, DataError, IntegrityError

from tirek.alarms.receiver import writer as writing
from tirek.alarms.receiver.writer import COMMIT_S, GROUP, LEAST, MOST, Writer

COUNT = 3000


class Shop:
    """A store that takes a while for each item, and remembers its groups."""

    def __init__(
        self, seconds_each: float = 0.0, fail: tuple[int, ...] = (), bad: dict[int, Exception] | None = None
    ) -> None:
        self.seconds_each, self.fail, self.bad = seconds_each, fail, bad or {}
        self.failures: list[BaseException] = []
        self.groups: list[list[int]] = []
        self.answered: list[int] = []
        self.calls = 0

    def store(self, items):
        self.calls += 1
        if self.calls in self.fail:
            raise DatabaseError("disk is full")
        for item in items:
            if item in self.bad:
                raise self.bad[item]
        time.sleep(self.seconds_each * len(items))
        self.groups.append(list(items))
        return [item * 10 for item in items]

    def done(self, items, answers):
        assert [item * 10 for item in items] == answers
        self.answered.extend(items)

    def run(self, batches: list[list[int]], capacity: int = COUNT + 1) -> Writer[int, int]:
        thread: Writer[int, int] = Writer(self.store, self.done, self.failures.append, lambda: None, capacity, 0.001)
        for batch in batches:
            thread.put(batch)
        thread.start()
        thread.stop()
        thread.join(60)
        assert not thread.is_alive()
        return thread


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(writing, "PAUSE_S", 0.0)


@pytest.mark.django_db(transaction=True)
def test_everything_is_stored_once_and_in_order():
    shop = Shop()
    shop.run([list(range(n, n + 10)) for n in range(0, COUNT, 10)])
    assert shop.answered == list(range(COUNT))


@pytest.mark.django_db(transaction=True)
def test_groups_grow_while_they_are_written_quickly_and_never_above_the_bound():
    shop = Shop()
    thread = shop.run([list(range(COUNT))])
    sizes = [len(group) for group in shop.groups]
    assert sizes[0] == GROUP
    assert sizes[1] > GROUP
    assert max(sizes) <= MOST
    assert thread.group == MOST


@pytest.mark.django_db(transaction=True)
def test_groups_shrink_when_a_commit_takes_too_long_and_never_below_the_bound():
    shop = Shop(seconds_each=COMMIT_S * 3 / GROUP)
    thread = shop.run([list(range(GROUP * 3))])
    sizes = [len(group) for group in shop.groups]
    assert sizes[0] == GROUP
    assert thread.group == LEAST
    assert sizes[1] == LEAST


@pytest.mark.django_db(transaction=True)
def test_a_group_that_was_not_stored_is_not_answered_and_the_next_one_is():
    shop = Shop(fail=(1,))
    shop.run([list(range(GROUP * 2))])
    assert shop.answered == list(range(GROUP, GROUP * 2))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [DataError("no NUL"), IntegrityError("the panel is gone"), ValueError("ours")])
def test_an_item_that_cannot_be_stored_is_left_out_alone(error):
    """Not even a stranger's frame that the database refuses for its content may hold up the alarms beside it."""
    shop = Shop(bad={7: error, GROUP + 3: error})
    shop.run([list(range(GROUP * 2))])
    assert shop.answered == [n for n in range(GROUP * 2) if n not in shop.bad]
    assert shop.failures == [error, error]
    assert not writing.is_away(error)
    assert shop.calls < 40, "found by halves, not one by one"


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_not_asked_for_each_item():
    shop = Shop(fail=(1,))
    shop.run([list(range(GROUP))])
    assert (shop.calls, len(shop.failures)) == (1, 1)
    assert writing.is_away(shop.failures[0])


@pytest.mark.django_db(transaction=True)
def test_the_thread_outlives_whatever_happens_while_it_is_idle():
    asked = threading.Event()

    def idle():
        asked.set()
        raise ValueError("a mistake of ours")

    shop = Shop()
    thread: Writer[int, int] = Writer(shop.store, shop.done, shop.failures.append, idle, COUNT, 0.001)
    thread.start()
    assert asked.wait(10)
    thread.put([1])
    thread.stop()
    thread.join(60)
    assert shop.answered == [1]


@pytest.mark.django_db(transaction=True)
def test_items_may_be_put_from_several_threads():
    shop = Shop()
    thread: Writer[int, int] = Writer(shop.store, shop.done, lambda error: None, lambda: None, COUNT + 1, 0.001)
    thread.start()
    putters = [threading.Thread(target=lambda n=n: [thread.put([n * 500 + i]) for i in range(500)]) for n in range(6)]
    for putter in putters:
        putter.start()
    for putter in putters:
        putter.join()
    thread.stop()
    thread.join(60)
    assert sorted(shop.answered) == list(range(COUNT))
