"""Places of drawings. The pages draw them as SVG without a style of their own, and say the same in a table.

Bars, lines and words are placed in percent of the drawing, so that words are as large on a phone as on a desk. Bands and curves
are paths in a box of 1000 x 1000 that is drawn over the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tirek.flashpoints import months
from tirek.flashpoints.models import Forecast

BOX = 1000.0
BAR = 0.64  # of the room of a month
HISTORY = 36
NAMED = 6  # every sixth month has its name at the axis, beginning with January
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)


@dataclass(frozen=True, slots=True)
class Bar:
    """What was reported in one month, in percent."""

    month: int
    count: int
    silent: bool
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Ahead:
    """One month ahead."""

    month: int
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class Tick:
    """A word at an axis, in percent."""

    text: str
    at: float


@dataclass(frozen=True, slots=True)
class History:
    """Reported incidents by month, then the forecast with its intervals. The zero line is zero.

    `back` and `back_band` are what would have been said of months that are over, one month before each, with its 90 %. `now` is
    where the months ahead begin, in percent.
    """

    bars: list[Bar]
    ahead: list[Ahead]
    back: str
    back_band: str
    line: str
    wide: str
    narrow: str
    baseline: str
    now: float
    across: list[Tick]
    up: list[Tick]


def history(
    counts: Sequence[int],
    silent: Sequence[bool],
    last: int,
    forecasts: Sequence[Forecast],
    past: Sequence[Sequence[float]],
) -> History:
    """`counts` end with the month `last`; `forecasts` by horizon; `past` rows are [month, mean, low, high, actual]."""
    counts, silent = list(counts)[-HISTORY:], list(silent)[-HISTORY:]
    first, n = last - len(counts) + 1, len(counts) + len(forecasts)
    past = [row for row in past if row[0] >= first]
    highest = max([*counts, *(row.q95 for row in forecasts), *(row[3] for row in past), 1])
    step = next((step for step in STEPS if highest <= 4 * step), int(-(-highest // 4)))
    most = int(-(-highest // step) * step)
    slot = 100 / max(n, 1)

    def begins(month: float) -> float:
        return round((month - first) * slot, 2)

    def y(value: float) -> float:
        return round(100 * (1 - min(value, most) / most), 2)

    def band(rows: Sequence[tuple[float, float, float]]) -> str:
        return _band(rows, begins, y)

    def curve(rows: Sequence[tuple[float, float]]) -> str:
        return _curve([(begins(month + 0.5), y(value)) for month, value in rows])

    margin = (1 - BAR) / 2
    ahead = [Ahead(last + row.horizon, row) for row in forecasts]
    return History(
        bars=[
            Bar(
                first + i,
                count,
                unheard,
                begins(first + i + margin),
                y(count),
                round(BAR * slot, 2),
                round(100 - y(count), 2),
            )
            for i, (count, unheard) in enumerate(zip(counts, silent, strict=True))
        ],
        ahead=ahead,
        back=curve([(month, mean) for month, mean, _low, _high, _actual in past]),
        back_band=band([(month, low, high) for month, _mean, low, high, _actual in past]),
        line=curve([(one.month, one.forecast.mean) for one in ahead]),
        wide=band([(one.month, one.forecast.q05, one.forecast.q95) for one in ahead]),
        narrow=band([(one.month, one.forecast.q25, one.forecast.q75) for one in ahead]),
        baseline=curve([(one.month, one.forecast.baseline_mean) for one in ahead]),
        now=begins(last + 1),
        across=[
            Tick(months.short(month), begins(month + 0.5)) for month in range(first, first + n) if month % NAMED == 0
        ],
        up=[Tick(str(value), y(value)) for value in range(0, most + 1, step)],
    )


def _curve(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(
        f"{'L' if i else 'M'}{round(x * BOX / 100, 1)} {round(y * BOX / 100, 1)}" for i, (x, y) in enumerate(points)
    )


def _band(
    rows: Sequence[tuple[float, float, float]], begins: Callable[[float], float], y: Callable[[float], float]
) -> str:
    """From low to high in steps as wide as a month: an interval is of its month, there is none between two."""
    if not rows:
        return ""
    above = [(begins(month + side), y(high)) for month, _low, high in rows for side in (0, 1)]
    below = [(begins(month + side), y(low)) for month, low, _high in rows for side in (0, 1)]
    return f"{_curve([*above, *reversed(below)])} Z"
