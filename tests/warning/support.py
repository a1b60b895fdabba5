"""What several tests of public warning need: endpoints with keys, drafts, signed reports."""

from __future__ import annotations

import itertools
import math
import time
from datetime import timedelta
from typing import Any

import h3
from django.utils import timezone

from tirek.facilities.models import Facility
from tirek.places.models import LANGUAGES, Area
from tirek.warning import actions, shapes, wording
from tirek.warning.models import Endpoint, Plan
from tirek_protocols.command import Beat, Proof, Report, SigningKey, encode

_numbers = itertools.count(1)
KEYS: dict[str, SigningKey] = {}
"""Private keys of the endpoints made here, by code."""


def make_endpoints(area: Area, lat: float, lon: float, count: int, *, spread_m: float, prefix: str) -> list[Endpoint]:
    """`count` enrolled endpoints on a ring of `spread_m` around a place."""
    made = []
    for number in range(count):
        angle = 2 * math.pi * number / count
        at_lat = lat + spread_m * math.cos(angle) / 111_320
        at_lon = lon + spread_m * math.sin(angle) / (111_320 * math.cos(math.radians(lat)))
        code = f"{prefix}-{next(_numbers)}"
        KEYS[code] = SigningKey.generate()
        made.append(
            Endpoint(
                code=code, name=f"Loudspeaker {code}", area=area, lat=at_lat, lon=at_lon,
                cell=h3.latlng_to_cell(at_lat, at_lon, 10), state=Endpoint.State.READY,
                public_key=KEYS[code].public.bytes, enrolled_at=timezone.now() - timedelta(days=1),
                last_seen=timezone.now(),
            )
        )  # fmt: skip
    return Endpoint.objects.bulk_create(made)


def draft(
    facility: Facility, *, mode: str = "exercise", plan: str = "shelter", radius: int = 400, **fields: Any
) -> actions.Draft:
    """A draft around a facility, its slots filled."""
    chosen = Plan.objects.get(code=plan)
    place = {language: facility.name_in(language) for language in LANGUAGES}
    slots = {language: {"place": place[language], "area": place[language]} for language in LANGUAGES}
    plain = {text.language: {part: getattr(text, part) for part in wording.PARTS} for text in chosen.texts.all()}
    values: dict[str, Any] = {
        "mode": mode,
        "plan": chosen,
        "shape": shapes.round_shape(facility.lat, facility.lon, radius),
        "texts": wording.fill(plain, slots),
        "slots": slots,
        "place": place,
    }
    return actions.Draft(**(values | fields))


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def report(
    endpoint: Endpoint, command: str, alert: str, state: str, seq: int, *, heard: bool | None = None, reason: str = ""
) -> bytes:
    """A signed report of an endpoint. `heard` makes a proof."""
    proof = None if heard is None else Proof("listener", heard, -20 if heard else -90, "")
    body = Report(endpoint.code, command, alert, seq, state, now_ms(), reason, proof)  # type: ignore[arg-type]
    return encode(body, KEYS[endpoint.code])


def beat(endpoint: Endpoint, seq: int, faults: tuple[str, ...] = ()) -> bytes:
    """A signed sign of life."""
    return encode(Beat(endpoint.code, seq, now_ms(), "1.0", faults=faults), KEYS[endpoint.code])
