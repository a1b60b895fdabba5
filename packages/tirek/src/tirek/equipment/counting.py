"""What a stocktake found. Pure: values in, values out, whatever the order in which labels were scanned.

Every item that was expected ends in exactly one of found, misplaced and missing; besides these, misplaced holds what was scanned
here and belongs elsewhere, and unknown the labels that no item has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

#: Why an item counts as misplaced.
FACILITY, PLACE, STATE = "facility", "place", "state"


@dataclass(frozen=True, slots=True)
class Known:
    """What the register says of an item."""

    facility: int
    building: int | None = None
    place: str = ""
    is_here: bool = True  # not missing, planned or taken out


@dataclass(frozen=True, slots=True)
class Seen:
    """One scanned label; `item` is None where no item has it. `building` and `place` are where the person stood, if said."""

    item: int | None
    text: str
    building: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """The result. `misplaced` says why."""

    found: list[int] = field(default_factory=list)
    misplaced: dict[int, str] = field(default_factory=dict)
    missing: list[int] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def numbers(self) -> dict[str, int]:
        return {
            "found": len(self.found),
            "misplaced": len(self.misplaced),
            "missing": len(self.missing),
            "unknown": len(self.unknown),
        }


def verdict(facility: int, known: Known, seen: Seen) -> str:
    """ "" where the item is where it should be, else why it is not."""
    if known.facility != facility:
        return FACILITY
    if not known.is_here:
        return STATE
    if seen.building is not None and known.building is not None and seen.building != known.building:
        return PLACE
    if seen.place and known.place and _plain(seen.place) != _plain(known.place):
        return PLACE
    return ""


def count(facility: int, expected: Iterable[int], items: Mapping[int, Known], scans: Iterable[Seen]) -> Count:
    """Count a stocktake at `facility`. `items` knows every item that was expected or scanned."""
    first: dict[int, Seen] = {}
    unknown: dict[str, None] = {}
    for seen in scans:
        if seen.item is None:
            unknown.setdefault(seen.text)
        else:
            first.setdefault(seen.item, seen)
    result = Count(unknown=sorted(unknown), missing=sorted(set(expected) - first.keys()))
    for item in sorted(first):
        why = verdict(facility, items[item], first[item])
        if why:
            result.misplaced[item] = why
        else:
            result.found.append(item)
    return result


def _plain(place: str) -> str:
    return "".join(place.casefold().split())
