"""The protection of one facility in numbers that open into their parts, and what ticked measures would change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tirek.facilities.models import Facility
from tirek.requirements.models import Point, Requirement
from tirek.upgrades import basis as source
from tirek.upgrades.basis import Basis, Offer
from tirek.upgrades.consequence import concern
from tirek.upgrades.models import Scenario
from tirek.upgrades.quantities import tenge
from tirek_engines.score import Gaps, Status, gaps, parts, what_if
from tirek_engines.score import Scenario as Frame

STATES = {Status.UNKNOWN: "unknown", Status.MET: "met", Status.UNMET: "unmet", Status.NOT_APPLICABLE: "na"}


@dataclass(frozen=True, slots=True)
class Interval:
    """A gap in percent: if all that is unknown is met, and if it is unmet. Nothing applies: both None."""

    low: float | None
    high: float | None

    @classmethod
    def of(cls, low: float, high: float) -> Interval:
        return cls(None, None) if np.isnan(low) else cls(100 * float(low), 100 * float(high))

    @property
    def is_exact(self) -> bool:
        return self.low is not None and self.high is not None and self.high - self.low < 0.05

    @property
    def width(self) -> float:
        return (self.high or 0.0) - (self.low or 0.0)


@dataclass(frozen=True, slots=True)
class Share:
    """What one requirement adds to the gap of its point, in percent."""

    requirement: Requirement
    state: str
    percent: float


@dataclass(frozen=True, slots=True)
class PointGap:
    """One point of protection."""

    point: Point
    gap: Interval
    is_weakest: bool
    shares: list[Share]


@dataclass(frozen=True, slots=True)
class ScenarioGap:
    """The gap if one scenario is thought of."""

    scenario: Scenario
    gap: Interval
    weakest: Point | None
    points: list[tuple[Point, float]]


@dataclass(frozen=True, slots=True)
class Protection:
    """Where a facility stands, counted from its standings."""

    gap: Interval
    weakest: Point | None
    points: list[PointGap]
    flags: list[Requirement]
    open_flags: list[Requirement]
    scenarios: list[ScenarioGap]
    unknown: int
    applicable: int


@dataclass(frozen=True, slots=True)
class Change:
    """A gap before and after."""

    name: str
    before: Interval
    after: Interval

    @property
    def is_better(self) -> bool:
        return (self.before.low or 0) - (self.after.low or 0) > 1e-9 or (self.before.high or 0) - (
            self.after.high or 0
        ) > 1e-9


@dataclass(frozen=True, slots=True)
class Answer:
    """What ticked measures would change."""

    ticked: list[Offer]
    cost: int
    before: Interval
    after: Interval
    weakest_before: Point | None
    weakest_after: Point | None
    points: list[Change]
    scenarios: list[Change]
    cleared: list[Requirement]
    remaining: list[Requirement]
    becomes_known: int
    estimated: bool

    @property
    def tenge(self) -> object:
        return tenge(self.cost)

    @property
    def closed(self) -> float:
        """Points of gap closed at the weakest point."""
        return (self.before.low or 0.0) - (self.after.low or 0.0)


def protection(found: Basis, kind: str, scenarios: Sequence[Scenario]) -> Protection | None:
    """Where the one facility of a basis stands; None where nothing binds it."""
    if found.standard is None or not found.ids:
        return None
    codes, standard = found.codes[0], found.standard
    now = gaps(standard, codes)
    if np.isnan(now.low[0]):
        return None
    shares: dict[int, list[Share]] = {}
    for part in parts(standard, codes):
        share = Share(found.requirements[part.requirement], STATES[part.status], 100 * part.gap)
        shares.setdefault(part.point, []).append(share)
    weakest = int(now.weakest[0]) if now.high[0] > 0 else -1
    points = [
        PointGap(
            Point(name),
            Interval.of(now.point_low[0, n], now.point_high[0, n]),
            n == weakest,
            _by_size(shares.get(n, [])),
        )
        for n, name in enumerate(standard.points)
        if n in shares
    ]
    return Protection(
        Interval.of(now.low[0], now.high[0]),
        _weakest(now, standard.points),
        points,
        [found.requirements[n] for n in np.flatnonzero(now.flags[0])],
        [found.requirements[n] for n in np.flatnonzero(now.open_flags[0])],
        [_in_scenario(found, one) for one in concern(scenarios, kind)],
        int((codes == Status.UNKNOWN).sum()),
        int((codes != Status.NOT_APPLICABLE).sum()),
    )


def _by_size(shares: list[Share]) -> list[Share]:
    order = {"unmet": 0, "unknown": 1, "met": 2}
    return sorted(shares, key=lambda share: (order[share.state], -share.percent, share.requirement.order))


def _weakest(now: Gaps, points: Sequence[str]) -> Point | None:
    return Point(points[int(now.weakest[0])]) if now.weakest[0] >= 0 and now.high[0] > 0 else None


def _in_scenario(found: Basis, scenario: Scenario) -> ScenarioGap:
    assert found.standard is not None
    now = gaps(found.standard, found.codes[0], source.frame_of(scenario, found.standard))
    weights = [(Point(name), float(weight)) for name, weight in scenario.points.items() if name in Point.values]
    return ScenarioGap(scenario, Interval.of(now.low[0], now.high[0]), _weakest(now, found.standard.points), weights)


def answer(found: Basis, kind: str, codes: Iterable[str], scenarios: Sequence[Scenario]) -> Answer:
    """What the measures with these codes would change at the one facility of a basis. Others are left out."""
    assert found.standard is not None
    wanted = set(codes)
    ticked = [offer for offer in source.offers(found, 0) if offer.measure.code in wanted]
    numbers = [offer.number for offer in ticked]
    standard, now = found.standard, found.codes[0]
    told = what_if(standard, now, found.meets, numbers)
    return Answer(
        ticked,
        sum(offer.need.cost for offer in ticked),
        Interval.of(told.before.low[0], told.before.high[0]),
        Interval.of(told.after.low[0], told.after.high[0]),
        _weakest(told.before, standard.points),
        _weakest(told.after, standard.points),
        [
            Change(
                str(Point(name).label),
                Interval.of(told.before.point_low[0, n], told.before.point_high[0, n]),
                Interval.of(told.after.point_low[0, n], told.after.point_high[0, n]),
            )
            for n, name in enumerate(standard.points)
            if not np.isnan(told.before.point_low[0, n])
        ],
        [_changed(found, told.status, one, source.frame_of(one, standard)) for one in concern(scenarios, kind)],
        [found.requirements[n] for n in told.cleared],
        [found.requirements[n] for n in told.remaining],
        sum(1 for n in told.changed if now[n] == Status.UNKNOWN),
        any(offer.need.estimated for offer in ticked),
    )


def _changed(found: Basis, after: np.ndarray, scenario: Scenario, frame: Frame) -> Change:
    assert found.standard is not None
    both = gaps(found.standard, np.stack([found.codes[0], after]), frame)
    return Change(scenario.name, Interval.of(both.low[0], both.high[0]), Interval.of(both.low[1], both.high[1]))


def read(facility: Facility) -> Basis:
    return source.read([facility.pk])
