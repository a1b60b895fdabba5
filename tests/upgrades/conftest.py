"""What the tests of this part share: a small standard, a small catalogue, and where three facilities stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from tests.fixtures import Province
from tests.requirements.support import content, demand
from tirek.requirements import actions as standards
from tirek.requirements.models import Requirement
from tirek.upgrades.models import Measure, UpgradePlan


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Refusals in English."""


@dataclass
class World:
    """Requirements by key and a way to say where a facility stands."""

    province: Province
    requirements: dict[str, Requirement]

    def say(self, number: int, **states: str) -> None:
        """`say(0, gate="unmet", camera="met")`."""
        known = {self.requirements[key]: state for key, state in states.items()}
        standards.record_standings(
            self.province.facilities[number], known, source="inspection", source_id=1, at=timezone.now()
        )

    def plan(self, budget: int, **fields: Any) -> UpgradePlan:
        given = {"name": "Plan", "year": 2027, "area": self.province.region, "tier_weights": [1, 2, 3, 4]}
        return UpgradePlan.objects.create(budget=Decimal(budget), **{**given, **fields})


RULES = (
    demand("gate", point="perimeter", weight=3),
    demand("lamp", point="perimeter", weight=1),
    demand("door", point="entrances", weight=2, mandatory=True, measures=("door",)),
    demand("camera", point="video", weight=4),
    demand("button", point="alarm", weight=5, mandatory=True),
)
PRICES = {"door": 100, "gate-work": 200, "lamps": 50, "cameras": 300, "buttons": 150}
KEYS = {"gate-work": ["gate"], "lamps": ["lamp"], "cameras": ["camera"], "buttons": ["button"]}


@pytest.fixture
def world(small_province: Province) -> World:
    edition = standards.import_edition(None, content(*RULES), system="test")
    standards.enforce_edition(None, edition.pk, system="test")
    for code, price in PRICES.items():
        Measure.objects.create(code=code, name_ru=code, name_en=code, price=Decimal(price), keys=KEYS.get(code, []))
    return World(small_province, {row.key: row for row in edition.requirements.all()})


@pytest.fixture
def analyst(person: Callable[..., Any]) -> Any:
    return person("analyst")


@pytest.fixture
def chief(person: Callable[..., Any]) -> Any:
    return person("chief")
