"""Incidents as numbers: by month and area, by month and cell; as they are held now or as they were known on some day.

What is refuted, and what is a duplicate of another, is left out. So is what cannot be put into a month (it may have happened on
more than 31 days) or, for cells, into a place (only the district or the region is known). Months are integers
(`tirek.incidents.months`); `first` and `last` are both inside. These functions count for the province and its models, so they take
no person; pages that show a number to somebody ask `queries`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import h3
import numpy as np
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from tirek.incidents.models import Facts, Incident, Revision, Silence
from tirek.incidents.months import last_day
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


@dataclass(frozen=True, slots=True)
class Vintages:
    """What the register held at the end of each month.

    Attributes
    ----------
    counts : array of int32, shape (months, months, areas)
        `counts[k, m]`: incidents of the m-th month as they were known when the k-th had ended; 0 where m > k.
    silent : array of bool, shape (months, months, areas)
        The same for "nobody reported" (`reporting`).
    begun : array of bool, shape (months,)
        Whether the register held any incident of these months then, however it came to light. Before that there is nothing that
        was known: the register was brought in later.
    """

    counts: NDArray[np.int32]
    silent: NDArray[np.bool_]
    begun: NDArray[np.bool_]

    def by_months(self) -> dict[int, tuple[NDArray[np.int32], NDArray[np.bool_]]]:
        """Counts and silence of the first n months when n had ended, by n; neither for the last nor before the register began."""
        return {int(k) + 1: (self.counts[k, : k + 1], self.silent[k, : k + 1]) for k in np.flatnonzero(self.begun[:-1])}


def vintages(areas: Sequence[Area], first: int, last: int, *, modes: Iterable[str] = REPORTED) -> Vintages:
    """`monthly` and `reporting` as they would have answered on the last day of each month from `first` to `last`, in one pass.

    Raises ValueError when `last` lies before `first`.
    """
    _check(first, last)
    ends = np.array([end_of(last_day(month)).timestamp() for month in range(first, last + 1)])
    wanted = tuple(modes)
    earliest = first - LOOK_BACK
    rows = Revision.objects.filter(month__gte=earliest, month__lte=last, duplicate_of=None)
    rows = rows.exclude(verification=Facts.Verification.REFUTED).order_by()
    held = list(rows.values_list("area", "month", "discovery_mode", "known_at", "known_until"))
    columns = _columns(areas, {row[0] for row in held})
    told = [
        (i, month - earliest, mode in wanted, *_between(ends, since, until))
        for area, month, mode, since, until in held
        for i in columns[area]
    ]
    column, row, is_wanted, begin, end = np.array(told, np.int64).reshape(-1, 5).T
    shape = (len(ends), last - earliest + 1, len(areas))
    whole = _held_between(shape, begin, end, row, column)
    asked = is_wanted == 1
    counts = _held_between(shape, begin[asked], end[asked], row[asked], column[asked])
    silent = _declared_between(areas, first, ends)
    for k in range(len(ends)):
        counts[k, LOOK_BACK + k + 1 :] = 0
        for i in range(len(areas)):
            quiet = _fell_silent(whole[k, k : LOOK_BACK + k + 1, i])
            silent[k, max(0, k - quiet + 1) : k + 1, i] |= quiet > 0
    begun = np.array([whole[k, LOOK_BACK : LOOK_BACK + k + 1].any() for k in range(len(ends))])
    return Vintages(counts[:, LOOK_BACK:], silent, begun)


def _between(ends: NDArray[np.float64], since: datetime, until: datetime | None) -> tuple[int, int]:
    """From which of the ends on something was held, and from which on no more."""
    begin = int(np.searchsorted(ends, since.timestamp(), side="right"))
    return begin, len(ends) if until is None else int(np.searchsorted(ends, until.timestamp(), side="right"))


def _held_between(
    shape: tuple[int, int, int], begin: NDArray[np.int64], end: NDArray[np.int64], *where: NDArray[np.int64]
) -> NDArray[np.int32]:
    """How many are held at each end, each from its `begin` until before its `end`; shape (ends, months, areas)."""
    change = np.zeros((shape[0] + 1, *shape[1:]), np.int32)
    np.add.at(change, (begin, *where), 1)
    np.add.at(change, (end, *where), -1)
    return np.cumsum(change, axis=0, dtype=np.int32)[:-1]


def _declared_between(areas: Sequence[Area], first: int, ends: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Months that people had declared silent by each end."""
    silent = np.zeros((len(ends), len(ends), len(areas)), bool)
    rows = Silence.objects.values_list("area__path", "first_month", "last_month", "declared_at", "withdrawn_at")
    for path, start, stop, since, until in rows:
        begin, end = _between(ends, since, until)
        inside = [i for i, area in enumerate(areas) if area.path.startswith(path)]
        for k in range(begin, end):
            upto = k if stop is None else min(k, stop - first)
            silent[k, max(0, start - first) : max(0, upto + 1), inside] = True
    return silent


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
