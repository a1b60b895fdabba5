"""Messages to and from the JSON objects on the wire. Every field is always there; no other is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from .errors import Malformed
from .messages import Addressees, Audio, Beat, Clip, Command, Message, Proof, Report, Speech, Tone

_AUDIO: dict[str, type[Audio]] = {"tone": Tone, "clip": Clip, "speech": Speech}
_AUDIO_TYPES = {cls: name for name, cls in _AUDIO.items()}
_KINDS: dict[type[Message], str] = {Command: "command", Report: "report", Beat: "beat"}


def kind_of(message: Message) -> str:
    return _KINDS[type(message)]


def _plain(part: Any) -> dict[str, Any]:
    return {item.name: getattr(part, item.name) for item in fields(part)}


def audio_to_body(audio: Iterable[Audio]) -> list[dict[str, Any]]:
    """Parts that sound as JSON objects, as they stand in a command."""
    return [_plain(item) | {"type": _AUDIO_TYPES[type(item)]} for item in audio]


def to_body(message: Message) -> dict[str, Any]:
    body = _plain(message) | {"kind": kind_of(message)}
    if isinstance(message, Command):
        body["to"] = _plain(message.to)
        body["audio"] = audio_to_body(message.audio)
    elif isinstance(message, Report) and message.proof is not None:
        body["proof"] = _plain(message.proof)
    return body


def _exactly(name: str, body: Any, cls: type[Any]) -> dict[str, Any]:
    """`body` as a new dict, if it is an object with the fields of `cls` and no others."""
    if not isinstance(body, dict):
        raise Malformed(f"{name} must be an object.")
    wanted = {item.name for item in fields(cls)}
    if wrong := wanted.symmetric_difference(body):
        raise Malformed(f"{name} has missing or unknown fields: {', '.join(sorted(wrong))[:200]}.")
    return dict(body)


def _without(name: str, body: Any, field: str, allowed: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    """Take `field`, one of `allowed`, out of the object `body`."""
    if not isinstance(body, dict):
        raise Malformed(f"{name} must be an object.")
    rest = dict(body)
    value = rest.pop(field, None)
    if not isinstance(value, str) or value not in allowed:
        raise Malformed(f"{field} of {name} must be {' or '.join(allowed)}.")
    return value, rest


def _audio_from(item: Any) -> Audio:
    name, rest = _without("audio", item, "type", tuple(_AUDIO))
    return _AUDIO[name](**_exactly(name, rest, _AUDIO[name]))


def audio_from_body(body: Any) -> tuple[Audio, ...]:
    """The way back from `audio_to_body`. Raises `Malformed`."""
    if not isinstance(body, list):
        raise Malformed("audio must be a list.")
    return tuple(_audio_from(item) for item in body)


def command_from(body: Any) -> Command:
    values = _exactly("command", _without("body", body, "kind", ("command",))[1], Command)
    values["to"] = Addressees(**_exactly("to", values["to"], Addressees))
    values["audio"] = audio_from_body(values["audio"])
    return Command(**values)


def report_from(body: Any) -> Report:
    values = _exactly("report", _without("body", body, "kind", ("report",))[1], Report)
    if values["proof"] is not None:
        values["proof"] = Proof(**_exactly("proof", values["proof"], Proof))
    return Report(**values)


def beat_from(body: Any) -> Beat:
    return Beat(**_exactly("beat", _without("body", body, "kind", ("beat",))[1], Beat))
