"""One thread that takes what is waiting, stores it in one transaction, and only then lets the answers go.

The thread knows nothing of sockets: it gets items and a function that stores a batch and returns one answer per item.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, close_old_connections, connection

Item = TypeVar("Item")
Answer = TypeVar("Answer")

log = logging.getLogger(__name__)

#: How long the first item of a group waits for company, in seconds.
LINGER_S = 0.02
#: Items committed together at most: at first, and the bounds within which this follows the time that commits take, in seconds.
#: Large groups cost less for each item; but while one is written nobody else can write (SQLite), and its answers wait.
GROUP, LEAST, MOST = 200, 100, 800
COMMIT_S = 0.2
#: Pause after the database refused, so that a broken disk is not hammered, in seconds.
PAUSE_S = 0.5


def is_away(error: BaseException) -> bool:
    """Whether the database takes nothing at all now. What it says of the data of one item is no such thing."""
    return isinstance(error, (DatabaseError, InterfaceError)) and not isinstance(error, (DataError, IntegrityError))


class Writer(threading.Thread, Generic[Item, Answer]):
    """A queue of items and the thread that stores them.

    `store(batch)` runs in the thread and returns one answer per item, or raises: then nothing was stored and nothing may be
    answered. `done(batch, answers)` is called after the commit, `failed(error)` when the database is away or an item cannot be
    stored, `idle()` at least once a second between batches; all in the thread.
    """

    def __init__(
        self,
        store: Callable[[Sequence[Item]], Sequence[Answer]],
        done: Callable[[Sequence[Item], Sequence[Answer]], None],
        failed: Callable[[BaseException], None],
        idle: Callable[[], None],
        capacity: int = 4000,
        linger_s: float = LINGER_S,
    ) -> None:
        super().__init__(name="dc09-writer", daemon=True)
        self._store, self._done, self._failed, self._idle = store, done, failed, idle
        self._linger_s = linger_s
        self.group = GROUP
        self.capacity = capacity
        self._items: list[Item] = []
        self._first_at = 0.0
        self._wake = threading.Condition()
        self._stopping = False

    def put(self, items: Sequence[Item]) -> bool:
        """Queue items. False says that the queue is full now: the caller should stop reading until there is room."""
        with self._wake:
            if not self._items:
                self._first_at = time.monotonic()
            self._items.extend(items)
            self._wake.notify()
            return len(self._items) < self.capacity

    @property
    def waiting(self) -> int:
        return len(self._items)

    @property
    def has_room(self) -> bool:
        return len(self._items) < self.capacity

    def stop(self) -> None:
        """Store what is queued, then end. Join the thread to wait for it."""
        with self._wake:
            self._stopping = True
            self._wake.notify()

    def run(self) -> None:
        last_idle = time.monotonic()
        while batch := self._next_batch():
            if batch.items:
                self._keep(batch.items)
            if batch.ends:
                break
            if time.monotonic() - last_idle >= 1.0:
                self._guarded_idle()
                last_idle = time.monotonic()
        connection.close()

    def _next_batch(self) -> _Batch[Item]:
        with self._wake:
            if not self._items and not self._stopping:
                self._wake.wait(1.0)
            while self._items and len(self._items) < self.group and not self._stopping:
                left = self._first_at + self._linger_s - time.monotonic()
                if left <= 0:
                    break
                self._wake.wait(left)
            items, self._items = self._items[: self.group], self._items[self.group :]
            return _Batch(items, self._stopping and not self._items)

    def _keep(self, items: list[Item]) -> None:
        started = time.monotonic()
        try:
            answers = self._store(items)
            self._adapt(len(items), time.monotonic() - started)
            self._done(items, answers)
        except Exception as error:
            if is_away(error):
                # Nothing was committed, so nothing is answered: the panels send again.
                log.error("%d frames could not be stored and are not answered: %s", len(items), error)
                self._failed(error)
                connection.close()
                time.sleep(PAUSE_S)
            elif len(items) > 1:
                # One frame must not hold up the others. Halves find it in a few commits, where one by one takes hundreds.
                log.warning("a batch of %d frames failed, its halves are tried: %s", len(items), error)
                middle = len(items) // 2
                self._keep(items[:middle])
                self._keep(items[middle:])
            else:
                log.exception("a frame cannot be stored and is left out, unanswered: %.300r", items[0])
                self._failed(error)

    def _adapt(self, count: int, seconds: float) -> None:
        """Let groups grow while they are full and quickly written, shrink when they take too long; at most twofold."""
        if count >= self.group or seconds > COMMIT_S:
            fitting = count * COMMIT_S / max(seconds, 0.001)
            self.group = int(min(MOST, self.group * 2, max(LEAST, self.group / 2, fitting)))

    def _guarded_idle(self) -> None:
        try:
            close_old_connections()
            self._idle()
        except Exception as error:
            # Whatever it is, the thread must live: without it no alarm is stored any more.
            if is_away(error):
                log.error("supervision could not use the database: %s", error)
            else:
                log.exception("supervision failed")
            self._failed(error)
            connection.close()


class _Batch(Generic[Item]):
    """What to store now, and whether it is the last."""

    __slots__ = ("ends", "items")

    def __init__(self, items: list[Item], ends: bool) -> None:
        self.items = items
        self.ends = ends
