"""Wakes the dispatchers of this machine in the moment in which a command is committed.

A hint and no more: a dispatcher that hears no bell, or stands on another machine, looks into the database a few times a
second anyhow. Named pipes, since they end with their reader and have no port.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction

SUFFIX = ".bell"


def ring() -> None:
    """Ring as soon as the transaction is committed; not at all when it is not."""
    transaction.on_commit(_ring, robust=True)


def _ring() -> None:
    for pipe in settings.HOME.data.glob(f"*{SUFFIX}"):
        with contextlib.suppress(OSError):  # nobody listens there any more, or has many rings to hear already
            bell = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            try:
                os.write(bell, b"!")
            finally:
                os.close(bell)


@contextlib.contextmanager
def heard(name: str, rung: asyncio.Event) -> Iterator[None]:
    """Set `rung` whenever somebody rings, until the block ends. `name` is that of the one who listens; it has no other."""
    pipe = settings.HOME.data / f"{name}{SUFFIX}"
    try:
        bell = _listen(pipe)
    except OSError:  # a file system without named pipes
        yield
        return
    loop = asyncio.get_running_loop()

    def ringing() -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(bell, 4096)
        rung.set()

    loop.add_reader(bell, ringing)
    try:
        yield
    finally:
        loop.remove_reader(bell)
        os.close(bell)
        pipe.unlink(missing_ok=True)


def _listen(pipe: Path) -> int:
    pipe.parent.mkdir(parents=True, exist_ok=True)
    pipe.unlink(missing_ok=True)  # of one that was killed
    os.mkfifo(pipe, 0o600)
    # Open for writing too: otherwise the pipe would end with each ringer.
    return os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
