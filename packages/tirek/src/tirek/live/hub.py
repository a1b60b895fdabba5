"""One reader of events per process, many listeners.

A thread asks the database for events newer than the last one and hands them to every open stream. It runs only while
somebody listens. On SQLite it asks `PRAGMA data_version` first, which costs microseconds and changes only when another
connection has committed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Max

from tirek.live.models import Event

log = logging.getLogger(__name__)
POLL_S = 0.05
#: Pause after an error, so that a database that is away is not hammered.
ERROR_S = 1.0
QUEUE_SIZE = 2000
BATCH = 500


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream. `overrun` means that events were missed: it must reconnect and read from the database."""

    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[Event] = field(default_factory=lambda: asyncio.Queue(QUEUE_SIZE))
    overrun: bool = False

    def offer(self, events: list[Event]) -> None:
        """Called on the stream's own loop."""
        for event in events:
            try:
                self.queue.put_nowait(event)
            except asyncio.QueueFull:
                self.overrun = True
                return


class Hub:
    """Hands new events to all listeners of this process."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def join(self, after: int) -> Listener:
        """Add a listener for the running loop. `after` is the newest event that the caller knows of (see `newest_id`).

        The listener gets every event committed after this call, and may get some that came after `after` and before it:
        a thread that starts now reads on from `after`, whatever happens before its first question to the database.
        """
        listener = Listener(asyncio.get_running_loop())
        with self._lock:
            self._listeners.add(listener)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, args=(after,), name="live-hub", daemon=True)
                self._thread.start()
        return listener

    def leave(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.discard(listener)

    def _run(self, last: int) -> None:
        """The thread: no error ends it, and if it does end while somebody listens, those know of it."""
        try:
            self._read(last)
        except BaseException:  # only what not even the handling of errors survives, such as no memory
            log.exception("live events: the reader has ended; open pages will connect anew")
        finally:
            self._clear()
            with contextlib.suppress(Exception):
                connection.close()

    def _read(self, last: int) -> None:
        reader = Reader(last)
        while self._is_wanted():
            try:
                events = reader.read()
                if events:
                    self._hand_out(events)
            except Exception:
                # The database is away for a moment, or worse. Nothing is lost: ids are read on from the last one handed out.
                log.warning("live events: cannot be read, trying again in %.0f s", ERROR_S, exc_info=True)
                reader.reset()
                _pause(ERROR_S)
            else:
                if len(events) < BATCH:
                    _pause(POLL_S)

    def _is_wanted(self) -> bool:
        """Whether anybody listens. Otherwise the thread must end, and the next one who joins starts another."""
        with self._lock:
            for listener in [each for each in self._listeners if each.loop.is_closed()]:
                listener.overrun = True  # a stream that was cut off without a word
                self._listeners.discard(listener)
            if self._listeners:
                return True
            self._thread = None
            return False

    def _clear(self) -> None:
        """This thread ends: whoever still listens must connect anew, and starts another thread by that."""
        with self._lock:
            if self._thread is threading.current_thread():
                self._thread = None
                for listener in self._listeners:
                    listener.overrun = True
                self._listeners.clear()

    def _hand_out(self, events: list[Event]) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener.loop.call_soon_threadsafe(listener.offer, events)
            except Exception:  # its loop is closed; whatever it was, the others must hear
                listener.overrun = True
                self.leave(listener)


class Reader:
    """Reads events in their order, each once. Used by one thread."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._version: int | None = None

    def read(self) -> list[Event]:
        """Events after those of the call before, at most BATCH of them."""
        version = None
        if connection.vendor == "sqlite":
            version = _data_version()
            if version == self._version:
                return []
        events = list(Event.objects.filter(pk__gt=self._last).order_by("pk")[:BATCH])
        if events:
            self._last = events[-1].pk
        # Only now: had the question failed, or were there more to read, it must be asked again.
        self._version = version if len(events) < BATCH else None
        return events

    def reset(self) -> None:
        """After an error: a new connection, whose version of the data means nothing yet."""
        self._version = None
        with contextlib.suppress(Exception):
            connection.close()


def newest_id() -> int:
    """The id of the newest event, 0 if there is none."""
    return Event.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _data_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)


hub = Hub()
