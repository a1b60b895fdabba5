"""Months as integers: `year * 12 + month - 1`. The unit of time of everything that counts incidents."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

LONGEST_DAYS = 31  # what may have happened on more days than that belongs to no one month


def month_of(day: date) -> int:
    """The month that a day lies in."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, monthrange(month // 12, month % 12 + 1)[1])


def counted_in(first: date, last: date) -> int | None:
    """The month that something between two days counts in: the one of the middle day; None where it may be any of several."""
    days = (last - first).days
    return None if days >= LONGEST_DAYS else month_of(first + timedelta(days=days // 2))
