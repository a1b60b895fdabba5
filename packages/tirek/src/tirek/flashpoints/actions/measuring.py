"""Measures of prevention: written down with an owner and a day, closed with what was done."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import can_at
from tirek.accounts.models import Person
from tirek.audit.act import Refused, act, snapshot
from tirek.flashpoints.models import Measure

ADD_MEASURE = "flashpoints.add_measure"
CHANGE_MEASURE = "flashpoints.change_measure"
CLOSE_MEASURE = "flashpoints.close_measure"
State = Measure.State


def add_measure(user: Person, fields: dict[str, Any]) -> Measure:
    """Write a measure down: area, kind, text, agency, due_on, perhaps the flash-point that it belongs to."""
    with act(ADD_MEASURE, user) as trace:
        if not can_at(user, ADD_MEASURE, fields["area"].path):
            raise PermissionDenied(ADD_MEASURE)
        _check(fields)
        made = Measure.objects.create(**fields, made_by=user, is_sample=user.is_sample)
        trace.on(made, after=snapshot(made))
    return made


def change_measure(user: Person, pk: int, fields: dict[str, Any]) -> Measure:
    """Change a measure that is not closed. Raises Measure.DoesNotExist, Refused."""
    with act(CHANGE_MEASURE, user) as trace:
        found = _open(user, "change", pk)
        _check(fields | {"area": found.area})
        before = snapshot(found)
        for name in ("kind", "text", "agency", "due_on", "flashpoint"):
            if name in fields:
                setattr(found, name, fields[name])
        found.save()
        trace.on(found, before=before, after=snapshot(found))
    return found


def close_measure(user: Person, pk: int, outcome: str, *, done: bool = True) -> Measure:
    """Close a measure with what was done, or drop it with why. Raises Measure.DoesNotExist, Refused."""
    with act(CLOSE_MEASURE, user) as trace:
        found = _open(user, "close", pk)
        if not outcome.strip():
            raise Refused(_("Say what was done.") if done else _("Say why it is dropped."))
        before = snapshot(found)
        found.state = State.DONE if done else State.DROPPED
        found.outcome, found.closed_on, found.closed_by = outcome.strip(), timezone.localdate(), user
        found.save()
        trace.on(found, before=before, after=snapshot(found))
    return found


def _check(fields: dict[str, Any]) -> None:
    flashpoint = fields.get("flashpoint")
    if flashpoint is not None and flashpoint.area_id != fields["area"].pk:
        raise Refused(_("This flash-point is of another district."))


def _open(user: Person, action: str, pk: int) -> Measure:
    rows: Any = Measure.objects.restrict(user, action)
    found = rows.select_for_update(of=("self",)).select_related("area").defer("area__boundary").get(pk=pk)
    if not found.is_open:
        raise Refused(_("This measure is closed."))
    return found
