"""MQTT topics between the centre and its endpoints.

An endpoint id has only letters, digits, `_` and `-`, so no id can smuggle a wildcard or another level into
a topic.
"""

from __future__ import annotations

import re

from .errors import Malformed

ROOT = "tirek/1"

# What each side subscribes to.
ALL_COMMANDS = f"{ROOT}/commands/+"
ALL_REPORTS = f"{ROOT}/from/+/report"
ALL_BEATS = f"{ROOT}/from/+/beat"

_ENDPOINT = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")
_COMMAND = re.compile(r"[0-9a-f]{32}\Z")
_TOPIC = re.compile(rf"{ROOT}/(?:to/([^/]+)|from/([^/]+)/(?:report|beat))\Z")


def is_endpoint_id(text: object) -> bool:
    return isinstance(text, str) and _ENDPOINT.match(text) is not None


def is_command_id(text: object) -> bool:
    """Whether `text` is a command's nonce: 32 lower-case hexadecimal digits."""
    return isinstance(text, str) and _COMMAND.match(text) is not None


def _checked(endpoint: str) -> str:
    if not is_endpoint_id(endpoint):
        raise Malformed(f"{endpoint!r} is not an endpoint id.")
    return endpoint


def command(command_id: str) -> str:
    """Where one command stands, retained, for all."""
    if not is_command_id(command_id):
        raise Malformed(f"{command_id!r} is not a command id.")
    return f"{ROOT}/commands/{command_id}"


def to(endpoint: str) -> str:
    """Where one endpoint gets a command again."""
    return f"{ROOT}/to/{_checked(endpoint)}"


def report(endpoint: str) -> str:
    return f"{ROOT}/from/{_checked(endpoint)}/report"


def beat(endpoint: str) -> str:
    return f"{ROOT}/from/{_checked(endpoint)}/beat"


def endpoint_of(topic: str) -> str | None:
    """The endpoint that a `to`, `report` or `beat` topic belongs to; None for every other topic."""
    found = _TOPIC.match(topic)
    if not found:
        return None
    endpoint = found[1] or found[2]
    return endpoint if is_endpoint_id(endpoint) else None
