"""Add, change, move and retire what is installed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tirek.accounts.access import can_at
from tirek.audit.act import Refused, act, snapshot
from tirek.audit.bulk import many_acts
from tirek.equipment.actions.tags import next_tags
from tirek.equipment.models import Item
from tirek.equipment.registry import live
from tirek.facilities import figures
from tirek.facilities.models import Facility

ADD, CHANGE, MOVE, RETIRE = (
    "equipment.add_item",
    "equipment.change_item",
    "equipment.move_item",
    "equipment.retire_item",
)
MOST = 200
TRIES = 3


def add_items(user: Any, fields: Mapping[str, Any], *, count: int = 1, tag: str = "") -> list[Item]:
    """Write down `count` equal items. `fields` are fields of `Item`; without `tag` the next numbers are given.

    Raises PermissionDenied when the facility lies outside what `user` may add to, Refused when the number is taken.
    """
    if not 1 <= count <= MOST:
        raise Refused(_("Add 1 to %(most)d at a time.") % {"most": MOST})
    if tag and count > 1:
        raise Refused(_("Only one item can have this inventory number. Leave it empty to get numbers for all."))
    facility: Facility = fields["facility"]
    if not can_at(user, ADD, facility.area.path, facility.agency_id):
        raise PermissionDenied(ADD)
    for attempt in range(1, TRIES + 1):
        try:
            return _add(user, fields, [tag] if tag else None, count)
        except IntegrityError as error:
            if tag:
                raise Refused(_("The inventory number %(tag)s is taken.") % {"tag": tag}) from error
            if attempt == TRIES:
                raise
    raise AssertionError("unreachable")


def _add(user: Any, fields: Mapping[str, Any], tags: list[str] | None, count: int) -> list[Item]:
    with many_acts(user) as traces:
        items = [Item(**fields, tag=tag) for tag in tags or next_tags(count)]
        for item in items:
            item.is_sample = item.facility.is_sample
            _check_building(item)
        with transaction.atomic():
            Item.objects.bulk_create(items)
        for item in items:
            traces.on(ADD, item, after=snapshot(item))
        figures.recount([items[0].facility_id])
    return items


def change_item(user: Any, pk: int, fields: Mapping[str, Any]) -> Item:
    """Change what is known of an item: not where it stands (`move_item`) and not that it goes (`retire_item`)."""
    with act(CHANGE, user) as trace:
        item = locked(user, "change", pk)
        before = snapshot(item)
        for name, value in fields.items():
            setattr(item, name, value)
        _check_building(item)
        try:
            with transaction.atomic():
                item.save()
        except IntegrityError as error:
            raise Refused(_("The inventory number %(tag)s is taken.") % {"tag": item.tag}) from error
        trace.on(item, before=before, after=snapshot(item))
        figures.recount([item.facility_id])
    return item


def set_item_state(user: Any, pk: int, state: str, note: str = "") -> Item:
    """Say that an item works, is faulty, in repair or missing."""
    if state == Item.State.RETIRED:
        raise Refused(_("To take it out for good, give a reason."))
    return change_item(user, pk, {"state": state, "state_note": note.strip()[:300]})


def move_item(user: Any, pk: int, facility: Facility, *, building: Any = None, place: str = "", why: str = "") -> Item:
    """Move an item to another place, perhaps in another facility. Panels and loudspeakers move on their own pages."""
    with act(MOVE, user, why=why.strip()) as trace:
        item = locked(user, "move", pk)
        if facility.pk != item.facility_id:
            if not can_at(user, MOVE, facility.area.path, facility.agency_id):
                raise PermissionDenied(MOVE)
            refuse_connected(item)
        before, old = snapshot(item), item.facility_id
        item.facility, item.building, item.place = facility, building, place.strip()[:160]
        _check_building(item)
        item.save(update_fields=["facility", "building", "place"])
        trace.on(item, before=before, after=snapshot(item))
        figures.recount({old, facility.pk})
    return item


def retire_item(user: Any, pk: int, why: str) -> Item:
    """Take an item out for good. Its record stays."""
    if not why.strip():
        raise Refused(_("Give the reason."))
    with act(RETIRE, user, why=why.strip()) as trace:
        item = locked(user, "retire", pk)
        if item.state == Item.State.RETIRED:
            raise Refused(_("It is taken out already."))
        before = snapshot(item)
        item.state, item.state_note, item.next_test_on = Item.State.RETIRED, why.strip()[:300], None
        item.save(update_fields=["state", "state_note", "next_test_on"])
        trace.on(item, before=before, after=snapshot(item))
        figures.recount([item.facility_id])
    return item


def locked(user: Any, action: str, pk: int) -> Item:
    """The item, locked, if the person may act on it. Raises Item.DoesNotExist."""
    allowed = Item.objects.restrict(user, action).filter(pk=pk).values("pk")
    rows = Item.objects.select_for_update(of=("self",)).select_related("kind", "facility__area")
    found: Item = rows.defer("facility__area__boundary").get(pk__in=allowed)
    return found


def refuse_connected(item: Item) -> None:
    """A device that talks to Tirek stands where its panel or endpoint stands."""
    known = live([item.pk]).get(item.pk)
    if known is not None:
        raise Refused(
            _("This device is connected as “%(name)s”. Change the facility there; its record follows.")
            % {"name": known.name}
        )


def _check_building(item: Item) -> None:
    if item.building is not None and item.building.facility_id != item.facility_id:
        raise Refused(_("This building does not belong to the facility."))
