"""Forecasts for the districts of a province: a mixture weighted by what it has shown, beside the simplest forecast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from tirek_engines.forecast.analogues import Analogues
from tirek_engines.forecast.baselines import CONFLICTOLOGY, Beside, Everyone, Recent, Seasonal, recent
from tirek_engines.forecast.drivers import Driver, drivers
from tirek_engines.forecast.known import Component, Fitted, Known, fit, grid
from tirek_engines.forecast.mixture import Cases
from tirek_engines.forecast.models import Contagion, Counts, FittedContagion
from tirek_engines.forecast.panel import Bools, Floats, Ints, Panel, Vintages
from tirek_engines.forecast.predictive import Predictive, below, mix, products
from tirek_engines.forecast.silence import FEWEST_MONTHS, Reason, reasons
from tirek_engines.forecast.skill import ROUNDS, Skill, compare

SETTLED = 2  # months after which an outcome is taken as it was known then: few reports come later
STRENGTH = 0.2  # how strongly a year of outcomes draws weights to what they begin with
_CONTAGION = "contagion"


@dataclass(frozen=True, slots=True)
class Past:
    """Forecasts made looking back, each knowing only what was known then; arrays of shape (n,), one row for each.

    `origin` is the last month that was known, `target` the month that was forecast, both as year * 12 + month - 1; `low` and
    `high` bound 90 %.
    """

    origin: Ints
    horizon: Ints
    target: Ints
    unit: Ints
    mean: Floats
    low: Ints
    high: Ints
    baseline_mean: Floats
    actual: Ints


@dataclass(frozen=True, slots=True)
class ProvinceForecast:
    """Forecasts of a province.

    Attributes
    ----------
    first_month : int
        The month of the first horizon.
    predictive : Predictive
        Distributions of shape (horizons, units).
    draws : array of int, shape (horizons, units, draws)
        Independent between units and between months.
    mean : array of float, shape (horizons, units)
    baseline_draws : array of int, shape (horizons, units, 12)
        Conflictology: the unit's own last 12 months.
    baseline_mean : array of float, shape (horizons, units)
    weights : dict of str to float
        Of the parts of the mixture.
    rank, baseline_rank : array of int, shape (units,)
        0 is first, by the mean of the first month; units with `enough` come before the others.
    enough : array of bool, shape (units,)
        False: nothing should be said about the unit but that there is not enough data.
    why : tuple of tuple of Reason
        For each unit; empty where there is enough.
    skill : Skill
        CRPS of the mixture over that of conflictology, all units and months together.
    unit_skill : tuple of Skill
    drivers : tuple of tuple of Driver
        For each unit.
    past : Past
    """

    first_month: int
    predictive: Predictive
    draws: Ints
    mean: Floats
    baseline_draws: Ints
    baseline_mean: Floats
    weights: dict[str, float]
    rank: Ints
    baseline_rank: Ints
    enough: Bools
    why: tuple[tuple[Reason, ...], ...]
    skill: Skill
    unit_skill: tuple[Skill, ...]
    drivers: tuple[tuple[Driver, ...], ...]
    past: Past = field(repr=False)

    def quantile(self, q: float) -> Ints:
        """The smallest count that is not exceeded with probability q, shape (horizons, units)."""
        return self.predictive.quantile(q)

    def top(self, k: int, horizon: int = 0) -> Floats:
        """Probability of each unit to be among the k with the most incidents in that month, shape (units,).

        Units without incidents are never among them; equal counts share the places that are left. NaN where there is not
        enough data; such units take no place.

        Raises
        ------
        ValueError
            If k is not positive or the horizon is not forecast.
        """
        if k < 1 or not 0 <= horizon < len(self.draws):
            raise ValueError(f"k is 1 or more, and a horizon 0 to {len(self.draws) - 1}")
        out = np.full(len(self.enough), np.nan)
        if self.enough.any():
            out[self.enough] = top_share(self.draws[horizon, self.enough], k)
        return out


def top_share(draws: Ints, k: int) -> Floats:
    """Share of the draws, shape (units, n), in which each unit is among the k largest that are not 0; equal ones share places."""
    k = min(k, len(draws))
    kth = np.partition(draws, -k, axis=0)[-k]
    above = draws > kth
    equal = (draws == kth) & (draws > 0)
    share = (k - above.sum(axis=0)) / np.maximum(equal.sum(axis=0), 1)
    return np.asarray((above + equal * share).mean(axis=1))


def parts_for(panel: Panel) -> tuple[tuple[float, Component], ...]:
    """The parts of a province's mixture with the weights they begin with; the first is the baseline, conflictology.

    No trees: a province has too few months and districts for them, and this is asked for every month of the past.
    """
    parts: list[tuple[float, Component]] = [
        (3.0, Recent(CONFLICTOLOGY, 12)),
        (1.0, Recent("recent 6", 6)),
        (1.0, Recent("recent 24", 24)),
        (0.3, Everyone("everyone", 12)),
        (1.0, Analogues("analogues fading", "fading", contrast=True)),
        (1.0, Analogues("analogues blend", "blend")),
        (1.0, Counts("negative binomial fresh", 6.0)),
        (1.0, Counts("negative binomial slow", 24.0)),
        (0.3, Counts("zero-inflated", 24.0, inflated=True)),
        (1.0, Contagion(_CONTAGION)),
        (0.3, Seasonal("seasonal")),
    ]
    if panel.neighbours is not None:
        parts.append((0.3, Beside("neighbours", 12)))
    if panel.groups is not None:
        parts.append((0.3, Everyone("group", 12, grouped=True)))
    return tuple(parts)


def province(
    panel: Panel,
    *,
    horizons: int = 12,
    draws: int = 1000,
    seed: int = 0,
    lead: int = 1,
    rounds: int = ROUNDS,
    parts: Sequence[tuple[float, Component]] | None = None,
    vintages: Vintages | None = None,
) -> ProvinceForecast:
    """Forecast each unit of a province for the months ahead.

    Simple distributions are mixed with the weights that made the lowest CRPS in forecasts whose outcome was known by then (each
    divided by the unit's level, so that no district decides alone). Looking back, each month's mixture has the weights that it
    would have had then. Where looking back shows the mixture worse than conflictology, conflictology is given.

    Parameters
    ----------
    panel : Panel
        A few to some hundreds of units.
    horizons : int
        Months that are forecast.
    draws : int
    seed : int
        The same seed gives the same draws.
    lead : int
        1 if the month after the last known one is the first forecast.
    rounds : int
        Of the bootstrap.
    parts : sequence of (weight, Component), optional
        In place of `parts_for(panel)`; the first is the baseline, and one is called "contagion".
    vintages : mapping of int to (counts, missing), optional
        What was known of the first n months when there were n, shapes (n, units): with reports that had not come in yet left out.
        Forecasts are then made looking back from these, the simplest one's too, and scored by what the panel says. Where there is
        none, from the panel's first n months: what was entered late is then known too early.

    Returns
    -------
    ProvinceForecast

    Raises
    ------
    ValueError
        If horizons, draws, lead or rounds are below 1, or a vintage has another shape than its months and units.
    """
    if min(horizons, draws, lead, rounds) < 1:
        raise ValueError("horizons, draws, lead and rounds are 1 or more")
    mixed_of = tuple(parts_for(panel) if parts is None else parts)
    known = Known.of(panel, np.arange(lead, lead + horizons), grid(panel), seed)
    rng = np.random.default_rng(seed)
    back = _look_back(known, mixed_of, _as_known(panel, vintages or {}))
    together, *each = compare(
        np.column_stack((_all_units(back.model), back.model)),
        np.column_stack((_all_units(back.base), back.base)),
        rng,
        rounds,
    )
    weights = back.weights
    if together.worse:
        weights = np.eye(len(weights))[0]
    mixed = mix(weights, back.parts)
    base_mean = np.broadcast_to(back.parts[0].mean, mixed.cdf.shape[:-1]).copy()
    why = reasons(known.counts, tuple(each))
    enough = np.array([not found for found in why])
    mean = mixed.mean
    return ProvinceForecast(
        first_month=panel.last_month + lead,
        predictive=mixed,
        draws=mixed.draws(draws, rng),
        mean=mean,
        baseline_draws=np.broadcast_to(_twelve(known.counts), (horizons, panel.units, 12)).copy(),
        baseline_mean=base_mean,
        weights={part.name: float(weight) for (_, part), weight in zip(mixed_of, weights, strict=True)},
        rank=_ranks(mean[0], enough),
        baseline_rank=_ranks(base_mean[0], enough),
        enough=enough,
        why=why,
        skill=together,
        unit_skill=tuple(each),
        drivers=drivers(known, mixed, back.contagion),
        past=back.past,
    )


@dataclass(frozen=True, slots=True)
class _Back:
    """What looking back found. `parts` and `weights` are today's; `model` and `base` are CRPS, shape (origins, units)."""

    parts: list[Predictive]
    weights: Floats
    contagion: FittedContagion
    model: Floats
    base: Floats
    past: Past


def _as_known(panel: Panel, vintages: Vintages) -> dict[int, Panel]:
    """The panels of earlier origins. Today's origin knows what the panel says."""
    found = {origin: panel.as_known(*told) for origin, told in vintages.items() if origin < panel.months}
    for origin, then in found.items():
        if then.months != origin:
            raise ValueError(f"the vintage of {origin} months has {then.months}")
    return found


@dataclass(slots=True)
class _Lessons:
    """Cases by the origin at which their outcome is known, and those that are known so far."""

    by_origin: list[Cases]
    so_far: Cases
    years: float = 0.0

    @classmethod
    def none(cls, k: int, origins: int) -> _Lessons:
        return cls([Cases.none(k) for _ in range(origins)], Cases.none(k))

    def weights_at(self, origin: int, prior: Floats) -> Floats:
        """The weights that what is known at an origin gives; origins come in rising order."""
        self.so_far += self.by_origin[origin]
        self.years += 1 / 12 if self.by_origin[origin].weight else 0.0
        return self.so_far.weights(prior, STRENGTH / max(self.years, 1.0))

    def add(self, origins: Ints, gram: Floats, cross: Floats, use: Bools, level: Floats) -> None:
        """Keep the cases of one origin for the `origins` at which their outcomes are known, one for each horizon."""
        for h, origin in enumerate(origins):
            if origin < len(self.by_origin) and use[h].any():
                weight = use[h] / (1.0 + level)
                self.by_origin[origin] += Cases(gram[:, :, h] @ weight, cross[:, h] @ weight, float(use[h].sum()))


def _look_back(known: Known, parts: tuple[tuple[float, Component], ...], vintages: dict[int, Panel]) -> _Back:
    """Make the forecasts of all months from the 24th on, each with weights from what was known by then."""
    now, k = len(known.counts), len(parts)
    origins = list(range(min(FEWEST_MONTHS, now), now + 1))
    prior = np.array([weight for weight, _ in parts])
    prior /= prior.sum()
    units = np.arange(known.units)
    names = [part.name for _, part in parts]
    # Today's weights learn from what is known today; those of earlier origins from what was known then.
    today = _Lessons.none(k, now + 1)
    then = _Lessons.none(k, now + 1) if vintages else today
    model, base = np.full((2, len(origins), known.units), np.nan)
    rows: list[tuple[Floats | Ints, ...]] = []
    for i, (origin, (held, fitted)) in enumerate(zip(origins, _fits(known, parts, origins, vintages), strict=True)):
        found = [one.predict(units) for one in fitted]
        weights = today.weights_at(origin, prior)
        if then is not today:
            earlier = then.weights_at(origin, prior)
            weights = weights if origin == now else earlier
        actual = known.actual(origin)
        use = np.isfinite(actual)
        if not use.any():
            continue
        y = np.where(use, actual, 0.0).astype(np.int64)
        gram, cross = products(found, y)
        level = held.windows.mean(origin, 12)
        today.add(origin + known.ahead, gram, cross, use, level)
        if then is not today:
            _learn_settled(then, known, vintages, origin, found, gram, level)
        score = np.einsum("i,j,ijhu->hu", weights, weights, gram) - 2.0 * np.einsum("i,ihu->hu", weights, cross) + y
        plain = gram[0, 0] - 2.0 * cross[0] + y
        seen = use.any(axis=0)
        model[i, seen] = np.where(use, score, 0.0).sum(axis=0)[seen]
        base[i, seen] = np.where(use, plain, 0.0).sum(axis=0)[seen]
        rows.append(_rows(known, origin, weights, found, use, y))
    contagion = fitted[names.index(_CONTAGION)]
    assert isinstance(contagion, FittedContagion)
    return _Back(found, weights, contagion, model, base, _past(rows))


def _fits(
    known: Known, parts: tuple[tuple[float, Component], ...], origins: list[int], vintages: dict[int, Panel]
) -> Iterator[tuple[Known, list[Fitted]]]:
    """At each origin what was known, and what the parts learn from it: in one walk where that only grew, else each time anew."""
    walks = [part.walk(known, [origin for origin in origins if origin not in vintages]) for _, part in parts]
    for origin in origins:
        if origin in vintages:
            then = Known.of(vintages[origin], known.ahead, known.values, known.seed)
            yield then, [fit(part, then) for _, part in parts]
        else:
            yield known, [next(walk) for walk in walks]


def _learn_settled(
    lessons: _Lessons,
    known: Known,
    vintages: dict[int, Panel],
    origin: int,
    found: list[Predictive],
    gram: Floats,
    level: Floats,
) -> None:
    """Learn from the outcomes of an origin as they were known `SETTLED` months later, and not before that."""
    learnt_at = origin + known.ahead + SETTLED
    actual = np.full((len(learnt_at), known.units), np.nan)
    for h, at in enumerate(learnt_at):
        row = origin - 1 + int(known.ahead[h])
        if at in vintages:
            then = vintages[at]
            actual[h] = np.where(then.missing[row], np.nan, then.counts[row])
        elif at <= len(known.counts):
            actual[h] = known.counts[row]
    use = np.isfinite(actual)
    y = np.where(use, actual, 0.0).astype(np.int64)
    lessons.add(learnt_at, gram, np.stack([below(part, y) for part in found]), use, level)


def _all_units(scores: Floats) -> Floats:
    """Sums over the units that have a score, shape (origins,); NaN where none has: one silent unit does not silence the others."""
    seen = np.isfinite(scores)
    return np.where(seen.any(axis=1), np.where(seen, scores, 0.0).sum(axis=1), np.nan)


def _rows(
    known: Known, origin: int, weights: Floats, parts: list[Predictive], use: Bools, y: Ints
) -> tuple[Floats | Ints, ...]:
    """The forecasts of one origin that have an outcome, as columns of `Past`."""
    mixed = mix(weights, parts)
    h, unit = np.nonzero(use)
    bounds = mixed[h, unit].at(np.array([0.05, 0.95]))
    month = np.full(len(h), known.panel.first_month + origin - 1)
    base = np.broadcast_to(parts[0].mean, use.shape)
    return (
        month,
        h,
        month + known.ahead[h],
        unit,
        mixed.mean[h, unit],
        bounds[:, 0],
        bounds[:, 1],
        base[h, unit],
        y[h, unit],
    )


def _past(rows: list[tuple[Floats | Ints, ...]]) -> Past:
    if not rows:
        none = np.zeros(0, dtype=np.int64)
        return Past(none, none, none, none, none.astype(float), none, none, none.astype(float), none)
    columns = [np.concatenate(column) for column in zip(*rows, strict=True)]
    return Past(*columns)


def _twelve(counts: Floats) -> Ints:
    """The last 12 values of each unit, shape (units, 12); what is missing is filled by those that are there, in turn, or is 0."""
    own = recent(counts, 12)
    out = np.zeros(own.shape, dtype=np.int64)
    for unit, row in enumerate(own):
        there = row[np.isfinite(row)]
        if len(there):
            out[unit] = np.resize(there, 12).astype(np.int64)
    return out


def _ranks(mean: Floats, enough: Bools) -> Ints:
    """Places, 0 for the largest mean among units with enough data, then the others."""
    order = np.lexsort((np.arange(len(mean)), -mean, ~enough))
    rank = np.empty(len(mean), dtype=np.int64)
    rank[order] = np.arange(len(mean))
    return rank
