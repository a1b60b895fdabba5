"""What every act on an incident has in common: the locked row, the new revision, the word to open pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.audit.act import Refused, Trace
from tirek.incidents.facts import revision_of
from tirek.incidents.models import Incident, Revision

LONGEST_WHY = 300


def locked(user: Any, action: str, pk: int) -> Incident:
    """The incident, locked, if the person may act on it. Raises Incident.DoesNotExist."""
    allowed = Incident.objects.restrict(user, action).filter(pk=pk).values("pk")
    rows = Incident.objects.select_for_update(of=("self",)).select_related("kind", "area")
    found: Incident = rows.defer("area__boundary").get(pk__in=allowed)
    return found


def reason(why: str) -> str:
    """The reason, tidied. Raises Refused when there is none."""
    text = " ".join(why.split())
    if not text:
        raise Refused(_("Say what this rests on."))
    return text[:LONGEST_WHY]


def revise(incident: Incident, act: str, user: Any, why: str, at: datetime | None = None) -> Revision:
    """Keep the facts of a saved incident as its newest revision, known from now on; the one before it ends there."""
    now = at or timezone.now()
    newest = incident.revisions.order_by("-number").first()
    if newest is not None:
        newest.known_until = max(now, newest.known_at)
        newest.save(update_fields=["known_until"])
        now = newest.known_until
    made = revision_of(incident, act, now, number=newest.number + 1 if newest else 1, by=user, why=why)
    made.save()
    return made


def tell(trace: Trace, incident: Incident) -> None:
    """Tell open pages that an incident changed."""
    trace.event(
        "incident.changed", {"id": incident.pk}, permission="incidents.view_incident", area_path=incident.area_path
    )
