"""What an agent must not forget, as the core hands it to the journal and gets it back after a restart."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from tirek_protocols.command import Command


class Life(StrEnum):
    """How far a command has come. It only ever moves down this list."""

    WAITING = "waiting"
    SOUNDING = "sounding"
    """Its sound may have begun. Written before it does, so it can never begin twice."""
    OVER = "over"


@dataclass(frozen=True)
class Known:
    """A command that was received, replacing what was written of it before."""

    command: Command
    """As it came, but addressed to this endpoint alone: the others' names are not kept."""
    digest: bytes
    """SHA-256 of the envelope it came in."""
    life: Life
    heard: bool = False
    """A probe has heard it."""


@dataclass(frozen=True)
class Barred:
    """No command of `alert` issued until `issued` may sound (None: whenever it was issued).

    An empty `alert` is every alert. What an exercise bars is only exercises: it can never silence a live alert.
    """

    alert: str
    mode: str
    issued: int | None
    reason: str

    def holds(self, command: Command) -> bool:
        """Whether `command` must not sound."""
        return (
            command.action in ("play", "test")
            and self.alert in ("", command.alert)
            and (self.mode == "live" or command.mode == "exercise")
            and (self.issued is None or command.issued <= self.issued)
        )


@dataclass(frozen=True)
class Said:
    """A signed report that waits to be handed over."""

    seq: int
    command: str
    envelope: bytes


@dataclass(frozen=True)
class Told:
    """The report with this number was handed over to the broker."""

    seq: int


@dataclass(frozen=True)
class Forgotten:
    """A command so old that it could not be obeyed any more: nothing of it need be kept."""

    command: str


@dataclass(frozen=True)
class BeatsUpTo:
    """No heartbeat has had a higher number."""

    seq: int


Record = Known | Barred | Said | Told | Forgotten | BeatsUpTo


@dataclass
class Memory:
    """All that one endpoint remembers when it starts."""

    known: list[Known] = field(default_factory=list)
    barred: list[Barred] = field(default_factory=list)
    last_said: dict[str, Said] = field(default_factory=dict)
    """The newest report of each command."""
    untold: list[Said] = field(default_factory=list)
    """Reports that still wait, oldest first."""
    seq: int = 0
    """The highest number given to a report."""
    beats: int = 0
    """No heartbeat had a higher number; 0 when that is not known."""
