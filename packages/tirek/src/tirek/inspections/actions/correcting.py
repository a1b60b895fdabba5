"""What follows when an answer of a visit that was handed in is put right."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tirek.accounts.models import Person
from tirek.audit.act import Refused
from tirek.facilities import figures
from tirek.inspections import registry
from tirek.inspections.actions import outcome
from tirek.inspections.models import Answer, Conflict, Finding, Inspection


def after_choice(user: Person, visit: Inspection, conflict: Conflict) -> None:
    """Bring findings and standings in line with the answer that was chosen after the hand-in.

    Raises Refused when that would take back a finding, and whoever chooses found it; and when on a re-inspection only whoever
    found it would say that it was put right.
    """
    if visit.state != Inspection.State.SUBMITTED or conflict.requirement_id is None:
        return
    answer = visit.answers.select_related("requirement__edition", "by").get(requirement=conflict.requirement_id)
    if visit.kind == Inspection.Kind.AGAIN:
        _correct_recheck(visit, answer)
    else:
        _correct_finding(user, visit, answer)
    outcome.record_standings(visit, [answer])
    for hook in registry.after_submit_hooks():
        hook(user, visit)
    figures.recount([visit.facility_id])


def _correct_recheck(visit: Inspection, answer: Answer) -> None:
    # As at the hand-in. Without this the finding would stay open while the standing says that the demand is met.
    for _finding, text in outcome.seen_by_the_finder(visit, [answer]):
        raise Refused(text)
    if answer.state == Answer.State.MET:
        outcome.fix_findings(visit, [answer])
    else:
        outcome.reopen_findings(visit, answer.requirement_id)


def _correct_finding(user: Person, visit: Inspection, answer: Answer) -> None:
    finding = visit.findings.filter(requirement=answer.requirement_id).first()
    if finding is None:
        outcome.make_findings(visit, [answer])
    elif finding.state != Finding.State.OPEN:
        return
    elif answer.state == Answer.State.UNMET:
        finding.severity = answer.severity or answer.requirement.severity
        finding.text, finding.place, finding.building = answer.note, answer.place, answer.building
        finding.save()
    else:
        why = _("The answer was put right after the hand-in: of two different answers the other stands.")
        outcome.withdraw(user, finding, why)
