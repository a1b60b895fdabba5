"""What the links of one process share when it holds many endpoints, for simulation and load tests.

In truth each endpoint has a processor of its own. Here they share one, and a crowd that pushes through it at once would only
measure its own pushing: so few connect at the same time, and bytes are read from all sockets before the next command is verified.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import aiomqtt

if TYPE_CHECKING:
    Inbox = asyncio.Queue[aiomqtt.Message]
else:
    Inbox = asyncio.Queue

CONNECT_AT_ONCE = 40
# So many verify their command, then all sockets are read again.
VERIFY_AT_ONCE = 32


class Crowd:
    """`came(endpoint)` is called when bytes have come from the network and nothing was done with them yet."""

    # Whose processor is shared by thousands is slow and not gone. To give up and link again would only make it slower.
    keepalive_s = 120
    answer_within_s = 300.0

    def __init__(self, came: Callable[[str], None] | None = None) -> None:
        self.door = asyncio.Semaphore(CONNECT_AT_ONCE)
        self._came = came
        self._turn = asyncio.Semaphore(VERIFY_AT_ONCE)

    def inbox(self, endpoint: str) -> Callable[..., Inbox]:
        """What makes the queue between the network and the agent."""
        return partial(_Noting, partial(self._came, endpoint)) if self._came else asyncio.Queue

    async def turn(self) -> None:
        """Wait until the endpoints before had theirs, and whatever has come meanwhile is read."""
        async with self._turn:
            await asyncio.sleep(0)


class _Noting(Inbox):
    """A queue that tells when something is put into it."""

    def __init__(self, came: Callable[[], None], maxsize: int = 0) -> None:
        super().__init__(maxsize)
        self._came = came

    def put_nowait(self, item: aiomqtt.Message) -> None:
        self._came()
        super().put_nowait(item)
