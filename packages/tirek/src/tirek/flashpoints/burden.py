"""Who carries the burden of being a flash-point: how often, how long without a pause, and beside how many people live there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.utils import timezone

from tirek.flashpoints import months, rules, spells
from tirek.flashpoints.models import Flashpoint
from tirek.places.models import Area
from tirek.places.queries import areas as visible_areas
from tirek_engines.attention import burden

MONTHS = 24


@dataclass(frozen=True, slots=True)
class Row:
    """One district. Months are calendar months in which it was a flash-point on any day; days are exact."""

    area: Area
    flags: int
    months: int
    days: int
    longest_months: int
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
    """The districts that the person may see, over the last 24 months, the most burdened first."""
    day = today or timezone.localdate()
    last = months.month_of(day)
    first = last - MONTHS + 1
    districts = list(visible_areas(user).filter(kind=Area.Kind.DISTRICT).order_by("pk"))
    spans = _spans(user, districts)
    flagged = np.zeros((MONTHS, len(districts)), bool)
    for i, area in enumerate(districts):
        for start, end in spans.get(area.pk, []):
            begin = max(0, months.month_of(start) - first)
            flagged[begin : max(0, months.month_of(min(end, day)) - first + 1), i] = True
    found = burden(flagged)
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
                longest_months=int(found.longest[i]),
                longest_days=max((spell.days for spell in of_area), default=0),
                share=float(found.share[i]),
                population_share=(area.population or 0) / people if people and area.population else None,
                stands=any(start <= day <= end for start, end in own),
                rests_until=spells.rests_until(own, day, rules.most_flag_days(), rules.REST_DAYS),
            )
        )
    return sorted(rows, key=lambda row: (-row.days, row.area.name.casefold()))


def _spans(user: Any, districts: Sequence[Area]) -> dict[int, list[spells.Span]]:
    found: dict[int, list[spells.Span]] = {}
    for flag in Flashpoint.objects.restrict(user, "view").filter(area__in=districts):
        found.setdefault(flag.area_id, []).append((flag.starts_on, flag.ends_on))
    return found
