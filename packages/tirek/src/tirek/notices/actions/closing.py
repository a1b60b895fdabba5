"""The end of a notice: by a re-inspection, or withdrawn with a reason."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tirek.audit.act import Refused, act, snapshot
from tirek.inspections.models import Finding, Inspection
from tirek.notices.actions.common import leave_trace, taken
from tirek.notices.actions.issuing import settle_term
from tirek.notices.models import Notice

CLOSE = "notices.close_notice"


def after_recheck(user: Any, inspection: Inspection) -> None:
    """Move the notices of a facility on after a re-inspection was handed in (called inside that act).

    A notice whose every finding is put right is closed, and names the visit that saw it. One that was answered but is not
    all right goes back to "served". Who may put a finding right is decided where findings are (`inspections`): never the
    person who found it.
    """
    if inspection.kind != Inspection.Kind.AGAIN:
        return
    touched = Notice.objects.filter(facility=inspection.facility_id, state__in=Notice.OPEN)
    looked_at = inspection.answers.values("requirement__key")
    for pk in touched.filter(lines__finding__requirement__key__in=looked_at).distinct().values_list("pk", flat=True):
        _settle(user, pk, inspection)


def _settle(user: Any, pk: int, inspection: Inspection) -> None:
    with act(CLOSE, user) as trace:
        notice = Notice.objects.select_for_update(of=("self",)).select_related("facility__area").get(pk=pk)
        before = snapshot(notice)
        if notice.lines.filter(finding__state=Finding.State.OPEN).exists():
            settle_term(notice)
            if notice.state == Notice.State.ANSWERED:
                notice.to_served_again()
        else:
            notice.closed_by, notice.closed_at = inspection, inspection.submitted_at
            notice.to_closed()
        notice.save()
        leave_trace(trace, notice, before)


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
        notice.withdrawn_why = why.strip()
        notice.to_withdrawn()
        notice.save()
        leave_trace(trace, notice, before)
    return notice
