"""Points of drawings. The pages draw them as SVG without a style of their own, and say the same in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tirek.flashpoints import months
from tirek.flashpoints.models import Forecast

WIDTH, HEIGHT = 1000.0, 300.0
BAR = 0.7  # of the room of a month
HISTORY = 36


@dataclass(frozen=True, slots=True)
class Bar:
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
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Back:
    """What would have been said of a month that is over, one month before it."""

    month: int
    mean: float
    low: float
    high: float
    x: float
    y: float
    y_low: float
    y_high: float


@dataclass(frozen=True, slots=True)
class History:
    """Reported incidents by month, then the forecast with its intervals. The zero line is zero."""

    bars: list[Bar]
    ahead: list[Ahead]
    back: list[Back]
    line: str
    wide: str
    narrow: str
    baseline: str
    now: float
    most: int
    first: int
    last: int


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
    highest = max([*counts, *(row.q95 for row in forecasts), *(row[3] for row in past if row[0] >= first), 1])
    most = _ceiling(highest)
    slot = WIDTH / max(n, 1)

    def x(month: int) -> float:
        return round((month - first + 0.5) * slot, 1)

    def y(value: float) -> float:
        return round(HEIGHT * (1 - min(value, most) / most), 1)

    bars = [
        Bar(
            first + i,
            n,
            s,
            round(x(first + i) - BAR * slot / 2, 1),
            y(n),
            round(BAR * slot, 1),
            round(HEIGHT - y(n), 1),
        )
        for i, (n, s) in enumerate(zip(counts, silent, strict=True))
    ]
    ahead = [Ahead(last + row.horizon, row, x(last + row.horizon), y(row.mean)) for row in forecasts]
    back = [
        Back(int(m), mean, low, high, x(int(m)), y(mean), y(low), y(high))
        for m, mean, low, high, _actual in past
        if m >= first
    ]
    spots = [point.x for point in ahead]
    return History(
        bars=bars,
        ahead=ahead,
        back=back,
        line=_line(spots, [y(row.mean) for row in forecasts]),
        wide=_band(spots, [y(row.q05) for row in forecasts], [y(row.q95) for row in forecasts]),
        narrow=_band(spots, [y(row.q25) for row in forecasts], [y(row.q75) for row in forecasts]),
        baseline=_line(spots, [y(row.baseline_mean) for row in forecasts]),
        now=round(len(counts) * slot, 1),
        most=most,
        first=first,
        last=last + len(forecasts),
    )


def _line(xs: Sequence[float], ys: Sequence[float]) -> str:
    return " ".join(f"{'M' if i == 0 else 'L'}{x} {y}" for i, (x, y) in enumerate(zip(xs, ys, strict=True)))


def _band(xs: Sequence[float], low: Sequence[float], high: Sequence[float]) -> str:
    if not xs:
        return ""
    back = " ".join(f"L{x} {y}" for x, y in zip(reversed(xs), reversed(low), strict=True))
    return f"{_line(xs, high)} {back} Z"


def _ceiling(value: float) -> int:
    """A round number at or above: the end of the axis."""
    for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000):
        if value <= 4 * step:
            return int(-(-value // step) * step)
    return int(-(-value // 1000) * 1000)


def names(first: int, last: int) -> tuple[str, str]:
    """The ends of the axis of months."""
    return months.short(first), months.short(last)
