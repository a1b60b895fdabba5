"""The link to the broker: MQTT 3.1.1. Reports go out at least once; commands come in at most once on each link.

Nothing here is needed for correctness: the centre sends again what was not answered, the agent reports again
what was not taken, and the core knows what it has played.

So the broker keeps nothing for an endpoint. What is valid is retained for all, and is sent to each that links; a queue of
its own for every endpoint would tell it the same once more, and cost the broker most of its time and memory: 10,000
endpoints have the command in half the time without.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import socket
import ssl
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

import aiomqtt
from paho.mqtt.reasoncodes import ReasonCode

from tirek_agent.agent import Agent
from tirek_agent.crowd import Crowd
from tirek_agent.ending import ended
from tirek_protocols.command import topics

log = logging.getLogger(__name__)

BEAT_S = 30.0
KEEPALIVE_S = 20
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
ANSWER_WITHIN_S = 30.0
"""A broker to which thousands come back at once is slow and not gone: giving up too soon only makes them come again."""
LOOK_AGAIN_S = 5.0
"""A command published in the very moment in which we subscribe may be neither retained yet nor sent on to us."""
REFUSED = 0x80
"""What a broker answers to a subscription that it does not grant (MQTT 3.1.1, section 3.9.3)."""

# paho complains about every lost connection; we say it once ourselves.
logging.getLogger("mqtt").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Broker:
    """Where the broker is and how to log in."""

    host: str
    port: int
    username: str | None
    password: str | None
    tls: bool

    @classmethod
    def from_url(cls, url: str) -> Broker:
        """`mqtt://user:password@host:1883` or `mqtts://...:8883`. Raises `ValueError`."""
        parts = urlsplit(url)
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
            raise ValueError(f"the broker's address must be mqtt://host or mqtts://host, not {url!r}")
        tls = parts.scheme == "mqtts"
        return cls(
            parts.hostname,
            parts.port or (8883 if tls else 1883),
            unquote(parts.username) if parts.username else None,
            unquote(parts.password) if parts.password else None,
            tls,
        )

    def logged_in(self, username: str, password: str) -> Broker:
        """The same broker with this log-in, unless it is empty."""
        return replace(self, username=username, password=password) if username else self


def _first(error: BaseException) -> BaseException:
    """One error out of a group of groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


class Link:
    """Connects one agent, and connects it again.

    For simulation, `latency_s` makes it slow, and it may be one of a `crowd` in this process.
    """

    def __init__(
        self,
        agent: Agent,
        broker: Broker,
        *,
        beat_s: float = BEAT_S,
        latency_s: float = 0.0,
        crowd: Crowd | None = None,
    ) -> None:
        self.connected = False
        self._crowd = crowd
        self._agent = agent
        self._broker = broker
        self._beat_s = beat_s
        self._latency_s = latency_s

    async def run(self) -> None:
        """Keep the link up until cancelled."""
        wait = FIRST_WAIT_S
        while True:
            try:
                async with contextlib.AsyncExitStack() as stack:
                    async with self._crowd.door if self._crowd else contextlib.nullcontext():
                        client = await stack.enter_async_context(self._client())
                        await self._subscribe(client)
                    await self._serve(client)
            except* (aiomqtt.MqttError, OSError) as lost:
                if self.connected or wait == FIRST_WAIT_S:
                    log.warning("No link to the broker: %s", _first(lost))
            except* Exception:
                # Whatever it is, a siren without a link is worse.
                log.exception("The link broke.")
            finally:
                if self.connected:
                    wait = FIRST_WAIT_S
                self.connected = False
            # Jitter, so that a thousand endpoints do not come back in the same instant.
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))
            wait = min(2 * wait, LONGEST_WAIT_S)

    def _client(self) -> aiomqtt.Client:
        return aiomqtt.Client(
            self._broker.host,
            self._broker.port,
            username=self._broker.username,
            password=self._broker.password,
            identifier=f"tirek-{self._agent.me.endpoint}",
            clean_session=True,
            keepalive=self._crowd.keepalive_s if self._crowd else KEEPALIVE_S,
            timeout=self._crowd.answer_within_s if self._crowd else ANSWER_WITHIN_S,
            # Called like the class that it is declared to be.
            queue_type=self._crowd.inbox(self._agent.me.endpoint) if self._crowd else None,  # type: ignore[arg-type]
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
            tls_context=ssl.create_default_context() if self._broker.tls else None,
        )

    async def _subscribe(self, client: aiomqtt.Client) -> None:
        wanted = [(topics.ALL_COMMANDS, 0), (topics.to(self._agent.me.endpoint), 0)]
        # A broker sends what it retains, which is what is valid now, on every subscription.
        granted = await client.subscribe(wanted)
        if any((code.value if isinstance(code, ReasonCode) else code) >= REFUSED for code in granted):
            raise aiomqtt.MqttError("the broker does not let this endpoint read commands")

    async def _serve(self, client: aiomqtt.Client) -> None:
        self.connected = True
        log.info("Linked to the broker at %s:%s.", self._broker.host, self._broker.port)
        # No task group: it cancels once, and would wait for ever for a task that missed it (see `ended`).
        works = (self._read, self._look_again, self._report, self._beat)
        tasks = [asyncio.create_task(work(client)) for work in works]
        try:
            broken, _still = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            for task in broken:
                task.result()
        finally:
            await ended(tasks, again_s=0.1)

    async def _read(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            if self._latency_s:
                await asyncio.sleep(self._latency_s)
            if self._crowd:
                await self._crowd.turn()
            if isinstance(message.payload, bytes):
                await self._agent.take(message.payload)

    async def _look_again(self, client: aiomqtt.Client) -> None:
        await asyncio.sleep(LOOK_AGAIN_S)
        await self._subscribe(client)

    async def _report(self, client: aiomqtt.Client) -> None:
        topic = topics.report(self._agent.me.endpoint)
        outbox = self._agent.outbox
        while True:
            await outbox.filled.wait()
            if (said := outbox.oldest()) is not None:
                await asyncio.sleep(self._latency_s)
                await client.publish(topic, said.envelope, qos=1)
                self._agent.told(said.seq)

    async def _beat(self, client: aiomqtt.Client) -> None:
        topic = topics.beat(self._agent.me.endpoint)
        while True:
            # The next one tells all that this one did, so none is worth a receipt.
            await client.publish(topic, self._agent.beat(), qos=0)
            await asyncio.sleep(self._beat_s * random.uniform(0.8, 1.0))
