"""Acts on many facilities: what is chosen, how many, what exactly; then it is done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.accounts.choosing import Choice
from tirek.accounts.guards import page
from tirek.facilities import bulk as many
from tirek.facilities.models import Facility
from tirek.facilities.registry import BulkAct, find_bulk_act
from tirek.facilities.views.register import REGISTER, filtered
from tirek.jobs.actions import start
from tirek.jobs.models import Job
from tirek.jobs.queries import jobs_of

AT_ONCE = 50  # up to here the person waits for it
SHOWN = 12
MOST_LED = 500


@require_http_methods(["GET", "POST"])
@page("facilities.view_facility")
def bulk(request: HttpRequest) -> HttpResponse:
    """Confirm an act on many, then do it."""
    given = request.POST if request.method == "POST" else request.GET
    choice = Choice(request, given, REGISTER, filtered)
    if given.get("act") == "export":
        return redirect(choice.export("facilities"))
    deed = find_bulk_act(given.get("act", ""))
    if deed is None:
        raise Http404
    if not request.user.grants(deed.permission):
        raise PermissionDenied(deed.permission)
    chosen = set(choice.rows.values_list("pk", flat=True))
    allowed = Facility.objects.restrict(request.user, deed.action).filter(pk__in=choice.rows.values("pk"))
    ids = sorted(allowed.values_list("pk", flat=True))
    if deed.leads_to and ids:
        return _lead(request, choice, deed, ids)
    form = deed.form(request.POST or None, user=request.user) if deed.form else None
    if request.method == "POST" and given.get("count") == str(len(ids)) and ids and (form is None or form.is_valid()):
        data = deed.plain(form.cleaned_data) if form is not None else {}
        return _do(request, choice, deed, ids, data)
    context = {
        "deed": deed,
        "form": form,
        "choice": choice,
        "count": len(ids),
        "left_out": len(chosen) - len(ids),
        "changed": request.method == "POST" and given.get("count") not in (None, str(len(ids))),
        "some": allowed.select_related("type", "area").defer("area__boundary").order_by("name_ru")[:SHOWN],
        "more": max(0, len(ids) - SHOWN),
    }
    return render(request, "facilities/bulk.html", context)


def _do(request: HttpRequest, choice: Choice, deed: BulkAct, ids: list[int], data: dict[str, Any]) -> HttpResponse:
    """A few at once; many by a job, whose page shows how far it is and then leads to what became of it."""
    if len(ids) > AT_ONCE:
        payload = {"deed": deed.key, "ids": ids, "data": data, "back": choice.back}
        return redirect(start(many.JOB, request.user, str(deed.label), payload))
    outcome = many.run(request.user, deed, ids, data)
    return render(request, "facilities/bulk_done.html", {"deed": deed, "outcome": outcome, "back": choice.back})


@require_GET
@page("facilities.view_facility")
def bulk_done(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of an act on many that a job did."""
    job = get_object_or_404(jobs_of(request.user), pk=pk, kind=many.JOB, state=Job.State.DONE)
    deed = find_bulk_act(job.payload.get("deed", ""))
    if deed is None:
        raise Http404
    outcome = many.Outcome(**job.result["outcome"])
    back = str(job.payload.get("back") or reverse(REGISTER))
    return render(request, "facilities/bulk_done.html", {"deed": deed, "outcome": outcome, "back": back})


def _lead(request: HttpRequest, choice: Choice, deed: BulkAct, ids: list[int]) -> HttpResponse:
    """To the page that takes over. An address has an end, and so has what a person can look through."""
    if len(ids) > MOST_LED:
        messages.error(request, _("Choose at most %(n)d facilities for this.") % {"n": MOST_LED})
        return redirect(choice.back)
    return redirect(f"{reverse(deed.leads_to)}?facilities={','.join(map(str, ids))}")
