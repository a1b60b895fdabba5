"""What the battery shares."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from tests.battery.addresses import Address
from tirek.accounts.access import can
from tirek.accounts.models import Person
from tirek.accounts.roles import ROLES


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """English, unless a test asks for another language."""


def roles_with(address: Address) -> list[str]:
    """Roles that the guard lets in, those that reach all rows first."""
    opened = [key for key, role in ROLES.items() if not address.guard or set(address.guard) & role.permissions]
    return sorted(opened, key=lambda key: ROLES[key].own_only)


def lets_in(address: Address, person: Person) -> bool:
    """What the guard promises for this person."""
    return not address.guard or any(can(person, permission) for permission in address.guard)


def ask(client: Client, url: str) -> HttpResponseBase:
    """GET; where only POST is served, POST with nothing in it."""
    response = client.get(url)
    if response.status_code == 405:
        response = client.post(url)
    return response


def is_log_in(response: HttpResponseBase) -> bool:
    return response.status_code == 302 and response.headers["Location"].startswith("/account/login/")


@pytest.fixture
def visitor(person: Callable[..., Person], client_for: Callable[..., Client]) -> Callable[..., Client]:
    """Factory: a client of somebody with this role, and the person as `client.person`."""

    def make(role: str | None, area: object = None, **fields: object) -> Client:
        somebody = person(role, area, **fields)
        client = client_for(somebody)
        client.person = somebody  # type: ignore[attr-defined]
        client.raise_request_exception = True
        return client

    return make
