"""Points of drawings, in a box of 1000 x 300; the page draws them and says the same in a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 1000.0, 300.0


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    budget: int
    cost: int
    gain: float
    is_plan: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """Budget against gain. Axes begin at nothing."""

    dots: list[Dot]
    path: str
    area: str
    most_budget: int
    most_gain: float

    @property
    def plan(self) -> Dot | None:
        return next((dot for dot in self.dots if dot.is_plan), None)


def frontier(result: dict[str, Any]) -> Curve | None:
    """The curve of a computed plan; None where there is nothing to draw."""
    rows = result.get("frontier") or []
    most_budget = max((row["budget"] for row in rows), default=0)
    most_gain = max((row["gain"] for row in rows), default=0.0)
    if len(rows) < 2 or not most_budget or not most_gain:
        return None
    own = min(result["budget"], most_budget)
    dots = [
        Dot(
            round(WIDTH * row["budget"] / most_budget, 1),
            round(HEIGHT * (1 - row["gain"] / most_gain), 1),
            row["budget"],
            row["cost"],
            row["gain"],
            row["budget"] == own,
        )
        for row in rows
    ]
    line = " ".join(f"{'M' if n == 0 else 'L'}{dot.x} {dot.y}" for n, dot in enumerate(dots))
    area = f"{line} L{dots[-1].x} {HEIGHT} L{dots[0].x} {HEIGHT} Z"
    return Curve(dots, line, area, most_budget, most_gain)
