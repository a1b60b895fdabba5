"""Kinds of long work. An app registers its own in `AppConfig.ready()`:

    jobs.registry.register("sheets.check", check_sheet, restartable=True)

`fn(handle, **payload)` does the work, calls `handle.progress(done, total, note)` now and then, and returns a dictionary: `text` and
`url` are shown as its result, the rest is the kind's own. It raises `Refused` with a sentence when it cannot go on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Work = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """`restartable`: may be run anew from its beginning when the worker was killed in the middle."""

    key: str
    fn: Work
    restartable: bool


_kinds: dict[str, Kind] = {}


def register(key: str, fn: Work, *, restartable: bool = False) -> None:
    _kinds[key] = Kind(key, fn, restartable)


def kind(key: str) -> Kind:
    """Raises KeyError for a kind that nobody registered."""
    return _kinds[key]
