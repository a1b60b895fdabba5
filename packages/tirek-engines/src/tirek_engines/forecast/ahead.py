"""The forecast of any panel: which components are mixed, and distributions by part of the units.

Stands apart from `tirek_engines.forecast` itself because LightGBM takes its time to load.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tirek_engines.forecast.analogues import Analogues
from tirek_engines.forecast.baselines import CONFLICTOLOGY, Beside, Everyone, Last, Recent, Seasonal, Zero
from tirek_engines.forecast.known import Component, Fitted, Known, fit, grid
from tirek_engines.forecast.mixture import FittedMixture, Mixture
from tirek_engines.forecast.models import Counts
from tirek_engines.forecast.panel import Ints, Panel
from tirek_engines.forecast.predictive import Predictive
from tirek_engines.forecast.trees import Trees

_CHUNK = 2_000  # units whose distributions are in memory at once


def baselines() -> tuple[Component, ...]:
    """The forecasts that always stand beside a model."""
    return (
        Zero(),
        Last(),
        Everyone("bootstrap", 240),
        Recent(CONFLICTOLOGY, 12),
        Beside("neighbours", 12),
        Seasonal("seasonal"),
        Counts("zinb", 6.0, inflated=True),
    )


def mixture(panel: Panel, *, trees: bool = True) -> Mixture:
    """The mixture that `forecast` makes, for a panel of this kind.

    Parts that need what the panel does not have (neighbours, groups, four years of months) are left out. Baselines and count
    models begin with less weight than what had the lower CRPS on most data; past scores decide from there.
    """
    parts: list[tuple[float, Component]] = [
        (1.0, Recent("recent 6", 6)),
        (1.0, Recent("recent 12", 12)),
        (1.0, Recent("recent 24", 24)),
        (1.0, Everyone("everyone", 12)),
        (1.0, Analogues("analogues fading", "fading", contrast=True)),
        (1.0, Analogues("analogues blend", "blend")),
        (1.0, Analogues("analogues fitted", "fitted")),
        (0.3, Counts("negative binomial", 6.0)),
        (0.3, Counts("zero-inflated", 6.0, inflated=True)),
    ]
    if trees:
        parts.append((1.0, Trees("trees")))
        if panel.covariates is not None:
            parts.append((0.3, Trees("trees with signals", covariates=True)))
    if panel.neighbours is not None:
        parts.append((0.3, Beside("neighbours", 12)))
    if panel.groups is not None:
        parts.append((0.3, Everyone("group", 12, grouped=True)))
    if panel.months >= 48:
        parts.append((0.3, Seasonal("seasonal")))
    return Mixture("mixture", tuple(part for _, part in parts), tuple(prior for prior, _ in parts))


@dataclass(frozen=True, slots=True)
class Forecast:
    """A fitted forecast. Distributions are made when they are asked for: those of all units may not fit into memory.

    Attributes
    ----------
    panel : Panel
    ahead : array of int, shape (horizons,)
        Months ahead, 1 for the next.
    fitted : Fitted
    """

    panel: Panel
    ahead: Ints
    fitted: Fitted

    @property
    def weights(self) -> dict[str, float]:
        """Of the parts of a mixture; empty for a single component."""
        if not isinstance(self.fitted, FittedMixture):
            return {}
        return dict(zip(self.fitted.names, self.fitted.weights.tolist(), strict=True))

    def predict(self, units: Ints | None = None) -> Predictive:
        """Distributions, shape (horizons, n, g), of some units, all when left out."""
        chosen = np.arange(self.panel.units) if units is None else np.asarray(units, dtype=np.int64)
        found = self.fitted.predict(chosen)
        return Predictive(found.values, np.broadcast_to(found.cdf, (len(self.ahead), *found.cdf.shape[1:])))

    def chunks(self, size: int = _CHUNK) -> Iterator[tuple[Ints, Predictive]]:
        """Units and their distributions, part by part."""
        for first in range(0, self.panel.units, size):
            units = np.arange(first, min(first + size, self.panel.units))
            yield units, self.predict(units)


def forecast(
    panel: Panel,
    *,
    horizons: int = 12,
    lead: int = 1,
    component: Component | None = None,
    seed: int = 0,
) -> Forecast:
    """Forecast a panel of any size.

    Parameters
    ----------
    panel : Panel
    horizons : int
        Months that are forecast.
    lead : int
        Months from the last known one to the first that is forecast; 1 is the next month, 3 that of the VIEWS challenge.
    component : Component, optional
        What forecasts; `mixture(panel)` when left out.
    seed : int

    Returns
    -------
    Forecast

    Raises
    ------
    ValueError
        If horizons or lead are below 1, or the panel has fewer than 2 months.
    """
    if min(horizons, lead) < 1:
        raise ValueError("horizons and lead are 1 or more")
    if panel.months < 2:
        raise ValueError("a forecast needs two months or more")
    ahead = np.arange(lead, lead + horizons)
    known = Known.of(panel, ahead, grid(panel), seed)
    return Forecast(panel, ahead, fit(component or mixture(panel), known))
