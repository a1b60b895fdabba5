"""How many files the process may hold open. Each connection is one, and many systems allow 1,024 unless they are asked."""

from __future__ import annotations

import logging
import resource

log = logging.getLogger(__name__)

#: What the receiver needs beside its connections: the database, logs, the loop's own, the status file.
OWN = 100


def room_for(connections: int) -> int:
    """Raise the limit as far as so many connections need and the system lets us. Returns how many have room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + OWN
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
        except (OSError, ValueError) as error:
            log.warning("the limit of open files stays at %d: %s", soft, error)
    room = connections if soft == resource.RLIM_INFINITY else max(1, min(connections, soft - OWN))
    if room < connections:
        log.warning("room for %d connections only: the system allows this process %d open files", room, soft)
    return room
