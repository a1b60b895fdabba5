"""The dispatcher at work: asyncio around the broker, one thread each for what goes out and what comes in."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

import aiomqtt
from django.db import DatabaseError, connection
from django.utils import timezone

from tirek.warning import actions, bell
from tirek.warning.dispatcher import beats, outbox
from tirek.warning.dispatcher.inbox import AWAY, Inbox, Letter
from tirek.warning.dispatcher.link import Link
from tirek_protocols.command import topics

log = logging.getLogger(__name__)
T = TypeVar("T")

WAKE_S = 0.04
CHORES_S = 0.5
GATHER_S = 0.03
LETTERS_AT_ONCE = 2000
SUPERVISE_S = 5.0
FORGET_SENDERS_S = 60.0
# Letters that wait while the database is away; from here on signs of life are not kept.
MOST_WAITING = 50_000
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 3.0
NAME = "dispatcher"


class Dispatcher:
    """One dispatcher. Several may run at the same time, on one machine or many."""

    def __init__(self, url: str, name: str) -> None:
        self.inbox = Inbox()
        self.linked = asyncio.Event()
        self._url = url
        self._name = name
        self._out = ThreadPoolExecutor(1, "outbox")
        self._in = ThreadPoolExecutor(1, "inbox")
        self._watcher = outbox.Watcher()
        self._rung = asyncio.Event()
        #: Since when signs of life reach the database: silence before that was ours.
        self._hearing_since = timezone.now()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set. A broker or database that is away is waited for, nothing is lost meanwhile."""
        tasks = [asyncio.create_task(self._keep_link()), asyncio.create_task(self._keep_time())]
        ended = asyncio.create_task(stop.wait())
        try:
            with bell.heard(self._name, self._rung):
                await asyncio.wait([ended, *tasks], return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done():
                    task.result()
        finally:
            for task in (ended, *tasks):
                task.cancel()
            await asyncio.gather(ended, *tasks, return_exceptions=True)
            for pool in (self._out, self._in):
                # Looked up in the thread itself: each has a connection of its own.
                pool.submit(lambda: connection.close())
                await asyncio.to_thread(pool.shutdown)

    # Database

    async def _db(self, pool: ThreadPoolExecutor, work: Callable[..., T], *arguments: Any) -> T:
        """Run `work` in its thread. A database error is raised after the connection was put aside."""
        return await asyncio.get_running_loop().run_in_executor(pool, _with_connection, work, arguments)

    # Time: what becomes due without anybody doing anything, broker or not

    async def _keep_time(self) -> None:
        while True:
            try:
                now = timezone.now()
                for alert_id in await self._db(self._out, outbox.due_expiries, now):
                    await self._db(self._out, _due, actions.expire_alert, alert_id, now)
                for alert_id in await self._db(self._out, outbox.due_repeats, now):
                    await self._db(self._out, _due, actions.repeat_alert, alert_id, now)
                await self._db(self._out, outbox.give_up_unpublished, now)
            except DatabaseError as error:
                log.error("database: %s", error)
            await asyncio.sleep(CHORES_S)

    # Broker

    async def _keep_link(self) -> None:
        wait = FIRST_WAIT_S
        while True:
            try:
                async with Link(self._url, self._name) as link:
                    await link.subscribe([(topics.ALL_REPORTS, 1), (topics.ALL_BEATS, 1)])
                    log.info("linked to the broker")
                    self.linked.set()
                    wait = FIRST_WAIT_S
                    await self._serve(link)
            except* (aiomqtt.MqttError, OSError) as lost:
                if wait == FIRST_WAIT_S:
                    log.warning("no link to the broker: %s", lost.exceptions[0])
            finally:
                self.linked.clear()
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))
            wait = min(2 * wait, LONGEST_WAIT_S)

    async def _serve(self, link: Link) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._send(link))
            group.create_task(self._receive(link))
            group.create_task(self._supervise())

    # Out

    async def _send(self, link: Link) -> None:
        loop = asyncio.get_running_loop()
        await self._take_back(link)
        # The broker may have lost what it retained; whoever has played a command drops the copy.
        await self._publish(link, await self._persist(self._out, outbox.still_valid, timezone.now()))
        chores_at = 0.0
        while True:
            chores = loop.time() >= chores_at
            if await self._persist(self._out, self._watcher.changed) or chores:
                await self._send_due(link)
            if chores:
                await self._try_again(link)
                await self._take_back(link)
                chores_at = loop.time() + CHORES_S
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(WAKE_S):
                    await self._rung.wait()
            self._rung.clear()

    async def _send_due(self, link: Link) -> None:
        if due := await self._persist(self._out, outbox.claim_due, timezone.now()):
            begun = timezone.now()
            await self._publish(link, due)
            await self._persist(self._out, outbox.mark_published, due, begun, timezone.now())
            log.info("published %s", ", ".join(f"{one.action} {one.nonce}" for one in due))

    async def _publish(self, link: Link, due: Sequence[outbox.Due]) -> None:
        await asyncio.gather(*(link.hand_over(topics.command(one.nonce), one.payload, retain=True) for one in due))

    async def _try_again(self, link: Link) -> None:
        again = await self._persist(self._out, outbox.claim_tries, timezone.now())
        await asyncio.gather(*(link.hand_over(topics.to(one.code), one.payload) for one in again))
        if again:
            log.info("sent again to %d endpoints", len(again))

    async def _take_back(self, link: Link) -> None:
        over = await self._persist(self._out, outbox.to_take_back, timezone.now())
        if over:
            await asyncio.gather(*(link.hand_over(topics.command(nonce), b"", retain=True) for _pk, nonce in over))
            await self._persist(self._out, outbox.mark_taken_back, [pk for pk, _nonce in over], timezone.now())

    # In

    async def _receive(self, link: Link) -> None:
        """Store what comes in in group commits; acknowledge it after the commit only."""
        queue: asyncio.Queue[tuple[aiomqtt.Message, datetime]] = asyncio.Queue()

        async def read() -> None:
            async for message in link.messages:
                if queue.qsize() >= MOST_WAITING and str(message.topic).endswith("/beat"):
                    # The database is away. The next beat says the same; reports are kept, whatever there are.
                    link.acknowledge(message)
                    continue
                queue.put_nowait((message, timezone.now()))

        async def store() -> None:
            while True:
                batch = [await queue.get()]
                await asyncio.sleep(GATHER_S)
                while len(batch) < LETTERS_AT_ONCE and not queue.empty():
                    batch.append(queue.get_nowait())
                letters = [
                    Letter(str(m.topic), bytes(m.payload), at) for m, at in batch if isinstance(m.payload, bytes)
                ]
                await self._persist(self._in, self.inbox.take, letters)
                for message, _at in batch:
                    link.acknowledge(message)

        async with asyncio.TaskGroup() as group:
            group.create_task(read())
            group.create_task(store())

    async def _supervise(self) -> None:
        self._hearing_since = timezone.now()
        forget_at = asyncio.get_running_loop().time() + FORGET_SENDERS_S
        while True:
            await asyncio.sleep(SUPERVISE_S)
            if lost := await self._persist(self._in, beats.mark_lost, timezone.now(), self._hearing_since):
                log.warning("%d endpoints do not answer", lost)
            if asyncio.get_running_loop().time() >= forget_at:
                await self._persist(self._in, self.inbox.forget)
                forget_at = asyncio.get_running_loop().time() + FORGET_SENDERS_S

    async def _persist(self, pool: ThreadPoolExecutor, work: Callable[..., T], *arguments: Any) -> T:
        """Like `_db`, but wait for a database that is away: what was received is kept until it is stored."""
        wait = FIRST_WAIT_S
        while True:
            try:
                return await self._db(pool, work, *arguments)
            except AWAY as error:
                log.error("database: %s", error)
                await asyncio.sleep(wait)
                # What endpoints said meanwhile waits to be stored. Nobody is lost before that is done.
                self._hearing_since = timezone.now()
                wait = min(2 * wait, LONGEST_WAIT_S)


def _with_connection(work: Callable[..., T], arguments: tuple[Any, ...]) -> T:
    try:
        return work(*arguments)
    except DatabaseError:
        with contextlib.suppress(DatabaseError):
            connection.close()
        raise


def _due(act: Callable[..., None], alert_id: int, now: datetime) -> None:
    """Do what is due, unless another process was first."""
    with contextlib.suppress(actions.AlreadyDone):
        act(alert_id, now, system=NAME)
