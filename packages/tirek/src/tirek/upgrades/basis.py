"""What what-ifs and plans are counted from: requirements in force, where facilities stand on them, measures and their prices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tirek.requirements import queries, scoring
from tirek.requirements.models import Requirement
from tirek.upgrades.models import Measure, Scenario
from tirek.upgrades.packages import Option, Place
from tirek.upgrades.quantities import Extent, Need, extents, need, tenge
from tirek_engines.score import Scenario as Frame
from tirek_engines.score import Standard, Status


@dataclass(frozen=True, slots=True)
class Basis:
    """Requirements (m), facilities (n), what is known of each (n x m), and the measures in use with what they meet."""

    requirements: list[Requirement]
    standard: Standard | None
    ids: list[int]
    codes: NDArray[np.int8]
    measures: list[Measure]
    meets: list[frozenset[int]]
    extents: dict[int, Extent]

    def mask(self, numbers: Iterable[int]) -> int:
        """Requirements, by their numbers, as bits."""
        return sum(1 << n for n in numbers)


def read(facility_ids: Sequence[int]) -> Basis:
    """Read all of it, in a fixed number of queries."""
    requirements = queries.in_force()
    measures = list(Measure.objects.filter(is_active=True).order_by("code"))
    standard = scoring.frame(requirements) if requirements else None
    ids, codes = (
        scoring.statuses(requirements, facility_ids)
        if requirements
        else (list(facility_ids), np.zeros((0, 0), np.int8))
    )
    return Basis(
        requirements,
        standard,
        ids,
        codes,
        measures,
        [met_by(one, requirements) for one in measures],
        extents(facility_ids),
    )


def met_by(measure: Measure, requirements: Sequence[Requirement]) -> frozenset[int]:
    """The requirements that a measure meets: those that it names by key, and those that name it."""
    keys = set(measure.keys)
    return frozenset(n for n, one in enumerate(requirements) if one.key in keys or measure.code in one.measures)


def frame_of(scenario: Scenario, standard: Standard) -> Frame:
    """A scenario as the engine counts it. Points that no standard knows are left out."""
    points = {name: float(weight) for name, weight in scenario.points.items() if name in standard.points}
    return Frame.of(scenario.code, standard, points)


@dataclass(frozen=True, slots=True)
class Offer:
    """A measure that would change something at one facility."""

    number: int
    measure: Measure
    need: Need
    meets: tuple[int, ...]  # requirements that are unmet or not known


def offers(basis: Basis, row: int) -> list[Offer]:
    """The measures that would change something at a facility (its row in `codes`), in the order of the catalogue."""
    codes = basis.codes[row]
    extent = basis.extents[basis.ids[row]]
    open_ones = set(np.flatnonzero((codes == Status.UNMET) | (codes == Status.UNKNOWN)).tolist())
    return [
        Offer(number, measure, need(measure, extent), tuple(sorted(basis.meets[number] & open_ones)))
        for number, measure in enumerate(basis.measures)
        if basis.meets[number] & open_ones
    ]


def as_options(found: Sequence[Offer], unmet: int) -> list[Option]:
    """Offers as the packages count them: only what is known to be unmet is worth money."""
    return [Option(offer.need.cost, sum(1 << n for n in offer.meets) & unmet) for offer in found]


def places(basis: Basis, row: int, factors: NDArray[np.float64]) -> list[Place]:
    """The points of protection of a facility, with weights times the factors of a scenario."""
    assert basis.standard is not None
    counted = (basis.codes[row] != Status.NOT_APPLICABLE) & (factors > 0)
    weights = basis.standard.weights * factors
    found = []
    for point in range(len(basis.standard.points)):
        numbers = np.flatnonzero(counted & (basis.standard.point == point)).tolist()
        pairs = tuple((1 << n, float(weights[n])) for n in numbers)
        found.append(Place(pairs, sum(weight for _bit, weight in pairs)))
    return found


def as_lines(found: Sequence[Offer], basis: Basis) -> list[dict[str, Any]]:
    """Measures as they are written down for good: names, quantities and prices of this day."""
    return [
        {
            "code": offer.measure.code,
            "name": {code: offer.measure.name_in(code) for code in ("kk", "ru", "en")},
            "quantity": offer.need.quantity,
            "unit": offer.measure.unit,
            "price": str(offer.measure.price),
            "cost": str(tenge(offer.need.cost)),
            "keys": [basis.requirements[n].key for n in offer.meets],
            "estimated": offer.need.estimated,
        }
        for offer in found
    ]
