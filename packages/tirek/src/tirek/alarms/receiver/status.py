"""What the receiver says of itself: a small file below TIREK_HOME, so that it can be read when the database cannot."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

FILE = "receiver.json"
#: A status older than this means that the receiver does not run, in seconds.
STALE_S = 15.0


@dataclass(slots=True)
class Status:
    """Counters since the start, and the one thing that is wrong now."""

    started: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    #: host:port, empty before the start
    listening: str = ""
    pid: int = field(default_factory=os.getpid)
    connections: int = 0
    refused_connections: int = 0
    #: Connections that had to make room for others.
    evicted_connections: int = 0
    waiting: int = 0
    frames: int = 0
    commits: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    rubbish: Counter[str] = field(default_factory=Counter)
    #: Empty, "database", "unreadable" or "keys"; the pages have the sentence for each.
    problem: str = ""
    problem_since: str = ""

    def trouble(self, problem: str) -> None:
        """Set or, with an empty text, clear what is wrong."""
        if problem != self.problem:
            self.problem = problem
            self.problem_since = datetime.now(UTC).isoformat(timespec="seconds") if problem else ""


def path() -> Path:
    return Path(settings.HOME.data) / FILE


def write(status: Status) -> None:
    """Replace the file in one step, so that a reader never sees half of it."""
    draft = path().with_suffix(f".{os.getpid()}.tmp")
    said = {each.name: getattr(status, each.name) for each in fields(status)}
    draft.write_text(json.dumps({**said, "at": datetime.now(UTC).isoformat(timespec="seconds")}))
    draft.replace(path())


def read() -> dict[str, Any]:
    """What the receiver last wrote, with `alive`; {} when it never ran here."""
    try:
        said: dict[str, Any] = json.loads(path().read_text())
        age = (datetime.now(UTC) - datetime.fromisoformat(said["at"])).total_seconds()
    except (FileNotFoundError, ValueError, KeyError):
        return {}
    return {**said, "alive": age < STALE_S}
