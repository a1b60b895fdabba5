"""How long a district stands as a flash-point without a pause. Pure: dates in, numbers out.

A span is (first day, last day), both counted. Spans with less than `rest` days between them are one spell: taking a flag back for a
week does not start the count anew. The length of a spell is its flagged days, not the pauses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

Span = tuple[date, date]
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spell:
    """Flags without a real pause between them."""

    first: date
    last: date
    days: int


def merged(spans: Iterable[Span]) -> list[Span]:
    """The days that any span covers, as spans that do not touch, oldest first."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + DAY:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def spells(spans: Iterable[Span], rest: int) -> list[Spell]:
    """Spells, oldest first."""
    found: list[Spell] = []
    for first, last in merged(spans):
        days = (last - first).days + 1
        if found and (first - found[-1].last).days - 1 < rest:
            found[-1] = Spell(found[-1].first, last, found[-1].days + days)
        else:
            found.append(Spell(first, last, days))
    return found


def length_with(spans: Iterable[Span], first: date, last: date, rest: int) -> int:
    """How long the spell would be that a further span makes or lengthens."""
    of = next(spell for spell in spells([*spans, (first, last)], rest) if spell.first <= first <= spell.last)
    return of.days


def rests_until(spans: Iterable[Span], today: date, most: int, rest: int) -> date | None:
    """The first day on which a new spell can begin, when the last one is as long as it may be; None when there is room."""
    found = spells(spans, rest)
    if not found or found[-1].days < most or (today - found[-1].last).days - 1 >= rest:
        return None
    return found[-1].last + timedelta(days=rest + 1)


def days_in(spans: Iterable[Span], first: date, last: date) -> int:
    """How many days between `first` and `last` (both counted) any span covers."""
    return sum(max(0, (min(b, last) - max(a, first)).days + 1) for a, b in merged(spans))
