"""Which worker lives. A worker holds a lock of the operating system on a file of its own: it falls with the process, however
the process went. Workers on other machines are believed while they say that they live.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
from datetime import timedelta
from functools import cache
from typing import IO

from django.conf import settings
from django.utils import timezone

from tirek.jobs.models import Job

SILENCE = timedelta(minutes=3)
_held: dict[int, IO[bytes]] = {}


def me() -> str:
    """The name of this process as a worker, with its lock taken. A forked child is another one."""
    return _name_of(os.getpid())


@cache
def _name_of(pid: int) -> str:
    name = secrets.token_hex(8)
    folder = settings.HOME.data / "workers"
    folder.mkdir(mode=0o700, exist_ok=True)
    held = os.fdopen(os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    fcntl.flock(held, fcntl.LOCK_EX)
    _held[pid] = held
    return f"{socket.gethostname()[:100]}/{name}"


def lives(job: Job) -> bool:
    """Whether the worker that took the job is still at it."""
    host, _slash, name = job.worker.rpartition("/")
    if host != socket.gethostname()[:100]:
        return job.beat_at is not None and timezone.now() - job.beat_at < SILENCE
    try:
        with (settings.HOME.data / "workers" / name).open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def forget_dead() -> None:
    """Clear away the lock files of workers that are gone."""
    for path in (settings.HOME.data / "workers").glob("*"):
        with path.open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            path.unlink()
