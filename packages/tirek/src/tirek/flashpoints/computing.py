"""A run: forecasts, clusters, alarms and places of attention from what was known on a day. Numbers only; `words` says them.

The engines do the work. What happens here is that their answers become rows, and that the guards hold: what officers found is never
fitted, a district of which too little is known gets no rank, and a share of attention is drawn by lot.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import h3
import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from tirek.flashpoints import rules
from tirek.flashpoints.gathering import Known
from tirek.flashpoints.models import Cluster, Forecast, Outlook
from tirek.places import queries as places
from tirek_engines.attention import allocate
from tirek_engines.clusters import farrington, scan
from tirek_engines.contagion import fit_areas
from tirek_engines.forecast import Panel, ProvinceForecast, province

Watch = Callable[[int], None]
PAST_MONTHS = 36
CLUSTER_P = 0.05
CLUSTERS_KEPT = 5
LOOKS = 12  # a year of monthly looks: a cluster has to stand out against all of them
REPLICATES = 999
SURGE_P = 0.01
QUIET_P = 0.05
SURGE_LEAST = 5
SHOWN_DECIMALS = 1  # of an expected number (words.amount)


@dataclass(frozen=True, slots=True)
class Computed:
    """What a run has to say, as rows that are not stored yet, and facts for the run itself."""

    outlooks: list[Outlook]
    forecasts: list[Forecast]
    clusters: list[Cluster]
    figures: dict[str, Any]
    settings: dict[str, Any]
    seconds: float


def settings_of(known: Known, **other: int) -> dict[str, Any]:
    """What a run is computed with. The seed is the month, so that anybody can repeat the draws."""
    return {
        "horizons": rules.HORIZONS,
        "draws": rules.DRAWS,
        "replicates": REPLICATES,
        "seed": known.origin,
        "top": top_of(len(known.areas)),
        "attention": min(rules.ATTENTION_PLACES, len(known.areas)),
        "chance": rules.CHANCE_SHARE,
        "engine": version("tirek-engines"),
        **other,
    }


def top_of(areas: int) -> int:
    """Among how many a district has to be to count as one of the first: five, but a third at most of a small province."""
    return max(1, min(rules.TOP, areas // 3))


def compute(
    known: Known, settings: dict[str, Any], rested: NDArray[np.bool_], watch: Watch = lambda _percent: None
) -> Computed:
    """Compute a run. `rested`: districts that were flash-points as long as they may be; they are no place of attention."""
    started = time.monotonic()
    watch(5)
    forecast = province(
        Panel(
            known.counts,
            known.first,
            neighbours=known.neighbours,
            population=known.populations,
            missing=known.silent,
        ),
        horizons=settings["horizons"],
        draws=settings["draws"],
        seed=settings["seed"],
        vintages=known.vintages,
    )
    watch(60)
    outlooks = _outlooks(known, settings, forecast, rested)
    rows = _forecasts(known, settings, forecast)
    watch(70)
    clusters = _clusters(known, settings)
    watch(90)
    figures = {
        "skill": _skill(forecast.skill),
        "contagion": _contagion(known),
        "weights": {name: round(float(weight), 4) for name, weight in forecast.weights.items()},
        "then": len({int(month) - known.first + 1 for month in forecast.past.origin} & known.vintages.keys()),
        "ahead": known.ahead,
        "found": int(known.found.sum()),
        "unscanned": int(known.unscanned.sum()),
        "first": known.first,
    }
    return Computed(outlooks, rows, clusters, figures, settings, time.monotonic() - started)


def _contagion(known: Known) -> dict[str, Any]:
    """How many incidents one incident adds a month later, with its interval, and whether that can be told from place and season."""
    found = fit_areas(
        known.counts, known.neighbours, known.populations, first_month=known.first, missing=known.silent, level=0.9
    )
    return {
        "verdict": str(found.verdict.name).lower(),
        "r": _number(found.R),
        "low": _number(found.R_low),
        "high": _number(found.R_high),
    }


# --- Districts ----------------------------------------------------------------------------------------------------


def _outlooks(
    known: Known, settings: dict[str, Any], forecast: ProvinceForecast, rested: NDArray[np.bool_]
) -> list[Outlook]:
    alarms = _alarms(known)
    surges = [surge(known.counts[:, i], known.found[:, i]) for i in range(len(known.areas))]
    places_of = _attention(settings, forecast, rested)
    return [
        Outlook(
            area=area,
            enough=bool(forecast.enough[i]),
            reasons=[reason.name.lower() for reason in forecast.why[i]],
            drivers=[_driver(driver) for driver in forecast.drivers[i]],
            recent=_recent(known, i),
            skill=_skill(forecast.unit_skill[i]),
            alarm=alarms[i],
            surge=surges[i],
            past=_past(forecast, i),
            attention=places_of.get(i, ""),
        )
        for i, area in enumerate(known.areas)
    ]


def _recent(known: Known, unit: int) -> list[int | None]:
    """What a district reported in the last 12 months, the baseline's draws; None where its zero means that nobody reported."""
    pairs = zip(known.counts[-12:, unit], known.silent[-12:, unit], strict=True)
    return [None if silent and not n else int(n) for n, silent in pairs]


def _driver(driver: Any) -> dict[str, Any]:
    return {
        "kind": driver.kind.name.lower(),
        **{name: _number(getattr(driver, name)) for name in ("value", "low", "high")},
        **({"ahead": [_number(value) for value in driver.ahead]} if driver.ahead else {}),
    }


def _skill(skill: Any) -> dict[str, Any]:
    return {
        "ratio": _number(skill.ratio),
        "low": _number(skill.low),
        "high": _number(skill.high),
        "origins": int(skill.origins),
        "better": bool(skill.better),
        "worse": bool(skill.worse),
    }


def _past(forecast: ProvinceForecast, unit: int) -> list[list[float]]:
    """What would have been said one month ahead, looking back: [month, mean, low, high, actual]."""
    past = forecast.past
    mine = (past.unit == unit) & (past.horizon == past.horizon.min(initial=1))
    rows = np.flatnonzero(mine)[np.argsort(past.target[mine])][-PAST_MONTHS:]
    return [
        [int(past.target[k]), round(float(past.mean[k]), 3), int(past.low[k]), int(past.high[k]), int(past.actual[k])]
        for k in rows
    ]


def _alarms(known: Known) -> list[dict[str, Any]]:
    """Whether the last month lies above what its own past lets expect (Farrington-Noufaily)."""
    found = farrington(known.counts, missing=known.silent)
    return [
        {
            "month": known.last,
            "count": int(known.counts[-1, i]),
            "expected": _number(found.expected[-1, i]),
            "upper": _number(found.upper[-1, i]),
            "alarm": bool(found.alarm[-1, i]),
            "enough": bool(found.enough[-1, i]),
        }
        for i in range(len(known.areas))
    ]


def surge(reported: NDArray[np.int64], found: NDArray[np.int64]) -> dict[str, Any]:
    """Whether what officers found jumps while what residents report does not: then people looked more, and no more happened.

    The last 3, 6 or 12 months against the 24 before them. Under equal rates the recent share of all is binomial with
    w / (w + 24); a jump is P < 0.01 (for the three windows together), at least half as much again, and at least five
    incidents. Of the windows the one with the smallest P is told. Returns the counts, what was usual, both probabilities,
    and whether it is a surge.
    """
    windows = [w for w in rules.SURGE_WINDOWS if len(found) > w] or [max(1, len(found) - 1)]
    compared = {w: (_against(found, w), _against(reported, w)) for w in windows}
    window = min(windows, key=lambda w: compared[w][0].p)
    of_found, of_reported = compared[window]
    jumped = (
        of_found.p * len(windows) < SURGE_P
        and of_found.lately >= max(SURGE_LEAST, rules.SURGE_RATIO * of_found.usual)
        and of_reported.p >= QUIET_P
    )
    return {
        "months": window,
        "found": of_found.lately,
        "found_usual": round(of_found.usual, 1),
        "reported": of_reported.lately,
        "reported_usual": round(of_reported.usual, 1),
        "p_found": _number(of_found.p),
        "p_reported": _number(of_reported.p),
        "is": bool(jumped),
    }


@dataclass(frozen=True, slots=True)
class _Against:
    """Recent months against those before: how many, how many would be usual, P(at least so many) under equal rates."""

    lately: int
    usual: float
    p: float


def _against(counts: NDArray[np.int64], window: int) -> _Against:
    lately = int(counts[-window:].sum())
    past = counts[max(0, len(counts) - window - rules.SURGE_BEFORE) : len(counts) - window]
    before = int(past.sum())
    share = window / (window + max(len(past), 1))
    return _Against(
        lately,
        before * window / max(len(past), 1),
        float(binom.sf(lately - 1, lately + before, share)) if lately else 1.0,
    )


def _attention(
    settings: dict[str, Any], forecast: ProvinceForecast, rested: NDArray[np.bool_]
) -> dict[int, Outlook.Attention]:
    probability = np.where(forecast.enough, np.nan_to_num(forecast.top(settings["top"])).clip(0, 1), np.nan)
    return draw_attention(probability, settings, rested, seed=settings["seed"])


def draw_attention(
    probability: NDArray[np.float64], settings: dict[str, Any], rested: NDArray[np.bool_], *, seed: int
) -> dict[int, Outlook.Attention]:
    """This month's places of attention: most in proportion to the forecast, a share by lot, none that rests.

    `probability` is NaN where nothing can be said: there only the lot leads. The same seed draws the same places.
    """
    found = allocate(probability, settings["attention"], np.random.default_rng(seed), settings["chance"], rested)
    by_forecast = {int(i): Outlook.Attention.FORECAST for i in found.by_forecast}
    return by_forecast | {int(i): Outlook.Attention.CHANCE for i in found.by_chance}


# --- Months -------------------------------------------------------------------------------------------------------


def _forecasts(known: Known, settings: dict[str, Any], forecast: ProvinceForecast) -> list[Forecast]:
    rng = np.random.default_rng(settings["seed"])
    levels = (np.arange(rules.THINNED) + 0.5) / rules.THINNED
    kept = forecast.predictive.at(levels)
    quantiles = {q: forecast.quantile(q) for q in rules.KEPT_QUANTILES}
    rows = []
    for h in range(settings["horizons"]):
        means, enough = forecast.mean[h], forecast.enough
        top = forecast.top(settings["top"], h)
        ranks, base_ranks = _places(means, top, enough), _base_ranks(forecast.baseline_mean[h], enough)
        for i, area in enumerate(known.areas):
            known_enough = bool(enough[i])
            rows.append(
                Forecast(
                    area=area,
                    horizon=h + 1,
                    enough=known_enough,
                    mean=float(means[i]),
                    **{f"q{round(100 * q):02}": float(quantiles[q][h, i]) for q in rules.KEPT_QUANTILES},
                    draws=[int(n) for n in kept[h, i]],
                    baseline_mean=float(forecast.baseline_mean[h, i]),
                    p_top=float(top[i]) if known_enough else None,
                    rank=ranks[i] if known_enough else None,
                    baseline_rank=base_ranks[i],
                    half=_half(i, means, top, enough, forecast.draws[h, i], rng),
                )
            )
    return rows


def _ranks(means: NDArray[np.float64], among: NDArray[np.bool_]) -> dict[int, int]:
    """1 for the highest; of equal ones the first in the list."""
    order = [int(i) for i in np.argsort(-means, kind="stable") if among[i]]
    return {i: place for place, i in enumerate(order, start=1)}


def _places(means: NDArray[np.float64], top: NDArray[np.float64], among: NDArray[np.bool_]) -> dict[int, int]:
    """By what is expected, as finely as it is shown: of two that read the same the likelier one to be among the first."""
    shown = np.round(means, SHOWN_DECIMALS)
    order = [int(i) for i in np.lexsort((-means, -np.nan_to_num(top), -shown)) if among[i]]
    return {i: place for place, i in enumerate(order, start=1)}


def _base_ranks(means: NDArray[np.float64], enough: NDArray[np.bool_]) -> dict[int, int]:
    """Among the same districts as the forecast's own places, or the two could not be compared; the others come behind them."""
    ranked = _ranks(means, enough)
    behind = _ranks(means, ~enough)
    return ranked | {i: len(ranked) + place for i, place in behind.items()}


def _half(
    unit: int,
    means: NDArray[np.float64],
    top: NDArray[np.float64],
    enough: NDArray[np.bool_],
    draws: NDArray[np.int64],
    rng: np.random.Generator,
) -> dict[str, Any]:
    """What it would be if here, and only here, half of what happens were reported.

    If y of N incidents are reported, each with chance s, N given y is y plus the failures before the y-th success:
    N = y + NegBin(y, s), with mean y / s. Nothing can be said of places from which nothing is reported.
    """
    if not enough[unit]:
        return {}
    share = rules.HALF_REPORTED
    more = np.array(draws)
    some = more > 0
    more[some] += rng.negative_binomial(more[some], share)
    lifted = means.copy()
    lifted[unit] = means[unit] / share
    return {
        "mean": round(float(lifted[unit]), 3),
        "low": float(np.quantile(more, 0.05, method="inverted_cdf")),
        "high": float(np.quantile(more, 0.95, method="inverted_cdf")),
        "rank": _places(lifted, top, enough)[unit],
    }


# --- Clusters -----------------------------------------------------------------------------------------------------


def _clusters(known: Known, settings: dict[str, Any]) -> list[Cluster]:
    """Groups of cells with more than their share lately: space-time permutation scan, so that no population is needed."""
    if len(known.cells) < 2 or known.cell_counts.sum() < 2:
        return []
    found = scan(
        known.cell_counts,
        known.centres,
        model="permutation",
        replicates=settings["replicates"],
        seed=settings["seed"],
        looks=min(LOOKS, len(known.cell_counts)),  # a register of three months was not looked at twelve times
        most=CLUSTERS_KEPT,
    )
    rows = []
    for one in found.clusters:
        if one.p > CLUSTER_P:
            continue
        cells = [known.cells[i] for i in one.places]
        area = _mostly_in(known, one)
        if area is None:
            continue
        lat, lon = (float(value) for value in known.centres[one.centre])
        rows.append(
            Cluster(
                area=area,
                cells=cells,
                first_month=known.first + int(one.first_month),
                last_month=known.first + int(one.last_month),
                observed=int(one.observed),
                expected=float(one.expected),
                ratio=float(one.ratio),
                p=float(one.p),
                recurrence_months=float(one.recurrence_months),
                lat=lat,
                lon=lon,
                radius_km=float(one.radius_km),
            )
        )
    return rows


def _mostly_in(known: Known, cluster: Any) -> Any:
    """The district that most of a cluster's incidents lie in."""
    weights: dict[int, int] = {}
    by_pk = {area.pk: area for area in known.areas}
    cells = [known.cells[i] for i in cluster.places]
    held = places.areas_at_each([h3.cell_to_latlng(cell) for cell in cells])
    for i, areas in zip(cluster.places, held, strict=True):
        for area in areas:
            if area.pk in by_pk:
                window = known.cell_counts[int(cluster.first_month) : int(cluster.last_month) + 1, i]
                weights[area.pk] = weights.get(area.pk, 0) + int(window.sum())
    return by_pk[max(weights, key=lambda pk: weights[pk])] if weights else None


def _number(value: Any) -> float | None:
    """A number that JSON can keep; None for what is not known."""
    found = float(value)
    return round(found, 6) if math.isfinite(found) else None
