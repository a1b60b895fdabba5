"""The revisions of an incident in words: who held what to be true since when, and what each changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tirek.incidents.facts import COLUMNS
from tirek.incidents.models import Facts, Incident, Revision
from tirek.incidents.words import when_words
from tirek.ui.templatetags.tirek import NONE, number

# Columns that say one thing together are told once; what follows from others is not told.
WHEN = ("first_day", "last_day", "at", "when_precision")
SPOT = ("lat", "lon")
UNTOLD = {"month", "cell", "duplicate_of_id", "verification", *WHEN, *SPOT}


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """One revision. `act` is what was done, `target` the incident that it was merged into."""

    number: int
    at: datetime
    act: str
    by: str
    why: str
    changes: list[Change]
    target: Incident | None = None


def steps(incident: Incident) -> list[Step]:
    """The newest first."""
    rows = incident.revisions.select_related("by", "kind", "area", "facility", "duplicate_of")
    found = list(rows.defer("area__boundary", "facility__visitors", "facility__opening").order_by("number"))
    told = [
        Step(
            row.number,
            row.known_at,
            str(row.get_act_display()),
            str(row.by) if row.by else "",
            row.why,
            _changes(before, row) if before is not None else [],
            row.duplicate_of,
        )
        for before, row in zip([None, *found], found, strict=False)
    ]
    return told[::-1]


def _changes(before: Revision, after: Revision) -> list[Change]:
    told: list[Change] = []
    if any(getattr(before, name) != getattr(after, name) for name in WHEN):
        told.append(Change(_("When"), when_words(before), when_words(after)))
    if any(getattr(before, name) != getattr(after, name) for name in SPOT):
        told.append(Change(_("Place"), _spot(before), _spot(after)))
    for name in COLUMNS:
        if name in UNTOLD or getattr(before, name) == getattr(after, name):
            continue
        field = Revision._meta.get_field(name.removesuffix("_id"))
        told.append(Change(capfirst(str(field.verbose_name)), _value(before, name), _value(after, name)))
    return told


def _spot(facts: Facts) -> str:
    return f"{facts.lat:.5f}, {facts.lon:.5f}" if facts.lat is not None and facts.lon is not None else NONE


def _value(facts: Facts, name: str) -> str:
    if name.endswith("_id"):
        linked = getattr(facts, name.removesuffix("_id"))
        return linked.name if linked is not None else NONE
    display: Callable[[], Any] | None = getattr(facts, f"get_{name}_display", None)
    value = display() if display else getattr(facts, name)
    if value in (None, ""):
        return NONE
    return number(value) if isinstance(value, int) else str(value)


def known_since(incident: Incident) -> str:
    """The day since which the register knows of it."""
    return formats.date_format(timezone.localtime(incident.known_at), "DATE_FORMAT")
