"""How facilities come onto the list: proposals, opinions, decisions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.facilities import actions, queries
from tirek.facilities.filters import ProposalFilter
from tirek.facilities.forms import DecisionForm, ProposalForm, ReasonForm, ReviewForm
from tirek.facilities.models import Facility, ListDecision, Proposal
from tirek.facilities.tables import ProposalTable

PAGE = 50
VIEW = "facilities.view_proposal"


@require_GET
@page(VIEW)
def proposals(request: HttpRequest) -> HttpResponse:
    """Proposals, those that wait unless asked otherwise, and the newest decisions beside them."""
    found = ProposalFilter(request.GET, queryset=queries.proposals(request.user), request=request)
    table = ProposalTable(found.qs)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    context = {
        "filter": found,
        "table": table,
        "total": table.page.paginator.count,
        "decisions": queries.decisions(request.user)[:10],
        "ready": queries.ready(request.user).count() if can(request.user, actions.DECIDE) else 0,
        "may_propose": can(request.user, actions.PROPOSE),
        "may_decide": can(request.user, actions.DECIDE),
    }
    return render(request, "facilities/proposals.html", context)


@require_http_methods(["GET", "POST"])
@page(actions.PROPOSE)
def propose(request: HttpRequest) -> HttpResponse:
    """The short form for a new facility."""
    form = ProposalForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        reason = fields.pop("reason")
        try:
            made = actions.propose_facility(request.user, fields | {"code": queries.free_code()}, reason)
        except PermissionDenied:
            form.add_error(None, _("This area or agency lies outside what you may propose in."))
        else:
            messages.success(request, _("Proposed. Another person reviews it, then the commission decides."))
            return redirect(made)
    return render(request, "facilities/propose.html", {"form": form})


@require_http_methods(["GET", "POST"])
@page(actions.PROPOSE)
def propose_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to take a facility off the list; for one that is not on it, to take it up again."""
    facility = get_object_or_404(Facility.objects.restrict(request.user, "view").defer("visitors"), pk=pk)
    listed = facility.state == Facility.State.LISTED
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        what = actions.propose_removal if listed else actions.propose_again
        try:
            made = what(request.user, pk, form.cleaned_data["reason"])
        except PermissionDenied:
            form.add_error(None, _("This area or agency lies outside what you may propose in."))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposed. Another person reviews it, then the commission decides."))
            return redirect(made)
    return render(request, "facilities/propose_change.html", {"form": form, "facility": facility, "listed": listed})


@require_GET
@page(VIEW)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    return _proposal_page(request, _proposal(request, pk), ReviewForm())


@require_POST
@page(actions.REVIEW)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _proposal(request, pk), ReviewForm(request.POST)
    if form.is_valid():
        try:
            actions.review_proposal(request.user, pk, form.cleaned_data["opinion"], form.cleaned_data["supported"])
        except Proposal.DoesNotExist:
            raise Http404 from None
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your opinion is written down. The proposal waits for the commission."))
        return redirect(found)
    return _proposal_page(request, found, form)


@require_http_methods(["GET", "POST"])
@page(actions.DECIDE)
def decide(request: HttpRequest) -> HttpResponse:
    """One paper for several proposals: for each, taken up, not taken up, or left for another time."""
    ready = list(queries.ready(request.user))
    form = DecisionForm(request.POST or None, request.FILES or None, initial={"dated": timezone.localdate()})
    chosen = {p.pk: request.POST.get(f"outcome-{p.pk}", "") for p in ready}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        outcomes = {pk: answer == "yes" for pk, answer in chosen.items() if answer in ("yes", "no")}
        try:
            if not outcomes:
                raise Refused(_("Choose the proposals that the decision is about."))
            stored = given["file"].store(request.user, permission=actions.DECIDE) if given["file"] else None
            made = actions.decide_proposals(
                request.user,
                outcomes,
                number=given["number"],
                dated=given["dated"],
                title=given["title"],
                file=stored,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The decision is written down. The list follows it."))
            return redirect(made)
    rows = [(p, chosen[p.pk]) for p in ready]
    return render(request, "facilities/decide.html", {"form": form, "rows": rows})


@require_GET
@page("facilities.view_listdecision")
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        ListDecision.objects.restrict(request.user, "view").select_related("file", "made_by"), pk=pk
    )
    rows = list(queries.proposals(request.user).filter(decision=found).order_by("act", "pk"))
    context = {
        "decision": found,
        "proposals": rows,
        "hidden": found.proposals.count() - len(rows),
    }
    return render(request, "facilities/decision.html", context)


def _proposal_page(request: HttpRequest, found: Proposal, form: Any) -> HttpResponse:
    open_ = found.state in Proposal.OPEN
    own = found.proposed_by_id == request.user.pk
    context = {
        "proposal": found,
        "facility": found.facility,
        "form": form,
        "own": own,
        "open": open_,
        "may_review": open_ and not own and can(request.user, actions.REVIEW, found),
        "may_decide": found.state == Proposal.State.REVIEWED and can(request.user, actions.DECIDE, found),
        "near": queries.near(request.user, found.facility) if open_ and found.act == Proposal.Act.ADD else [],
    }
    return render(request, "facilities/proposal.html", context)


def _proposal(request: HttpRequest, pk: int) -> Proposal:
    found: Proposal = get_object_or_404(queries.proposals(request.user), pk=pk)
    return found
