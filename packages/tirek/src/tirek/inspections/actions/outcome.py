"""What a visit leaves behind: findings, findings that were put right or taken back, standings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.models import Person
from tirek.audit.act import Refused
from tirek.inspections import registry
from tirek.inspections.models import Answer, Finding, Inspection
from tirek.requirements.actions.recording import Record, record_many
from tirek.requirements.models import Requirement

SOURCE = "inspection"
TOLD = frozenset({"met", "unmet", "na"})


def make_findings(visit: Inspection, answers: Iterable[Answer]) -> list[Finding]:
    """A finding for every answer "not met"; one that is open at the facility for the same demand is not doubled.

    Two answers of one visit may speak of one demand, in the words of two editions: that of the visit's own edition counts.
    """
    known = set(
        Finding.objects.filter(facility=visit.facility_id, state=Finding.State.OPEN).values_list(
            "requirement__edition__standard", "requirement__key"
        )
    )
    unmet = []
    for answer in sorted(answers, key=lambda answer: answer.old_edition):
        key = (answer.requirement.edition.standard_id, answer.requirement.key)
        if answer.state == Answer.State.UNMET and key not in known:
            known.add(key)
            unmet.append(answer)
    rows = [
        Finding(
            facility=visit.facility,
            inspection=visit,
            requirement=answer.requirement,
            severity=answer.severity or answer.requirement.severity,
            text=answer.note,
            place=answer.place,
            building_id=answer.building_id,
            found_on=timezone.localdate(answer.answered_at),
            found_by_id=answer.by_id,
            is_sample=visit.is_sample,
        )
        for answer in unmet
    ]
    return Finding.objects.bulk_create(rows)


def fix_findings(visit: Inspection, answers: Iterable[Answer]) -> list[Finding]:
    """On a re-inspection: what was seen to be put right, by another person than the one who had found it."""
    seen = {answer.requirement_id: answer for answer in answers if answer.state == Answer.State.MET}
    fixed = []
    for finding in visit.verifies.select_for_update().filter(state=Finding.State.OPEN):
        answer = seen.get(finding.requirement_id)
        if answer is None or answer.by_id == finding.found_by_id:
            continue
        finding.state, finding.fixed_by = Finding.State.FIXED, visit
        finding.fixed_on = timezone.localdate(answer.answered_at)
        finding.save(update_fields=["state", "fixed_by", "fixed_on"])
        fixed.append(finding)
    return fixed


def seen_by_the_finder(visit: Inspection, answers: Iterable[Answer]) -> list[tuple[Finding, str]]:
    """On a re-inspection: what only whoever had found it says was put right, each with the sentence that says what to do."""
    if visit.kind != Inspection.Kind.AGAIN:
        return []
    met_by = {answer.requirement_id: answer.by_id for answer in answers if answer.state == Answer.State.MET}
    text = _(
        "%(name)s found that %(paragraph)s was not met. Another person must see that it was put right and answer here."
    )
    return [
        (finding, text % {"name": finding.found_by, "paragraph": finding.requirement.paragraph})
        for finding in visit.verifies.select_related("found_by", "requirement")
        if met_by.get(finding.requirement_id) == finding.found_by_id
    ]


def reopen_findings(visit: Inspection, requirement_id: int) -> None:
    """The answer of a re-inspection was put right to "not met": what it had seen put right is open again."""
    rows = Finding.objects.filter(fixed_by=visit, requirement=requirement_id, state=Finding.State.FIXED)
    rows.update(state=Finding.State.OPEN, fixed_by=None, fixed_on=None)


def withdraw(user: Person, finding: Finding, why: str) -> None:
    """Take an open finding back, within the act of the caller. Raises Refused for whoever found it: nobody does that alone."""
    if finding.found_by_id == user.pk:
        raise Refused(_("You found it yourself. Another person must agree that it was a mistake: ask a colleague."))
    finding.state, finding.withdrawn_why = Finding.State.WITHDRAWN, why[:300]
    finding.withdrawn_by, finding.withdrawn_at = user, timezone.now()
    finding.save()
    for hook in registry.after_withdrawal_hooks():
        hook(user, finding)


def record_standings(visit: Inspection, answers: Iterable[Answer]) -> None:
    """Tell requirements where the facility stands now, by the evidence date of each answer. The caller counts the figures."""
    by_moment: dict[datetime, dict[Requirement, tuple[str, str]]] = {}
    for answer in answers:
        if answer.state in TOLD:
            by_moment.setdefault(answer.answered_at, {})[answer.requirement] = (answer.state, answer.note)
    records = [Record(visit.facility_id, states, SOURCE, at, visit.pk) for at, states in sorted(by_moment.items())]
    record_many(records, recount=False)
