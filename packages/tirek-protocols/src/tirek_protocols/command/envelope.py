"""The signed envelope: `TRK1`, key id, signature, canonical JSON.

The signature covers the kind of message too, so a report can never be passed off as a command.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

from .bodies import beat_from, command_from, kind_of, report_from, to_body
from .errors import Malformed, TooLong, UnknownKey
from .keys import KEY_ID_BYTES, SIGNATURE_BYTES, SigningKey, VerifyKey
from .messages import Beat, Command, Message, Report
from .topics import is_endpoint_id

MAGIC = b"TRK1"
HEADER_BYTES = len(MAGIC) + KEY_ID_BYTES + SIGNATURE_BYTES
# Addressees are what makes a command large. Brokers commonly take messages up to 1 MiB.
MAX_BYTES = {"command": 768 * 1024, "report": 8 * 1024, "beat": 8 * 1024}

_M = TypeVar("_M", Command, Report, Beat)


def _signed_part(kind: str, body: bytes) -> bytes:
    return b"tirek/1/" + kind.encode() + b"\0" + body


def _canonical(body: Any) -> bytes:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def encode(message: Message, key: SigningKey) -> bytes:
    """The signed bytes of a message. Raises `TooLong` if they would be more than a receiver takes."""
    kind = kind_of(message)
    body = _canonical(to_body(message))
    data = MAGIC + key.public.key_id + key.sign(_signed_part(kind, body)) + body
    _check_size(data, MAX_BYTES[kind])
    return data


def _check_size(data: bytes, most: int) -> None:
    if len(data) > most:
        raise TooLong(f"The message has {len(data)} bytes; {most} are allowed.")


def _split(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Key id, signature and body."""
    if len(data) <= HEADER_BYTES or not data.startswith(MAGIC):
        raise Malformed("This is not a Tirek message.")
    signature_at = len(MAGIC) + KEY_ID_BYTES
    return data[len(MAGIC) : signature_at], data[signature_at:HEADER_BYTES], data[HEADER_BYTES:]


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not JSON.") from error


def _open(data: bytes, kind: str, keys: Mapping[bytes, VerifyKey], build: Callable[[Any], _M]) -> _M:
    _check_size(data, MAX_BYTES[kind])
    named, signature, body = _split(data)
    if (key := keys.get(named)) is None:
        raise UnknownKey(f"No key has the id {named.hex()}.")
    # Nothing of the body is read before the signature has been found good.
    key.verify(signature, _signed_part(kind, body))
    message = build(_parse(body))
    if _canonical(to_body(message)) != body:
        raise Malformed("The body is not in canonical form.")
    return message


def decode_command(data: bytes, keys: Mapping[bytes, VerifyKey]) -> Command:
    """The command in `data`, signed by one of `keys` (by key id). Whether to obey it is for `admit` to say.

    Raises `UnknownKey`, `BadSignature`, `Malformed` or `TooLong`.
    """
    return _open(data, "command", keys, command_from)


def decode_report(data: bytes, key: VerifyKey) -> Report:
    """The report in `data`.

    `key` must be that of the endpoint that `peek` names, or one endpoint could speak for another.
    Raises `UnknownKey`, `BadSignature`, `Malformed` or `TooLong`.
    """
    return _open(data, "report", {key.key_id: key}, report_from)


def decode_beat(data: bytes, key: VerifyKey) -> Beat:
    """The heartbeat in `data`; `key` and errors as for `decode_report`."""
    return _open(data, "beat", {key.key_id: key}, beat_from)


def peek(data: bytes) -> tuple[str, str | None]:
    """Kind and endpoint (None for a command) that a message claims.

    Nothing is verified: use it only to look up the key for `decode_report` or `decode_beat`.
    Raises `Malformed` or `TooLong`.
    """
    _check_size(data, max(MAX_BYTES.values()))
    body = _parse(_split(data)[2])
    kind = body.get("kind") if isinstance(body, dict) else None
    if not isinstance(kind, str) or kind not in MAX_BYTES:
        raise Malformed("The message is of no known kind.")
    _check_size(data, MAX_BYTES[kind])
    if kind == "command":
        return kind, None
    endpoint = body.get("endpoint")
    if not is_endpoint_id(endpoint):
        raise Malformed("The message names no endpoint.")
    return kind, endpoint
