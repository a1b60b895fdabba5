"""Months as bars in SVG, placed here so that the template only writes them down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tirek.incidents import months
from tirek.incidents.models import Facts

WIDTH, HEIGHT, BASE, TOP = 720, 150, 122, 12
SERIES = (Facts.Mode.REPORTED.value, Facts.Mode.THIRD.value, Facts.Mode.FOUND.value)  # from the zero line up
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)


@dataclass(frozen=True, slots=True)
class Bar:
    series: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One month. `middle` is where its name stands, "" for months that are not named."""

    first: date
    last: date
    x: float
    width: float
    middle: float
    bars: list[Bar]
    counts: dict[str, int]
    is_named: bool

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
    named = 1 if len(table) <= 12 else 3 if len(table) <= 36 else 12
    columns = []
    for index, row in enumerate(table):
        top, drawn = float(BASE), []
        for name in SERIES:
            height = (BASE - TOP) * row[name] / ceiling
            top -= height
            if row[name]:
                drawn.append(Bar(name, round(top, 1), round(height, 1)))
        month = row["month"]
        columns.append(
            Column(
                months.first_day(month),
                months.last_day(month),
                round(index * slot + slot * 0.14, 1),
                round(slot * 0.72, 1),
                round(index * slot + slot / 2, 1),
                drawn,
                {name: row[name] for name in SERIES},
                month % 12 % named == 0 if named < 12 else month % 12 == 0,
            )
        )
    lines = [(value, round(BASE - (BASE - TOP) * value / ceiling, 1)) for value in range(0, ceiling + 1, step)]
    return Chart(columns, lines)
