"""The space-time scan: 10,000 cells x 60 months x 999 replicates, and a small province beside plain numpy.

python -m benchmarks.scan

The rival does the same scan with whole arrays: neighbours in order, cumulative sums, one replicate after another. The goal is
30 seconds.
"""

from __future__ import annotations

import resource
import time

import numpy as np
from numpy.typing import NDArray

from tirek_engines.clusters import scan

GOAL_S = 30.0
MONTHS, LONGEST = 60, 12
Counts = NDArray[np.int64]


def world(side: int, total: int, seed: int = 1) -> tuple[Counts, NDArray[np.float64], Counts]:
    """Cases (months, places) where nothing happens, places on a grid in km, people."""
    rng = np.random.default_rng(seed)
    places = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2).astype(float)
    people = rng.integers(50, 2000, side * side)
    cases = np.zeros((MONTHS, side * side), np.int64)
    where = rng.choice(side * side, size=total, p=people / people.sum())
    np.add.at(cases, (rng.integers(0, MONTHS, total), where), 1)
    return cases, places, people


def plain(cases: Counts, places: NDArray[np.float64], people: Counts, replicates: int) -> float:
    """The Poisson scan with whole arrays: the p-value of the best window."""
    rng = np.random.default_rng(0)
    order = np.argsort(((places[:, None] - places[None]) ** 2).sum(axis=2), axis=1, kind="stable")
    share = np.cumsum(people[order], axis=1) / people.sum()
    ages = np.arange(1, LONGEST + 1) / MONTHS
    total = int(cases.sum())
    expected = total * share[:, :, None] * ages
    fits = share <= 0.5

    def best(table: Counts) -> float:
        young = np.cumsum(table[::-1][:LONGEST], axis=0).T  # (places, ages)
        seen = np.cumsum(young[order], axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            inside = seen * np.log(seen / expected)
            outside = (total - seen) * np.log((total - seen) / (total - expected))
        ratio = np.nan_to_num(inside) + np.nan_to_num(outside)
        return float(np.where((seen > expected) & (seen >= 2) & fits[:, :, None], ratio, 0).max())

    found = best(cases)
    chance = np.outer(np.full(MONTHS, 1 / MONTHS), people / people.sum()).ravel()
    drawn = (rng.multinomial(total, chance).reshape(cases.shape) for _ in range(replicates))
    return (1 + sum(best(table) >= found for table in drawn)) / (replicates + 1)


def main() -> int:
    small = world(16, 300)
    scan(small[0], small[1], units="km", population=small[2], replicates=19)  # compiled and loaded
    started = time.perf_counter()
    ours = scan(small[0], small[1], units="km", population=small[2], replicates=199, max_months=LONGEST)
    mine = time.perf_counter() - started
    started = time.perf_counter()
    rival_p = plain(*small, 199)
    theirs = time.perf_counter() - started
    p = ours.clusters[0].p if ours.clusters else 1.0
    print(
        f"256 cells x 60 months x 199 replicates: {mine:.2f} s, plain numpy {theirs:.1f} s, ratio {theirs / mine:.0f}"
    )
    print(f"  p-values {p:.2f} and {rival_p:.2f}")
    worst = 0.0
    for total in (3_000, 30_000):
        cases, places, people = world(100, total)
        for model in ("poisson", "permutation"):
            started = time.perf_counter()
            scan(
                cases,
                places,
                units="km",
                model=model,
                population=people if model == "poisson" else None,
                max_months=LONGEST,
            )
            worst = max(worst, taken := time.perf_counter() - started)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            told = f"10,000 cells x 60 months x 999 replicates, {total:,} cases, {model}"
            print(f"{told}: {taken:.1f} s, {peak} MB at most so far", flush=True)
    return int(worst > GOAL_S)


if __name__ == "__main__":
    raise SystemExit(main())
