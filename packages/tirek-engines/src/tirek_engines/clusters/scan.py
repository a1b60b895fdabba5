"""Kulldorff's prospective space-time scan statistic: where, lately, more happens than chance explains.

A *window* is a group of neighbouring places and the last months. For each window the scan compares its cases with those expected;
the one that is hardest to explain is the most likely cluster, and how often chance alone would bring one as hard to explain
anywhere is found by scanning random replicates of the data in the same way.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tirek_engines.clusters.gumbel import fit_gumbel
from tirek_engines.clusters.likelihood import critical_counts
from tirek_engines.clusters.passes import Search
from tirek_engines.clusters.problem import (
    Cluster,
    Reason,
    ScanResult,
    Watcher,
    arc_km,
    as_cases,
    as_neighbours,
    as_points,
    as_population,
    chord_km,
    recurrence_months,
)
from tirek_engines.clusters.windows import FARTHEST, FINEST, MOST_BINS, Ground, Null

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

FINENESS = 0.7  # standard deviations that a bin is wide
SAME = 1e-9  # log likelihood ratios that differ by less, relatively, are equal


def scan(
    cases: ArrayLike,
    coordinates: ArrayLike,
    *,
    population: ArrayLike | None = None,
    model: Literal["poisson", "permutation"] | None = None,
    units: Literal["degrees", "km"] = "degrees",
    max_months: int = 12,
    max_share: float = 0.5,
    max_radius_km: float | None = None,
    neighbours: Sequence[ArrayLike] | None = None,
    max_steps: int | None = None,
    min_cases: int = 2,
    most: int = 10,
    replicates: int = 999,
    seed: int = 0,
    looks: int = 1,
    threads: int | None = None,
    watcher: Watcher | None = None,
) -> ScanResult:
    """Find clusters that are alive in the last month.

    Parameters
    ----------
    cases : array of int, shape (months, places)
        Counts, the last row being the last month.
    coordinates : array of float, shape (places, 2)
        Latitude and longitude in degrees, or x and y in km with `units="km"`.
    population : array of float, shape (places,) or (months, places), optional
        What expected cases are in proportion to: people, or an expected count that allows for season and age. 0 where nothing
        could be reported (an area that was silent): no case is expected there, and there must be none.
    model : "poisson" or "permutation", optional
        *Poisson*: cases fall on months and places in proportion to the population (Kulldorff 1997, 2001). *Permutation*: only the
        cases themselves say what is usual, mu = (cases at the place) * (cases in the month) / (all cases), and replicates
        exchange the months of cases (Kulldorff et al. 2005). A place that always has many is no cluster then, and a month that
        has many everywhere neither. Left out: Poisson where there is a population.
    max_months : int
        The longest that a cluster may last; never more than half of the months given.
    max_share : float
        The largest share of the population (Poisson) or of all cases (permutation) that a window may hold, above 0, at most 1.
    max_radius_km : float, optional
        The largest radius of a circle.
    neighbours : sequence of arrays of int, optional
        For each place the places next to it (of an H3 cell the six around it). Windows are then a place with all that can be
        reached in 0, 1, 2, ... steps, `max_steps` at most, instead of circles.
    min_cases : int
        The least cases of a cluster, at least 1. One case alone is no cluster: 2.
    most : int
        The most clusters to report.
    replicates : int
        How many random replicates; 999 tell p-values from 0.001. 0 for none: p and recurrence are NaN.
    seed : int
        The same seed gives the same result, whatever the number of threads.
    looks : int
        How many monthly analyses p-values are to allow for, this one included (see below).
    threads : int, optional
        All processors of this process when left out.
    watcher : callable, optional
        Told the share done now and then, from the calling thread; returns True to stop.

    Returns
    -------
    ScanResult
        `reason` says why there are no clusters where there are none.

    Raises
    ------
    ValueError
        If shapes do not match, a number is missing, negative or out of range, or cases are where nobody is.

    Notes
    -----
    The log likelihood ratio of a window with c cases where m are expected, of n in all, is c log(c/m) + (n-c) log((n-c)/(n-m))
    for c > m and 0 otherwise. Circles grow about each place; places equally far enter together. Distances that differ by less
    than a sixteen-millionth of the extent of the map are equal.

    *Secondary clusters.* After the most likely cluster comes the most likely of all windows that share no place with it, and so
    on. Each is compared with the maxima of the replicates, which makes the p-values of secondary ones too large rather than too
    small.

    *Repeated looks.* With `looks` = 1 the p-value is that of one analysis: chance alone brings p <= 0.05 at one look in twenty.
    With more, the maximum of each replicate is taken over all windows that would have been alive at any of the last `looks`
    months, as Kulldorff (2001) does: p is then the chance that any of these analyses had a cluster as likely.
    `recurrence_months` says the same of a single look, once in how many months, and so does not grow with `looks`.

    *Exactness.* No window is left out and no likelihood approximated: whole bins of windows are passed over only where even all
    cases of the largest window in the smallest window's expectation could not beat what the replicate has already.

    *Memory* beside the input: at most 128 MB for replicates, and for each thread about 500 bytes a place and 20 MB.

    References
    ----------
    M. Kulldorff, "A spatial scan statistic", Communications in Statistics: Theory and Methods 26 (1997) 1481-1496.
    M. Kulldorff, "Prospective time periodic geographical disease surveillance using a scan statistic", Journal of the Royal
    Statistical Society A 164 (2001) 61-72.
    M. Kulldorff, R. Heffernan, J. Hartman, R. Assuncao and F. Mostashari, "A space-time permutation scan statistic for disease
    outbreak detection", PLoS Medicine 2 (2005) e59.
    """
    start = time.perf_counter()
    counts = as_cases(cases)
    months, places = counts.shape
    if model is None:
        model = "permutation" if population is None else "poisson"
    if model not in ("poisson", "permutation"):
        raise ValueError(f'the model is "poisson" or "permutation", not {model!r}')
    if (model == "poisson") != (population is not None):
        raise ValueError("the Poisson model needs a population, and the permutation model takes none")
    people = None if population is None else as_population(population, counts)
    _check(max_months >= 1, "max_months must be at least 1")
    _check(0 < max_share <= 1, "max_share must be above 0 and at most 1")
    _check(max_radius_km is None or max_radius_km >= 0, "max_radius_km must be 0 or more")
    _check(max_steps is None or max_steps >= 0, "max_steps must be 0 or more")
    _check(max_steps is None or neighbours is not None, "max_steps needs neighbours")
    _check(max_radius_km is None or neighbours is None, "with neighbours give max_steps, not max_radius_km")
    _check(min_cases >= 1, "min_cases must be at least 1")
    _check(most >= 1, "most must be at least 1")
    _check(replicates >= 0, "replicates must be 0 or more")
    _check(1 <= looks <= months, f"looks must be from 1 to the number of months, {months}")
    _check(threads is None or threads >= 1, "threads must be at least 1")
    points = as_points(coordinates, places, units)
    longest = min(max_months, max(months // 2, 1))
    null, size = _null(counts, people, longest, looks, min_cases)
    reason = _hopeless(counts, people, longest, min_cases)
    if reason is not None:
        return ScanResult(reason, (), np.empty(0), None, null.total, longest, looks, time.perf_counter() - start)
    span = float(np.linalg.norm(np.ptp(points, axis=0)))
    unit = span / FINEST if span else 1.0
    radius = FARTHEST if max_radius_km is None else int(chord_km(max_radius_km, units) / unit + 0.5)
    ground = Ground(
        np.ascontiguousarray(points.T),
        unit,
        *as_neighbours(neighbours, places),
        np.flatnonzero(null.expected.any(axis=1) | (size > 0)).astype(np.int32),
        size,
        min(FARTHEST, radius if max_steps is None else max_steps),
        max_share * float(size.sum()) * (1 + 1e-12),
    )
    search = Search(ground, null, counts, people is not None, longest, min_cases, threads or _processors(), watcher)
    finished = search.run(replicates, seed)
    maxima = np.sort(search.maxima)[::-1]
    if not finished:
        return ScanResult(
            Reason.STOPPED, (), np.empty(0), None, null.total, longest, looks, time.perf_counter() - start
        )
    gumbel = fit_gumbel(maxima) if replicates else None
    clusters = []
    for llr, centre, inside, lasting in search.clusters(most):
        observed = int(search.recent[inside, :lasting].sum())
        expected = float(null.expected[inside, :lasting].sum())
        beaten = int((maxima >= llr * (1 - SAME)).sum())
        p = (beaten + 1) / (replicates + 1) if replicates else float("nan")
        p_gumbel = gumbel.p(llr) if gumbel else float("nan")
        away = float(np.linalg.norm(points[inside] - points[centre], axis=1).max())
        clusters.append(
            Cluster(
                places=inside,
                centre=centre,
                radius_km=arc_km(away, units),
                first_month=months - lasting,
                last_month=months - 1,
                observed=observed,
                expected=expected,
                ratio=observed / expected if expected else float("inf"),
                llr=llr,
                p=p,
                recurrence_months=recurrence_months(p, looks),
                at_least=replicates > 0 and not beaten,
                p_gumbel=p_gumbel,
                recurrence_gumbel_months=recurrence_months(p_gumbel, looks),
            )
        )
    reason = Reason.FOUND if clusters else Reason.NO_EXCESS
    seconds = time.perf_counter() - start
    return ScanResult(reason, tuple(clusters), maxima, gumbel, null.total, longest, looks, seconds)


def _check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def _hopeless(counts: Longs, people: Floats | None, longest: int, min_cases: int) -> Reason | None:
    """Why there can be no cluster, where that is clear beforehand."""
    total = int(counts.sum())
    if not total:
        return Reason.NO_CASES
    if total < min_cases:
        return Reason.TOO_FEW
    if people is None and (counts.sum(axis=0) > 0).sum() == 1:
        return Reason.ONE_PLACE
    if people is None and (counts.sum(axis=1) > 0).sum() == 1:
        return Reason.ONE_MONTH
    return None if counts[-longest:].any() else Reason.NO_RECENT


def _null(counts: Longs, people: Floats | None, longest: int, looks: int, min_cases: int) -> tuple[Null, Floats]:
    """What is expected in the time windows, and the sizes that shares are taken of."""
    months, total = len(counts), int(counts.sum())
    ages = min(longest + looks - 1, months)
    if people is None:
        size = counts.sum(axis=0).astype(np.float64)
        expected = np.outer(size, counts[::-1][:ages].sum(axis=1) / max(total, 1))
    else:
        size = people.sum(axis=0)
        expected = np.ascontiguousarray(people[::-1][:ages].T * (total / people.sum()))
    times = [(young, young + length) for young in range(looks) for length in range(1, longest + 1)]
    young, old = np.array([t for t in times if t[1] <= ages], dtype=np.int64).T
    table = critical_counts(total, float(expected.sum()), min_cases)
    # By measurement; then as many bins as there is room for.
    fineness = max(FINENESS, 2 * float(np.sqrt(expected.sum() / 2)) / (MOST_BINS - 80))
    return Null(
        expected,
        expected.sum(axis=1),
        np.ascontiguousarray(young),
        np.ascontiguousarray(old),
        longest,
        table,
        total,
        fineness,
    ), size
