"""Fixtures of the tests of public warning: plans, endpoints around a hospital, people who compose and confirm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils.translation import override

from tests.fixtures import Province
from tests.warning.support import draft, make_endpoints
from tirek.accounts.models import Person
from tirek.warning import actions
from tirek.warning.actions import Presence
from tirek.warning.actions.deciding import fingerprint
from tirek.warning.models import Alert, Endpoint
from tirek.warning.plans import load_plans

FRESH = Presence(fresh_factor=True)


@dataclass(frozen=True)
class Scene:
    """A province that can warn: `near` stand within 400 m of the hospital, `far` do not."""

    province: Province
    near: list[Endpoint]
    far: list[Endpoint]
    officer: Person
    second: Person
    chief: Person

    def draft(self, **changes: Any) -> actions.Draft:
        return draft(self.province.facilities[0], **changes)

    def compose(self, mode: str = "exercise", **changes: Any) -> Alert:
        return actions.compose_alert(self.officer, self.draft(mode=mode, **changes))

    def waiting(self, mode: str = "exercise", **changes: Any) -> Alert:
        alert = self.compose(mode, **changes)
        return actions.send_for_confirmation(self.officer, alert.pk, FRESH)

    def issue(self, mode: str = "exercise", **changes: Any) -> Alert:
        alert = self.waiting(mode, **changes)
        return actions.confirm_alert(self.second, alert.pk, FRESH, seen=fingerprint(alert))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def scene(small_province: Province, person: Callable[..., Person]) -> Scene:
    load_plans()
    hospital = small_province.facilities[0]
    near = make_endpoints(hospital.area, hospital.lat, hospital.lon, 5, spread_m=150, prefix="near")
    far = make_endpoints(hospital.area, hospital.lat, hospital.lon + 0.02, 3, spread_m=150, prefix="far")
    return Scene(
        small_province, near, far,
        officer=person("duty_officer", full_name="Officer One"),
        second=person("duty_officer", full_name="Officer Two"),
        chief=person("chief", full_name="Chief"),
    )  # fmt: skip
