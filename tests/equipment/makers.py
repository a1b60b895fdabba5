"""Equipment for tests."""

from __future__ import annotations

import itertools
from typing import Any

from django.utils import timezone

from tests.fixtures import make_person
from tirek.equipment.models import Item, Kind, Stocktake
from tirek.equipment.queries import expected
from tirek.facilities.models import Facility

_numbers = itertools.count(1)


def kind(code: str = "camera") -> Kind:
    return Kind.objects.get(code=code)


def make_item(facility: Facility, code: str = "camera", **fields: Any) -> Item:
    tag = fields.pop("tag", f"X-{next(_numbers):05d}")
    return Item.objects.create(tag=tag, kind=kind(code), facility=facility, **fields)


def make_stocktake(facility: Facility, *, closed: bool = False) -> Stocktake:
    by = make_person("inspector")
    made = Stocktake(facility=facility, started_by=by, expected=expected(facility))
    if closed:
        made.closed_at, made.closed_by = timezone.now(), by
        made.result = {
            "found": 0, "misplaced": 0, "missing": 0, "unknown": 0, "why": {},
            "items": {"found": [], "misplaced": [], "missing": []},
        }  # fmt: skip
    made.save()
    return made
