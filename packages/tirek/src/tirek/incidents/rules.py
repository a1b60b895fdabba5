"""What the facts of an incident must keep to, whoever brings them: the form, an import, an act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.audit.act import Refused
from tirek.incidents.models import LONGEST_TEXT, Facts, Incident
from tirek.incidents.privacy import told_in

EARLIEST = date(1900, 1, 1)


class Told(Protocol):
    """What the rules look at: an incident has it, and so has a row of a table before it becomes one."""

    severity: int
    when_precision: str
    first_day: date
    last_day: date
    at: datetime | None
    where_precision: str
    lat: float | None
    lon: float | None
    description: str
    place: str
    source_ref: str


TEXTS = ("description", "place", "source_ref")


def problems(facts: Told) -> Iterator[tuple[str, str]]:
    """What is wrong, as (field, sentence): nothing here asks the database."""
    today = timezone.localdate()
    if facts.first_day > today or (facts.at is not None and facts.at > timezone.now()):
        yield "first_day", _("This lies in the future. An incident can be written down once it has happened.")
    elif facts.last_day < facts.first_day:
        yield "last_day", _("The last day lies before the first.")
    elif facts.last_day > today and facts.when_precision in (Facts.When.HOUR, Facts.When.DAY):
        yield "last_day", _("This lies in the future. An incident can be written down once it has happened.")
    elif facts.first_day < EARLIEST:
        yield "first_day", _("Look at the year: it lies before 1900.")
    if not 1 <= facts.severity <= 5:
        yield "severity", _("Severity goes from 1 to 5.")
    if (facts.lat is None) != (facts.lon is None):
        yield "lat", _("Give both latitude and longitude, or neither.")
    if facts.where_precision == Facts.Where.POINT and facts.lat is None:
        yield "lat", _("Show the very place, or choose how exactly it is known.")
    if len(facts.description) > LONGEST_TEXT:
        yield "description", _("Keep it to %(most)d letters.") % {"most": LONGEST_TEXT}
    yield from told_in((field, getattr(facts, field)) for field in TEXTS)


def require(incident: Incident) -> None:
    """Raise Refused with the first problem."""
    for _field, sentence in problems(incident):
        raise Refused(sentence)
