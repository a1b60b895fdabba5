"""What a forecast is made of, as numbers: sentences are made of them where the language is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from scipy.special import betaincinv

from tirek_engines.forecast.known import Known
from tirek_engines.forecast.models import FittedContagion
from tirek_engines.forecast.panel import Floats
from tirek_engines.forecast.predictive import Predictive

FEW = 20  # incidents in all months, below which they are told to be few
WIDE = 4.0  # length of the 90 % interval over the mean, above which it is told to be wide
_FEWEST_MONTHS = 6  # known months of a year that can be compared with another


class DriverKind(Enum):
    """What a number says."""

    RECENT = "recent"  # incidents of the last 12 months
    TREND = "trend"  # those over the ones of the 12 months before, per known month
    SEASON = "season"  # the first month ahead over the mean month, all units together; `ahead` has all months
    NEIGHBOURS = "neighbours"  # incidents per neighbour in the last 12 months
    CONTAGION = "contagion"  # share of the expected of the first month ahead that comes from the last three months
    FEW = "few"  # incidents in all months, where they are few
    WIDE = "wide"  # length of the first month's 90 % interval over its mean, where it is wide


@dataclass(frozen=True, slots=True)
class Driver:
    """One number behind a forecast, with its 90 % interval where it has one (NaN where not).

    `ahead` is the value of each month ahead, where it is another in each; `value` is that of the first.
    """

    kind: DriverKind
    value: float
    low: float = float("nan")
    high: float = float("nan")
    ahead: tuple[float, ...] = ()


def drivers(known: Known, mixed: Predictive, fitted: FittedContagion) -> tuple[tuple[Driver, ...], ...]:
    """For each unit what its forecast is made of.

    Parameters
    ----------
    known : Known
    mixed : Predictive, shape (horizons, units, g)
    fitted : FittedContagion
    """
    now, windows = len(known.counts), known.windows
    year, months = windows.total(now, 12), windows.number(now, 12)
    before = windows.total(now, 24) - year
    months_before = windows.number(now, 24) - months
    season = _season(known)
    first = mixed[0]
    mean, low, high = first.mean, first.quantile(0.05), first.quantile(0.95)
    ever = windows.total(now, now)
    near = known.panel.neighbour_mean(year)
    recent_share = fitted.recent_share[0]
    out = []
    for unit in range(known.units):
        found = [Driver(DriverKind.RECENT, float(year[unit]))]
        if min(months[unit], months_before[unit]) >= _FEWEST_MONTHS and year[unit] + before[unit] > 0:
            found.append(trend(float(year[unit]), float(before[unit]), float(months[unit] / months_before[unit])))
        if season is not None:
            found.append(season)
        if known.panel.neighbours is not None and len(known.panel.neighbours[unit]):
            found.append(Driver(DriverKind.NEIGHBOURS, float(near[unit])))
        found.append(Driver(DriverKind.CONTAGION, float(recent_share[unit])))
        if ever[unit] < FEW:
            found.append(Driver(DriverKind.FEW, float(ever[unit])))
        if mean[unit] > 0 and (high[unit] - low[unit]) / mean[unit] > WIDE:
            found.append(Driver(DriverKind.WIDE, float((high[unit] - low[unit]) / mean[unit])))
        out.append(tuple(found))
    return tuple(out)


def _season(known: Known) -> Driver | None:
    """The season of the first month ahead, with the values of all of them."""
    found = [season for step in known.ahead if (season := season_of(known.counts, int(step))) is not None]
    return replace(found[0], ahead=tuple(one.value for one in found)) if found else None


def trend(now: float, before: float, exposure: float) -> Driver:
    """The ratio of two Poisson rates with its 90 % interval.

    Given their sum, the first is binomial with odds rate x exposure: Clopper and Pearson's interval of its share, as odds.

    Parameters
    ----------
    now, before : float
        Counts.
    exposure : float
        Known months of the first over those of the second.
    """
    low = float(betaincinv(now, before + 1, 0.05)) if now else 0.0
    high = float(betaincinv(now + 1, before, 0.95)) if before else 1.0
    value = now / before / exposure if before else float("inf")
    return Driver(
        DriverKind.TREND, value, low / (1 - low) / exposure, high / (1 - high) / exposure if high < 1 else float("inf")
    )


def season_of(counts: Floats, ahead: int) -> Driver | None:
    """How the calendar month `ahead` months on compares with the mean month, all units together; None before three full years.

    The mean over years of the month's share times 12, as if two years without seasons had been seen besides; its 90 % interval from
    how much the years differ.
    """
    years = len(counts) // 12
    known = np.isfinite(counts)
    if years < 3:
        return None
    number = known.sum(axis=1)
    totals = np.where(known, counts, 0.0).sum(axis=1) / np.maximum(number, 1)
    table = totals[-12 * years :].reshape(years, 12)  # the last column is the last known month
    sums = table.sum(axis=1)
    ratios = 12.0 * table[sums > 0, (ahead - 1) % 12] / sums[sums > 0]
    n = len(ratios)
    if n < 3:
        return None
    value = float((ratios.sum() + 2.0) / (n + 2))
    error = 1.645 * float(ratios.std(ddof=1)) * float(np.sqrt(n)) / (n + 2)
    return Driver(DriverKind.SEASON, value, max(value - error, 0.0), value + error)
