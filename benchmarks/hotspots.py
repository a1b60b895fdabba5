"""Hot spots: Portland's calls about burglary, March and April 2017, beside all counts of the past.

    TIREK_REFERENCE=... python -m benchmarks.hotspots [--file crimes_bur.csv] [--start 2017-03-01] [--days 61]

Cells of 62,500 to 360,000 square feet and 0.25 to 0.75 square miles, as the challenge of the National Institute of Justice (2017)
asked for. Size of cells, area and method are chosen on the windows before the start and nothing else. The rival, all counts of the
past in the cell, is shown for every size and area. A file of another kind of call with the same columns can be given. Exits with 1
where the goal is not reached.
"""

import argparse
import csv
import os
import sys
import time
from pathlib import Path

import numpy as np

from tirek_engines.hotspots import Method, Raster, accuracy, plan, rank

MILE = 5280.0**2  # square feet
PORTLAND = 147.71 * MILE
SIDES, AREAS = (250, 300, 400, 500, 600), (0.25, 0.5, 0.75)
GOAL = 8.61


def read(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Places in feet and days of the calls."""
    with path.open(encoding="utf-8") as file:
        rows = [(row["occ_date"], float(row["x_coordina"]), float(row["y_coordina"])) for row in csv.DictReader(file)]
    return np.array([row[1:] for row in rows]), np.array([row[0] for row in rows], dtype="datetime64[D]")


def main() -> int:
    """Choose on the past, freeze, look at what came."""
    base = Path(os.environ.get("TIREK_REFERENCE", "../shared/data")) / "flashpoints" / "nij_burglary"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path, default=base / "crimes_bur.csv")
    parser.add_argument("--start", default="2017-03-01")
    parser.add_argument("--days", type=int, default=61)
    options = parser.parse_args()
    if not options.file.exists():
        print(f"no calls at {options.file}: set TIREK_REFERENCE, or give --file")
        return 0
    xy, dates = read(options.file)
    day = (dates - np.datetime64(options.start)).astype(int).astype(float)
    past, came = day < 0, (day >= 0) & (day < options.days)

    start = time.perf_counter()
    chosen = plan(
        xy[past],
        day[past],
        now=0.0,
        horizon=options.days,
        sides=SIDES,
        areas=[area * MILE for area in AREAS],
        whole_area=PORTLAND,
    )
    seconds = time.perf_counter() - start
    print(f"{past.sum():,} calls before, {came.sum()} in the window; chosen in {seconds:.0f} s on earlier windows:")
    for trial in sorted(chosen.trials, key=lambda t: -t.low)[:6]:
        print(
            f"  {trial.side:.0f} ft, {trial.cells * trial.side**2 / MILE:.2f} sq mi, {trial.method}: "
            f"PAI {trial.pai:.2f} +- {trial.error:.2f}, four of five above {trial.low:.2f}, {trial.windows} windows"
        )

    print("what came (PAI, PEI):       all counts           mixture")
    for side in SIDES:
        raster = Raster.over(xy[past], side)
        counts, actual = raster.counts(xy[past]), raster.counts(xy[came])
        same = raster.side == chosen.raster.side
        scores = {"counts": counts}
        if same:
            scores["mixture"] = rank(
                raster,
                xy[past],
                day[past],
                now=0.0,
                horizon=options.days,
                method=Method.MIXTURE,
                weights=chosen.weights,
            )
        for area in AREAS:
            cells = int(area * MILE / side**2)
            found = [accuracy(s, actual, cells, side**2, PORTLAND, came.sum()) for s in scores.values()]
            print(f"  {side} ft, {area:.2f} sq mi" + "".join(f"      {f.pai:6.2f}  {f.pei:.3f}" for f in found))
    found = accuracy(
        chosen.score,
        chosen.raster.counts(xy[came]),
        chosen.cells,
        chosen.raster.side**2,
        PORTLAND,
        came.sum(),
    )
    print(
        f"chosen beforehand: {chosen.raster.side:.0f} ft, {chosen.cells} cells, {chosen.method}: PAI {found.pai:.2f}, "
        f"PEI {found.pei:.3f}, {found.hits:.1f} of {found.total:.0f} calls; goal: above {GOAL}"
    )
    return 0 if found.pai > GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
