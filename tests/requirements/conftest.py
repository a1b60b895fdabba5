"""What the tests of this part share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.requirements.support import content
from tirek.requirements import actions, registry
from tirek.requirements.models import Edition
from tirek.requirements.standardfile import RequirementData


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Refusals in English."""


@pytest.fixture
def enforced(db: None) -> Callable[..., Edition]:
    """Factory: an edition of a small standard, in force."""

    def make(*requirements: RequirementData, **fields: Any) -> Edition:
        edition = actions.import_edition(None, content(*requirements, **fields), system="test")
        return actions.enforce_edition(None, edition.pk, system="test")

    return make


@pytest.fixture
def checks() -> Iterator[dict[str, Any]]:
    """The registry of live checks; what a test registers goes again."""
    before = dict(registry._checks)
    yield registry._checks
    registry._checks.clear()
    registry._checks.update(before)
