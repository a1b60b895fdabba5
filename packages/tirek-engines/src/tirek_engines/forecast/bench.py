"""Rolling origins over any panel: what each forecast would have said, and how it scored.

Every origin is one piece of work that knows only its own past, so pieces may run in any order and on any machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tirek_engines.forecast import scores
from tirek_engines.forecast.ahead import baselines, mixture
from tirek_engines.forecast.baselines import CONFLICTOLOGY
from tirek_engines.forecast.known import Component, Known, fit, grid
from tirek_engines.forecast.panel import Bools, Floats, Ints, Panel, Vintages
from tirek_engines.forecast.predictive import Predictive
from tirek_engines.forecast.skill import ROUNDS, Skill, compare
from tirek_engines.forecast.spread import Mapper
from tirek_engines.hotspots.accuracy import accuracy

METRICS = ("crps", "ign", "mis", "brier", "tail", "inside")
PIT_BINS = 10
TOP_SHARE = 0.05  # of the units, that a hot-spot list names
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Scored:
    """How the forecasts of one origin scored.

    Attributes
    ----------
    total, active : array of float, shape (models, metrics)
        Sums over cases, of all units and of those with an incident in the 12 months before the origin. Metrics are those of
        `METRICS`: CRPS, binned ignorance, interval score at 90 %, Brier score of "an incident", CRPS from the threshold on,
        and whether the 90 % interval held the outcome.
    cases : array of int, shape (2,)
        Of all and of active units.
    horizons : array of float, shape (models, horizons)
        Sums of CRPS.
    horizon_cases : array of int, shape (horizons,)
    pit : array of int, shape (models, 10)
        Of active units: how many transforms fell into each tenth.
    hits : array of float, shape (models, 3)
        Incidents in the 5 % of units that the forecast put first, in the 5 % that had most, and in all; month by month.
    """

    total: Floats
    active: Floats
    cases: Ints
    horizons: Floats
    horizon_cases: Ints
    pit: Ints
    hits: Floats


@dataclass(frozen=True, slots=True)
class Bench:
    """Scores of several models at several origins.

    Attributes
    ----------
    models : tuple of str
    origins : array of int, shape (origins,)
        Last known months, as year * 12 + month - 1.
    ahead : array of int, shape (horizons,)
    units : int
    threshold : int
        From which the tail is scored.
    scored : tuple of Scored
        One for each origin.
    """

    models: tuple[str, ...]
    origins: Ints
    ahead: Ints
    units: int
    threshold: int
    scored: tuple[Scored, ...]

    def mean(self, metric: str, *, active: bool = False) -> Floats:
        """The mean of a metric over all cases, shape (models,); NaN where there are none. "inside" is the coverage."""
        sums, cases = self.by_origin(metric, active=active)
        return np.asarray(sums.sum(axis=0) / cases.sum() if cases.sum() else np.full(len(self.models), np.nan))

    def by_origin(self, metric: str, *, active: bool = False) -> tuple[Floats, Ints]:
        """Sums of a metric, shape (origins, models), and numbers of cases, shape (origins,)."""
        at = METRICS.index(metric)
        sums = np.stack([(one.active if active else one.total)[:, at] for one in self.scored])
        return sums, np.array([one.cases[int(active)] for one in self.scored])

    def by_horizon(self) -> Floats:
        """Mean CRPS of each month ahead, shape (models, horizons)."""
        cases = np.sum([one.horizon_cases for one in self.scored], axis=0)
        return np.asarray(np.sum([one.horizons for one in self.scored], axis=0) / np.maximum(cases, 1))

    def pit(self) -> Floats:
        """Shares of the transforms of active units in each tenth, shape (models, 10); .1 each is right."""
        number = np.sum([one.pit for one in self.scored], axis=0)
        return np.asarray(number / np.maximum(number.sum(axis=1, keepdims=True), 1))

    def accuracy(self) -> tuple[Floats, Floats]:
        """PAI and PEI of naming 5 % of the units each month, shape (models,) each; NaN without incidents.

        PAI is the share of incidents in them over the share of units, PEI that share over the largest that was possible.
        """
        found, best, everything = np.sum([one.hits for one in self.scored], axis=0).T
        named = max(1, round(TOP_SHARE * self.units)) / self.units
        nothing = np.full(len(self.models), np.nan)
        pai = np.divide(found, everything * named, out=nothing.copy(), where=everything > 0)
        return pai, np.divide(found, best, out=nothing, where=best > 0)

    def skill(
        self, model: str, base: str, metric: str = "crps", *, active: bool = False, seed: int = 0, rounds: int = ROUNDS
    ) -> Skill:
        """How a model stands to another in a metric, with the interval of an origin-block bootstrap."""
        sums, cases = self.by_origin(metric, active=active)
        some = cases > 0
        one, other = (sums[some, self.models.index(name)][:, None] for name in (model, base))
        apart = int(np.diff(self.origins).min()) if len(self.origins) > 1 else 1
        return compare(one, other, np.random.default_rng(seed), rounds, apart)[0]


def score(
    forecasts: Sequence[Predictive], actual: Floats, active: Bools, threshold: int, rng: np.random.Generator
) -> Scored:
    """Score distributions of some units, shape (horizons, n), by what came; NaN where it is not known.

    Parameters
    ----------
    forecasts : sequence of Predictive
    actual : array of float, shape (horizons, n)
    active : array of bool, shape (n,)
    threshold : int
        A value of the forecasts' grid.
    rng : numpy.random.Generator
        For the transform.
    """
    use = np.isfinite(actual)
    y = np.where(use, actual, 0.0).astype(np.int64)
    lively = use & active
    shape = (len(forecasts), len(METRICS))
    total, some = np.zeros(shape), np.zeros(shape)
    horizons = np.zeros((len(forecasts), len(actual)))
    transforms = np.zeros((len(forecasts), PIT_BINS), dtype=np.int64)
    hits = np.zeros((len(forecasts), 3))
    for i, one in enumerate(forecasts):
        low, high = one.quantile(0.05), one.quantile(0.95)
        found = (
            one.crps(y),
            scores.ignorance(scores.bin_probabilities(one), y),
            scores.interval_score(low, high, y),
            scores.brier(one.above(0), y > 0),
            scores.threshold_crps(one, y, threshold),
            scores.inside(low, high, y),
        )
        for j, values in enumerate(found):
            total[i, j] = values[use].sum()
            some[i, j] = values[lively].sum()
        horizons[i] = np.where(use, found[0], 0.0).sum(axis=1)
        if lively.any():
            transforms[i] = np.histogram(scores.pit(one, y, rng)[lively], bins=PIT_BINS, range=(0, 1))[0]
    cases = np.array([use.sum(), lively.sum()], dtype=np.int64)
    return Scored(total, some, cases, horizons, use.sum(axis=1).astype(np.int64), transforms, hits)


def hits(mean: Floats, actual: Floats) -> Floats:
    """Incidents in the 5 % of units with the largest means, in the 5 % with the most incidents, and in all; shape (3,).

    Parameters
    ----------
    mean, actual : array of float, shape (horizons, units)
        Units of equal mean share the places that are left. Actual counts that are not known count as 0.
    """
    units = mean.shape[1]
    named = max(1, round(TOP_SHARE * units))
    found = [accuracy(m, y, named, 1.0, units) for m, y in zip(mean, np.nan_to_num(actual), strict=True)]
    return np.asarray(np.sum([[one.hits, one.best, one.total] for one in found], axis=0))


def tail_threshold(panel: Panel) -> int:
    """The count that one in ten months with incidents reaches, as a value of every grid: at most 64."""
    some = panel.counts[panel.counts > 0]
    return int(np.clip(np.quantile(some, 0.9), 1, 64)) if len(some) else 1


@dataclass(frozen=True, slots=True)
class Task:
    """One origin: months known, and what to make of them."""

    panel: Panel
    months: int
    ahead: Ints
    components: tuple[Component, ...]
    threshold: int
    seed: int
    vintage: tuple[ArrayLike, ArrayLike] | None = None


def run_task(task: Task) -> Scored:
    """Fit all components to what was known at one origin, and score them by part of the units."""
    then = task.panel.until(task.months) if task.vintage is None else task.panel.as_known(*task.vintage)
    known = Known.of(then, task.ahead, grid(then), task.seed)
    fitted = [fit(component, known) for component in task.components]
    return score_all(fitted, known, outcomes(task.panel, task.months, task.ahead), task.threshold)


def outcomes(panel: Panel, months: int, ahead: Ints) -> Floats:
    """Counts at the horizons of an origin, shape (horizons, units), NaN where they are not known."""
    rows = months - 1 + ahead
    out = np.full((len(rows), panel.units), np.nan)
    inside = rows < panel.months
    out[inside] = np.where(panel.missing[rows[inside]], np.nan, panel.counts[rows[inside]])
    return out


def score_all(fitted: Sequence[Any], known: Known, actual: Floats, threshold: int) -> Scored:
    """Score fitted components for all units of what was known, part by part.

    Parameters
    ----------
    fitted : sequence of Fitted
    known : Known
    actual : array of float, shape (horizons, units)
    threshold : int
    """
    active = known.windows.active(len(known.counts), 12) > 0
    rng = np.random.default_rng(known.seed)
    means = np.zeros((len(fitted), *actual.shape))
    pieces = []
    for first in range(0, known.units, _CHUNK):
        units = np.arange(first, min(first + _CHUNK, known.units))
        found = []
        for i, one in enumerate(fitted):
            made = one.predict(units)
            made = Predictive(made.values, np.broadcast_to(made.cdf, (len(known.ahead), *made.cdf.shape[1:])))
            means[i][:, units] = made.mean
            found.append(made)
        pieces.append(score(found, actual[:, units], active[units], threshold, rng))
    whole = pieces[0] if len(pieces) == 1 else _together(pieces)
    whole.hits[:] = [hits(mean, actual) for mean in means]
    return whole


def _together(pieces: Sequence[Scored]) -> Scored:
    """Sums of scores of parts of the units."""
    names = ("total", "active", "cases", "horizons", "horizon_cases", "pit", "hits")
    return Scored(*(np.sum([getattr(piece, name) for piece in pieces], axis=0) for name in names))


def bench(
    panel: Panel,
    *,
    horizons: int = 12,
    lead: int = 1,
    origins: Sequence[int] | None = None,
    most: int = 24,
    model: Component | None = None,
    rivals: Sequence[Component] | None = None,
    seed: int = 0,
    mapper: Mapper = map,
    vintages: Vintages | None = None,
) -> Bench:
    """Score a model and the simplest forecasts at origins that roll over a panel.

    Parameters
    ----------
    panel : Panel
    horizons : int
    lead : int
        Months from the last known one to the first that is forecast.
    origins : sequence of int, optional
        Numbers of months known; when left out, up to `most` of them, evenly over the later two thirds of the panel.
    most : int
    model : Component, optional
        `mixture(panel)` when left out.
    rivals : sequence of Component, optional
        `baselines()` when left out.
    seed : int
    mapper : callable
        `map`, or another that runs the pieces elsewhere (`spread.mapper`).
    vintages : mapping of int to (counts, missing), optional
        What was known of the first n months when there were n, shapes (n, units): origins know that, and are scored by the panel.
        Where there is none, an origin knows the panel's first n months.

    Returns
    -------
    Bench
        Models in the order: rivals, then the model.

    Raises
    ------
    ValueError
        If there is no origin that has 12 months before it and an outcome after it, or two models have the same name.
    """
    if min(horizons, lead) < 1:
        raise ValueError("horizons and lead are 1 or more")
    ahead = np.arange(lead, lead + horizons)
    chosen = _origins(panel, ahead, most) if origins is None else list(origins)
    if not chosen or min(chosen) < 2 or max(chosen) + lead > panel.months:
        raise ValueError(
            f"a bench needs origins with 12 months before them and a month to score: {panel.months} months are too few"
        )
    components = (*(baselines() if rivals is None else rivals), model or mixture(panel))
    names = tuple(component.name for component in components)
    if len(set(names)) < len(names):
        raise ValueError(f"each model needs a name of its own: {', '.join(names)}")
    threshold = tail_threshold(panel.until(min(chosen)))
    then = vintages or {}
    tasks = [Task(panel, months, ahead, components, threshold, seed, then.get(months)) for months in chosen]
    scored = tuple(mapper(run_task, tasks))
    return Bench(names, np.array(chosen) + panel.first_month - 1, ahead, panel.units, threshold, scored)


def _origins(panel: Panel, ahead: Ints, most: int) -> list[int]:
    """Numbers of months known, evenly from a third of the panel, a year at least, to the last that has an outcome."""
    last = panel.months - int(ahead[0])
    first = max(12, panel.months // 3)
    if last < first:
        return []
    return sorted(set(np.linspace(first, last, min(most, last - first + 1)).round().astype(int).tolist()))


__all__ = [
    "CONFLICTOLOGY",
    "METRICS",
    "Bench",
    "Mapper",
    "Scored",
    "Task",
    "bench",
    "hits",
    "outcomes",
    "run_task",
    "score",
    "score_all",
    "tail_threshold",
]
