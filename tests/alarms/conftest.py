"""What the tests of alarms share: panels, frames, and an intake with a clock of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tirek.alarms.models import Panel
from tirek.alarms.receiver.intake import Intake
from tirek.alarms.receiver.keys import seal
from tirek.alarms.receiver.reading import Received
from tirek_protocols.dc09 import decode_datagram, encode_cid, encode_null, encode_sia

KEY = bytes(range(16))
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that tests move."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class PanelSide:
    """Writes frames as a panel would, and puts them into an intake."""

    def __init__(self, intake: Intake, clock: Clock) -> None:
        self.intake = intake
        self.clock = clock
        self._sequence = itertools.count(1)

    def sia(self, account: str, code: str, zone: int | None = 1, **options: Any) -> bytes:
        options.setdefault("sequence", next(self._sequence))
        options.setdefault("timestamp", self.clock())
        return encode_sia(account, code, zone, **options)

    def cid(self, account: str, code: str, zone: int = 1, **options: Any) -> bytes:
        options.setdefault("sequence", next(self._sequence))
        options.setdefault("timestamp", self.clock())
        return encode_cid(account, code, zone, **options)

    def null(self, account: str, **options: Any) -> bytes:
        return encode_null(account, **options)

    def received(self, frame: bytes, address: str = "10.0.0.5") -> Received:
        (raw,) = decode_datagram(frame)
        return Received(raw, address, "tcp", self.clock())

    def send(self, *frames: bytes) -> list[str]:
        """Store frames together; the answers' kinds ("" for silence)."""
        return [outcome.answer for outcome in self.intake.store([self.received(f) for f in frames])]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def intake(db: None, clock: Clock) -> Intake:
    return Intake(clock)


@pytest.fixture
def side(intake: Intake, clock: Clock) -> PanelSide:
    return PanelSide(intake, clock)


@pytest.fixture
def make_panel(small_province: Any) -> Callable[..., Panel]:
    """Factory: `make_panel("1234", facility=0, key=KEY)`."""

    def make(account: str = "1234", facility: int = 0, key: bytes | None = None, **fields: Any) -> Panel:
        return Panel.objects.create(
            account=account,
            facility=small_province.facilities[facility],
            key=seal(key) if key else None,
            **fields,
        )

    return make
