"""A real broker, a dispatcher and endpoints, each of which a test can kill."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import aiomqtt
from django.db import connection

from tests.warning.support import report
from tirek.config.broker import binary, centre_url, configuration, forget
from tirek.config.home import Home
from tirek.config.net import free_port
from tirek.warning.dispatcher import Dispatcher
from tirek.warning.models import Endpoint
from tirek.warning.signing import centre_key
from tirek_protocols.command import Command, decode_command, is_addressed, topics


class Broker:
    """The embedded broker with the product's own configuration."""

    def __init__(self, directory: Path) -> None:
        self.home = Home(directory).prepare()
        self.port = free_port("127.0.0.1", [])
        self.url = centre_url(self.home, self.port)
        self._file = directory / "nats.json"
        settings = json.loads(configuration(self.home, "127.0.0.1", self.port))
        settings["mqtt"]["ack_wait"] = "2s"  # how long it waits before it hands over again what a dead client had
        self._file.write_text(json.dumps(settings))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        forget(self.home)
        self._process = subprocess.Popen([binary(), "-c", self._file], stderr=subprocess.DEVNULL)
        until(lambda: not _refuses(self.port), 10)

    def kill(self) -> None:
        """As a loss of power would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _refuses(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
        return False
    return True


def until(true: Callable[[], Any], seconds: float = 10.0) -> None:
    """Wait until `true()`; fail after `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


class Background:
    """An event loop in a thread of its own, so that tests can stay plain."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def start(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def end(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()


class Running:
    """A dispatcher that can be stopped in good order, or cut off in the middle of whatever it does."""

    def __init__(self, background: Background, url: str, name: str = "test-dispatcher") -> None:
        self._background = background
        self._stop = asyncio.Event()
        self.dispatcher = background.start(self._make(url, name)).result(5)
        self._future = background.start(self.dispatcher.run(self._stop))

    async def _make(self, url: str, name: str) -> Dispatcher:
        return Dispatcher(url, name)

    def linked(self) -> bool:
        return bool(self.dispatcher.linked.is_set())

    def stop(self) -> None:
        self._background.loop.call_soon_threadsafe(self._stop.set)
        self._future.result(10)

    def cut_off(self) -> None:
        self._future.cancel()
        with contextlib.suppress(BaseException):
            self._future.result(10)
        time.sleep(0.1)


class Actors:
    """Endpoints that answer as a test tells them: `plan[code]` is what each does. Over real MQTT, signed with real keys."""

    def __init__(self, url: str, endpoints: list[Endpoint]) -> None:
        self.url = url
        self.endpoints = endpoints
        self.heard: dict[str, list[str]] = {endpoint.code: [] for endpoint in endpoints}
        self.plan: dict[str, str] = {}
        self.seq = {endpoint.code: 0 for endpoint in endpoints}
        self.copies = 0
        self.ready = threading.Event()

    async def run(self) -> None:
        while True:
            with contextlib.suppress(aiomqtt.MqttError):
                await self._serve()
            self.ready.clear()
            await asyncio.sleep(0.1)

    async def _serve(self) -> None:
        host, port, user, password = _parts(self.url)
        async with aiomqtt.Client(
            host, port, username=user, password=password, identifier="actors", clean_session=False, timeout=3
        ) as client:
            await client.subscribe(topics.ALL_COMMANDS, 1)
            for endpoint in self.endpoints:
                await client.subscribe(topics.to(endpoint.code), 1)
            self.ready.set()
            async for message in client.messages:
                if isinstance(message.payload, bytes) and message.payload:
                    await self._obey(client, message.payload)

    async def _obey(self, client: aiomqtt.Client, payload: bytes) -> None:
        key = centre_key().public
        command = decode_command(payload, {key.key_id: key})
        for endpoint in self.endpoints:
            if is_addressed(command, endpoint.code, endpoint.cell):
                await self._answer(client, endpoint, command)

    async def _answer(self, client: aiomqtt.Client, endpoint: Endpoint, command: Command) -> None:
        if command.id in self.heard[endpoint.code]:
            self.copies += 1
            if self.plan.get(endpoint.code, "heard") != "late":
                return
        self.heard[endpoint.code].append(command.id)
        match self.plan.get(endpoint.code, "heard"):
            case "silent":
                return
            case "late" if self.heard[endpoint.code].count(command.id) < 2:
                return
            case "accepts":
                await self._say(client, endpoint, command, "accepted")
            case "fails":
                await self._say(client, endpoint, command, "accepted")
                await self._say(client, endpoint, command, "failed", reason="amplifier gives no current")
            case "mute":
                await self._say(client, endpoint, command, "accepted")
                await self._say(client, endpoint, command, "sounding", heard=False)
                await self._say(client, endpoint, command, "finished", heard=False)
            case _:
                await self._say(client, endpoint, command, "accepted")
                await self._say(client, endpoint, command, "sounding", heard=True)
                await self._say(client, endpoint, command, "finished", heard=True)

    async def _say(
        self, client: aiomqtt.Client, endpoint: Endpoint, command: Command, state: str, **proof: Any
    ) -> None:
        self.seq[endpoint.code] += 1
        envelope = report(endpoint, command.id, command.alert, state, self.seq[endpoint.code], **proof)
        await client.publish(topics.report(endpoint.code), envelope, qos=1)


def _parts(url: str) -> tuple[str, int, str, str]:
    found = urlsplit(url)
    return found.hostname or "", found.port or 0, unquote(found.username or ""), unquote(found.password or "")


def publish(url: str, topic: str, payload: bytes) -> None:
    """Hand one message to the broker and wait until it has it."""

    async def run() -> None:
        host, port, user, password = _parts(url)
        async with aiomqtt.Client(host, port, username=user, password=password) as client:
            await client.publish(topic, payload, qos=1)

    asyncio.run(run())


def retained(url: str) -> list[str]:
    """Topics of the commands that the broker keeps now."""

    async def run() -> list[str]:
        host, port, user, password = _parts(url)
        found: list[str] = []
        async with aiomqtt.Client(host, port, username=user, password=password) as client:
            await client.subscribe(topics.ALL_COMMANDS, 1)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    async for message in client.messages:
                        if message.payload:
                            found.append(str(message.topic))
        return found

    return asyncio.run(run())


@contextlib.contextmanager
def in_background() -> Iterator[Background]:
    background = Background()
    try:
        yield background
    finally:
        for task in asyncio.all_tasks(background.loop):
            background.loop.call_soon_threadsafe(task.cancel)
        time.sleep(0.2)
        background.end()
        connection.close()
