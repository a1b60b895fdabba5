"""Two editions side by side: what came, what went, what reads otherwise. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from tirek.requirements.models import Requirement

LANGUAGES = ("kk", "ru", "en")
TEXTS = ("text", "hint")
# What binds, or is counted, or is said otherwise; in the order in which it is shown.
FIELDS = (
    "paragraph", "point", "mandatory", "weight", "severity", "verify", "live_check", "evidence", "applies",
    "deadline_days", "measures",
)  # fmt: skip
WORD = re.compile(r"\s+|[\w-]+|[^\w\s]")
SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: in both texts, in the old one only, or in the new one only."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """How one text changed in one language."""

    field: str
    language: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Value:
    """How one field changed."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Changed:
    old: Requirement
    new: Requirement
    wordings: list[Wording]
    values: list[Value]


@dataclass(frozen=True, slots=True)
class Comparison:
    added: list[Requirement]
    dropped: list[Requirement]
    changed: list[Changed]
    same: list[Requirement]

    @property
    def is_same(self) -> bool:
        return not (self.added or self.dropped or self.changed)


def compare(old: Sequence[Requirement], new: Sequence[Requirement]) -> Comparison:
    """Compare requirements by their keys; each list in the order of its edition."""
    before, after = {one.key: one for one in old}, {one.key: one for one in new}
    pairs = [difference(before[key], one) for key, one in after.items() if key in before]
    return Comparison(
        added=[one for key, one in after.items() if key not in before],
        dropped=[one for key, one in before.items() if key not in after],
        changed=[pair for pair in pairs if pair.wordings or pair.values],
        same=[pair.new for pair in pairs if not pair.wordings and not pair.values],
    )


def difference(old: Requirement, new: Requirement) -> Changed:
    """What is otherwise in `new`."""
    wordings = []
    for field in TEXTS:
        for code in LANGUAGES:
            one, other = getattr(old, f"{field}_{code}"), getattr(new, f"{field}_{code}")
            if one != other:
                wordings.append(Wording(field, code, words(one, other)))
    values = [
        Value(field, getattr(old, field), getattr(new, field))
        for field in FIELDS
        if getattr(old, field) != getattr(new, field)
    ]
    return Changed(old, new, wordings, values)


def words(old: str, new: str) -> list[Piece]:
    """The two texts as one, word by word. What is not gone is the new text, what is not new is the old one."""
    one, other = WORD.findall(old), WORD.findall(new)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, "".join(one[i1:i2])))
            continue
        if i1 < i2:
            pieces.append(Piece(GONE, "".join(one[i1:i2])))
        if j1 < j2:
            pieces.append(Piece(NEW, "".join(other[j1:j2])))
    return pieces
