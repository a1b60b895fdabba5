"""The codecs under fire: how each reads bytes, what it may raise, and good messages to break."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from tirek_protocols import cap, command, dc09

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
AES = bytes(range(16))


@dataclass(frozen=True, slots=True)
class Target:
    """`read` may raise `refusal` and nothing else."""

    name: str
    read: Callable[[bytes], object]
    refusal: type[Exception]
    seeds: list[bytes]


def framed(data: bytes) -> bytes:
    """The body of a broken frame in a frame whose check sum is right, so that what lies behind the check sum is reached."""
    body = data[max(data.find(b'"'), 0) :].rstrip(b"\r")
    return b"\n%04X%04X%b\r" % (dc09.crc16(body), len(body), body)


def dc09_target() -> Target:
    """The receiver's way: decoder, parser, every answer; and the panel's way: the answer reader."""

    def read(data: bytes) -> object:
        for reader in (dc09.decode_datagram, dc09.parse_answer):
            with suppress(dc09.Dc09Error):
                reader(data)
        for item in dc09.StreamDecoder().feed(framed(data) if len(data) % 2 else data):
            if isinstance(item, dc09.RawFrame):
                dc09.nak(item, NOW)
                message = dc09.parse(item, AES if item.encrypted else None)
                dc09.duplicate_key(message)
                dc09.in_window(message, NOW)
                dc09.ack(item, AES if item.encrypted else None, NOW)
        return None

    seeds = [
        dc09.encode_sia("4F39", "PA", 12, 7, timestamp=NOW, text="Приёмный покой"),
        dc09.encode_sia("4F39", "PA", 12, 8, timestamp=NOW, key=AES),
        dc09.encode_null("777", 1),
        b'\nAA1A002F"ADM-CID"0227R4F39L4F39#4F39[#4F39|3401 01 057]\r',
        b'\n9618004D"SIA-DCS"7960L0#123456[#123456|Nri1CL0^VX FRONTE ^]_22:40:48,04-11-2021\r',
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ]
    return Target("DC-09", read, dc09.Dc09Error, seeds)


def command_target() -> Target:
    """An endpoint's way with commands, and the centre's with reports and beats."""
    key = command.SigningKey.generate()
    keys = {key.public.key_id: key.public}
    order = command.Command(
        id="ab" * 16, alert="KZ-1", action="play", mode="exercise", issued=NOW_MS, not_before=NOW_MS,
        not_after=NOW_MS + 60_000, max_run=60, to=command.Addressees(ids=("e-1",), cells=()),
        audio=(command.Tone("attention", 3), command.Speech("kk", "Назар аударыңыз")),
    )  # fmt: skip

    def read(data: bytes) -> object:
        kind, _endpoint = command.peek(data)
        if kind == "command":
            return command.decode_command(data, keys)
        return command.decode_report(data, key.public) if kind == "report" else command.decode_beat(data, key.public)

    return Target("commands", read, command.CommandError, [command.encode(order, key)])


def cap_target() -> Target:
    """Reading leniently, and validating by the schema."""
    info = cap.Info(
        (cap.Category.SECURITY,), "Attack", cap.Urgency.IMMEDIATE, cap.Severity.EXTREME, cap.Certainty.OBSERVED,
        headline="Тревога & қауіп", areas=(cap.Area("Aktobe", circles=(cap.Circle(50.28, 57.2, 0.4),)),),
    )  # fmt: skip
    alert = cap.Alert(
        "KZ-1", "tirek@example.kz", NOW, cap.Status.EXERCISE, cap.MsgType.ALERT, cap.Scope.PUBLIC, (info,)
    )

    def read(data: bytes) -> object:
        cap.validate(data)
        return cap.parse(data)

    return Target("CAP", read, cap.CapError, [cap.emit(alert)])


def targets() -> list[Target]:
    """All of them, with keys made for this run."""
    return [dc09_target(), command_target(), cap_target()]
