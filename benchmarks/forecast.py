"""Forecasts at scale: baselines with exact scores, the full model, a province; beside the plain ways to do the same.

    python -m benchmarks.forecast [--cells 64818] [--months 400] [--rounds 3]

Cells are made: one in fifty has incidents, in bursts. Rivals in the same run: CRPS by all pairs of draws, scoringrules, and a loop
that calls a negative binomial for each cell. Exits with 1 above the goals.
"""

import argparse
import resource
import sys
import time

import numpy as np
import scoringrules
from scipy import stats

from tirek_engines.forecast import Panel, province
from tirek_engines.forecast.ahead import forecast, mixture
from tirek_engines.forecast.baselines import Everyone, Last, Recent, Zero
from tirek_engines.forecast.bench import outcomes, score_all
from tirek_engines.forecast.known import Known, fit, grid
from tirek_engines.forecast.models import Counts
from tirek_engines.forecast.scores import crps_draws

BASELINES, MODEL, MEMORY, PROVINCE = 2.0, 60.0, 4.0, 5.0  # seconds, seconds, gigabytes, seconds
HORIZONS = np.arange(1, 13)


def cells(units: int, months: int, seed: int = 1) -> np.ndarray:
    """Counts of cells of which one in fifty has incidents, with levels that wander."""
    rng = np.random.default_rng(seed)
    counts = np.zeros((months, units), dtype=np.int64)
    some = rng.choice(units, units // 50, replace=False)
    level = np.exp(rng.normal(-2.0, 1.5, len(some)) + np.cumsum(rng.normal(0, 0.25, (months, len(some))), axis=0))
    counts[:, some] = rng.poisson(np.minimum(level, 300.0) * rng.gamma(0.5, 2.0, level.shape))
    return counts


def timed(work, rounds: int = 1) -> tuple[float, float, object]:
    """Wall and processor seconds of the best round, and what came out."""
    best = (float("inf"), float("inf"), None)
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        out = work()
        best = min(best, (time.perf_counter() - wall, time.process_time() - cpu, out), key=lambda found: found[0])
    return best


def pairs(draws: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """CRPS by all pairs."""
    apart = np.abs(draws[..., :, None] - draws[..., None, :]).mean(axis=(-1, -2))
    return np.abs(draws - actual[..., None]).mean(axis=-1) - apart / 2


def main() -> int:
    """Measure, print, compare with the goals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=64_818)
    parser.add_argument("--months", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    counts = cells(options.cells, options.months + 12)
    past, actual = counts[: options.months], counts[options.months :].astype(float)

    # conflictology as it stands: twelve draws of each cell, scored exactly for twelve months
    def conflictology() -> np.ndarray:
        draws = past[-12:].T.astype(np.float64)
        return np.stack([crps_draws(draws, y) for y in actual])

    wall, cpu, ours = timed(conflictology, options.rounds)
    print(f"conflictology of {options.cells:,} cells, exact CRPS of 12 months: {wall:.2f} s ({cpu:.2f} s of processor)")
    small = slice(0, 5_000)
    draws = past[-12:].T[small].astype(np.float64)
    scale = options.cells / 5_000
    rival, _, theirs = timed(lambda: np.stack([pairs(draws, y[small]) for y in actual]))
    assert np.allclose(theirs, ours[:, small])
    print(f"  by all pairs of draws: {rival * scale:.1f} s (from 5,000 cells)")
    rival, _, theirs = timed(
        lambda: np.stack([scoringrules.crps_ensemble(y[small], draws, estimator="qd") for y in actual])
    )
    assert np.allclose(theirs, ours[:, small])
    print(f"  scoringrules: {rival * scale:.1f} s (from 5,000 cells)")

    panel = Panel(counts, 12 * 1990)
    then = panel.until(options.months)
    known = Known.of(then, HORIZONS, grid(then))

    def baselines() -> object:
        fitted = [fit(one, known) for one in (Zero(), Last(), Everyone("bootstrap"), Recent("conflictology", 12))]
        return [one.predict(np.arange(known.units)).crps(actual) for one in fitted]

    all_wall, all_cpu, _ = timed(baselines, options.rounds)
    print(
        f"four baselines with distributions and exact CRPS of 12 months: {all_wall:.2f} s ({all_cpu:.2f} s of processor)"
    )
    bayes_wall, bayes_cpu, level = timed(lambda: fit(Counts("nb", 6.0), known))
    print(f"empirical-Bayes negative binomial: {bayes_wall:.2f} s ({bayes_cpu:.2f} s of processor)")
    one = level.predict(np.arange(2_000))
    rival, _, _ = timed(
        lambda: [
            stats.nbinom.cdf(one.values, k, k / (k + m))
            for m, k in zip(level.level[:2_000], level.size[:2_000], strict=True)
        ]
    )
    print(f"  its distributions by a call for each cell: {rival * options.cells / 2_000:.1f} s (from 2,000 cells)")

    def full() -> object:
        made = forecast(then, component=mixture(then))
        return score_all([made.fitted], known, outcomes(panel, options.months, HORIZONS), 1)

    model_wall, model_cpu, found = timed(full)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    ratio = found.total[0, 0] / ours.sum()
    print(
        f"the full model, one origin, fitted, forecast and scored: {model_wall:.1f} s ({model_cpu:.1f} s of processor)"
    )
    print(f"  most memory {memory:.2f} GB; CRPS {ratio:.3f} of conflictology's")

    rng = np.random.default_rng(3)
    districts = Panel(
        rng.poisson(np.geomspace(0.2, 8, 20) * rng.gamma(2, 0.5, (120, 20))),
        12 * 2015,
        neighbours=[[(u - 1) % 20, (u + 1) % 20] for u in range(20)],
    )
    province_wall, province_cpu, _ = timed(lambda: province(districts), options.rounds)
    print(
        f"a province of 20 districts, 120 months, looking back included: {province_wall:.2f} s ({province_cpu:.2f} s of processor)"
    )
    print(f"goals: baselines {BASELINES:.0f} s, model {MODEL:.0f} s and {MEMORY:.0f} GB, province {PROVINCE:.0f} s")
    kept = all_wall <= BASELINES and model_wall <= MODEL and memory <= MEMORY and province_wall <= PROVINCE
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
