"""Incidents as numbers: by month and area, by month and cell; as they are held now or as they were known on some day.

What is refuted, and what is a duplicate of another, is left out. So is what cannot be put into a month (it may have happened on
more than 31 days) or, for cells, into a place (only the district or the region is known). Months are integers
(`tirek.incidents.months`); `first` and `last` are both inside. These functions count for the province and its models, so they take
no person; pages that show a number to somebody ask `queries`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import h3
import numpy as np
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from tirek.incidents.models import Facts, Incident, Revision, Silence
from tirek.places.models import Area

REPORTED = (Facts.Mode.REPORTED.value,)
EVERY_MODE = tuple(Facts.Mode.values)
PRECISE = (Facts.Where.POINT.value, Facts.Where.SETTLEMENT.value)

FINEST = 6  # resolution of H3 cells

# An area that fell silent: no incident of any mode for so many months, against the rate of the months before.
SILENT_LEAST_MONTHS = 6
SILENT_BEFORE_MONTHS = 24
SILENT_CHANCE = 0.01
LOOK_BACK = 119  # months


def monthly(
    areas: Sequence[Area],
    first: int,
    last: int,
    *,
    known_on: date | None = None,
    modes: Iterable[str] = REPORTED,
    groups: Iterable[str] | None = None,
    least_severity: int = 1,
) -> NDArray[np.int64]:
    """Incidents by month and area, each area with all that lies in it: int64 of shape (last - first + 1, len(areas)).

    `known_on` counts exactly what the register held at the end of that day: later entries are not there, later corrections,
    refutations and mergers have not happened. `modes` are values of `discovery_mode`; models are fitted on what residents report,
    never on what officers found. `groups` ("violence", "threat") and `least_severity` narrow the kinds.
    Raises ValueError when `last` lies before `first`.
    """
    counted = _by_mode(areas, first, last, known_on, tuple(modes), groups, least_severity)
    total = np.zeros((last - first + 1, len(areas)), np.int64)
    for counts in counted.values():
        total += counts
    return total


def by_mode(
    areas: Sequence[Area], first: int, last: int, *, known_on: date | None = None
) -> dict[str, NDArray[np.int64]]:
    """`monthly` for each way in which incidents come to light: {"reported", "found", "third"} -> (months, areas)."""
    return _by_mode(areas, first, last, known_on, EVERY_MODE, None, 1)


def points(
    area: Area,
    first: int,
    last: int,
    *,
    known_on: date | None = None,
    modes: Iterable[str] = REPORTED,
    resolution: int = 6,
    without: Iterable[Area] = (),
) -> tuple[list[str], NDArray[np.int64]]:
    """Incidents by month and H3 cell in `area`: the cells that have any, in order, and int64 of shape (months, cells).

    Only those whose place is known at least to the street or settlement. `without` leaves out what lies in some areas: by the
    area of each incident and not by cells, so that a cell on a border keeps what lies on this side. Raises ValueError for a
    resolution finer than 6: forecasts and flash-points are never finer than that.
    """
    if not 0 <= resolution <= FINEST:
        raise ValueError(f"a resolution of 0 to {FINEST}, not {resolution}: incidents are never counted in finer cells")
    _check(first, last)
    rows = _held(known_on).filter(
        month__gte=first, month__lte=last, discovery_mode__in=tuple(modes), where_precision__in=PRECISE,
        area__path__startswith=area.path,
    )  # fmt: skip
    for left_out in without:
        rows = rows.exclude(area__path__startswith=left_out.path)
    found = rows.exclude(cell="").order_by().values_list("month", "cell").annotate(n=Count("pk"))
    parents = [(month - first, h3.cell_to_parent(cell, resolution), n) for month, cell, n in found]
    cells = sorted({cell for _month, cell, _n in parents})
    place = {cell: i for i, cell in enumerate(cells)}
    counts = np.zeros((last - first + 1, len(cells)), np.int64)
    for month, cell, n in parents:
        counts[month, place[cell]] += n
    return cells, counts


def reporting(areas: Sequence[Area], first: int, last: int, *, known_on: date | None = None) -> NDArray[np.bool_]:
    """Where nothing reached the register: bool of shape (months, areas), True where a zero means "not known".

    There are two ways to know it. A person declared the months silent (`Silence`), for the area or for one that holds it. Or the
    register itself says so: no incident of any mode for at least 6 months to the end of what is known, where that would happen
    by chance less than once in a hundred times at the rate of the 24 months before, exp(-rate * months) < 0.01. A month that has
    not ended is not silent. Raises ValueError when `last` lies before `first`.
    """
    _check(first, last)
    silent = np.zeros((last - first + 1, len(areas)), bool)
    for path, start, end in _declared(known_on):
        for i, area in enumerate(areas):
            if area.path.startswith(path):
                silent[max(0, start - first) : max(0, (last if end is None else min(end, last)) - first + 1), i] = True
    now = month_before(known_on)
    for i, quiet in enumerate(silent_months(areas, known_on=known_on)):
        if quiet:
            silent[max(0, now - quiet + 1 - first) : max(0, now - first + 1), i] = True
    return silent


def silent_months(areas: Sequence[Area], *, known_on: date | None = None) -> list[int]:
    """For how many months to the last whole one each area has been silent against its own rate before; 0 if it is not."""
    now = month_before(known_on)
    counts = sum(by_mode(areas, now - LOOK_BACK, now, known_on=known_on).values())
    return [_fell_silent(np.asarray(counts)[:, i]) for i in range(len(areas))]


def month_before(known_on: date | None = None) -> int:
    """The last month that had ended with that day (yesterday, if none is named): the newest that can be counted as a whole."""
    day = known_on or timezone.localdate() - timedelta(days=1)  # today has not ended
    whole = (day + timedelta(days=1)).day == 1  # its own month ends with this day
    return day.year * 12 + day.month - 1 - (0 if whole else 1)


def _fell_silent(counts: NDArray[np.int64]) -> int:
    """For how many months to the end a series has been silent against its own rate before; 0 if it is not."""
    busy = np.flatnonzero(counts)
    if not busy.size:
        return 0
    quiet = int(counts.size - 1 - busy[-1])
    before = counts[max(0, counts.size - quiet - SILENT_BEFORE_MONTHS) : counts.size - quiet]
    if quiet < SILENT_LEAST_MONTHS or before.size < SILENT_BEFORE_MONTHS:
        return 0
    return quiet if np.exp(-before.mean() * quiet) < SILENT_CHANCE else 0


def _declared(known_on: date | None) -> list[tuple[str, int, int | None]]:
    rows = Silence.objects.order_by("pk")
    if known_on is None:
        rows = rows.filter(withdrawn_at=None)
    else:
        end = end_of(known_on)
        rows = rows.filter(declared_at__lt=end).filter(Q(withdrawn_at=None) | Q(withdrawn_at__gte=end))
    return list(rows.values_list("area__path", "first_month", "last_month"))


def _by_mode(
    areas: Sequence[Area],
    first: int,
    last: int,
    known_on: date | None,
    modes: tuple[str, ...],
    groups: Iterable[str] | None,
    least_severity: int,
) -> dict[str, NDArray[np.int64]]:
    _check(first, last)
    rows = _held(known_on).filter(month__gte=first, month__lte=last, discovery_mode__in=modes)
    if groups is not None:
        rows = rows.filter(kind__group__in=tuple(groups))
    if least_severity > 1:
        rows = rows.filter(severity__gte=least_severity)
    found = list(rows.order_by().values_list("discovery_mode", "month", "area").annotate(n=Count("pk")))
    columns = _columns(areas, {area for _mode, _month, area, _n in found})
    counts = {mode: np.zeros((last - first + 1, len(areas)), np.int64) for mode in modes}
    for mode, month, area, n in found:
        counts[mode][month - first, columns[area]] += n
    return counts


def _columns(areas: Sequence[Area], found: set[int]) -> dict[int, list[int]]:
    """For each area that incidents lie in: the columns of those of `areas` that it is, or lies in."""
    wanted = [(i, area.path) for i, area in enumerate(areas)]
    paths = Area.objects.order_by().values_list("pk", "path")
    return {pk: [i for i, top in wanted if path.startswith(top)] for pk, path in paths if pk in found}


def _held(known_on: date | None) -> QuerySet[Any]:
    """What is counted: incidents as they are held, or revisions as they were held at the end of a day."""
    if known_on is None:
        rows: QuerySet[Any] = Incident.objects.all()
    else:
        end = end_of(known_on)
        rows = Revision.objects.filter(known_at__lt=end).filter(Q(known_until=None) | Q(known_until__gte=end))
    return rows.filter(duplicate_of=None).exclude(verification=Facts.Verification.REFUTED)


def end_of(day: date) -> datetime:
    """The moment after which a day is over here."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _check(first: int, last: int) -> None:
    if last < first:
        raise ValueError(f"the last month ({last}) lies before the first ({first})")
