"""Which requirement binds which facility. Pure: facts in, yes or no out.

What is not known does not set a facility free: a demand for buildings of more than 500 people binds a facility whose people
were never counted, until somebody counts them or says on a visit that the demand does not apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Facts:
    """What is asked of one facility. None is "not known"."""

    type: str
    category: int
    people: int | None = None
    floor_area_m2: int | None = None
    vehicle_entrance: bool | None = None


def binds(applies: Mapping[str, Any], facts: Facts) -> bool:
    """Whether a requirement with this applicability (`Requirement.applies`) binds a facility."""
    if (types := applies.get("types")) and facts.type not in types:
        return False
    if (categories := applies.get("categories")) and facts.category not in categories:
        return False
    for what, value in (("people", facts.people), ("floor_area_m2", facts.floor_area_m2)):
        if value is None:
            continue
        low, high = applies.get(f"min_{what}"), applies.get(f"max_{what}")
        if (low is not None and value < low) or (high is not None and value > high):
            return False
    wanted = applies.get("vehicle_entrance")
    return wanted is None or facts.vehicle_entrance is None or facts.vehicle_entrance == wanted


@dataclass(frozen=True, slots=True)
class FactTable:
    """The same of n facilities, as arrays. `type` is an index into `types`; unknown numbers are -1."""

    types: tuple[str, ...]
    type: NDArray[np.int64]
    category: NDArray[np.int64]
    people: NDArray[np.int64]
    floor_area_m2: NDArray[np.int64]
    vehicle_entrance: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Sequence[Facts]) -> FactTable:
        types = tuple(sorted({row.type for row in rows}))
        place = {code: number for number, code in enumerate(types)}

        def column(values: Iterable[int | None]) -> NDArray[np.int64]:
            return np.array([UNKNOWN if value is None else value for value in values], dtype=np.int64)

        return cls(
            types,
            column(place[row.type] for row in rows),
            column(row.category for row in rows),
            column(row.people for row in rows),
            column(row.floor_area_m2 for row in rows),
            column(row.vehicle_entrance for row in rows),
        )

    def __len__(self) -> int:
        return len(self.type)


def matrix(applies: Sequence[Mapping[str, Any]], table: FactTable) -> Bools:
    """For each of n facilities and m requirements whether it binds, shape (n, m)."""
    found = np.ones((len(table), len(applies)), dtype=np.bool_)
    for number, rule in enumerate(applies):
        if rule:
            found[:, number] = _column(rule, table)
    return found


def _column(rule: Mapping[str, Any], table: FactTable) -> Bools:
    bound = np.ones(len(table), dtype=np.bool_)
    if types := rule.get("types"):
        bound &= np.isin(table.type, [n for n, code in enumerate(table.types) if code in types])
    if categories := rule.get("categories"):
        bound &= np.isin(table.category, categories)
    for what, values in (("people", table.people), ("floor_area_m2", table.floor_area_m2)):
        if (low := rule.get(f"min_{what}")) is not None:
            bound &= (values >= low) | (values == UNKNOWN)
        if (high := rule.get(f"max_{what}")) is not None:
            bound &= values <= high  # what is not known is -1, which no upper bound excludes
    if (wanted := rule.get("vehicle_entrance")) is not None:
        bound &= (table.vehicle_entrance == int(wanted)) | (table.vehicle_entrance == UNKNOWN)
    return bound
