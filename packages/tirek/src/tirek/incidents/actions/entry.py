"""Writing incidents down, and putting right what was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import can_at
from tirek.audit.act import Refused, act, snapshot
from tirek.incidents import duplicates, rules
from tirek.incidents.actions.revising import locked, reason, revise, tell
from tirek.incidents.facts import DERIVED, settle
from tirek.incidents.models import Incident, Revision
from tirek.incidents.numbering import next_codes

ADD, CORRECT = "incidents.add_incident", "incidents.correct_incident"
TRIES = 3


def add_incident(user: Any, fields: Mapping[str, Any], *, alarm_id: int | None = None) -> Incident:
    """Write an incident down. `fields` are fields of `Facts`; it is known to the register from now on.

    Raises PermissionDenied when its area lies outside what `user` may add to, Refused when the facts cannot be.
    """
    for attempt in range(1, TRIES + 1):
        incident = Incident(**fields, code=next_codes(1)[0], alarm_id=alarm_id, known_at=timezone.now())
        try:
            with transaction.atomic():
                _add(user, incident)
        except IntegrityError:
            if attempt == TRIES:
                raise
        else:
            break
    duplicates.compare([incident.pk])
    return incident


def _add(user: Any, incident: Incident) -> None:
    with act(ADD, user) as trace:
        if not can_at(user, ADD, incident.area.path):
            raise PermissionDenied(ADD)
        rules.require(incident)
        settle(incident)
        incident.save()
        revise(incident, Revision.Act.ADDED, user, "", incident.known_at)
        trace.on(incident, after=snapshot(incident, without=DERIVED))
        tell(trace, incident)


def correct_incident(user: Any, pk: int, fields: Mapping[str, Any], why: str) -> Incident:
    """Put the facts right. What was held before stays as a revision.

    Raises Incident.DoesNotExist, PermissionDenied when it would move out of the user's reach, Refused when nothing changes or the
    facts cannot be.
    """
    with act(CORRECT, user) as trace:
        incident = locked(user, "correct", pk)
        if incident.duplicate_of_id is not None:
            raise Refused(_("It is merged into another. Undo that first, or correct the other."))
        before = snapshot(incident, without=DERIVED)
        for name, value in fields.items():
            setattr(incident, name, value)
        if not can_at(user, CORRECT, incident.area.path):
            raise PermissionDenied(CORRECT)
        rules.require(incident)
        settle(incident)
        after = snapshot(incident, without=DERIVED)
        if after == before:
            raise Refused(_("Nothing is different."))
        text = reason(why)
        incident.is_compared = False
        incident.save()
        revise(incident, Revision.Act.CORRECTED, user, text)
        trace.on(incident, before=before, after=after, why=text)
        tell(trace, incident)
    duplicates.compare([pk])
    return incident
