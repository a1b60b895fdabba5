"""The sample province: every app brings its part, in the order in which they build on each other."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable

from django.conf import settings
from django.utils import translation

from tirek.places.models import Area

PARTS = (
    "places", "accounts", "facilities", "equipment", "requirements", "alarms", "warning",
    "inspections", "notices", "passports", "upgrades", "incidents",
    "flashpoints",
)  # fmt: skip


def is_loaded() -> bool:
    return Area.objects.filter(is_sample=True).exists()


def load(say: Callable[[str], None]) -> None:
    """Load every part. May be called again: what is there stays."""
    for part in PARTS:
        started = time.monotonic()
        with translation.override(settings.LANGUAGE_CODE):  # what is written down does not depend on who loads it
            importlib.import_module(f"tirek.{part}.sample").load(say)
        say(f"sample province: {part} ready in {time.monotonic() - started:.1f} s")


def clear() -> int:
    """Remove every row that is marked as sample data. Returns how many rows went."""
    return sum(importlib.import_module(f"tirek.{part}.sample").clear() for part in reversed(PARTS))
