"""The trend as a drawing: bars in SVG, placed here so that the template only writes them down.

Places are percentages of the drawing: it takes the width of its page, and its words stay as large as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tirek.reports.queries import Month

WIDTH, BASE = 100.0, 100.0
SERIES = ("inspected", "issued", "closed")


@dataclass(frozen=True, slots=True)
class Bar:
    series: str
    x: float
    y: float
    width: float
    height: float
    value: int


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one month. `middle` is where its name stands."""

    month: Month
    middle: float
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Chart:
    groups: list[Group]
    lines: list[tuple[int, float]]


def bars(months: Sequence[Month]) -> Chart:
    """Three bars a month from a zero line that is zero. `lines` are the values of the grid with their height."""
    most = max((getattr(month, name) for month in months for name in SERIES), default=0) or 1
    step = _step(most)
    ceiling = -(-most // step) * step
    slot = WIDTH / max(len(months), 1)
    wide = slot * 0.24
    groups = []
    for index, month in enumerate(months):
        left = index * slot + slot * 0.12
        drawn = []
        for number, name in enumerate(SERIES):
            value = getattr(month, name)
            height = BASE * value / ceiling
            drawn.append(
                Bar(
                    name,
                    round(left + number * (wide + slot * 0.02), 2),
                    round(BASE - height, 2),
                    round(wide, 2),
                    round(height, 2),
                    value,
                )
            )
        groups.append(Group(month, round(index * slot + slot / 2, 2), drawn))
    lines = [(value, round(BASE - BASE * value / ceiling, 1)) for value in range(0, ceiling + 1, step)]
    return Chart(groups, lines)


def _step(most: int) -> int:
    """A round step that gives at most five lines."""
    for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000):
        if most / step <= 5:
            return step
    return 10 ** (len(str(most)) - 1)
