"""Routes on published problems, beside the best known.

    python -m benchmarks.routes [--seconds 10]

E-n22-k4 and X-n101-k25 of CVRPLIB, read from TIREK_REFERENCE, through `plan_routes`: capacities are loads, ways are given. Then
a province: 12 inspectors, 5 days, 600 visits with opening hours. Exits with 1 more than 1 % above the best known.
"""

import argparse
import os
import sys
from pathlib import Path

import numpy as np

from tirek_engines.routes import Inspector, Visit, Ways, plan_routes

GOAL = 0.01
BEST = {"E-n22-k4.txt": (375, 4), "X-n101-k25.vrp": (27591, 30)}  # best known, vehicles offered
ROOT = Path(os.environ.get("TIREK_REFERENCE") or Path(__file__).resolve().parents[2] / "shared" / "data")


def read(path: Path) -> tuple[int, np.ndarray, list[int]]:
    """Capacity, coordinates and demands of a problem in CVRPLIB's format; the depot comes first."""
    capacity, section, points, demands = 0, "", [], []
    for line in path.read_text().splitlines():
        words = line.replace(":", " : ").split()
        if not words:
            continue
        if words[0].endswith("_SECTION") or words[0] == "EOF":
            section = words[0]
        elif words[0] == "CAPACITY":
            capacity = int(words[-1])
        elif section == "NODE_COORD_SECTION":
            points.append([float(word) for word in words[1:3]])
        elif section == "DEMAND_SECTION":
            demands.append(int(words[1]))
    return capacity, np.array(points), demands


def published(name: str, seconds: float, seed: int) -> tuple[int, int]:
    """Total way, and visits left out."""
    capacity, points, demands = read(ROOT / "facilities" / "vrp" / name)
    _, vehicles = BEST[name]
    apart = np.rint(np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1))).astype(int)
    order = [0] * vehicles + list(range(1, len(points)))
    metres = apart[np.ix_(order, order)]
    inspectors = [Inspector(0, 0, ((0, 1440),), most=capacity)] * vehicles
    visits = [Visit(0, 0, 0, load=demand) for demand in demands[1:]]
    ways = Ways.given(metres, np.zeros_like(metres))
    plan = plan_routes(
        inspectors, visits, ways, metres_per_second=0, may_leave_out=False, seed=seed, time_limit=seconds
    )
    return plan.metres, len(plan.unassigned)


def main() -> int:
    """Measure, print, compare with the goal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10, help="for each problem (default 10)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    missed = False
    for name, (best, _) in BEST.items():
        metres, left = published(name, options.seconds, options.seed)
        missed |= left > 0 or metres > best * (1 + GOAL)
        print(f"{name}: {metres:,}, best known {best:,}, {metres / best - 1:+.2%}, {left} left out")
    rng = np.random.default_rng(1)
    shifts = ((540, 1080),) * 5
    inspectors = [Inspector(*place, shifts, most=12) for place in rng.uniform([48.5, 55.0], [51.0, 59.5], (12, 2))]
    hours = [((540, 1080),), ((540, 780), (840, 1080)), ((600, 960),)]
    visits = [
        Visit(lat, lon, float(rng.integers(30, 91)), (hours[rng.integers(3)],), int(rng.integers(1, 4)))
        for lat, lon in rng.uniform([48.5, 55.0], [51.0, 59.5], (600, 2))
    ]
    plan = plan_routes(inspectors, visits, seed=options.seed, time_limit=options.seconds)
    print(
        f"province: 12 inspectors, 5 days, 600 visits: {600 - len(plan.unassigned)} made on {len(plan.routes)} routes, "
        f"{plan.metres / 1000:,.0f} km, {plan.iterations:,} iterations in {plan.seconds:.1f} s"
    )
    print(f"goal: {GOAL:.0%} above the best known in {options.seconds:.0f} s")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
