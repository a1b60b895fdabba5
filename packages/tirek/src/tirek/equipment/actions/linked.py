"""Panels and endpoints are equipment too. Their parts call these inside their own acts, which ask for the rights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from tirek.equipment.actions.tags import next_tags
from tirek.equipment.models import Item, Kind
from tirek.facilities import figures
from tirek.facilities.models import Facility


@dataclass(frozen=True, slots=True)
class Device:
    """What a part knows of a device that becomes an item: `kind` is a code of `equipment.kinds`."""

    kind: str
    facility: Facility
    place: str = ""
    serial: str = ""
    installed_on: date | None = None


def items_for(devices: Iterable[Device]) -> list[Item]:
    """New items for devices, in their order. Joins the transaction of the caller."""
    wanted = list(devices)
    with transaction.atomic():
        kinds = {kind.code: kind for kind in Kind.objects.filter(code__in={device.kind for device in wanted})}
        items = [
            Item(
                tag=tag, kind=kinds[device.kind], facility=device.facility, place=device.place[:160],
                serial=device.serial[:80], installed_on=device.installed_on, is_sample=device.facility.is_sample,
            )
            for tag, device in zip(next_tags(len(wanted)), wanted, strict=True)
        ]  # fmt: skip
        return Item.objects.bulk_create(items)


def follow(item: Item | None, device: Device | None) -> Item | None:
    """Let the item of a device stand where the device stands now; make it where there is none yet.

    `device` is None where the device stands at no facility (a siren in the street): then it has no item, and one that it had stays
    behind as it is, with its history.
    """
    if device is None:
        return None
    if item is None:
        return items_for([device])[0]
    if item.facility_id != device.facility.pk:
        old: Any = item.facility_id
        item.facility, item.building = device.facility, None
        item.save(update_fields=["facility", "building"])
        figures.recount({old, device.facility.pk})
    return item
