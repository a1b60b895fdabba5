"""Fixtures that every part's tests use: people of any role, a small province, a client that is logged in.

`person` and `client_for` are factories; `small_province` is built once per test that asks for it.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import h3
import pytest
from django.core.management.commands import flush
from django.db import connections
from django.test import Client
from django.utils import translation

from tirek.accounts.models import Agency, Assignment, Person
from tirek.audit import triggers
from tirek.facilities.models import Facility, FacilityType
from tirek.facilities.words import words_of
from tirek.places.models import Area
from tirek.places.rebuild import rebuild_cells

PASSWORD = "a long and plain password"
PASSWORD_HASH = f"md5$salt${hashlib.md5(f'salt{PASSWORD}'.encode()).hexdigest()}"
_numbers = itertools.count(1)


def make_person(
    role: str | None = None,
    area: Area | None = None,
    *,
    agency: Agency | None = None,
    home: Agency | None = None,
    username: str = "",
    language: str = "en",
    **fields: Any,
) -> Person:
    """A person with one assignment of `role`, bound to `area` and `agency` (None: everywhere). `role=None`: no role.

    `home` is the agency the person belongs to. The password is `PASSWORD`, kept with a fast hash.
    """
    number = next(_numbers)
    username = username or f"{role or 'nobody'}-{number}"
    made = Person.objects.create(
        username=username,
        full_name=fields.pop("full_name", f"Person {number}"),
        language=language,
        agency=home,
        password=fields.pop("password", PASSWORD_HASH),
        **fields,
    )
    if role is not None:
        Assignment.objects.create(person=made, role=role, area=area, agency=agency)
    return made


def square(lat: float, lon: float, half: float) -> dict[str, Any]:
    """A GeoJSON square around a point; `half` its half side in degrees."""
    west, east, south, north = lon - half, lon + half, lat - half, lat + half
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def make_area(
    kind: str, name: str, lat: float, lon: float, half: float, parent: Area | None = None, **fields: Any
) -> Area:
    """An area with a square boundary and the path that its place in the tree gives it."""
    area = Area.objects.create(
        kind=kind,
        parent=parent,
        code=fields.pop("code", f"{kind}-{next(_numbers)}"),
        name_kk=f"{name} kk",
        name_ru=f"{name} ru",
        name_en=name,
        lat=lat,
        lon=lon,
        boundary=square(lat, lon, half),
        population=fields.pop("population", 1000),
        **fields,
    )
    area.path = f"{parent.path if parent else ''}{area.pk}/"
    area.save(update_fields=["path"])
    rebuild_cells([area], resolution=5)  # coarse, so that hundreds of tests do not wait for it
    return area


def make_facility(name: str, area: Area, agency: Agency | None = None, **fields: Any) -> Facility:
    """A facility in the middle of `area`, unless `lat` and `lon` are given."""
    lat, lon = fields.pop("lat", area.lat), fields.pop("lon", area.lon)
    kind, _made = FacilityType.objects.get_or_create(
        code="hospital", defaults={"name_kk": "Аурухана", "name_ru": "Больница", "name_en": "Hospital"}
    )
    made = Facility(
        code=fields.pop("code", f"T-{next(_numbers)}"),
        type=fields.pop("type", kind),
        area=area,
        agency=agency,
        name_kk=f"{name} kk",
        name_ru=f"{name} ru",
        name_en=name,
        lat=lat,
        lon=lon,
        cell=h3.latlng_to_cell(lat, lon, 10),
        **fields,
    )
    made.words = words_of(made)
    made.save()
    return made


@dataclass(frozen=True)
class Province:
    """A region of two districts, North and South, with two settlements each; three facilities; one agency.

    `facilities[0]` and `[1]` lie in the first and second settlement of the North, `[2]` in the South; the agency is in
    charge of the first facility only.
    """

    region: Area
    districts: tuple[Area, Area]
    settlements: tuple[Area, Area, Area, Area]
    agency: Agency
    facilities: tuple[Facility, Facility, Facility]


def make_province() -> Province:
    region = make_area("region", "Region", 50.0, 57.0, 1.0, population=100_000)
    north = make_area("district", "North", 50.5, 57.0, 0.45, region, population=60_000)
    south = make_area("district", "South", 49.5, 57.0, 0.45, region, population=40_000)
    settlements = (
        make_area("settlement", "Aral", 50.5, 56.8, 0.05, north, population=50_000),
        make_area("settlement", "Bulak", 50.5, 57.2, 0.05, north, population=10_000),
        make_area("settlement", "Saryn", 49.5, 56.8, 0.05, south, population=30_000),
        make_area("settlement", "Tasty", 49.5, 57.2, 0.05, south, population=10_000),
    )
    agency = Agency.objects.create(
        code="health", name_kk="Денсаулық сақтау", name_ru="Здравоохранение", name_en="Health", area=region
    )
    facilities = (
        make_facility("Hospital", settlements[0], agency),
        make_facility("School", settlements[1]),
        make_facility("Market", settlements[2]),
    )
    return Province(region, (north, south), settlements, agency, facilities)


@pytest.fixture
def english(settings: Any) -> Iterator[None]:
    """Texts in English, for tests that compare them; the installation's default is Russian."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def fast_passwords(settings: Any) -> None:
    """Password hashes that cost nothing; tests do not measure their strength."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def person(db: None, fast_passwords: None) -> Callable[..., Person]:
    """Factory: `person("duty_officer", area=...)`; see `make_person`."""
    return make_person


@pytest.fixture
def small_province(db: None) -> Province:
    return make_province()


@pytest.fixture
def client_for(db: None) -> Callable[[Person], Client]:
    """Factory: a test client in which the person is logged in."""

    def make(somebody: Person, **defaults: Any) -> Client:
        client = Client(**defaults)
        client.force_login(somebody, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


@pytest.fixture(autouse=True, scope="session")
def audit_entries_may_be_flushed() -> Iterator[None]:
    """Between tests with `transaction=True` the whole database is emptied, which the triggers of the audit table
    refuse.
    """
    original = flush.Command.handle

    def handle(self: flush.Command, **options: Any) -> None:
        connection = connections[options["database"]]
        triggers.remove(connection)
        try:
            original(self, **options)
        finally:
            triggers.install(connection)

    flush.Command.handle = handle  # type: ignore[method-assign]
    yield
    flush.Command.handle = original  # type: ignore[method-assign]
