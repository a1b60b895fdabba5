"""Plots of a bench, as small SVG files. Every one stands above a table of the same numbers."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams.update(
    {
        "svg.fonttype": "none",
        "svg.hashsalt": "tirek",
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
)

from matplotlib.figure import Figure  # noqa: E402  (the settings above come first)
from matplotlib.ticker import MaxNLocator  # noqa: E402

from tirek.bench.files import say  # noqa: E402
from tirek_engines.forecast.bench import CONFLICTOLOGY, Bench  # noqa: E402

OURS, BASE, OTHER = "#1d4ed8", "#b45309", "#9ca3af"


def colour(name: str, model: str) -> str:
    """Blue for the model, brown for conflictology, grey for the rest."""
    return OURS if name == model else BASE if name == CONFLICTOLOGY else OTHER


def horizons(bench: Bench, model: str, path: Path) -> None:
    """Mean CRPS by months ahead."""
    figure, axes = _new()
    for name, row in zip(bench.models, bench.by_horizon(), strict=True):
        main = name in (model, CONFLICTOLOGY)
        axes.plot(bench.ahead, row, color=colour(name, model), lw=2 if main else 1, label=name if main else None)
        axes.annotate(name, (bench.ahead[-1], row[-1]), (4, 0), textcoords="offset points", va="center", fontsize=7)
    axes.set(xlabel="months ahead", ylabel="CRPS", ylim=(0, None))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    _save(figure, path)


def origins(bench: Bench, model: str, path: Path) -> None:
    """The model's CRPS over that of conflictology, origin by origin."""
    sums, _ = bench.by_origin("crps")
    ours, base = (sums[:, bench.models.index(name)] for name in (model, CONFLICTOLOGY))
    figure, axes = _new()
    axes.axhline(1.0, color=BASE, lw=1)
    some = base > 0
    places = [i for i, use in enumerate(some) if use]
    axes.plot(places, ours[some] / base[some], color=OURS, marker="o", ms=3, lw=1)
    step = max(1, len(bench.origins) // 8)
    axes.set_xticks(range(0, len(bench.origins), step), [say(int(m)) for m in bench.origins[::step]], rotation=45)
    axes.set(xlabel="last known month", ylabel=f"CRPS over that of {CONFLICTOLOGY}", ylim=(0, None))
    _save(figure, path)


def transforms(bench: Bench, model: str, path: Path) -> None:
    """Histograms of the transform of active units: flat is right, high ends are intervals that are too short."""
    figure, axes = _new()
    places = [(i + 0.5) / 10 for i in range(10)]
    for name, offset in ((CONFLICTOLOGY, -0.02), (model, 0.02)):
        shares = bench.pit()[bench.models.index(name)]
        axes.bar([x + offset for x in places], shares, width=0.035, color=colour(name, model), label=name)
    axes.axhline(0.1, color="#374151", lw=1)
    axes.set(xlabel="where outcomes lay in the forecast, active units", ylabel="share")
    axes.legend(frameon=False)
    _save(figure, path)


def _new() -> tuple[Figure, object]:
    figure = Figure(figsize=(6.4, 3.2), layout="constrained")
    return figure, figure.subplots()


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
