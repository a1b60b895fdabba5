"""The steps of one agent, done one after the other by a task of its own.

The core counts a step as done in the moment in which it makes it. So whoever asked for a step may go (a link that breaks is
cancelled), but the step must not go with it: its sound would be written down and never begin, and all others would wait behind.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from tirek_agent.core import Step
from tirek_agent.records import Record

log = logging.getLogger(__name__)


class Steps:
    """Does steps in the order in which they were put.

    `write(records)` makes durable what the next steps remember, and says whether it could. `follow(step, written)` then does
    the rest of one step; the step that it may give back is done before the one that led to it counts as done.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Record]], Awaitable[bool]],
        follow: Callable[[Step, bool], Step | None],
    ) -> None:
        self._write = write
        self._follow = follow
        self._waiting: list[tuple[Step, asyncio.Future[None]]] = []
        self._open: set[asyncio.Future[None]] = set()
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    def put(self, step: Step) -> asyncio.Future[None]:
        """Have `step` done in its turn. The future is done when it is; to cancel the future does not stop the step."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._stopped:
            done.set_result(None)
            return done
        self._open.add(done)
        done.add_done_callback(self._open.discard)
        self._waiting.append((step, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return done

    async def _run(self) -> None:
        while self._waiting:
            # All that wait share one flush of the disk.
            steps, self._waiting = self._waiting, []
            written = await self._write([record for step, _done in steps for record in step.records])
            for step, done in steps:
                if (more := self._followed(step, written)) is not None:
                    self._waiting.append((more, done))
                elif not done.done():
                    done.set_result(None)

    def _followed(self, step: Step, written: bool) -> Step | None:
        try:
            return self._follow(step, written)
        except Exception:
            # One that breaks must not keep the next ones waiting.
            log.exception("A step broke.")
            return None

    async def stop(self) -> None:
        """Drop what is not done yet, and whatever is still put; nobody waits for it."""
        self._stopped = True
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for done in self._open:
            if not done.done():
                done.set_result(None)
