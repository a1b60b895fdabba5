"""Kulldorff's prospective space-time scan statistic: where, lately, more happens than chance explains.

A *window* is a group of neighbouring places and the last months. For each window the scan compares its cases with those expected;
the one that is hardest to explain is the most likely cluster, and how often chance alone would bring one as hard to explain
anywhere is found by scanning random replicates of the data in the same way.
"""

from __future__ import annotations

import heapq
import os
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Lock
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tirek_engines.clusters.draw import Source, by_shuffling, by_weight, draw_cases, draw_rows
from tirek_engines.clusters.gumbel import fit_gumbel
from tirek_engines.clusters.likelihood import critical_counts
from tirek_engines.clusters.observe import observe, observe_apart
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
from tirek_engines.clusters.search import LANES, scan_dense, scan_sparse, start_sparse
from tirek_engines.clusters.windows import (
    FARTHEST,
    FINEST,
    MOST_BINS,
    Block,
    Ground,
    Null,
    empty_block,
    fill_block,
    fill_keys,
)

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Ints = NDArray[np.int32]

MEMORY = 2**27  # bytes for the replicates that are in hand at once
BLOCK = 64  # centres that are worked on together
WARM = 48  # centres all over the map that are looked at first, so that replicates have something to beat
THROW = 5  # what throwing a case costs, where adding up a place for one replicate costs 1
NEAR = 64  # places in the windows that are looked at first around the cases of a replicate
RATIO = 0.2
FINENESS = 0.7  # standard deviations that a bin is wide
DIGITS = 9  # of log likelihood ratios: those that differ by less are equal
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
    search = _Search(ground, null, counts, people is not None, longest, min_cases, threads or _processors(), watcher)
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


@dataclass(slots=True)
class _Batch:
    """Replicates that are in hand together: their cases, one by one or added up by place, and the maxima so far."""

    best: Floats
    sparse: tuple[Ints, NDArray[np.uint16], Longs, Longs] | None
    dense: tuple[NDArray[np.signedinteger], NDArray[np.signedinteger]] | None

    def search(self, block: Block, null: Null, best: Floats) -> None:
        """Raise `best` to the maxima in the windows of a block."""
        if self.sparse is not None:
            scan_sparse(block, null, *self.sparse, best)
        if self.dense is not None:
            scan_dense(block, null, *self.dense, best)


class _Search:
    """One scan: the observed cases around each centre, and the maxima of the replicates."""

    def __init__(
        self,
        ground: Ground,
        null: Null,
        counts: Longs,
        weighted: bool,
        longest: int,
        min_cases: int,
        threads: int,
        watcher: Watcher | None,
    ) -> None:
        self.ground, self.null, self.weighted, self.threads, self.watcher = ground, null, weighted, threads, watcher
        self.longest, self.min_cases = longest, min_cases
        self.places, self.ages = null.expected.shape
        self.counts = counts
        self.points = ground.points.T
        self.recent = np.ascontiguousarray(counts[::-1][: self.ages].T.astype(np.int32))
        self.found = np.zeros(self.places)
        self.maxima = np.empty(0)
        self.lock = Lock()

    def run(self, replicates: int, seed: int) -> bool:
        """Fill `found` and `maxima`; False if the watcher stopped it."""
        source = self._source()
        numbers = np.random.SeedSequence(seed)
        keys = numbers.generate_state(replicates, np.uint64).astype(np.uint64)
        counts = self._draws(replicates, numbers)
        warm = self._block([np.array([c]) for c in self._spread()])
        deep = float(np.mean([warm.ends[i, warm.bins[i]] for i in range(warm.team[-1])]))
        recent = float(counts.mean()) if replicates else 0.0
        dense = recent * THROW > deep
        members = 1 if dense else int(np.clip(RATIO * len(self.ground.live) / max(recent, 1.0), 1, 32))
        blocks = _blocks(self.points, members)
        each = self.places * self.ages if dense else 6 * int(counts.max(initial=1))
        step = max(LANES, MEMORY // each // LANES * LANES)
        parts = [slice(first, first + step) for first in range(0, max(replicates, 1), step)]
        self.maxima = np.zeros(replicates)
        for number, part in enumerate(parts):
            batch = self._batch(source, keys[part], counts[part], warm, dense)
            if not self._pass(blocks, batch, number, len(parts)):
                return False
            self.maxima[part] = batch.best
        return True

    def clusters(self, most: int) -> list[tuple[float, int, Longs, int]]:
        """Log likelihood ratio, centre, places and months of the most likely clusters that share no place."""
        # Windows around a centre only lose when places are taken: what was once its best bounds what is left. Of equal windows,
        # as the same places around several centres, the narrowest.
        heap = [(-round(float(llr), DIGITS), 0, centre) for centre, llr in enumerate(self.found) if llr > 0]
        heapq.heapify(heap)
        taken = np.zeros(self.places, np.bool_)
        chosen: list[tuple[float, int, Longs, int]] = []
        fresh: dict[int, tuple[int, float, Ints, int]] = {}
        while heap and len(chosen) < most:
            _, _, centre = heapq.heappop(heap)
            if taken[centre]:
                continue
            if centre in fresh and fresh[centre][0] == len(chosen):
                _, llr, inside, lasting = fresh.pop(centre)
                chosen.append((llr, centre, inside.astype(np.int64), lasting))
                taken[inside] = True
                continue
            llr, key, inside, lasting = observe_apart(
                self.ground, self.null, centre, np.flatnonzero(taken), self.recent, self.longest, self.min_cases
            )
            if llr > 0:
                fresh[centre] = (len(chosen), llr, inside, lasting)
                heapq.heappush(heap, (-round(llr, DIGITS), key, centre))
        return chosen

    def _source(self) -> Source:
        if self.weighted:
            return by_weight(self.null.expected)
        return by_shuffling(self.counts.sum(axis=0), self.counts[::-1][: self.ages].sum(axis=1))

    def _draws(self, replicates: int, numbers: np.random.SeedSequence) -> Longs:
        """How many recent cases each replicate has."""
        if not self.weighted:
            return np.full(replicates, self.recent.sum(), dtype=np.int64)
        share = min(float(self.null.expected.sum()) / self.null.total, 1.0)
        return np.random.default_rng(numbers.spawn(1)[0]).binomial(self.null.total, share, replicates)

    def _spread(self) -> Longs:
        """Centres all over the map."""
        everywhere = np.concatenate(_leaves(self.points, BLOCK))
        return everywhere[:: max(1, len(everywhere) // WARM)]

    def _block(self, teams: list[Longs]) -> Block:
        bounds = np.concatenate([[0], np.cumsum([len(team) for team in teams])]).astype(np.int64)
        block = empty_block(self.places, self.ages, len(self.null.young), bounds)
        fill_block(self.ground, self.null, np.concatenate(teams), block)
        return block

    def _batch(self, source: Source, keys: NDArray[np.uint64], counts: Longs, warm: Block, dense: bool) -> _Batch:
        """Draw replicates and order them by their maxima so far: what lies side by side then needs as many cases."""
        best = np.zeros(len(keys))
        if not len(keys):
            return _Batch(best, None, None)
        if dense:
            rows = self._rows(source, keys, counts)
            scan_dense(warm, self.null, *rows, best)
            order = np.argsort(best, kind="stable")
            return _Batch(best[order], None, self._rows(source, keys[order], counts[order]))
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        place, age = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.uint16)
        draw_cases(source, keys, starts, place, age)
        return self._start(_Batch(best, (place, age, starts[:-1], starts[1:]), None))

    def _start(self, batch: _Batch) -> _Batch:
        """Search the small windows around the cases of each replicate."""
        assert batch.sparse is not None
        place, age, starts, stops = batch.sparse
        order = np.argsort(place, kind="stable")
        holder = np.repeat(np.arange(len(starts), dtype=np.int32), stops - starts)[order]
        first = np.searchsorted(place[order], np.arange(self.places + 1))
        keys, queue = np.empty(self.places, np.uint32), np.empty(self.places, np.int32)
        reaches = []
        for centre in self._spread():
            fill_keys(self.ground, centre, keys, queue)
            reaches.append(np.partition(keys, min(NEAR, self.places) - 1)[min(NEAR, self.places) - 1])
        ground = self.ground._replace(most_key=min(self.ground.most_key, int(np.median(reaches))))

        def work(centres: Longs) -> None:
            block = empty_block(self.places, self.ages, len(self.null.young), np.arange(len(centres) + 1))
            fill_block(ground, self.null, centres, block)
            with self.lock:
                best = batch.best.copy()
            start_sparse(block, self.null, centres, place, age, starts, stops, first, holder, best)
            with self.lock:
                np.maximum(batch.best, best, out=batch.best)

        with ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(work, _leaves(self.points, BLOCK)))
        return batch

    def _rows(
        self, source: Source, keys: NDArray[np.uint64], counts: Longs
    ) -> tuple[NDArray[np.signedinteger], NDArray[np.signedinteger]]:
        shape = (-(-len(keys) // LANES), self.places, self.ages * LANES)
        counting: type[np.signedinteger] = np.int16 if counts.max() < np.iinfo(np.int16).max else np.int32
        holding: type[np.signedinteger] = np.int8
        while True:
            rows = np.empty(shape, holding)
            if draw_rows(source, keys, counts, LANES, rows, np.iinfo(holding).max):
                return rows, np.empty(0, counting)
            holding = counting

    def _pass(self, blocks: list[list[Longs]], batch: _Batch, number: int, parts: int) -> bool:
        """Search all blocks for one batch of replicates; the first time for the observed cases too."""
        stopped = False

        def work(teams: list[Longs]) -> None:
            if stopped:
                return
            block = self._block(teams)
            if number == 0:
                found = observe(block, self.null, self.recent, self.longest, self.min_cases)
                self.found[np.concatenate(teams)] = found
            with self.lock:
                best = batch.best.copy()
            batch.search(block, self.null, best)
            with self.lock:
                np.maximum(batch.best, best, out=batch.best)

        with ThreadPoolExecutor(self.threads) as pool:
            waiting: set[Future[None]] = {pool.submit(work, teams) for teams in blocks}
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
                share = (number + 1 - len(waiting) / len(blocks)) / parts
                stopped = stopped or bool(self.watcher and self.watcher(share))
        return not stopped


def _leaves(points: Floats, size: int) -> list[Longs]:
    """Places in groups of about `size` that lie together: parted along the longer side again and again."""
    found, waiting = [], [np.arange(len(points))]
    while waiting:
        group = waiting.pop()
        parts = round(len(group) / size)
        if parts < 2:
            found.append(group)
            continue
        side = int(np.argmax(np.ptp(points[group], axis=0)))
        group = group[np.argsort(points[group, side], kind="stable")]
        middle = len(group) * (parts // 2) // parts
        waiting += [group[middle:], group[:middle]]
    return found


def _blocks(points: Floats, members: int) -> list[list[Longs]]:
    """All places as centres: blocks of teams, the one in the middle of a team first."""
    teams = []
    for group in _leaves(points, members):
        away = np.linalg.norm(points[group] - points[group].mean(axis=0), axis=1)
        middle = int(np.argmin(away))
        teams.append(np.concatenate([group[[middle]], np.delete(group, middle)]))
    together = max(1, BLOCK // members)
    return [teams[first : first + together] for first in range(0, len(teams), together)]
