"""The board: the districts of a run, ranked, each with its spread, the simplest forecast beside it, and what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from tirek.flashpoints import queries, rules, spells, words
from tirek.flashpoints.models import Cluster, Flashpoint, Forecast, Outlook, Run
from tirek.flashpoints.queries import There
from tirek.places.models import Area
from tirek.ui.alphabet import alphabetical

# Levels of colour on the map: by what is expected, and by how wide the interval is for it.
LEVELS, DOUBTS = 5, 3
NARROW, WIDE = 1.0, 2.0


@dataclass(slots=True)
class Line:
    """One district on the board."""

    area: Area
    outlook: Outlook
    forecast: Forecast
    month: int
    earlier: Forecast | None  # what the run before said of its own first month; none beside a later month
    earlier_month: int | None  # that month: not always the one before, since a run may have been left out
    clusters: list[Cluster]
    flashpoint: Flashpoint | None
    rests_until: date | None
    there: There
    why: list[str] = field(default_factory=list)
    season: str = ""  # that of the board, for pages that show this line alone

    @property
    def enough(self) -> bool:
        return self.outlook.enough

    @property
    def move(self) -> str:
        """ "up", "down", "same" against the run before; "new" when it could not be ranked there, "" when there is none."""
        if self.earlier is None or self.forecast.rank is None:
            return ""
        if self.earlier.rank is None:
            return "new"
        if self.earlier.rank == self.forecast.rank:
            return "same"
        return "up" if self.forecast.rank < self.earlier.rank else "down"

    @property
    def is_month_ago(self) -> bool:
        """Whether the run before was computed for the month before."""
        return self.earlier_month == self.month - 1

    @property
    def change(self) -> float | None:
        """What is expected more than by the run before; None where either could say nothing."""
        if self.earlier is None or not self.earlier.enough or not self.enough:
            return None
        return self.forecast.mean - self.earlier.mean

    @property
    def doubt(self) -> int:
        """How unsure it is: 0 to 2, by the length of the 90 % interval over the mean plus one."""
        width = (self.forecast.q95 - self.forecast.q05) / (self.forecast.mean + 1)
        return 0 if width < NARROW else 1 if width < WIDE else 2

    @property
    def surge(self) -> str:
        return words.surge(self.outlook.surge)


@dataclass(slots=True)
class Board:
    """What one run says of one month ahead."""

    run: Run
    horizon: int
    lines: list[Line]
    before: Run | None
    most: float  # the end of the scale of the interval drawings
    season: str = ""  # said once where it is the same for all districts

    @property
    def month(self) -> int:
        return self.run.origin + self.horizon - 1

    @property
    def ranked(self) -> list[Line]:
        return [line for line in self.lines if line.enough]

    @property
    def unsaid(self) -> list[Line]:
        return [line for line in self.lines if not line.enough]

    @property
    def attention(self) -> list[Line]:
        return [line for line in self.lines if line.outlook.attention]

    @property
    def surges(self) -> list[Line]:
        return [line for line in self.lines if line.outlook.surge.get("is")]

    @property
    def top(self) -> int:
        return int(self.run.settings.get("top", rules.TOP))

    def line_of(self, pk: int) -> Line | None:
        return next((line for line in self.lines if line.area.pk == pk), None)

    def level(self, line: Line) -> int:
        """The colour of a district: 0 to 4 by what is expected, on the scale of this board."""
        highest = max((each.forecast.mean for each in self.ranked), default=0.0)
        if not line.enough or highest <= 0:
            return 0
        return min(LEVELS - 1, int(LEVELS * line.forecast.mean / highest))


def build(user: Any, run: Run, horizon: int = 1) -> Board:
    """The board of a run for one month, with whatever the person may see of it; ranked first, then what cannot be said."""
    forecasts = list(queries.forecasts(user, run).filter(horizon=horizon))
    areas = [row.area for row in forecasts]
    earlier = queries.before(run)
    old = _of_the_run_before(user, earlier) if horizon == 1 else {}
    outlooks = {row.area_id: row for row in queries.outlooks(user, run)}
    clusters: dict[int, list[Cluster]] = {}
    for cluster in queries.clusters(user, run):
        clusters.setdefault(cluster.area_id, []).append(cluster)
    flags = _flags(user, areas)
    here = queries.there(user, areas)
    today, month = timezone.localdate(), run.origin + horizon - 1
    lines = []
    for row in forecasts:
        if row.area_id not in outlooks:
            continue
        own = flags.get(row.area_id, [])
        spans = [(flag.starts_on, flag.ends_on) for flag in own]
        line = Line(
            area=row.area,
            outlook=outlooks[row.area_id],
            forecast=row,
            earlier=old.get(row.area_id),
            earlier_month=earlier.origin if earlier else None,
            month=month,
            clusters=clusters.get(row.area_id, []),
            flashpoint=next((flag for flag in own if flag.is_standing), None),
            rests_until=spells.rests_until(spans, today, rules.most_flag_days(), rules.REST_DAYS),
            there=here[row.area_id],
        )
        lines.append(line)
    lines.sort(key=lambda line: (not line.enough, line.forecast.rank or 0, alphabetical(line.area.name)))
    season = words.season_of_all((line.outlook for line in lines if line.enough), month, horizon)
    for line in lines:
        line.why = why(line, month, horizon=horizon, season_apart=bool(season))
        line.season = season if line.enough else ""
    most = max((line.forecast.q95 for line in lines if line.enough), default=1.0)
    return Board(run, horizon, lines, earlier, max(most, 1.0), season)


def _of_the_run_before(user: Any, earlier: Run | None) -> dict[int, Forecast]:
    """What the run before said of its own first month, by area: only another first month can be held against it."""
    if earlier is None:
        return {}
    return {row.area_id: row for row in queries.forecasts(user, earlier).filter(horizon=1)}


def why(line: Line, month: int, *, horizon: int = 1, season_apart: bool = False) -> list[str]:
    """What drives a line, in plain words: clusters and alarms first, then what the forecast rests on."""
    if not line.enough:
        return [words.abstention(line.outlook), *map(words.cluster, line.clusters)]
    drivers = words.drivers(line.outlook, month, horizon=horizon, season_apart=season_apart)
    said = [*map(words.cluster, line.clusters), words.alarm(line.outlook.alarm), *drivers]
    return [text for text in said if text]


def _flags(user: Any, areas: Sequence[Area]) -> dict[int, list[Flashpoint]]:
    found: dict[int, list[Flashpoint]] = {}
    for flag in Flashpoint.objects.restrict(user, "view").filter(area__in=areas):
        found.setdefault(flag.area_id, []).append(flag)
    return found
