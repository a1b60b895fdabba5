"""Which facilities a round visits. Pure, so that a draw can be repeated by anybody.

The random share is drawn without any random generator: every facility gets the number SHA-256("<seed>:<code>"), and those with the
smallest numbers are in. `printf '%s' '<seed>:<code>' | sha256sum` says the same on any machine.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DUE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Candidate:
    """A facility that a round could visit."""

    pk: int
    code: str
    inspected_on: date | None
    area_path: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One candidate with the reason why it is in or not: all, due, never, recent, drawn, not_drawn, chosen, not_chosen."""

    candidate: Candidate
    is_in: bool
    why: str


def number_of(seed: int, code: str) -> str:
    """The number that a facility has in a draw, as hexadecimal text."""
    return hashlib.sha256(f"{seed}:{code}".encode()).hexdigest()


def everybody(candidates: Iterable[Candidate]) -> list[Drawn]:
    return [Drawn(candidate, True, "all") for candidate in candidates]


def due(candidates: Iterable[Candidate], today: date, days: int = DUE_DAYS) -> list[Drawn]:
    """Those not visited for so many days, the longest first."""
    line = today - timedelta(days=days)
    found = []
    for candidate in candidates:
        never = candidate.inspected_on is None
        late = candidate.inspected_on is not None and candidate.inspected_on <= line
        found.append(Drawn(candidate, never or late, "never" if never else "due" if late else "recent"))
    return sorted(found, key=lambda drawn: (drawn.candidate.inspected_on or date.min, drawn.candidate.code))


def share(candidates: Iterable[Candidate], seed: int, percent: float) -> list[Drawn]:
    """The share of candidates with the smallest numbers; at least one, where there is any."""
    ranked = sorted(candidates, key=lambda candidate: (number_of(seed, candidate.code), candidate.code))
    most = min(len(ranked), max(1, math.ceil(len(ranked) * percent / 100))) if ranked else 0
    return [Drawn(row, place < most, "drawn" if place < most else "not_drawn") for place, row in enumerate(ranked)]


def chosen(candidates: Iterable[Candidate], ids: Iterable[int]) -> list[Drawn]:
    wanted = set(ids)
    return [Drawn(row, row.pk in wanted, "chosen" if row.pk in wanted else "not_chosen") for row in candidates]
