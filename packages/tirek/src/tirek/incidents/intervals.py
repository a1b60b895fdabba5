"""From a day and how exactly the time is known to the first and the last day on which it may have happened."""

from __future__ import annotations

from datetime import date, timedelta

from tirek.incidents import months
from tirek.incidents.models import Facts

When = Facts.When
DAYS_AROUND = 3  # "about a week": so many days before and after


def days_of(day: date, precision: str) -> tuple[date, date]:
    """The span that `precision` gives a day: itself, the week around it, its month, its year."""
    if precision == When.WEEK:
        return day - timedelta(days=DAYS_AROUND), day + timedelta(days=DAYS_AROUND)
    if precision == When.MONTH:
        month = months.month_of(day)
        return months.first_day(month), months.last_day(month)
    if precision == When.YEAR:
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    return day, day


def middle(first: date, last: date) -> date:
    """The day in the middle of a span: for forms that ask for one day."""
    return first + timedelta(days=(last - first).days // 2)
