"""Pairs that may be one and the same incident, told twice: how alike two are, and why. Nothing is ever merged here.

Likeness is the product of three parts, each from 0 to 1:

    time     exp(-gap / 1.5 days) of the gap between the two; with hours known on both sides exp(-gap / 6 hours). Divided by the
             days of the longer of the two spans: "some time that week" says little
    place    exp(-d / 400 m) of the distance, less the uncertainty of both places. Where one is known no better than its
             settlement: 0.6 inside it; no better than its district: 0.35
    kind     1 for the same, 0.6 within violence or threats, 0.3 across

Two with the same number at the source within a month are alike at 0.95 at least, whatever else differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q
from numpy.typing import NDArray

from tirek.incidents.models import Facts, Incident, Pair
from tirek_engines.geo import distances

LEAST = 0.2
GAP_DAYS, LONGEST_SPAN = 3, 6  # days; vaguer than a week is not compared
DAYS_SCALE, HOURS_SCALE = 1.5, 6.0
METRES_SCALE = 400.0
NEAR_DEGREES = 0.06  # of latitude: beyond 6.6 km nothing is alike
IN_SETTLEMENT, IN_DISTRICT = 0.6, 0.35
SAME_GROUP, OTHER_GROUP = 0.6, 0.3
SAME_NUMBER, NUMBER_DAYS = 0.95, 31
CHUNK = 1000
COLUMNS = (
    "pk", "first_day", "last_day", "at", "where_precision", "lat", "lon", "uncertainty_m", "area__path", "kind_id",
    "kind__group", "source_ref",
)  # fmt: skip
EPOCH = date(1970, 1, 1)
Where = Facts.Where


def compare_waiting(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Compare all that was not compared since it changed. Returns how many pairs were found."""
    total = Incident.objects.filter(is_compared=False).count()
    done = found = 0
    while ids := list(
        Incident.objects.filter(is_compared=False).order_by("first_day", "pk").values_list("pk", flat=True)[:CHUNK]
    ):
        found += compare(ids)
        done += len(ids)
        progress(done, max(total, done))
    return found


def compare(ids: Sequence[int]) -> int:
    """Look for those that may be the same as one of `ids`, and keep the pairs for a person. Returns how many were found."""
    rows = list(_candidates().filter(pk__in=ids).values_list(*COLUMNS))
    pairs = list(_pairs_of(rows)) if rows else []
    with transaction.atomic():
        Pair.objects.filter(Q(first__in=ids) | Q(second__in=ids), state=Pair.State.OPEN).delete()
        Pair.objects.bulk_create(pairs, batch_size=200, ignore_conflicts=True)
        Incident.objects.filter(pk__in=ids).update(is_compared=True)
    return len(pairs)


def _candidates() -> Any:
    return Incident.objects.filter(duplicate_of=None).exclude(verification=Facts.Verification.REFUTED)


def _pairs_of(rows: list[tuple[Any, ...]]) -> Iterator[Pair]:
    days = sorted({row[1] for row in rows})
    reach = timedelta(days=GAP_DAYS + LONGEST_SPAN)
    numbers = {row[11] for row in rows} - {""}
    seen: set[tuple[int, int]] = set()
    for start, end in _stretches(days, reach):
        others = _Block(_candidates().filter(first_day__gte=start - reach, first_day__lte=end + reach))
        for row in rows:
            if start <= row[1] <= end:
                yield from _found(_One(row), others, seen)
    if numbers:
        others = _Block(_candidates().filter(source_ref__in=numbers))
        for row in rows:
            if row[11]:
                yield from _found(_One(row), others, seen, only_numbers=True)


def _stretches(days: list[date], reach: timedelta) -> Iterator[tuple[date, date]]:
    """Days that lie close together, as stretches: each is read from the database once."""
    start = last = days[0]
    for day in days[1:]:
        if day - last > reach:
            yield start, last
            start = day
        last = day
    yield start, last


class _One:
    """One incident, as it is compared with a block of others."""

    def __init__(self, row: tuple[Any, ...]) -> None:
        (
            self.pk,
            first,
            last,
            at,
            self.where,
            self.lat,
            self.lon,
            near,
            self.path,
            self.kind,
            self.group,
            self.number,
        ) = row
        self.first, self.last = _day(first), _day(last)
        self.at = at.timestamp() if at else np.nan
        self.near = float(near or 0)


class _Block:
    """Incidents as columns, in order of their first day."""

    def __init__(self, rows: Any) -> None:
        found = list(rows.order_by("first_day", "pk").values_list(*COLUMNS))
        ones = [_One(row) for row in found]
        self.pk = np.array([one.pk for one in ones], np.int64)
        self.first = np.array([one.first for one in ones], np.int64)
        self.last = np.array([one.last for one in ones], np.int64)
        self.at = np.array([one.at for one in ones], np.float64)
        self.lat = np.array([np.nan if one.lat is None else one.lat for one in ones], np.float64)
        self.lon = np.array([np.nan if one.lon is None else one.lon for one in ones], np.float64)
        self.near = np.array([one.near for one in ones], np.float64)
        self.kind = np.array([one.kind for one in ones], np.int64)
        self.group = np.array([one.group for one in ones])
        self.where = np.array([one.where for one in ones])
        self.path = np.array([one.path for one in ones])
        self.number = np.array([one.number for one in ones])


def _found(one: _One, block: _Block, seen: set[tuple[int, int]], *, only_numbers: bool = False) -> Iterator[Pair]:
    reach = NUMBER_DAYS if only_numbers else GAP_DAYS + LONGEST_SPAN
    low, high = np.searchsorted(block.first, [one.first - reach, one.last + reach + 1])
    at = np.arange(low, high)
    at = at[block.pk[at] != one.pk]
    if only_numbers:
        at = at[block.number[at] == one.number]
    elif one.lat is not None:  # most of what happened on those days lies too far away to be looked at twice
        at = at[~(np.abs(block.lat[at] - one.lat) > NEAR_DEGREES)]
    if not at.size:
        return
    gap_days = np.maximum(0, np.maximum(block.first[at] - one.last, one.first - block.last[at])).astype(np.float64)
    time = _time(one, block, at, gap_days)
    metres, place = _place(one, block, at)
    kind = np.where(block.kind[at] == one.kind, 1.0, np.where(block.group[at] == one.group, SAME_GROUP, OTHER_GROUP))
    alike = time * place * kind
    same_number = (block.number[at] == one.number) & (one.number != "") & (gap_days <= NUMBER_DAYS)
    alike = np.where(same_number, np.maximum(alike, SAME_NUMBER), alike)
    for i in np.flatnonzero(alike >= LEAST):
        other = int(block.pk[at[i]])
        first, second = min(one.pk, other), max(one.pk, other)
        if (first, second) in seen:
            continue
        seen.add((first, second))
        parts = {
            "time": round(float(time[i]), 3),
            "place": round(float(place[i]), 3),
            "kind": float(kind[i]),
            "days": int(gap_days[i]),
            "minutes": _minutes(one, block, int(at[i])),
            "metres": None if np.isnan(metres[i]) else round(float(metres[i])),
            "same_number": bool(same_number[i]),
        }
        yield Pair(first_id=first, second_id=second, likeness=round(float(alike[i]), 4), parts=parts)


def _time(one: _One, block: _Block, at: NDArray[np.int64], gap_days: NDArray[np.float64]) -> NDArray[np.float64]:
    hours = np.abs(block.at[at] - one.at) / 3600
    by_hours, by_days = np.exp(-hours / HOURS_SCALE), np.exp(-gap_days / DAYS_SCALE)
    span = np.maximum(block.last[at] - block.first[at], one.last - one.first)
    vague = 1.0 / (span + 1)
    likeness = np.where(np.isnan(hours), by_days, by_hours) * vague
    return np.where((gap_days > GAP_DAYS) | (span > LONGEST_SPAN), 0.0, likeness)


def _place(one: _One, block: _Block, at: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres between two points (nan where one has none), and the likeness of the places."""
    if one.lat is None or one.lon is None:
        metres = np.full(at.size, np.nan)
    else:
        metres = np.asarray(distances(one.lat, one.lon, block.lat[at], block.lon[at]), np.float64)
    points = (block.where[at] == Where.POINT) & (one.where == Where.POINT)
    apart = np.maximum(0.0, metres - one.near - block.near[at])
    paths = block.path[at]
    inside = np.array([path.startswith(one.path) or one.path.startswith(path) for path in paths], bool)
    vaguest = (block.where[at] == Where.DISTRICT) | (one.where == Where.DISTRICT)
    nowhere = (block.where[at] == Where.REGION) | (one.where == Where.REGION)
    by_area = np.where(inside & ~nowhere, np.where(vaguest, IN_DISTRICT, IN_SETTLEMENT), 0.0)
    return metres, np.where(points, np.exp(-np.nan_to_num(apart, nan=np.inf) / METRES_SCALE), by_area)


def _minutes(one: _One, block: _Block, i: int) -> int | None:
    apart = abs(float(block.at[i]) - one.at)
    return None if np.isnan(apart) else round(apart / 60)


def _day(day: date) -> int:
    return (day - EPOCH).days
