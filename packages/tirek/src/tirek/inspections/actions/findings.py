"""Acts on findings."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tirek.accounts.models import Person
from tirek.audit.act import Refused, act, snapshot
from tirek.facilities import figures
from tirek.inspections.actions import outcome
from tirek.inspections.actions.carrying import VIEW
from tirek.inspections.models import Finding

WITHDRAW = "inspections.withdraw_finding"
EVENT = "finding.changed"


def withdraw_finding(user: Person, pk: int, why: str) -> Finding:
    """Take back a finding that was a mistake, with a reason. Whoever found it does not decide that alone: another person does."""
    why = why.strip()
    with act(WITHDRAW, user, why=why) as trace:
        rows = Finding.objects.restrict(user, "withdraw").select_for_update(of=("self",))
        finding = rows.select_related("facility__area", "requirement").get(pk=pk)
        if not why:
            raise Refused(_("Say why the finding is withdrawn."))
        if finding.state != Finding.State.OPEN:
            raise Refused(_("This finding is not open any more."))
        before = snapshot(finding)
        outcome.withdraw(user, finding, why)
        figures.recount([finding.facility_id])
        trace.on(finding, before=before, after=snapshot(finding))
        trace.event(EVENT, {"id": finding.pk}, permission=VIEW, area_path=finding.area_path)
    return finding
