"""A bench in Markdown, with plots and a table of all numbers."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

from tirek.bench import plots
from tirek.bench.files import say
from tirek_engines.forecast.bench import CONFLICTOLOGY, METRICS, Bench
from tirek_engines.forecast.skill import Skill

HEADS = {
    "crps": "CRPS",
    "ign": "IGN",
    "mis": "MIS 90 %",
    "brier": "Brier",
    "tail": "tail CRPS",
    "inside": "inside 90 %",
}
TREES, WITH_SIGNALS = "trees", "trees with signals"
SCORES = """\
CRPS: distance of the forecast from what came, in incidents. IGN: bits of surprise, in the bins 0, 1-2, 3-5, 6-10, 11-25, 26-50,
51-100, 101-250, 251-500, 501-1000, more. MIS: length of the 90 % interval and the price of what lay outside. Brier: of "an
incident at all". Tail CRPS: only from {threshold} incidents a month on. Less is better. Inside: how much of what came lay in the
90 % interval; 85 to 95 % is right. *Active* are units with an incident in the 12 months before the forecast: in the rest, zeros
forecast zeros.
"""


def rolling(
    bench: Bench, model: str, title: str, how: str, out: Path, then: int = 0, signals: Sequence[str] = ()
) -> Path:
    """Write the report of origins that roll over one panel, `then` of which knew what was known then. Gives the file.

    `signals` are names of what `WITH_SIGNALS` looked at and `TREES` did not.
    """
    out.mkdir(parents=True, exist_ok=True)
    plots.horizons(bench, model, out / "horizons.svg")
    plots.origins(bench, model, out / "origins.svg")
    plots.transforms(bench, model, out / "transforms.svg")
    _numbers(bench, out / "scores.csv")
    active = bench.mean("inside", active=True)
    lines = [
        f"# Bench of forecasts: {title}",
        "",
        f"{bench.units:,} units. Forecasts of {len(bench.ahead)} months, the first {_months(int(bench.ahead[0]))} after the last "
        f"known one, made at {len(bench.origins)} origins from {say(int(bench.origins[0]))} to {say(int(bench.origins[-1]))}. "
        f"{_known(then, len(bench.origins))}",
        "",
        verdict(bench, model),
        "",
        *table(bench, model),
        "",
        "Active units:",
        "",
        *table(bench, model, active=True),
        "",
        SCORES.format(threshold=bench.threshold),
        "Naming 5 % of the units each month: PAI is the share of incidents in them over the share of units, PEI how much of the "
        "best possible that is.",
        "",
        *_accuracy(bench),
        "",
        "## By months ahead",
        "",
        "![CRPS by months ahead](horizons.svg)",
        "",
        *_by_horizon(bench),
        "",
        *_signals(bench, signals),
        "## Over time",
        "",
        f"![The mixture's CRPS over that of {CONFLICTOLOGY}](origins.svg)",
        "",
        "## Are the distributions right?",
        "",
        "![Where outcomes lay in the forecast](transforms.svg)",
        "",
        f"The 90 % intervals of the {model} held {100 * active[bench.models.index(model)]:.0f} % of what came in active units.",
        "",
        *_transforms(bench, model),
        "",
        "All numbers, by origin: [scores.csv](scores.csv).",
        "",
        f"    {how}",
        "",
    ]
    return _write(lines, out)


def _signals(bench: Bench, names: Sequence[str]) -> list[str]:
    """Whether the same trees forecast better with signals than without."""
    if not names:
        return ["## Do signals help?", "", "Not tried: there is none.", ""]
    said = judged(bench.skill(WITH_SIGNALS, TREES), WITH_SIGNALS, TREES)
    told = f"Signals as they were known at each origin: {', '.join(names)}. No other forecast here looks at them."
    return ["## Do signals help?", "", told, "", said, ""]


def _known(then: int, origins: int) -> str:
    """What the origins knew."""
    known = "only what the register held when its last month had ended"
    plain = "the months before it as they stand today: what was entered late is known too early"
    if then == origins:
        return f"Each knows {known}."
    if not then:
        return f"Each knows {plain}."
    return f"{then} of them know {known}; each of the others, before the register was begun, {plain}."


def windows(benches: dict[str, Bench], model: str, notes: Sequence[str], how: str, out: Path) -> Path:
    """Write the report of the challenge's windows, for one or more releases of the actual counts. Gives the file."""
    out.mkdir(parents=True, exist_ok=True)
    lines = ["# Bench of forecasts: the windows of the VIEWS challenge, country by month", "", *notes, ""]
    for name, bench in benches.items():
        plots.transforms(bench, model, out / f"transforms-{name}.svg")
        _numbers(bench, out / f"scores-{name}.csv")
        lines += [f"## Scored by `{name}_*`", "", *_by_window(bench, model), "", "All windows together:", ""]
        lines += [*table(bench, model), "", "Active units:", "", *table(bench, model, active=True), ""]
        lines += [f"![Where outcomes lay in the forecast](transforms-{name}.svg)", "", *_transforms(bench, model), ""]
        lines += [f"All numbers: [scores-{name}.csv](scores-{name}.csv).", ""]
    threshold = next(iter(benches.values())).threshold
    return _write([*lines, SCORES.format(threshold=threshold), f"    {how}", ""], out)


def verdict(bench: Bench, model: str) -> str:
    """Better, worse or no better than conflictology, in a sentence."""
    return judged(bench.skill(model, CONFLICTOLOGY), model, CONFLICTOLOGY)


def judged(skill: Skill, model: str, other: str) -> str:
    """The same of any two models."""
    if math.isnan(skill.ratio):
        return "There was too little to score."
    change = 100 * (skill.ratio - 1)
    words = f"The CRPS of the {model} is {abs(change):.1f} % {'below' if change < 0 else 'above'} that of {other}"
    if math.isnan(skill.low):
        return (
            f"**No better** than {other}, as far as {skill.origins} origins can tell: too few for an interval. {words}."
        )
    interval = f"(90 % interval of the ratio {skill.low:.3f} to {skill.high:.3f}, blocks of origins drawn anew)"
    if skill.better:
        return f"**Better.** {words} {interval}."
    if skill.worse:
        return f"**Worse.** {words} {interval}."
    return f"**No better** than {other}, as far as {skill.origins} origins can tell. {words} {interval}."


def table(bench: Bench, model: str, *, active: bool = False) -> list[str]:
    """All models and scores."""
    metrics = METRICS if active else METRICS[:-1]
    rows = []
    for i, name in enumerate(bench.models):
        ratio = "" if name == CONFLICTOLOGY else _ratio(bench.skill(name, CONFLICTOLOGY, active=active))
        values = [bench.mean(metric, active=active)[i] for metric in metrics]
        cells = [_number(v) if m != "inside" else f"{100 * v:.1f} %" for m, v in zip(metrics, values, strict=True)]
        rows.append([f"**{name}**" if name == model else name, cells[0], ratio, *cells[1:]])
    return _table(["model", "CRPS", f"over {CONFLICTOLOGY}", *(HEADS[m] for m in metrics[1:])], rows)


def _ratio(skill: Skill) -> str:
    if math.isnan(skill.ratio):
        return "-"
    if math.isnan(skill.low) or skill.origins < 2 * 12:
        return f"{skill.ratio:.3f}"
    word = " better" if skill.better else " worse" if skill.worse else " no better"
    return f"{skill.ratio:.3f} ({skill.low:.3f}-{skill.high:.3f}){word}"


def _by_window(bench: Bench, model: str) -> list[str]:
    """CRPS and ignorance of each window, and what the model makes of the benchmark's."""
    rows = []
    names = [name for name in bench.models if name not in ("zero", CONFLICTOLOGY, model)]
    at = {name: i for i, name in enumerate(bench.models)}
    for origin, scored in zip(bench.origins, bench.scored, strict=True):
        crps, ign = scored.total[:, 0] / scored.cases[0], scored.total[:, 1] / scored.cases[0]
        inside = scored.active[at[model], METRICS.index("inside")] / scored.cases[1]
        rows.append(
            [
                str(int(origin) // 12 + 1),
                *(f"{crps[at[name]]:.3f}" for name in (CONFLICTOLOGY, model)),
                f"{crps[at[model]] / crps[at[CONFLICTOLOGY]]:.3f}",
                *(f"{ign[at[name]]:.3f}" for name in (CONFLICTOLOGY, model)),
                f"{100 * inside:.0f} %",
                *(f"{crps[at[name]]:.2f}" for name in names),
            ]
        )
    heads = [
        "window",
        f"CRPS {CONFLICTOLOGY}",
        f"CRPS {model}",
        "ratio",
        f"IGN {CONFLICTOLOGY}",
        f"IGN {model}",
        "inside 90 %",
    ]
    return _table([*heads, *(f"CRPS {name}" for name in names)], rows)


def _accuracy(bench: Bench) -> list[str]:
    pai, pei = bench.accuracy()
    return _table(
        ["model", "PAI", "PEI"], [[n, _number(a), _number(e)] for n, a, e in zip(bench.models, pai, pei, strict=True)]
    )


def _by_horizon(bench: Bench) -> list[str]:
    rows = [[name, *(_number(v) for v in row)] for name, row in zip(bench.models, bench.by_horizon(), strict=True)]
    return _table(["CRPS", *(str(step) for step in bench.ahead)], rows)


def _transforms(bench: Bench, model: str) -> list[str]:
    shares = bench.pit()
    rows = [[name, *(f"{v:.3f}" for v in shares[bench.models.index(name)])] for name in (CONFLICTOLOGY, model)]
    return _table(["share in", *(f"{i / 10:.1f}-{(i + 1) / 10:.1f}" for i in range(10))], rows)


def _numbers(bench: Bench, path: Path) -> None:
    """Means by origin, model and kind of unit."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["origin", "units", "model", "cases", *METRICS])
        for origin, scored in zip(bench.origins, bench.scored, strict=True):
            for kind, sums, cases in (
                ("all", scored.total, scored.cases[0]),
                ("active", scored.active, scored.cases[1]),
            ):
                for name, row in zip(bench.models, sums, strict=True):
                    values = [f"{v / cases:.6g}" if cases else "" for v in row]
                    writer.writerow([say(int(origin)), kind, name, int(cases), *values])


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    line = "|" + "|".join("---" if i == 0 else "--:" for i in range(len(heads))) + "|"
    return ["| " + " | ".join(heads) + " |", line, *("| " + " | ".join(row) + " |" for row in rows)]


def _number(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) >= 10 else f"{value:.4f}"


def _months(number: int) -> str:
    return "month" if number == 1 else f"{number} months"


def _write(lines: Sequence[str], out: Path) -> Path:
    path = out / "report.md"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
