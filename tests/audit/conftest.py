"""A chain to work on, and a way around the triggers for tests that tamper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from tirek.audit import chain, triggers
from tirek.audit.models import Entry


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Faults and pages are compared in English."""


@pytest.fixture
def entry(db: None) -> Callable[..., Entry]:
    """Factory: append one entry."""

    def make(**fields: Any) -> Entry:
        given = {
            "actor": "Aigul",
            "verb": "facilities.change_facility",
            "object_type": "facilities.facility",
            "object_id": "7",
            "object_name": "Hospital",
            **fields,
        }
        with transaction.atomic():
            return chain.append(**given)

    return make


@pytest.fixture
def untriggered(db: None) -> None:
    """The database as somebody has it who owns it."""
    triggers.remove(connection)
