"""The bench on a table, on the challenge's folder, or on the register."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from tirek.bench import report
from tirek.bench.files import Data, Unreadable, read
from tirek.bench.views import HORIZONS, LEAD, VINTAGES, Folder, Window
from tirek_engines.forecast.ahead import baselines, mixture
from tirek_engines.forecast.baselines import CONFLICTOLOGY, Everyone, Last, Recent, Zero
from tirek_engines.forecast.bench import Bench, Scored, bench, score_all, tail_threshold
from tirek_engines.forecast.known import Component, Known, fit, grid
from tirek_engines.forecast.mixture import Mixture
from tirek_engines.forecast.models import Counts
from tirek_engines.forecast.panel import Panel
from tirek_engines.forecast.scores import crps_draws
from tirek_engines.forecast.spread import mapper
from tirek_engines.forecast.trees import Trees

MODEL = "mixture"


def on_table(
    path: Path, out: Path, how: str, *, horizons: int, lead: int, origins: int, seed: int, dask: str, today: date
) -> Path:
    """Roll over a table of counts. Gives the report. Raises Unreadable when it cannot."""
    return on_data(
        read(path, today), path.stem, out, how, horizons=horizons, lead=lead, origins=origins, seed=seed, dask=dask
    )


def on_data(
    data: Data, title: str, out: Path, how: str, *, horizons: int, lead: int, origins: int, seed: int, dask: str
) -> Path:
    """Roll over a panel."""
    with mapper(dask) as each:
        try:
            found = bench(
                data.panel,
                horizons=horizons,
                lead=lead,
                most=origins,
                seed=seed,
                mapper=each,
                vintages=data.vintages,
                model=_plain_mixture(data.panel),
                rivals=(*baselines(), *(trees() if data.signals else ())),
            )
        except ValueError as error:
            raise Unreadable(f"{title}: {error}.") from error
    known = found.origins - data.panel.first_month + 1
    then = sum(int(months) in data.vintages for months in known)
    return report.rolling(found, MODEL, title, how, out, then, data.signals)


def trees() -> tuple[Component, Component]:
    """The same trees without the panel's signals and with them: what the one has over the other, the signals brought."""
    return Trees(report.TREES), Trees(report.WITH_SIGNALS, covariates=True)


def _plain_mixture(panel: Panel) -> Mixture:
    """The mixture as it forecasts: no signal has a part in it."""
    counts_only = Panel(
        panel.counts, panel.first_month, panel.groups, panel.neighbours, panel.population, panel.missing
    )
    return mixture(counts_only)


def on_challenge(folder: Path, out: Path, how: str, *, seed: int, dask: str) -> Path:
    """Forecast each window of a folder of the VIEWS challenge from what was known before it."""
    benches: dict[str, Bench] = {}
    notes: list[str] = []
    for vintage in VINTAGES:
        try:
            files = Folder(folder, vintage)
        except Unreadable:
            if vintage == VINTAGES[0]:
                raise
            continue
        windows = list(files.windows())
        if not windows:
            raise Unreadable(f"{folder} tells nothing of the year before any window.")
        threshold = tail_threshold(windows[0].panel)
        with mapper(dask) as each:
            scored = tuple(each(_Window(threshold, seed), windows))
        names = (*(component.name for component in rivals()), MODEL)
        origins = np.array([window.panel.last_month for window in windows])
        ahead = np.arange(LEAD, LEAD + HORIZONS)
        benches[vintage] = Bench(names, origins, ahead, windows[-1].panel.units, threshold, scored)
        notes += _checks(vintage, windows)
    return report.windows(benches, MODEL, notes, how, out)


def rivals() -> tuple[Component, ...]:
    """The benchmarks of the challenge, conflictology mixed with a tenth of everybody's months, and a ZINB."""
    return (
        Zero(),
        Last(),
        Everyone("bootstrap", 12),
        Recent(CONFLICTOLOGY, 12),
        Mixture("conflictology 90:10", (Recent("own", 12), Everyone("everyone", 12)), (0.9, 0.1), origins=0),
        Counts("zinb", 6.0, inflated=True),
    )


class _Window:
    """Scores one window. A class, so that it can be sent to other machines."""

    def __init__(self, threshold: int, seed: int) -> None:
        self.threshold, self.seed = threshold, seed

    def __call__(self, window: Window) -> Scored:
        known = Known.of(window.panel, np.arange(LEAD, LEAD + HORIZONS), grid(window.panel), self.seed)
        fitted = [fit(component, known) for component in (*rivals(), mixture(window.panel))]
        return score_all(fitted, known, window.actual, self.threshold)


def _checks(vintage: str, windows: list[Window]) -> list[str]:
    """Scores of the published draws, where they are there: others have the same. And what one country-month can weigh."""
    lines = []
    for name in ("last_poisson", "bootstrap", CONFLICTOLOGY):
        found = {w.year: crps_draws(w.published[name], w.actual) for w in windows if name in w.published}
        if not found:
            continue
        each = " ".join(f"{one.mean():.2f}" for one in found.values())
        mean = np.mean([one.mean() for one in found.values()])
        lines.append(f"- Published draws of {name.replace('_', '-')}, by `{vintage}_*`: CRPS {each}, mean {mean:.2f}.")
        if name == CONFLICTOLOGY:
            shares = ", ".join(f"{100 * one.max() / one.sum():.0f} % in {year}" for year, one in found.items())
            lines.append(f"- One country in one month makes {shares} of the whole sum of conflictology's CRPS.")
    return lines
