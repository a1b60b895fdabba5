"""What the tests of jobs share: kinds of their own."""

from __future__ import annotations

import pytest

from tirek.jobs import registry


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences in English."""


@pytest.fixture
def kind(monkeypatch):
    """Factory: `kind(fn, restartable=False)` registers it as "test" for this test only."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))

    def make(fn, **options):
        registry.register("test", fn, **options)
        return "test"

    return make
