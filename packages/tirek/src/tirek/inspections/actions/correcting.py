"""What follows when an answer of a visit that was handed in is put right."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.models import Person
from tirek.facilities import figures
from tirek.inspections.actions import outcome
from tirek.inspections.models import Conflict, Finding, Inspection


def after_choice(user: Person, visit: Inspection, conflict: Conflict) -> None:
    """Bring findings and standings in line with the answer that was chosen after the hand-in."""
    if visit.state != Inspection.State.SUBMITTED or conflict.requirement_id is None:
        return
    answer = visit.answers.select_related("requirement__edition", "by").get(requirement=conflict.requirement_id)
    finding = visit.findings.filter(requirement=answer.requirement_id).first()
    if finding is not None and finding.state == Finding.State.OPEN:
        if answer.state == "unmet":
            finding.severity = answer.severity or answer.requirement.severity
            finding.text, finding.place, finding.building = answer.note, answer.place, answer.building
        else:
            finding.state = Finding.State.WITHDRAWN
            finding.withdrawn_by, finding.withdrawn_at = user, timezone.now()
            finding.withdrawn_why = _(
                "The answer was put right after the hand-in: of two different answers the other stands."
            )
        finding.save()
    elif finding is None and visit.kind != Inspection.Kind.AGAIN:
        outcome.make_findings(visit, [answer])
    outcome.record_standings(visit, [answer])
    figures.recount([visit.facility_id])
