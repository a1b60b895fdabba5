"""The world of `panic_to_desk`: facilities with a panel each, an officer who is logged in, and the panels' side of the line."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

import h3
from django.conf import settings
from django.test import Client

from tirek.accounts.models import Assignment, Person
from tirek.alarms.models import Panel, Zone
from tirek.alarms.receiver.keys import seal
from tirek.facilities.models import Facility, FacilityType
from tirek.places.models import Area
from tirek_protocols.dc09 import Answer, AnswerDecoder, encode_null, encode_sia

HOUR = 3600


def build(count: int) -> tuple[list[Side], str]:
    """Make `count` facilities with a panel each (every second one encrypted), and an officer. Returns panels and session."""
    area = Area.objects.create(kind="region", code="bench", name_en="Bench", lat=50.28, lon=57.16)
    area.path = f"{area.pk}/"
    area.save(update_fields=["path"])
    kind = FacilityType.objects.get_or_create(code="bench", defaults={"name_en": "Facility"})[0]
    rows = []
    for number in range(count):
        lat, lon = 50.2 + number % 40 * 0.004, 57.0 + number // 40 * 0.006
        rows.append(
            Facility(
                code=f"B-{number}", type=kind, area=area, name_en=f"Facility {number}", lat=lat, lon=lon,
                cell=h3.latlng_to_cell(lat, lon, 10),
            )
        )  # fmt: skip
    Facility.objects.bulk_create(rows)
    sides = [Side(f"{0xA000 + n:X}", bytes([n % 251]) * 16 if n % 2 else None) for n in range(count)]
    panels = [
        Panel(account=side.account, facility=row, key=seal(side.key) if side.key else None, heartbeat_s=HOUR)
        for side, row in zip(sides, rows, strict=True)
    ]
    Panel.objects.bulk_create(panels)
    Zone.objects.bulk_create(Zone(panel=panel, number="1", name_en="Panic button") for panel in panels)
    officer = Person.objects.create(username="bench", full_name="Bench Officer", language="en")
    officer.set_unusable_password()
    officer.save()
    Assignment.objects.create(person=officer, role="duty_officer")
    return sides, session_of(officer)


def session_of(person: Person) -> str:
    """The cookie of a log-in, as the log-in page would have made it."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


@dataclass(slots=True)
class Side:
    """The panel's side: one TCP connection that stays open."""

    account: str
    key: bytes | None
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def dial(self, host: str, port: int) -> None:
        self.reader, self.writer = await asyncio.open_connection(host, port)

    async def heartbeat(self) -> None:
        await self._exchange(encode_null(self.account, next(self.numbers), timestamp=datetime.now(UTC), key=self.key))

    async def panic(self) -> tuple[float, float]:
        """Send a panic; when its first byte left and when its answer was there, by the monotonic clock."""
        frame = encode_sia(self.account, "PA", 1, next(self.numbers), timestamp=datetime.now(UTC), key=self.key)
        return await self._exchange(frame)

    async def _exchange(self, frame: bytes) -> tuple[float, float]:
        async with self.lock:
            assert self.reader is not None
            assert self.writer is not None
            decoder = AnswerDecoder(self.key)
            started = time.monotonic()
            self.writer.write(frame)
            while data := await self.reader.read(4096):
                for item in decoder.feed(data):
                    if isinstance(item, Answer) and item.token == "ACK":
                        return started, time.monotonic()
            raise ConnectionError(f"panel {self.account} got no receipt")

    def close(self) -> None:
        if self.writer:
            self.writer.close()
