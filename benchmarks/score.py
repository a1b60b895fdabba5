"""Protection gaps of a province: our arrays beside the same sums in a plain loop, in the same run.

    python -m benchmarks.score [--facilities 20000] [--requirements 60] [--rounds 5]

Also a what-if on one facility with all its requirements and 200 measures. Exits with 1 above the goals.
"""

import argparse
import sys
import time

import numpy as np

from tirek_engines.score import Standard, Status, gaps, what_if

GOAL = 0.2  # seconds, both
POINTS = ("perimeter", "entrances", "inside", "communication", "response")


def loop(standard: Standard, status: list[list[int]]) -> list[float]:
    """The low gap of each facility, requirement by requirement."""
    weights, point, found = standard.weights.tolist(), standard.point.tolist(), []
    for row in status:
        unmet, applicable = [0.0] * len(POINTS), [0.0] * len(POINTS)
        for j, code in enumerate(row):
            if code != Status.NOT_APPLICABLE:
                applicable[point[j]] += weights[j]
                if code == Status.UNMET:
                    unmet[point[j]] += weights[j]
        found.append(max(u / a for u, a in zip(unmet, applicable, strict=True) if a))
    return found


def best(work, rounds: int) -> float:
    """Seconds of the best round."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> int:
    """Measure, print, compare with the goals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facilities", type=int, default=20_000)
    parser.add_argument("--requirements", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    m = options.requirements
    standard = Standard(rng.integers(1, 10, m), rng.integers(0, len(POINTS), m), rng.random(m) < 0.3, POINTS)
    status = rng.choice(4, (options.facilities, m), p=[0.1, 0.6, 0.2, 0.1])
    rows = status.tolist()
    measures = [set(rng.integers(0, m, 5).tolist()) for _ in range(200)]
    assert np.allclose(gaps(standard, status).low, loop(standard, rows))
    ours = best(lambda: gaps(standard, status), options.rounds)
    theirs = best(lambda: loop(standard, rows), 2)
    one = best(lambda: what_if(standard, status[0], measures), options.rounds)
    print(f"gaps of {options.facilities:,} facilities x {m} requirements: {ours * 1000:.0f} ms")
    print(f"the same in a loop: {theirs * 1000:.0f} ms, {theirs / ours:.0f} times as long")
    print(f"what-if, one facility, {len(measures)} measures: {one * 1000:.2f} ms")
    print(f"goals: {GOAL * 1000:.0f} ms each")
    return 0 if ours <= GOAL and one <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
