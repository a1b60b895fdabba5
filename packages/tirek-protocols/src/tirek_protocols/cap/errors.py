"""What is wrong with a message, and the one error of this package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `path` names the place from the alert inwards, counting from 1: `info[2]/area[1]/polygon[1]`; it is
    empty for the message as a whole. `kind` is "form" for what the schema of CAP 1.2 forbids, "rule" for
    what only the words of the standard forbid, and "house" for what the standard allows but `emit` does not
    write.
    """

    path: str
    message: str
    kind: Literal["form", "rule", "house"] = "rule"

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class CapError(Exception):
    """Not CAP at all, or a message that may not be written. `problems` lists every reason found."""

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("\n- ".join([message, *map(str, self.problems)]))
