"""One scan, in passes over all centres: the observed cases around each of them, and the maxima of the replicates.

Replicates are drawn in batches that fit into memory, centres are worked on in blocks that lie together, by threads.
"""

from __future__ import annotations

import heapq
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from tirek_engines.clusters.draw import Source, by_shuffling, by_weight, draw_cases, draw_rows
from tirek_engines.clusters.observe import observe, observe_apart
from tirek_engines.clusters.problem import Watcher
from tirek_engines.clusters.search import LANES, scan_dense, scan_sparse, start_sparse
from tirek_engines.clusters.windows import Block, Ground, Null, empty_block, fill_block, fill_keys

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Ints = NDArray[np.int32]

MEMORY = 2**27  # bytes for the replicates that are in hand at once
BLOCK = 64  # centres that are worked on together
WARM = 48  # centres all over the map that are looked at first, so that replicates have something to beat
THROW = 5  # what throwing a case costs, where adding up a place for one replicate costs 1
NEAR = 64  # places in the windows that are looked at first around the cases of a replicate
RATIO = 0.2
DIGITS = 9  # of log likelihood ratios: those that differ by less are equal


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


class Search:
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
        blocks = blocks_of(self.points, members)
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
        everywhere = np.concatenate(leaves(self.points, BLOCK))
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
            list(pool.map(work, leaves(self.points, BLOCK)))
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


def leaves(points: Floats, size: int) -> list[Longs]:
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


def blocks_of(points: Floats, members: int) -> list[list[Longs]]:
    """All places as centres: blocks of teams, the one in the middle of a team first."""
    teams = []
    for group in leaves(points, members):
        away = np.linalg.norm(points[group] - points[group].mean(axis=0), axis=1)
        middle = int(np.argmin(away))
        teams.append(np.concatenate([group[[middle]], np.delete(group, middle)]))
    together = max(1, BLOCK // members)
    return [teams[first : first + together] for first in range(0, len(teams), together)]
