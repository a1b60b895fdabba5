"""Incidents for tests."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from tirek.incidents.facts import revision_of, settle
from tirek.incidents.models import Facts, Incident, Kind, Revision
from tirek.places.models import Area

_numbers = itertools.count(1)


def fields(area: Area, **more: Any) -> dict[str, Any]:
    """Facts of a brawl at a point, as a form would give them."""
    day = more.pop("day", date(2026, 3, 10))
    at = more.pop("at", None)
    given = {
        "kind": Kind.objects.get(code=more.pop("kind", "brawl")),
        "severity": 3,
        "when_precision": Facts.When.HOUR if at else Facts.When.DAY,
        "first_day": day,
        "last_day": more.pop("last_day", day),
        "at": at,
        "where_precision": Facts.Where.POINT,
        "area": area,
        "lat": area.lat,
        "lon": area.lon,
        "source_kind": Facts.Source.CALL,
        "discovery_mode": Facts.Mode.REPORTED,
        "description": "Brawl near a café",
    }
    return given | more


def make_incident(area: Area, known_at: datetime | None = None, **more: Any) -> Incident:
    """An incident with its first revision, known to the register since `known_at` (now)."""
    code = more.pop("code", f"T-{next(_numbers):04d}")
    is_compared = more.pop("is_compared", True)
    incident = Incident(**fields(area, **more), code=code, known_at=known_at or timezone.now(), is_compared=is_compared)
    settle(incident)
    incident.save()
    revision_of(incident, Revision.Act.ADDED, incident.known_at).save()
    return incident


def moment(text: str) -> datetime:
    """ "2026-03-10 21:40", local time."""
    return timezone.make_aware(datetime.fromisoformat(text))
