"""How forecasts turned out: what was said when, what came, and whether the simplest forecast would have done as well.

Scores are the CRPS of the whole distribution (lower is closer), for the forecast as it was kept and for the baseline, the
twelve months that were known then. What was found out later about those months counts: the truth is what the register holds today.
A month in which a district did not report is no outcome: its zero means that nobody knows, and is not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tirek.flashpoints import queries
from tirek.flashpoints.models import Forecast, Outlook, Run
from tirek.incidents import series
from tirek.places.models import Area

LEVELS = ((0.5, "q25", "q75"), (0.9, "q05", "q95"))
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Told:
    """One forecast whose month is over, and what came."""

    forecast: Forecast
    actual: int
    crps: float
    baseline_crps: float

    @property
    def inside(self) -> bool:
        return self.forecast.q05 <= self.actual <= self.forecast.q95

    @property
    def is_active(self) -> bool:
        """Whether anything happened or was expected: quiet districts make any forecast look good."""
        return self.actual > 0 or self.forecast.baseline_mean > 0


@dataclass(frozen=True, slots=True)
class RunScore:
    """One run in the months that are over since."""

    run: Run
    months: int
    compared: int
    crps: float
    baseline_crps: float
    inside: float | None  # share of active districts and months within the 90 % interval
    named: int  # of the first places that it named, how many were among the first
    baseline_named: int
    places: int

    @property
    def change(self) -> float | None:
        """The forecast's error over the baseline's, less one: below 0 it was closer."""
        return self.crps / self.baseline_crps - 1 if self.baseline_crps else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often what came lay within an interval that should hold a share of it."""

    level: float
    inside: float | None
    cases: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """Districts that were given a probability between two bounds of being among the first: how many were."""

    low: float
    high: float
    said: float
    came: float
    cases: int


@dataclass(frozen=True, slots=True)
class Outcomes:
    runs: list[RunScore]
    kept: list[Coverage]
    back: list[Coverage]
    reliability: list[Reliability]


def outcomes(user: Any, region: Area) -> Outcomes:
    """All runs of a province, as far as the person sees its districts."""
    runs = list(queries.done(user).filter(area=region))
    told = {run.pk: kept(user, run) for run in runs}
    every = [one for rows in told.values() for one in rows]
    newest = runs[0] if runs else None
    return Outcomes(
        [score for run in runs if (score := _score(run, told[run.pk]))],
        [_coverage(every, *level) for level in LEVELS],
        _back(queries.outlooks(user, newest)) if newest else [],
        reliability(every),
    )


def kept(user: Any, run: Run, areas: Iterable[int] | None = None) -> list[Told]:
    """The forecasts of a run whose month is over and is known, scored."""
    last = series.month_before()
    ahead = min(last - run.origin + 1, int(run.settings.get("horizons", 0)))
    if ahead < 1:
        return []
    rows = Forecast.objects.restrict(user, "view").filter(run=run, horizon__lte=ahead, enough=True)
    if areas is not None:
        rows = rows.filter(area__in=areas)
    forecasts = list(rows.select_related("area").defer("area__boundary").order_by("horizon", "rank"))
    came = _came(forecasts, run.origin, run.origin + ahead - 1)
    forecasts = [row for row in forecasts if (row.area_id, row.horizon) in came]
    if not forecasts:
        return []
    recent = {row.area_id: row.recent for row in Outlook.objects.filter(run=run).only("area", "recent")}
    actual = np.array([came[row.area_id, row.horizon] for row in forecasts])
    scores = crps([row.draws for row in forecasts], actual)
    baseline = crps([recent[row.area_id] for row in forecasts], actual)
    for row in forecasts:
        row.run = run
    return [
        Told(row, int(n), float(a), float(b)) for row, n, a, b in zip(forecasts, actual, scores, baseline, strict=True)
    ]


def _came(forecasts: Sequence[Forecast], first: int, last: int) -> dict[tuple[int, int], int]:
    """What came, by area and month ahead; without the zeros of months in which an area did not report."""
    places = sorted({row.area for row in forecasts}, key=lambda area: area.pk)
    if not places:
        return {}
    counts, silent = series.monthly(places, first, last), series.reporting(places, first, last)
    return {
        (area.pk, h + 1): int(counts[h, i])
        for i, area in enumerate(places)
        for h in range(last - first + 1)
        if counts[h, i] or not silent[h, i]
    }


def crps(draws: Sequence[Sequence[int | None]], actual: NDArray[np.int64]) -> NDArray[np.float64]:
    """CRPS of the distributions that give each draw the same weight; all with the same number of draws, None being none."""
    # Two seconds of a server's start, if it stood above: only who asks how forecasts turned out pays for it.
    from tirek_engines.forecast.predictive import Predictive, of_draws  # noqa: PLC0415

    table = np.array(draws, np.float64)
    values = np.arange(int(max(np.nanmax(table, initial=0), actual.max())) + 1, dtype=np.int64)
    found: Predictive = of_draws(table, values)
    return found.crps(actual)


def _score(run: Run, told: list[Told]) -> RunScore | None:
    if not told:
        return None
    first = [one for one in told if one.forecast.horizon == 1]
    places = min(int(run.settings.get("top", 1)), len(first))
    active = [one for one in told if one.is_active]
    return RunScore(
        run=run,
        months=len({one.forecast.horizon for one in told}),
        compared=len(told),
        crps=float(np.mean([one.crps for one in told])),
        baseline_crps=float(np.mean([one.baseline_crps for one in told])),
        inside=float(np.mean([one.inside for one in active])) if active else None,
        named=_named(first, places, lambda one: one.forecast.rank or 0),
        baseline_named=_named(first, places, lambda one: one.forecast.baseline_rank),
        places=places,
    )


def _named(first: list[Told], places: int, order: Any) -> int:
    """How many of the first `places` by `order` had as many incidents as the last that could be among the first."""
    if not first or not places:
        return 0
    bound = sorted((one.actual for one in first), reverse=True)[places - 1]
    return sum(one.actual >= max(bound, 1) for one in sorted(first, key=order)[:places])


def _coverage(told: list[Told], level: float, low: str, high: str) -> Coverage:
    active = [one for one in told if one.is_active]
    inside = [getattr(one.forecast, low) <= one.actual <= getattr(one.forecast, high) for one in active]
    return Coverage(level, float(np.mean(inside)) if inside else None, len(inside))


def _back(outlooks: Iterable[Outlook]) -> list[Coverage]:
    """The same for what would have been said one month ahead, looking back over the years."""
    rows = [row for outlook in outlooks if outlook.enough for row in outlook.past]
    inside = [low <= actual <= high for _month, mean, low, high, actual in rows if actual > 0 or mean > 0.1]
    return [Coverage(0.9, float(np.mean(inside)), len(inside))] if inside else []


def reliability(told: list[Told]) -> list[Reliability]:
    """Probabilities of being among the first, and how often it came; one month ahead and later ones together."""
    cases: list[tuple[float, float]] = []
    groups: dict[tuple[int, int], list[Told]] = {}
    for one in told:
        groups.setdefault((one.forecast.run_id, one.forecast.horizon), []).append(one)
    for rows in groups.values():
        places = min(int(rows[0].forecast.run.settings.get("top", 1)), len(rows))
        cases += [
            (one.forecast.p_top, share)
            for one, share in zip(rows, _among([one.actual for one in rows], places), strict=True)
            if one.forecast.p_top is not None
        ]
    found = []
    for low, high in pairwise(BINS):
        inside = [case for case in cases if low <= case[0] < high or (high == 1.0 and case[0] == 1.0)]
        if inside:
            said, came = np.mean(inside, axis=0)
            found.append(Reliability(low, high, float(said), float(came), len(inside)))
    return found


def _among(actual: Sequence[int], places: int) -> list[float]:
    """Whether each was among the first; equal ones share the places that are left, those without incidents have none."""
    counts = np.array(actual)
    bound = np.sort(counts)[-places]
    above, level = counts > bound, (counts == bound) & (counts > 0)
    share = (places - above.sum()) / max(int(level.sum()), 1)
    return [float(x) for x in above + level * share]
