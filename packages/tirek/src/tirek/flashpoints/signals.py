"""Signals that the registers of facilities give: context beside the incidents, by district and month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from numpy.typing import NDArray

from tirek.accounts.access import can_at
from tirek.facilities.models import Facility
from tirek.incidents import months, signals
from tirek.incidents.registry import Figures, SignalSource, signal_sources
from tirek.notices.models import Notice
from tirek.places.models import Area

YEAR = 12


def overdue_notices(areas: Sequence[Area], first: int, last: int) -> Figures:
    """How many notices were overdue at the end of each month (today, in the running one). Counted, without error."""
    today = timezone.localdate()
    rows = Notice.objects.exclude(state__in=(Notice.State.DRAFT, Notice.State.WITHDRAWN)).filter(
        issued_at__isnull=False
    )
    values = _nothing(areas, first, last)
    ends = [min(months.last_day(month), today) for month in range(first, last + 1)]
    known = np.array([months.first_day(month) <= today for month in range(first, last + 1)])
    values[known] = 0
    for path, issued, due, closed in rows.values_list("facility__area__path", "issued_at", "due_on", "closed_at"):
        since, until = timezone.localdate(issued), timezone.localdate(closed) if closed else None
        late = [
            ok and since <= day and due < day and (until is None or until > day)
            for ok, day in zip(known, ends, strict=True)
        ]
        values[np.ix_(late, [path.startswith(area.path) for area in areas])] += 1
    return Figures(values)


def unmet_requirements(areas: Sequence[Area], first: int, last: int) -> Figures:
    """Facilities with mandatory requirements not met: what is known today, in the running month; the past is not kept."""
    values = _nothing(areas, first, last)
    now = months.month_of(timezone.localdate())
    if first <= now <= last:
        rows = Facility.objects.filter(state=Facility.State.LISTED, figures__mandatory_unmet__gt=0)
        paths = list(rows.values_list("area__path", flat=True))
        values[now - first] = [sum(path.startswith(area.path) for path in paths) for area in areas]
    return Figures(values)


@dataclass(frozen=True, slots=True)
class Beside:
    """The newest known value of a signal in an area, with its bounds, and what it was a year before."""

    label: str
    month: int
    value: float
    low: float | None
    high: float | None
    year_before: float | None


def beside(user: Any, area: Area) -> list[Beside]:
    """Signals of an area, computed ones first; none where the person may not see those of this very area."""
    if not can_at(user, "incidents.view_signal", area.path):
        return []
    last = months.month_of(timezone.localdate())
    first = last - 2 * YEAR
    labels = {source.name: str(source.label) for source in signal_sources()}
    found = signals.table([area], first, last)
    rows = [
        row
        for name in sorted(found, key=lambda name: (name not in labels, name))
        if (row := _newest(labels.get(name, name), found[name], first))
    ]
    return rows


def _newest(label: str, figures: Figures, first: int) -> Beside | None:
    values = figures.value[:, 0]
    known = np.flatnonzero(np.isfinite(values))
    if not known.size:
        return None
    at = int(known[-1])
    before = values[at - YEAR] if at >= YEAR else np.nan
    return Beside(
        label,
        first + at,
        float(values[at]),
        _bound(figures.low, at),
        _bound(figures.high, at),
        float(before) if np.isfinite(before) else None,
    )


def _bound(bounds: NDArray[np.float64] | None, at: int) -> float | None:
    return float(bounds[at, 0]) if bounds is not None and np.isfinite(bounds[at, 0]) else None


def _nothing(areas: Sequence[Area], first: int, last: int) -> NDArray[np.float64]:
    return np.full((last - first + 1, len(areas)), np.nan)


NOTICES = SignalSource(
    "notices_overdue", pgettext_lazy("signal", "notices overdue"), _("register of notices"), overdue_notices
)
REQUIREMENTS = SignalSource(
    "requirements_unmet",
    _("facilities with mandatory requirements not met"),
    _("register of facilities"),
    unmet_requirements,
)
