"""Keeping `Figures` true. The parts above say what they count; this part keeps the copy.

A part registers `counter(fn)` in its `AppConfig.ready()`: `fn(facility_ids) -> {facility_id: {column: value}}`, counted from
its living rows. Its acts call `recount([facility.pk])` in their own transaction after they changed such rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tirek.facilities.models import Facility, Figures

Counter = Callable[[list[int]], Mapping[int, Mapping[str, Any]]]
CHUNK = 500

_counters: list[Counter] = []


def counter(fn: Counter) -> Counter:
    """Let `fn` count some columns of `Figures`. A facility that it leaves out keeps the columns' defaults."""
    if fn not in _counters:
        _counters.append(fn)
    return fn


def recount(facility_ids: Iterable[int]) -> list[int]:
    """Count anew for these facilities. Returns the ids of those whose copy was not true."""
    wrong: list[int] = []
    ids = sorted(set(facility_ids))
    for start in range(0, len(ids), CHUNK):
        wrong += _recount(ids[start : start + CHUNK])
    return wrong


def recount_all() -> list[int]:
    """Count anew for every facility. Returns the ids of those whose copy was not true."""
    return recount(Facility.objects.values_list("pk", flat=True))


def _recount(ids: list[int]) -> list[int]:
    kept = Figures.objects.in_bulk(ids)
    counted = {pk: Figures(facility_id=pk) for pk in ids}
    for count in _counters:
        for pk, columns in count(ids).items():
            for column, value in columns.items():
                setattr(counted[pk], column, value)
    wrong = [pk for pk in ids if pk not in kept or _values(kept[pk]) != _values(counted[pk])]
    Figures.objects.bulk_create(
        [counted[pk] for pk in wrong],
        update_conflicts=True,
        unique_fields=["facility"],
        update_fields=[field.name for field in Figures._meta.concrete_fields if not field.primary_key],
    )
    return wrong


def _values(figures: Figures) -> list[Any]:
    return [getattr(figures, field.attname) for field in Figures._meta.concrete_fields]
