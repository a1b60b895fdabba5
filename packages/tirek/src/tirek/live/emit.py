"""Write live events. Call inside the transaction that makes the change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tirek.live.locks import hold_order
from tirek.live.models import Event


@dataclass(frozen=True, slots=True)
class Change:
    """What an act tells open pages."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    permission: str = ""
    area_path: str = ""


def emit(changes: Iterable[Change]) -> None:
    """Store `changes` as events, numbered in commit order. Must run in a transaction, as its last statements."""
    rows = [Event(kind=c.kind, data=c.data, permission=c.permission, area_path=c.area_path) for c in changes]
    if rows:
        hold_order()
        Event.objects.bulk_create(rows)
