"""What event codes mean: a kind to act on, what the number after the code counts, and a name in three languages.

The rows stand in `sia_codes` (SIA DC-03/DC-04, annex A) and `cid_codes` (SIA DC-05); names and kinds are ours.
"""

from dataclasses import dataclass

LANGUAGES = ("en", "ru", "kk")

#: Every kind that `event_kind` can give.
KINDS = (
    "panic",
    "holdup",
    "duress",
    "fire",
    "medical",
    "burglary",
    "tamper",
    "trouble",
    "supervision",
    "test",
    "restore",
    "open_close",
    "bypass",
    "other",
)

#: What the number that comes with a code can count.
UNITS = ("zone", "user", "area", "door", "device", "line", "")


@dataclass(frozen=True, slots=True)
class Code:
    """One row of a code table."""

    code: str
    #: One of KINDS.
    kind: str
    #: The kind of the condition that the code is about: a panic restoral has kind "restore", concerns "panic".
    concerns: str
    #: One of UNITS; empty when the code carries no number.
    unit: str
    names: dict[str, str]


def read_rows(rows: str) -> dict[str, Code]:
    """Read rows of `code|kind|unit|en|ru|kk`; a restoring code has the kind `restore/<what it ends>`."""
    table = {}
    for row in rows.strip().splitlines():
        code, kinds, unit, *names = row.split("|")
        kind, _, concerns = kinds.partition("/")
        table[code] = Code(code, kind, concerns or kind, unit, dict(zip(LANGUAGES, names, strict=True)))
    return table
