"""Months as bars in SVG, placed here so that the template only writes them down.

Places are percentages of the drawing: it takes the width of its page, and its words stay as large as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tirek.incidents import months
from tirek.incidents.models import Facts

WIDTH, BASE = 100.0, 100.0
SERIES = (Facts.Mode.REPORTED.value, Facts.Mode.THIRD.value, Facts.Mode.FOUND.value)  # from the zero line up
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)


@dataclass(frozen=True, slots=True)
class Bar:
    series: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One month. `middle` is where its name stands, if it is named."""

    first: date
    last: date
    x: float
    width: float
    middle: float
    bars: list[Bar]
    counts: dict[str, int]
    is_named: bool
    is_between: bool  # its name has no room on a phone

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Chart:
    columns: list[Column]
    lines: list[tuple[int, float]]

    @property
    def any(self) -> bool:
        return any(column.total for column in self.columns)


def bars(table: Sequence[dict[str, int]]) -> Chart:
    """One stacked bar a month from a zero line that is zero; `lines` are the values of the grid with their height."""
    most = max((sum(row[name] for name in SERIES) for row in table), default=0) or 1
    step = next((step for step in STEPS if most / step <= 4), most)
    ceiling = -(-most // step) * step
    slot = WIDTH / max(len(table), 1)
    named, on_phones = (1, 3) if len(table) <= 12 else (3, 6) if len(table) <= 36 else (12, 24)
    columns = []
    for index, row in enumerate(table):
        top, drawn = float(BASE), []
        for name in SERIES:
            height = BASE * row[name] / ceiling
            top -= height
            if row[name]:
                drawn.append(Bar(name, round(top, 2), round(height, 2)))
        month = row["month"]
        columns.append(
            Column(
                months.first_day(month),
                months.last_day(month),
                round(index * slot + slot * 0.14, 2),
                round(slot * 0.72, 2),
                round(index * slot + slot / 2, 2),
                drawn,
                {name: row[name] for name in SERIES},
                month % named == 0,
                month % on_phones != 0,
            )
        )
    lines = [(value, round(BASE - BASE * value / ceiling, 1)) for value in range(0, ceiling + 1, step)]
    return Chart(columns, lines)
