"""The three messages between the centre and its endpoints, checked whenever one is made.

Times are whole milliseconds since 1970 UTC. All classes raise `Malformed` or `TooLong` for values the
protocol forbids, and bring values into their one normal form (addressees sorted, numbers with at most three
decimals).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, get_args

from . import checks
from .cells import is_cell
from .errors import Malformed, TooLong
from .topics import is_command_id, is_endpoint_id

Action = Literal["play", "silence", "silence_all", "test"]
Mode = Literal["live", "exercise"]
State = Literal["accepted", "sounding", "finished", "failed", "refused", "stopped"]

ACTIONS: tuple[str, ...] = get_args(Action)
MODES: tuple[str, ...] = get_args(Mode)
STATES: tuple[str, ...] = get_args(State)

MAX_WINDOW_MS = 24 * 60 * 60 * 1000
MAX_RUN_SECONDS = 3600
MAX_ADDRESSEES = 10_000
MAX_AUDIO = 32
MAX_REPLACES = 64
MAX_SPEECH = 4000
MAX_FAULTS = 16

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_SHORTEST_SECONDS = 0.001


def _set(message: object, **values: Any) -> None:
    # The classes are frozen; only their own check may put a value into its normal form.
    for name, value in values.items():
        object.__setattr__(message, name, value)


def _endpoint(value: Any) -> str:
    if not is_endpoint_id(value):
        raise Malformed(f"{checks.shown(value)} is not an endpoint id.")
    return str(value)


def _command_id(name: str, value: Any, *, empty: bool = False) -> None:
    if not is_command_id(value) and not (empty and value == ""):
        raise Malformed(f"{name} must be 32 lower-case hexadecimal digits.")


@dataclass(frozen=True, slots=True)
class Addressees:
    """Who must obey: endpoint ids, and H3 cells with everything inside them.

    Never empty: there is no way to say "everywhere".
    """

    ids: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        ids = {_endpoint(item) for item in checks.several("ids", self.ids, MAX_ADDRESSEES)}
        cells = checks.several("cells", self.cells, MAX_ADDRESSEES)
        for cell in cells:
            if not is_cell(cell):
                raise Malformed(f"{checks.shown(cell)} is not an H3 cell.")
        if not ids and not cells:
            raise Malformed("A command must name its addressees.")
        _set(self, ids=tuple(sorted(ids)), cells=tuple(sorted(set(cells))))


@dataclass(frozen=True, slots=True)
class Tone:
    """A built-in sound, by its name in the endpoint."""

    name: str
    seconds: int | float

    def __post_init__(self) -> None:
        checks.matching("name", self.name, _NAME)
        seconds = checks.number("seconds", self.seconds, _SHORTEST_SECONDS, MAX_RUN_SECONDS)
        _set(self, seconds=seconds)


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording, by the SHA-256 of its file."""

    sha256: str
    language: str
    seconds: int | float

    def __post_init__(self) -> None:
        checks.matching("sha256", self.sha256, _SHA256)
        checks.matching("language", self.language, _LANGUAGE)
        seconds = checks.number("seconds", self.seconds, _SHORTEST_SECONDS, MAX_RUN_SECONDS)
        _set(self, seconds=seconds)


@dataclass(frozen=True, slots=True)
class Speech:
    """Words for the endpoint to speak."""

    language: str
    text: str

    def __post_init__(self) -> None:
        checks.matching("language", self.language, _LANGUAGE)
        checks.text("text", self.text, MAX_SPEECH)


Audio = Tone | Clip | Speech


@dataclass(frozen=True, slots=True)
class Command:
    """An order to endpoints.

    `id` is the nonce, `alert` the identifier of the CAP message behind it (empty only for `silence_all` and
    `test`), `audio` is played in order (needed for `play`, forbidden for both kinds of silence), `max_run`
    is in seconds, and `replaces` names alerts that this one ends. The command may be obeyed from
    `not_before` to `not_after`, which is at most 24 hours after `issued`.
    """

    id: str
    alert: str
    action: Action
    mode: Mode
    to: Addressees
    issued: int
    not_before: int
    not_after: int
    max_run: int
    audio: tuple[Audio, ...] = ()
    replaces: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _command_id("id", self.id)
        checks.one_of("action", self.action, ACTIONS)
        checks.one_of("mode", self.mode, MODES)
        checks.alert_identifier("alert", self.alert, empty=self.action in ("silence_all", "test"))
        if not isinstance(self.to, Addressees):
            raise Malformed("to must be Addressees.")
        audio = checks.several("audio", self.audio, MAX_AUDIO)
        if not all(isinstance(item, Audio) for item in audio):
            raise Malformed("audio must hold Tone, Clip or Speech.")
        if self.action == "play" and not audio:
            raise Malformed("A command to play must say what.")
        if self.action in ("silence", "silence_all") and audio:
            raise Malformed("A command to be silent must not have audio.")
        replaces = checks.several("replaces", self.replaces, MAX_REPLACES)
        for item in replaces:
            checks.alert_identifier("replaces", item)
        if len(set(replaces)) != len(replaces):
            raise Malformed("replaces names an alert twice.")
        self._check_times()
        _set(self, audio=audio, replaces=replaces)

    def _check_times(self) -> None:
        for name in ("issued", "not_before", "not_after"):
            checks.integer(name, getattr(self, name), 0)
        checks.integer("max_run", self.max_run, 1, MAX_RUN_SECONDS)
        if self.not_after <= self.not_before or self.not_after <= self.issued:
            raise Malformed("not_after must be later than not_before and issued.")
        if self.not_after - self.issued > MAX_WINDOW_MS:
            raise TooLong("not_after must be at most 24 hours after issued.")


@dataclass(frozen=True, slots=True)
class Proof:
    """What a probe beside the loudspeaker found. `level_db` is None when the probe measures no level."""

    probe: str
    heard: bool
    level_db: int | float | None = None
    detail: str = ""

    def __post_init__(self) -> None:
        checks.matching("probe", self.probe, _NAME)
        if type(self.heard) is not bool:
            raise Malformed("heard must be true or false.")
        if self.level_db is not None:
            _set(self, level_db=checks.number("level_db", self.level_db, -300, 300))
        checks.text("detail", self.detail, 500, empty=True)


@dataclass(frozen=True, slots=True)
class Report:
    """What an endpoint did with a command.

    `command` and `alert` are empty when the endpoint acted by itself (its own button) or could not read the
    command. `seq` grows by one with every report of an endpoint. `failed` and `refused` need a `reason`;
    `sounding` and `finished` need a `proof`; `failed` and `stopped` may have one.
    """

    endpoint: str
    command: str
    alert: str
    seq: int
    state: State
    at: int
    reason: str = ""
    proof: Proof | None = None

    def __post_init__(self) -> None:
        _endpoint(self.endpoint)
        _command_id("command", self.command, empty=True)
        checks.alert_identifier("alert", self.alert, empty=True)
        checks.integer("seq", self.seq, 0)
        checks.one_of("state", self.state, STATES)
        checks.integer("at", self.at, 0)
        checks.text("reason", self.reason, 500, empty=self.state not in ("failed", "refused"))
        if self.proof is not None and not isinstance(self.proof, Proof):
            raise Malformed("proof must be a Proof.")
        if self.proof is None and self.state in ("sounding", "finished"):
            raise Malformed(f"A report of {self.state!r} must have a proof.")
        if self.proof is not None and self.state in ("accepted", "refused"):
            raise Malformed(f"A report of {self.state!r} cannot have a proof.")


@dataclass(frozen=True, slots=True)
class Beat:
    """A sign of life.

    `playing` is the id of the command that sounds now, `waiting` the number of reports not handed over yet,
    and `faults` what the endpoint knows to be wrong with itself.
    """

    endpoint: str
    seq: int
    at: int
    version: str
    playing: str = ""
    waiting: int = 0
    faults: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _endpoint(self.endpoint)
        checks.integer("seq", self.seq, 0)
        checks.integer("at", self.at, 0)
        checks.text("version", self.version, 40)
        _command_id("playing", self.playing, empty=True)
        checks.integer("waiting", self.waiting, 0)
        faults = checks.several("faults", self.faults, MAX_FAULTS)
        for fault in faults:
            checks.text("faults", fault, 200)
        _set(self, faults=faults)


Message = Command | Report | Beat
