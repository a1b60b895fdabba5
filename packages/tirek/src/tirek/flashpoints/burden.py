"""Who carries the burden of being a flash-point: how often, how long without a pause, and beside how many people live there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from tirek.accounts.access import can_at
from tirek.flashpoints import months, rules, spells
from tirek.flashpoints.models import Flashpoint
from tirek.places.models import Area
from tirek.ui.alphabet import alphabetical
from tirek_engines.attention import burden

MONTHS = 24
VIEW = "flashpoints.view_flashpoint"


@dataclass(frozen=True, slots=True)
class Row:
    """One district. Months are calendar months in which it was a flash-point on any day; days are exact, as the cap counts."""

    area: Area
    flags: int
    months: int
    days: int
    longest_days: int
    share: float
    population_share: float | None
    stands: bool
    rests_until: date | None

    @property
    def weight(self) -> float | None:
        """Its part of all flagged months over its part of the people; 1 is its even share."""
        return self.share / self.population_share if self.population_share else None


def table(user: Any, today: date | None = None) -> list[Row]:
    """The districts whose flash-points the person may see, over the last 24 months, the most burdened first.

    Shares are of the whole province, whatever part of it the person sees: of a part alone everybody would carry an even share.
    """
    day = today or timezone.localdate()
    districts = list(Area.objects.filter(kind=Area.Kind.DISTRICT).defer("boundary").order_by("pk"))
    shown = {area.pk: area.parent_id for area in districts if can_at(user, VIEW, area.path)}
    rows = []
    for province in set(shown.values()):
        of_all = _province([area for area in districts if area.parent_id == province], day)
        rows += [row for row in of_all if row.area.pk in shown]
    return sorted(rows, key=lambda row: (-row.days, alphabetical(row.area.name)))


def _province(districts: Sequence[Area], day: date) -> list[Row]:
    """All districts of one province."""
    first = months.month_of(day) - MONTHS + 1
    spans = _spans(districts)
    found = burden(_flagged([spans.get(area.pk, []) for area in districts], first, day))
    people = sum(area.population or 0 for area in districts)
    since = months.first_day(first)
    rows = []
    for i, area in enumerate(districts):
        own = [span for span in spans.get(area.pk, []) if span[1] >= since]
        of_area = spells.spells(own, rules.REST_DAYS)
        rows.append(
            Row(
                area=area,
                flags=len(own),
                months=int(found.count[i]),
                days=spells.days_in(own, since, day),
                longest_days=max((spell.days for spell in of_area), default=0),
                share=float(found.share[i]),
                population_share=(area.population or 0) / people if people and area.population else None,
                stands=any(start <= day <= end for start, end in own),
                rests_until=spells.rests_until(own, day, rules.most_flag_days(), rules.REST_DAYS),
            )
        )
    return rows


def _flagged(spans: Sequence[Sequence[spells.Span]], first: int, day: date) -> NDArray[np.bool_]:
    """Whether a district was a flash-point on any day of a month, shape (months, districts)."""
    flagged = np.zeros((MONTHS, len(spans)), bool)
    for i, own in enumerate(spans):
        for start, end in own:
            begin = max(0, months.month_of(start) - first)
            flagged[begin : max(0, months.month_of(min(end, day)) - first + 1), i] = True
    return flagged


def _spans(districts: Sequence[Area]) -> dict[int, list[spells.Span]]:
    """When each was a flash-point: of all, since the shares of those that are shown are taken of all."""
    found: dict[int, list[spells.Span]] = {}
    for flag in Flashpoint.objects.filter(area__in=districts):
        found.setdefault(flag.area_id, []).append((flag.starts_on, flag.ends_on))
    return found
