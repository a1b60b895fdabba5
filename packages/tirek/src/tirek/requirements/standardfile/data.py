"""What a file of a standard says, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

POINTS = ("perimeter", "entrances", "inside", "video", "alarm", "warning", "people", "papers")
SEVERITIES = ("minor", "serious", "critical")
VERIFY = ("look", "document", "test", "live")
EVIDENCE = ("photo", "document", "date")
# What a requirement may be bound to, in the order in which it is written. What is not said binds everybody.
APPLIES = (
    "types",
    "categories",
    "min_people",
    "max_people",
    "min_floor_area_m2",
    "max_floor_area_m2",
    "vehicle_entrance",
)


@dataclass(frozen=True, slots=True)
class Words:
    """One text in three languages. Kazakh and Russian are what is in force; English helps readers."""

    kk: str = ""
    ru: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.kk or self.ru or self.en)


@dataclass(frozen=True, slots=True)
class RequirementData:
    """One numbered demand. `live` is {"name": check, parameters}; `applies` holds keys of `APPLIES` only."""

    key: str
    paragraph: str
    text: Words
    point: str
    section: Words = Words()
    hint: Words = Words()
    mandatory: bool = False
    weight: int = 1
    severity: str = "serious"
    verify: str = "look"
    live: dict[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    applies: dict[str, Any] = field(default_factory=dict)
    deadline_days: int = 30
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StandardData:
    """One edition of a standard with all its requirements, in the order of the file."""

    code: str
    name: Words
    label: str
    requirements: tuple[RequirementData, ...]
    instrument: Words = Words()
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    sample: bool = False
