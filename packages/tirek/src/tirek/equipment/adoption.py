"""For migrations: what was on the lists of panels and endpoints before there was equipment gets its items.

Models are handed in, since a migration has those of its own time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

PREFIX, DIGITS = "T-", 6

#: Code of the kind, place, serial number, day of installation.
Facts = tuple[str, str, str, date | None]


def give_items(item_model: Any, kind_model: Any, device_model: Any, facts: Callable[[Any], Facts]) -> int:
    """An item for every device that stands at a facility and has none. Returns how many were made."""
    kinds = {kind.code: kind for kind in kind_model.objects.all()}
    tags = item_model.objects.filter(tag__regex=rf"^{PREFIX}[0-9]{{{DIGITS}}}$").values_list("tag", flat=True)
    last = max((int(tag.removeprefix(PREFIX)) for tag in tags), default=0)
    devices = list(device_model.objects.filter(item=None, facility__isnull=False).order_by("pk"))
    items = []
    for number, device in enumerate(devices, start=last + 1):
        code, place, serial, installed = facts(device)
        items.append(
            item_model(
                tag=f"{PREFIX}{number:0{DIGITS}d}", kind=kinds[code], facility_id=device.facility_id, place=place[:160],
                serial=serial[:80], installed_on=installed, is_sample=device.is_sample,
            )
        )  # fmt: skip
    for device, item in zip(devices, item_model.objects.bulk_create(items, batch_size=500), strict=True):
        device.item = item
    device_model.objects.bulk_update(devices, ["item"], batch_size=500)
    return len(items)
