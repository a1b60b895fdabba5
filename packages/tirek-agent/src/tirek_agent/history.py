"""A plain record of every sounding, one JSON object a line, that outlives the agent.

`{"event": "start", "endpoint": "17", "command": "...", "alert": "...", "at": 1760000000000}`, and the same with
`"end"`. A line is handed to the system before the sound starts, so a killed process leaves a start without an end.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

log = logging.getLogger(__name__)

FILE = "soundings.jsonl"


@dataclass(frozen=True)
class Sounding:
    """One time that an endpoint sounded. `end_ms` is None while it sounds, and after a crash."""

    command: str
    alert: str
    start_ms: int
    end_ms: int | None


class History:
    """The soundings of one or many endpoints, in memory and, with a `home`, in `soundings.jsonl` there.

    `tell(endpoint, sounding)` is called at the start and at the end of each.
    """

    def __init__(self, home: Path | None, tell: Callable[[str, Sounding], None] | None = None) -> None:
        self._tell = tell
        self._soundings = read_history(home) if home else {}
        self._file = _open(home / FILE) if home else None

    def begin(self, endpoint: str, command: str, alert: str, at: int) -> None:
        """Call this just before the sound starts. Raises `OSError` when the disk is full."""
        sounding = Sounding(command, alert, at, None)
        self._write("start", endpoint, sounding, at)
        self._soundings.setdefault(endpoint, []).append(sounding)
        if self._tell:
            self._tell(endpoint, sounding)

    def end(self, endpoint: str, at: int) -> None:
        """The newest sounding of `endpoint` is over."""
        sounding = replace(self._soundings[endpoint][-1], end_ms=at)
        self._soundings[endpoint][-1] = sounding
        try:
            self._write("end", endpoint, sounding, at)
        except OSError as error:
            log.error("The end of a sounding is not recorded: %s", error)
        if self._tell:
            self._tell(endpoint, sounding)

    def of(self, endpoint: str) -> list[Sounding]:
        """Every sounding of `endpoint`, oldest first."""
        return list(self._soundings.get(endpoint, ()))

    def _write(self, event: str, endpoint: str, sounding: Sounding, at: int) -> None:
        if self._file is not None:
            line = {
                "event": event,
                "endpoint": endpoint,
                "command": sounding.command,
                "alert": sounding.alert,
                "at": at,
            }
            os.write(self._file, json.dumps(line).encode() + b"\n")

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _open(path: Path) -> int:
    """Open for appending, after a line that a crash cut short has been ended."""
    file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
    size = os.fstat(file).st_size
    if size and os.pread(file, 1, size - 1) != b"\n":
        os.write(file, b"\n")
    return file


def read_history(home: Path) -> dict[str, list[Sounding]]:
    """Read `soundings.jsonl` of a fleet, or of an agent, that may have died: endpoint id -> its soundings.

    A line that was cut short is left out.
    """
    soundings: dict[str, list[Sounding]] = {}
    try:
        lines = (home / FILE).read_bytes().split(b"\n")
    except FileNotFoundError:
        return soundings
    for line in lines[:-1]:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        mine = soundings.setdefault(entry["endpoint"], [])
        if entry["event"] == "start":
            mine.append(Sounding(entry["command"], entry["alert"], entry["at"], None))
        elif mine and mine[-1].command == entry["command"]:
            mine[-1] = replace(mine[-1], end_ms=entry["at"])
    return soundings
