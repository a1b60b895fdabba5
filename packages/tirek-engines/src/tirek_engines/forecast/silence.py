"""When nothing should be said about a unit."""

from __future__ import annotations

from enum import Enum

import numpy as np

from tirek_engines.forecast.panel import Bools, Floats
from tirek_engines.forecast.skill import Skill

FEWEST_MONTHS = 24  # known months
FEWEST_INCIDENTS = 5
FEWEST_ACTIVE = 3  # months with an incident
SILENT_MONTHS = 6  # that many unknown in the last year, or zero at its end where it was never zero, is no peace


class Reason(Enum):
    """Why nothing is said about a unit."""

    TOO_SHORT = "too short"  # fewer than 24 known months
    NO_INCIDENTS = "no incidents"  # none in all months
    TOO_FEW = "too few"  # fewer than 5 incidents, or than 3 months with one
    SILENT = "silent"  # reports stopped: unknown, or suddenly zero for half a year where it never was
    RECODED = "recoded"  # its incidents stopped in the month in which another's began: areas were coded anew
    NO_SKILL = "no skill"  # looking back, the forecast was worse than the simplest one


def reasons(counts: Floats, skills: tuple[Skill, ...] | None = None) -> tuple[tuple[Reason, ...], ...]:
    """For each unit the reasons to say nothing; none where there is enough data.

    Parameters
    ----------
    counts : array of float, shape (months, units)
        NaN where nobody reported.
    skills : tuple of Skill, optional
        Of each unit, from looking back.
    """
    known = np.isfinite(counts)
    filled = np.where(known, counts, 0.0)
    moved = recoded(filled)
    out = []
    for unit in range(counts.shape[1]):
        y, seen = filled[:, unit], known[:, unit]
        found = []
        if seen.sum() < FEWEST_MONTHS:
            found.append(Reason.TOO_SHORT)
        if not y.any():
            found.append(Reason.NO_INCIDENTS)
        elif y.sum() < FEWEST_INCIDENTS or (y > 0).sum() < FEWEST_ACTIVE:
            found.append(Reason.TOO_FEW)
        if moved[unit]:
            found.append(Reason.RECODED)
        elif silent(y, seen):
            found.append(Reason.SILENT)
        if not found and skills is not None and skills[unit].worse:
            found.append(Reason.NO_SKILL)
        out.append(tuple(found))
    return tuple(out)


def silent(y: Floats, known: Bools) -> bool:
    """Whether half of the last year is unknown, or half a year is zero where at least 9 of 10 months before were not."""
    if (~known[-12:]).sum() >= SILENT_MONTHS:
        return True
    if y[-SILENT_MONTHS:].any():
        return False
    earlier = np.trim_zeros(y[:-SILENT_MONTHS][-24:], "b")
    return bool(len(earlier) >= 12 and (earlier > 0).mean() >= 0.9)


def recoded(y: Floats) -> Bools:
    """Units that end for good about when another begins for the first time, at about the same level; shape (units,).

    Both are told: what stands under the new code has no past, what stood under the old one no future. "About" is two months, and a
    level between two fifths and five halves; both must have had incidents in every second month or more.
    """
    months, units = y.shape
    happened = y > 0
    ever = happened.any(axis=0)
    first = np.where(ever, happened.argmax(axis=0), months)
    last = np.where(ever, months - 1 - happened[::-1].argmax(axis=0), -1)
    out = np.zeros(units, dtype=np.bool_)
    begun = np.flatnonzero((first >= 12) & (first < months))
    for old in np.flatnonzero((last >= 12) & (last < months - 3)):
        before = y[max(first[old], last[old] - 23) : last[old] + 1, old]
        if len(before) < 12 or (before > 0).mean() < 0.5:
            continue
        for new in begun[np.abs(first[begun] - last[old] - 1) <= 2]:
            after = y[first[new] : first[new] + 24, new]
            steady = len(after) >= 3 and (after > 0).mean() >= 0.5
            if new != old and steady and 0.4 <= after.mean() / before.mean() <= 2.5:
                out[[old, new]] = True
    return out
