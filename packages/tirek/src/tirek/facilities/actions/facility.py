"""Putting facilities on the register and changing them."""

from __future__ import annotations

from typing import Any

import h3
from django.core.exceptions import PermissionDenied

from tirek.accounts.access import can_at
from tirek.audit.act import act, snapshot
from tirek.facilities import figures
from tirek.facilities.models import Facility
from tirek.facilities.words import words_of

CELL_RESOLUTION = 10
DERIVED = ("words",)  # not worth a line in the log: it follows from the names
ADD, CHANGE = "facilities.add_facility", "facilities.change_facility"


def add_facility(user: Any, fields: dict[str, Any]) -> Facility:
    """Put a facility on the register. `fields` are fields of `Facility`.

    Raises PermissionDenied when its area or agency lies outside what `user` may add to.
    """
    with act(ADD, user) as trace:
        facility = Facility(**fields)
        require_reach(user, ADD, facility)
        settle(facility)
        facility.save()
        figures.recount([facility.pk])
        trace.on(facility, after=snapshot(facility, without=DERIVED))
    return facility


def change_facility(user: Any, pk: int, fields: dict[str, Any]) -> Facility:
    """Change a facility. Raises Facility.DoesNotExist for one that `user` may not change, PermissionDenied when it would move
    out of the user's reach.
    """
    with act(CHANGE, user) as trace:
        facility = changeable(user, pk)
        before = snapshot(facility, without=DERIVED)
        for name, value in fields.items():
            setattr(facility, name, value)
        require_reach(user, CHANGE, facility)
        settle(facility)
        facility.save()
        trace.on(facility, before=before, after=snapshot(facility, without=DERIVED))
    return facility


def changeable(user: Any, pk: int) -> Facility:
    """The row, locked, that `user` may change. Raises Facility.DoesNotExist."""
    found: Facility = Facility.objects.restrict(user, "change").select_for_update().get(pk=pk)
    return found


def require_reach(user: Any, permission: str, facility: Facility) -> None:
    """Raise PermissionDenied for a facility whose area or agency lies outside what `user` may do this in."""
    if not can_at(user, permission, facility.area.path, facility.agency_id):
        raise PermissionDenied(permission)


def settle(facility: Facility) -> None:
    """What follows from other fields: the cell, and what the search looks in."""
    facility.cell = h3.latlng_to_cell(facility.lat, facility.lon, CELL_RESOLUTION)
    facility.words = words_of(facility)
