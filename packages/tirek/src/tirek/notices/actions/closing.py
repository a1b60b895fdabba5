"""The end of a notice: by a re-inspection, or withdrawn with a reason; and back, when what was seen is put right."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.audit.act import Refused, act, snapshot
from tirek.inspections.models import Finding, Inspection
from tirek.notices.actions.common import leave_trace, taken
from tirek.notices.actions.issuing import settle_term
from tirek.notices.models import Notice

CLOSE = "notices.close_notice"
WITHDRAW_FINDING = "inspections.withdraw_finding"


def after_recheck(user: Any, inspection: Inspection) -> None:
    """Move the notices of a facility on after a re-inspection was handed in or put right (called inside that act).

    A notice whose every finding is put right is closed, and names the visit that saw it. One that was answered but is not
    all right goes back to "served"; one that was closed runs again when the answer of a visit on which that rested was put
    right. Who may put a finding right is decided where findings are (`inspections`): never the person who found it.
    """
    if inspection.kind != Inspection.Kind.AGAIN:
        return
    reopened = Q(state=Notice.State.CLOSED, lines__finding__state=Finding.State.OPEN)
    looked_at = inspection.answers.values("requirement__key")
    touched = Notice.objects.filter(
        Q(state__in=Notice.OPEN) | reopened,
        facility=inspection.facility_id,
        lines__finding__requirement__key__in=looked_at,
    )
    for pk in touched.distinct().values_list("pk", flat=True):
        _settle(CLOSE, user, pk, inspection)


def after_finding_withdrawn(user: Any, finding: Finding) -> None:
    """Move the notice on in which a finding stands that was withdrawn (called inside that act).

    With nothing left to demand it ends: closed by the visit that saw the last of the rest put right, or else withdrawn itself.
    """
    for pk in Notice.objects.filter(state__in=Notice.OPEN, lines__finding=finding).values_list("pk", flat=True):
        _settle(WITHDRAW_FINDING, user, pk, None)


def _settle(verb: str, user: Any, pk: int, rechecked: Inspection | None) -> None:
    with act(verb, user) as trace:
        notice = Notice.objects.select_for_update(of=("self",)).select_related("facility__area").get(pk=pk)
        before = snapshot(notice)
        findings = [line.finding for line in notice.lines.select_related("finding__fixed_by")]
        seen = [finding.fixed_by for finding in findings if finding.fixed_by is not None]
        if any(finding.state == Finding.State.OPEN for finding in findings):
            _go_on(notice, rechecked)
        elif seen:
            notice.closed_by = max(seen, key=lambda visit: visit.submitted_at)
            notice.closed_at = rechecked.submitted_at if rechecked else timezone.now()
            notice.to_closed()
        else:
            _take_back(notice, _("Every finding in it was withdrawn."))
        notice.save()
        leave_trace(trace, notice, before)


def _go_on(notice: Notice, rechecked: Inspection | None) -> None:
    """Something is still to be put right: by its term, which chiefs were not told of yet when it is another than before."""
    due_on = notice.due_on
    settle_term(notice)
    if notice.due_on != due_on:
        notice.escalated_at = None
    if notice.state == Notice.State.CLOSED:
        notice.closed_by = notice.closed_at = None
        if notice.served_at:
            notice.to_reopened()
        else:
            notice.to_reopened_unserved()
    elif rechecked and notice.state == Notice.State.ANSWERED:
        notice.to_served_again()


def _take_back(notice: Notice, why: str) -> None:
    notice.withdrawn_why = why
    notice.to_withdrawn()
    notice.lines.update(stands=False)


def withdraw_notice(user: Any, pk: int, why: str) -> Notice:
    """Take a notice back; its findings are free for another. Raises Notice.DoesNotExist, Refused."""
    with act("notices.withdraw_notice", user, why=why) as trace:
        notice = taken(user, "withdraw", pk)
        if not why.strip():
            raise Refused(_("Write why the notice is withdrawn."))
        if notice.state not in Notice.OPEN:
            raise Refused(
                _("The notice is “%(state)s” now. Load the page again to see what can be done.")
                % {"state": notice.get_state_display()}
            )
        before = snapshot(notice)
        _take_back(notice, why.strip())
        notice.save()
        leave_trace(trace, notice, before)
    return notice
