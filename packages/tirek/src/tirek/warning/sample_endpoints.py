"""Sirens and loudspeakers of the sample province. Their keys are real, so that the simulator runs real agents with them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache

import h3
from django.conf import settings
from django.utils import timezone

from tirek.audit.act import act
from tirek.equipment.actions.linked import items_for
from tirek.facilities.models import Facility
from tirek.facilities.sample_words import said
from tirek.places.models import Area
from tirek.warning.devices import device_of
from tirek.warning.models import Endpoint
from tirek_protocols.command import SigningKey

SEED = 20260102
TOTAL = 200
HOSPITAL_CODE, AT_HOSPITAL = "sample-hospital", 6
KEYS_FILE = "sample-endpoints"
CELL_RESOLUTION = 10
SPREAD_M = 90.0  # loudspeakers stand within this distance of the middle of their facility
STREET_SPREAD_M = 1800.0
METRES_PER_DEGREE = 111_320.0
ROOMS = ("холл", "двор", "главный вход", "актовый зал", "столовая", "корпус 2", "торговый зал", "стоянка")


def add_missing() -> int:
    """Endpoints at facilities and in streets, up to `TOTAL`, enrolled a month ago. Returns how many were made."""
    if Endpoint.objects.filter(is_sample=True).exists():
        return 0
    chance = random.Random(SEED)
    made = list(_at_facilities(chance))
    made += list(_in_streets(chance, TOTAL - len(made)))
    keys = private_keys()
    enrolled = timezone.now() - timedelta(days=30)
    for endpoint in made:
        endpoint.cell = h3.latlng_to_cell(endpoint.lat, endpoint.lon, CELL_RESOLUTION)
        endpoint.public_key = SigningKey.from_bytes(keys[endpoint.code]).public.bytes
        endpoint.enrolled_at = enrolled
        endpoint.state, endpoint.state_since = Endpoint.State.LOST, timezone.now()
    with act("warning.load_sample", system="sample") as trace:
        standing = [(endpoint, device) for endpoint in made if (device := device_of(endpoint))]
        for (endpoint, _device), item in zip(standing, items_for([device for _, device in standing]), strict=True):
            endpoint.item = item
        Endpoint.objects.bulk_create(made)
        trace.on(Endpoint.objects.get(code=made[0].code))
    return len(made)


def code_of(number: int) -> str:
    return f"sample-{number:03d}"


@lru_cache(maxsize=2)
def _stored_keys(home: str) -> dict[str, str]:
    def make() -> bytes:
        fresh = {code_of(n): SigningKey.generate().bytes.hex() for n in range(1, TOTAL + 1)}
        return json.dumps(fresh).encode()

    return dict(json.loads(settings.HOME.secret_bytes(KEYS_FILE, make)))


def private_keys() -> dict[str, bytes]:
    """The private keys of the simulated endpoints by code; made at first use, kept among the installation's keys."""
    return {code: bytes.fromhex(key) for code, key in _stored_keys(str(settings.HOME.root)).items()}


def _at_facilities(chance: random.Random) -> Iterator[Endpoint]:
    """Six at the hospital of the story, one to three at the facilities of the first two categories."""
    number = 0
    facilities = Facility.objects.listed().filter(is_sample=True).select_related("area").order_by("category", "code")
    hospital = [f for f in facilities if f.code == HOSPITAL_CODE]
    others = [f for f in facilities if f.code != HOSPITAL_CODE and f.category < 3]
    for facility in [*hospital, *others]:
        many = AT_HOSPITAL if facility.code == HOSPITAL_CODE else chance.choice((1, 1, 2, 2, 3))
        for room in chance.sample(ROOMS, many):
            if number == TOTAL * 3 // 4:
                return
            number += 1
            lat, lon = _near(chance, facility.lat, facility.lon, SPREAD_M)
            yield Endpoint(
                code=code_of(number), name=_name(number, facility, room), facility=facility, area=facility.area,
                kind=Endpoint.Kind.LOUDSPEAKER, lat=lat, lon=lon, range_m=150, is_sample=True,
            )  # fmt: skip


def _in_streets(chance: random.Random, count: int) -> Iterator[Endpoint]:
    """Sirens on masts: the more people live in a place, the more."""
    towns = list(Area.objects.filter(is_sample=True, kind=Area.Kind.SETTLEMENT, population__gt=0).order_by("code"))
    weights = [town.population or 0 for town in towns]
    numbers: dict[int, int] = {}
    for offset, town in enumerate(chance.choices(towns, weights, k=count)):
        numbers[town.pk] = numbers.get(town.pk, 0) + 1
        reach = STREET_SPREAD_M * min(1.0, ((town.population or 0) / 100_000) ** 0.5 + 0.15)
        lat, lon = _near(chance, town.lat or 0.0, town.lon or 0.0, reach)
        yield Endpoint(
            code=code_of(TOTAL - count + offset + 1), name=_mast(numbers[town.pk], town), area=town,
            kind=Endpoint.Kind.SIREN, lat=lat, lon=lon, range_m=600, is_sample=True,
        )  # fmt: skip


def _name(number: int, facility: Facility, room: str) -> str:
    """A loudspeaker has one name: those who put it up wrote every second one in Kazakh."""
    language = ("ru", "kk")[number % 2]
    return f"{facility.name_in(language)}, {said(room, language)}"


def _mast(number: int, town: Area) -> str:
    return f"№ {number} сирена, {town.name_kk}" if number % 2 else f"Сирена № {number}, {town.name_ru}"


def _near(chance: random.Random, lat: float, lon: float, metres: float) -> tuple[float, float]:
    """A point around another, normally distributed, rounded as a technician would write it down."""
    shift = metres / METRES_PER_DEGREE
    return round(lat + chance.gauss(0, shift), 6), round(lon + chance.gauss(0, shift * 1.55), 6)
