"""What follows from the facts of an incident, and how a revision keeps them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import h3
from django.utils import timezone

from tirek.incidents.models import Facts, Incident, Revision
from tirek.incidents.months import counted_in

CELL_RESOLUTION = 10
# The columns that an incident and its revisions share.
COLUMNS = tuple(
    field.attname
    for field in Revision._meta.concrete_fields
    if field.name in {inherited.name for inherited in Facts._meta.get_fields()}
)
DERIVED = ("words", "is_compared")  # not worth a line in the log


def settle(incident: Incident) -> None:
    """Fill in what follows from other columns: the days of an hour, the month it counts in, the cell, what the search looks in.

    A settlement stands for its centre where no point is given; a district and a region have no point that would mean anything.
    """
    if incident.at is not None:
        incident.first_day = incident.last_day = timezone.localtime(incident.at).date()
    incident.month = counted_in(incident.first_day, incident.last_day)
    if incident.where_precision == Facts.Where.SETTLEMENT and not incident.has_point:
        incident.lat, incident.lon = incident.area.lat, incident.area.lon
    elif incident.where_precision in (Facts.Where.DISTRICT, Facts.Where.REGION):
        incident.lat = incident.lon = incident.uncertainty_m = None
    has_point = incident.lat is not None and incident.lon is not None
    incident.cell = h3.latlng_to_cell(incident.lat, incident.lon, CELL_RESOLUTION) if has_point else ""
    incident.words = words_of(incident)


def words_of(incident: Incident) -> str:
    """Number, place, reference and description without capitals: SQLite knows capitals of Latin letters only."""
    return " ".join(filter(None, (incident.code, incident.place, incident.source_ref, incident.description))).casefold()


def revision_of(
    incident: Incident, act: str, known_at: datetime, *, number: int = 1, by: Any = None, why: str = ""
) -> Revision:
    """An unsaved revision that keeps the facts as `incident` holds them now."""
    facts = {name: getattr(incident, name) for name in COLUMNS}
    return Revision(incident=incident, act=act, known_at=known_at, number=number, by=by, why=why, **facts)
