"""What the parts that talk to devices bring here. Equipment imports none of them.

@live_state
def panels_live(item_ids: list[int]) -> dict[int, Live]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tirek.ui.registry import Text


@dataclass(frozen=True, slots=True)
class Live:
    """What is known of a device right now.

    `works` is None where it has not been heard of yet. `label` says the state in words, `heard_at` is the last sign of life.
    `url` is the page of the panel or the loudspeaker, open to whoever holds `permission`, and `name` what that page calls it.
    """

    works: bool | None
    label: Text
    name: str
    url: str
    heard_at: datetime | None = None
    since: datetime | None = None
    fault: Text = ""
    permission: str = ""


Provider = Callable[[list[int]], Mapping[int, Live]]
_providers: list[Provider] = []


def live_state(fn: Provider) -> Provider:
    """Let `fn(item_ids) -> {item_id: Live}` tell the state of those items that are devices of its part."""
    if fn not in _providers:
        _providers.append(fn)
    return fn


def live(item_ids: Iterable[int]) -> dict[int, Live]:
    """The live state of those among the items that have one. One query for each part, whatever their number."""
    ids = list(item_ids)
    found: dict[int, Live] = {}
    if ids:
        for provider in _providers:
            found.update(provider(ids))
    return found
