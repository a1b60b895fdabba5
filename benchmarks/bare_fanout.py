"""The rival of `issue_fanout`: subscribers and a publisher with nothing of Tirek in them, on the same broker.

`python -m benchmarks.bare_fanout --url URL --first 0 --count 500` connects that many MQTT clients, with the settings that agents
have (nothing kept for them, commands at QoS 0), which answer each message at once with 200 bytes at QoS 1; it prints a line
"ready", and after the message one JSON line: when each client had it (seconds since 1970).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import sys
import time
from urllib.parse import unquote, urlsplit

import aiomqtt
import uvloop

from benchmarks.stage import as_the_field

TOPIC = "tirek/1/commands/bare"
ANSWER = bytes(200)
AT_ONCE = 40


def client(url: str, name: str) -> aiomqtt.Client:
    """A client with the log-in of `url`."""
    parts = urlsplit(url)
    return aiomqtt.Client(
        parts.hostname or "",
        parts.port or 1883,
        username=parts.username,
        password=unquote(parts.password or ""),
        identifier=name,
        clean_session=True,
        timeout=300,
        queue_type=Noting,
        keepalive=300,
        socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
    )


class Noting(asyncio.Queue):  # type: ignore[type-arg]
    """A queue that knows when the last thing was put into it: the bytes have come, and nothing was done with them yet."""

    at = 0.0

    def put_nowait(self, item: object) -> None:
        self.at = time.time()
        super().put_nowait(item)


async def subscriber(url: str, number: int, gate: asyncio.Semaphore, ready: list[int], had: list[float]) -> None:
    """Connect, say so in `ready`, answer one message, note when it came in `had`."""
    async with gate:
        link = client(url, f"bare-{number}")
        await link.__aenter__()
        await link.subscribe([("tirek/1/commands/+", 0), (f"tirek/1/to/bare-{number}", 0)])
        ready.append(number)
    async for _message in link.messages:
        had.append(link._queue.at)
        await link.publish(f"tirek/1/from/bare-{number}/report", ANSWER, qos=1)
        break
    await link.__aexit__(None, None, None)


async def main(options: argparse.Namespace) -> None:
    gate, ready, had = asyncio.Semaphore(AT_ONCE), [], []
    tasks = [
        asyncio.create_task(subscriber(options.url, options.first + n, gate, ready, had)) for n in range(options.count)
    ]
    while len(ready) < options.count:
        await asyncio.sleep(0.05)
    as_the_field()
    print("ready", flush=True)
    await asyncio.wait_for(asyncio.gather(*tasks), 300)
    print(json.dumps(had), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, required=True)
    uvloop.run(main(parser.parse_args()))
    sys.exit(0)
