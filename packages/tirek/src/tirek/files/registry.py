"""Who holds a file says who may open it.

    registry.holder(lambda user, stored: Finding.objects.restrict(user).filter(photos=stored).exists())

A file that nobody holds is found by nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tirek.files.models import StoredFile

Holder = Callable[[Any, StoredFile], bool]
_holders: list[Holder] = []


def holder(fn: Holder) -> Holder:
    """Let `fn(user, stored)` say whether a record that `user` may see holds the file."""
    if fn not in _holders:
        _holders.append(fn)
    return fn


def may_open(user: Any, stored: StoredFile) -> bool:
    return any(fn(user, stored) for fn in _holders)
