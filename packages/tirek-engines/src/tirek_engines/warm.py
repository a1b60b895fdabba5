"""Compile what numba compiles, so that nobody waits for it later: `python -m tirek_engines.warm`, half a minute on a new machine.

Runs each engine on next to nothing; the machine code then lies on the disk (see `tirek_engines.jit`).
"""

from __future__ import annotations

import numpy as np

from tirek_engines.clusters import farrington, scan
from tirek_engines.contagion import fit_areas


def warm() -> None:
    """Call everything that is compiled, with arrays of the types that it is compiled for."""
    counts = np.random.default_rng(0).poisson(1.0, (72, 4)).astype(np.int64)
    centres = np.array([[50.0, 57.0], [50.1, 57.0], [50.0, 57.2], [50.2, 57.2]])
    scan(counts, centres, model="permutation", replicates=9)
    scan(counts, centres, population=np.ones(4), model="poisson", replicates=9)
    farrington(counts)
    fit_areas(counts, [np.array([i ^ 1]) for i in range(4)], None, first_month=24_000, level=0.9)


if __name__ == "__main__":
    warm()
