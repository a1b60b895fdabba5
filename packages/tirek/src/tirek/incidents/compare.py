"""Two incidents beside each other: line by line, and whether the two lines differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from tirek.incidents.models import Incident
from tirek.incidents.tables import severity_mark, verification_tag
from tirek.incidents.words import when_short, where_words
from tirek.ui.templatetags.tirek import NONE, number


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `left` and `right` are texts or ready marks."""

    label: str
    left: Any
    right: Any

    @property
    def differs(self) -> bool:
        return bool(self.left != self.right)


def lines(left: Incident, right: Incident) -> list[Line]:
    return [Line(label, one, other) for (label, one), (_label, other) in zip(_told(left), _told(right), strict=True)]


def _told(incident: Incident) -> list[tuple[str, Any]]:
    source = [str(incident.get_source_kind_display()), incident.source_ref]
    known = formats.date_format(timezone.localtime(incident.known_at), "SHORT_DATETIME_FORMAT")
    hurt = [NONE if count is None else number(count) for count in (incident.dead, incident.injured)]
    return [
        (_("When"), when_short(incident)),
        (_("Where"), where_words(incident)),
        (_("Kind"), incident.kind.name),
        (_("What happened"), incident.description or NONE),
        (_("Severity"), severity_mark(incident.severity, str(incident.get_severity_display()))),
        (_("Dead, injured"), ", ".join(hurt)),
        (_("Source"), ", ".join(filter(None, source))),
        (_("How it came to light"), str(incident.get_discovery_mode_display())),
        (_("Known since"), known),
        (_("Verification"), verification_tag(incident)),
    ]
