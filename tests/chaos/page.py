"""A page that listens: reads the live stream, and reads on from the last event whenever the link breaks."""

from __future__ import annotations

import asyncio

from django.test import Client

from tirek.accounts.models import Person

LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


class ListeningPage:
    """`heard` holds the ids of all events, as they came. `links` counts connections."""

    def __init__(self, person: Person, since: int) -> None:
        client = Client()
        client.force_login(person, backend=LOGIN)
        self.cookie = client.cookies["sessionid"].value
        self.last = since
        self.heard: list[int] = []
        self.links = 0

    async def run(self, host: str, port: int, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self._listen(host, port, stop)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                await asyncio.sleep(0.2)

    async def _listen(self, host: str, port: int, stop: asyncio.Event) -> None:
        reader, writer = await asyncio.open_connection(host, port)
        try:
            writer.write(
                f"GET /live/stream HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: sessionid={self.cookie}\r\n"
                f"Last-Event-ID: {self.last}\r\nAccept: text/event-stream\r\n\r\n".encode()
            )
            await writer.drain()
            status = await asyncio.wait_for(reader.readline(), 10)
            if b" 200 " not in status:
                raise OSError(f"the stream answered {status!r}")
            self.links += 1
            number = 0
            while not stop.is_set():
                line = await asyncio.wait_for(reader.readline(), 12)
                if not line:
                    return
                if line.startswith(b"id: "):
                    number = int(line[4:])
                elif line.startswith(b"event: ") and line.strip() not in {b"event: hello", b"event: beat"}:
                    self.last = number
                    self.heard.append(number)
        finally:
            writer.close()
