"""How a facility comes onto the list and off it: somebody proposes, another person reviews, the commission decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import can
from tirek.audit.act import Refused, act, snapshot
from tirek.facilities import figures
from tirek.facilities.actions.facility import DERIVED, require_reach, settle
from tirek.facilities.models import Facility, ListDecision, Proposal
from tirek.files.models import StoredFile

PROPOSE = "facilities.add_proposal"
REVIEW = "facilities.review_proposal"
DECIDE = "facilities.decide_proposal"
OUTCOMES = {
    (Proposal.Act.ADD, True): Facility.State.LISTED,
    (Proposal.Act.ADD, False): Facility.State.DECLINED,
    (Proposal.Act.REMOVE, True): Facility.State.REMOVED,
    (Proposal.Act.REMOVE, False): Facility.State.LISTED,
}


def propose_facility(user: Any, fields: dict[str, Any], reason: str) -> Proposal:
    """Propose a new facility for the list. Raises PermissionDenied when it lies outside what `user` may propose in."""
    with act(PROPOSE, user, why=reason) as trace:
        facility = Facility(**fields, state=Facility.State.PROPOSED)
        require_reach(user, PROPOSE, facility)
        settle(facility)
        facility.save()
        figures.recount([facility.pk])
        proposal = _open(user, facility, Proposal.Act.ADD, reason)
        trace.on(facility, after=snapshot(facility, without=DERIVED) | {"proposal": str(proposal.get_act_display())})
    return proposal


def propose_removal(user: Any, facility_pk: int, reason: str) -> Proposal:
    """Propose to take a facility off the list. Raises Facility.DoesNotExist, or Refused when it is not on the list."""
    return _propose(user, facility_pk, Proposal.Act.REMOVE, reason)


def propose_again(user: Any, facility_pk: int, reason: str) -> Proposal:
    """Propose a facility that was declined or taken off before. Raises Facility.DoesNotExist, or Refused when it is on the list."""
    return _propose(user, facility_pk, Proposal.Act.ADD, reason)


def review_proposal(user: Any, pk: int, opinion: str, supported: bool) -> Proposal:
    """Give an opinion on somebody else's proposal. Raises Proposal.DoesNotExist, or Refused for an own one."""
    with act(REVIEW, user, why=opinion) as trace:
        proposal = _locked(user, "review", pk)
        if proposal.state not in Proposal.OPEN:
            raise Refused(_("This proposal is decided already."))
        if proposal.proposed_by_id == user.pk:
            raise Refused(_("You made this proposal yourself. Somebody else must review it."))
        proposal.state = Proposal.State.REVIEWED
        proposal.reviewed_by, proposal.reviewed_at = user, timezone.now()
        proposal.review, proposal.supported = opinion, supported
        proposal.save(update_fields=["state", "reviewed_by", "reviewed_at", "review", "supported"])
        after = {"proposal": str(proposal.get_act_display()), "supported": supported}
        trace.on(proposal.facility, after=after)
    return proposal


def decide_proposals(
    user: Any,
    outcomes: Mapping[int, bool],
    *,
    number: str,
    dated: date,
    title: str = "",
    file: StoredFile | None = None,
) -> ListDecision:
    """Write down a decision on proposals (id -> taken up or not), and let the facilities follow it. All or nothing.

    Raises Refused with the reason when a proposal cannot be decided: not reviewed, decided meanwhile, out of reach, or when
    the number was given to another decision of that day.
    """
    if not outcomes:
        raise Refused(_("Choose the proposals that the decision is about."))
    if dated > timezone.localdate():
        raise Refused(_("The date of the decision lies in the future."))
    with act(DECIDE, user) as trace:
        if ListDecision.objects.filter(number=number, dated=dated).exists():
            raise Refused(_("There is a decision with this number and date already."))
        try:
            decision = ListDecision.objects.create(number=number, dated=dated, title=title, file=file, made_by=user)
        except IntegrityError as twin:
            raise Refused(_("There is a decision with this number and date already.")) from twin
        rows = (
            Proposal.objects.restrict(user, "decide").select_for_update(of=("self", "facility")).filter(pk__in=outcomes)
        )
        proposals = list(rows.select_related("facility__area").order_by("pk"))
        if len(proposals) != len(outcomes):
            raise Refused(_("Some of these proposals lie outside what you may decide. Load the page again."))
        for proposal in proposals:
            _decide(user, proposal, decision, outcomes[proposal.pk])
        told = {"taken_up": sum(outcomes.values()), "declined": len(outcomes) - sum(outcomes.values())}
        trace.on(decision, after=snapshot(decision) | told)
    return decision


def _decide(user: Any, proposal: Proposal, decision: ListDecision, accepted: bool) -> None:
    facility = proposal.facility
    if proposal.state != Proposal.State.REVIEWED:
        raise Refused(
            _("%(facility)s: the proposal is not reviewed, or decided already.") % {"facility": facility.name}
        )
    with act(DECIDE, user, why=proposal.reason) as trace:
        before = {"state": facility.state}
        proposal.state = Proposal.State.ACCEPTED if accepted else Proposal.State.DECLINED
        proposal.decision, proposal.decided_at = decision, timezone.now()
        proposal.save(update_fields=["state", "decision", "decided_at"])
        facility.state = OUTCOMES[Proposal.Act(proposal.act), accepted]
        facility.save(update_fields=["state"])
        trace.on(facility, before=before, after={"state": str(facility.state), "decision": str(decision)})


def _propose(user: Any, facility_pk: int, what: Proposal.Act, reason: str) -> Proposal:
    with act(PROPOSE, user, why=reason) as trace:
        facility = Facility.objects.restrict(user, "view").select_for_update().get(pk=facility_pk)
        require_reach(user, PROPOSE, facility)
        on_list = facility.state == Facility.State.LISTED
        if what == Proposal.Act.REMOVE and not on_list:
            raise Refused(_("%(facility)s is not on the list.") % {"facility": facility.name})
        if what == Proposal.Act.ADD and on_list:
            raise Refused(_("%(facility)s is on the list already.") % {"facility": facility.name})
        proposal = _open(user, facility, what, reason)
        if what == Proposal.Act.ADD:
            facility.state = Facility.State.PROPOSED
            facility.save(update_fields=["state"])
        trace.on(facility, after={"proposal": str(proposal.get_act_display())})
    return proposal


def _open(user: Any, facility: Facility, what: Proposal.Act, reason: str) -> Proposal:
    if Proposal.objects.filter(facility=facility, state__in=Proposal.OPEN).exists():
        raise Refused(_("%(facility)s: a proposal waits for its decision already.") % {"facility": facility.name})
    return Proposal.objects.create(facility=facility, act=what, reason=reason, proposed_by=user)


def _locked(user: Any, action: str, pk: int) -> Proposal:
    if not can(user, f"facilities.{action}_proposal"):
        raise PermissionDenied(action)
    rows = Proposal.objects.restrict(user, action).select_for_update(of=("self",)).select_related("facility__area")
    found: Proposal = rows.get(pk=pk)
    return found
