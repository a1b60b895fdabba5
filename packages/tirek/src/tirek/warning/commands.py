"""Signed commands as rows that the dispatcher publishes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tirek.warning import addressing, bell, rules, sound
from tirek.warning.models import Alert, Command, Mode
from tirek.warning.reach import Spot
from tirek.warning.signing import centre_key
from tirek_protocols.command import MAX_REPLACES, Addressees, Audio, encode
from tirek_protocols.command import Command as WireCommand

# An order to be silent is kept on the broker for those that come back late.
SILENCE_KEPT = timedelta(hours=2)
TEST_KEPT = timedelta(minutes=2)


def store(rows: Sequence[Command]) -> None:
    """Keep commands for the dispatchers, and wake them."""
    Command.objects.bulk_create(rows)
    bell.ring()


def milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def play(
    alert: Alert,
    spots: Sequence[Spot],
    now: datetime,
    *,
    everybody: Sequence[Spot],
    replaces: Iterable[str] = (),
    sounding: int = 1,
) -> list[Command]:
    """Order `spots` to sound `alert` until it expires. Nothing is stored yet.

    `replaces`: identifiers of the messages that it follows, newest first. What came before the last of them that a command
    can name was replaced by those already.
    """
    parts = sound.parts_of(alert)
    assert alert.expires_at is not None
    return [
        _row(
            alert,
            "play",
            to,
            now,
            alert.expires_at,
            audio=parts,
            replaces=tuple(replaces)[:MAX_REPLACES],
            sounding=sounding,
        )
        for to in addressing.addressees(spots, everybody)
    ]


def silence(alert: Alert, spots: Sequence[Spot], now: datetime, *, everybody: Sequence[Spot]) -> list[Command]:
    """Order `spots` to stop sounding `alert`."""
    return [_row(alert, "silence", to, now, now + SILENCE_KEPT) for to in addressing.addressees(spots, everybody)]


def silence_all(spots: Sequence[Spot], mode: str, now: datetime, *, everybody: Sequence[Spot]) -> list[Command]:
    """Order `spots` to stop sounding anything (`live`), or any exercise (`exercise`)."""
    return [
        _row(None, "silence_all", to, now, now + SILENCE_KEPT, mode=mode)
        for to in addressing.addressees(spots, everybody)
    ]


def silent_test(code: str, now: datetime) -> Command:
    """Order one endpoint to check itself without a sound."""
    return _row(None, "test", Addressees(ids=(code,)), now, now + TEST_KEPT, mode=Mode.LIVE)


def _row(
    alert: Alert | None,
    action: str,
    to: Addressees,
    now: datetime,
    not_after: datetime,
    *,
    mode: str = "",
    audio: tuple[Audio, ...] = (),
    replaces: tuple[str, ...] = (),
    sounding: int = 1,
) -> Command:
    longest = round(sound.seconds(audio) * 1.5) + rules.RUN_MARGIN_S
    issued = milliseconds(now)
    wire = WireCommand(
        id=secrets.token_hex(16),
        alert=alert.identifier if alert else "",
        action=action,  # type: ignore[arg-type]
        mode=alert.mode if alert else mode,  # type: ignore[arg-type]
        to=to,
        issued=issued,
        not_before=issued,
        not_after=milliseconds(not_after),
        max_run=min(longest, 3600),
        audio=audio,
        replaces=replaces,
    )
    return Command(
        nonce=wire.id,
        alert=alert,
        action=action,
        round=sounding,
        payload=encode(wire, centre_key()),
        created_at=now,
        not_after=not_after,
    )
