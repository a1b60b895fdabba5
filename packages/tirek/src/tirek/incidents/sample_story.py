"""What is planted in the sample: which district tells which story. Tests of the board look here.

Everything is counted backwards from the last whole month, so that the story is the same whenever it is loaded.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

SEED = 20260501
MONTHS = 120  # ten years, the last whole month included


@dataclass(frozen=True, slots=True)
class Planted:
    """A story: the district (code of its area) and how many of the last months it is told in."""

    district: str
    months: int


CLUSTER = Planted("sample-mugalzhar", 3)  # at the market of Kandyagash, within some hundred metres
CLUSTER_SETTLEMENT = "sample-608679"
CLUSTER_COUNTS = (2, 3, 4)  # the newest last
TREND = Planted("sample-khromtau", 24)  # rises month by month
TREND_AT_END = 1.9  # incidents a month at its end, beside the usual rate
SURGE = Planted(
    "sample-alga", 10
)  # officers find four times as much, since patrols were doubled; residents report as before
SURGE_FOUND = (3, 5, 4, 4, 3, 5, 4, 5, 4, 5)
SURGE_REPORTED = (0, 0, 1, 0, 0, 0, 0, 1, 0, 0)
SILENT = Planted("sample-temir", 12)  # busy before; nothing at all reached the register since
BUSY_BEFORE = 6  # in so many months before the silence something was reported in each
TOO_FEW = ("sample-uil", "sample-yrgyz", "sample-khobda", "sample-ayteke-bi")  # a handful in ten years

# Incidents that residents report, for one person and month; a district's people make its rate.
CITY_RATE, RATE = 3.5e-6, 7.0e-6
CITY = "sample-aktobe"
BUSIER = {"sample-temir": 2.9}
SUMMER = 0.35  # so much more than usual in July, so much less in January
FOUND_SHARE, THIRD_SHARE = 0.28, 0.08  # of what residents report: found by officers, told by third parties
REPORTED, FOUND, THIRD = "reported", "found", "third"
MODES = (REPORTED, FOUND, THIRD)


def season(month: int) -> float:
    """The factor of a calendar month (an integer, `months`): 1 on the average of a year."""
    return 1 + SUMMER * math.cos((month % 12 - 6) / 12 * 2 * math.pi)


def rate_of(district: str, people: int) -> float:
    return people * (CITY_RATE if district == CITY else RATE) * BUSIER.get(district, 1.0)


def counts_of(
    district: str, people: int, last: int, rng: np.random.Generator, begun: float = 0.0
) -> Iterator[tuple[int, str, int]]:
    """(month, mode, number of incidents) of a district over the ten years that end with the month `last`.

    `begun` is the share of the month after it that has passed: it gets as many of its incidents.
    """
    for ago in range(MONTHS - 1, -1, -1):
        month = last - ago
        usual = rate_of(district, people) * season(month)
        drawn = rng.poisson([usual, usual * FOUND_SHARE, usual * THIRD_SHARE])
        for mode, n in zip(MODES, _told(district, ago, [int(n) for n in drawn]), strict=True):
            if n:
                yield month, mode, n
    usual = begun * rate_of(district, people) * season(last + 1)
    drawn = rng.poisson([usual, usual * FOUND_SHARE, usual * THIRD_SHARE])
    if district != SILENT.district:
        for mode, n in zip(MODES, drawn, strict=True):
            if n:
                yield last + 1, mode, int(n)


def _told(district: str, ago: int, drawn: list[int]) -> list[int]:
    """The numbers of a month, `ago` months before the last, with what is planted there."""
    reported, found, third = drawn
    if district == SILENT.district and ago < SILENT.months:
        return [0, 0, 0]
    if district == SILENT.district and ago < SILENT.months + BUSY_BEFORE:
        reported = max(1, reported)
    if district == TREND.district and ago < TREND.months:
        reported += _rise(TREND.months - ago) - _rise(TREND.months - ago - 1)
    if district == SURGE.district and ago < SURGE.months:
        reported, found = SURGE_REPORTED[-1 - ago], SURGE_FOUND[-1 - ago]
    return [reported, found, third]


def _rise(months: int) -> int:
    """How many incidents the trend has added after so many months: the sum under a straight line, in whole incidents."""
    return math.floor(TREND_AT_END * months * months / (2 * TREND.months))
