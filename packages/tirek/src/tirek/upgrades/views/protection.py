"""The consequence of a facility, and its what-if."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.facilities.models import Facility
from tirek.upgrades import actions, queries, whatif
from tirek.upgrades import consequence as judging
from tirek.upgrades.forms import ConsequenceForm
from tirek.upgrades.models import Consequence, KeptWhatIf


@require_http_methods(["GET", "POST"])
@page(actions.CHANGE_CONSEQUENCE)
def consequence(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge the factors that the register does not know."""
    facility = _facility(request, pk)
    row = Consequence.objects.filter(pk=pk).first()
    form = ConsequenceForm(request.POST or None, instance=row or Consequence(facility=facility))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_consequence(request.user, pk, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(_tab(pk))
    judged = judging.judgement(facility, list(queries.scenarios(request.user)))
    context = {"facility": facility, "form": form, "judgement": judged, "back": _tab(pk)}
    return render(request, "upgrades/consequence.html", context)


@require_GET
@page("upgrades.view_consequence")
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """What ticked measures (?measure=cameras&measure=...) would change: a piece of the facility's page. Nothing is stored."""
    facility = _facility(request, pk)
    if not request.htmx:
        return redirect(_tab(pk))
    found = whatif.read(facility)
    if found.standard is None or not found.ids:
        raise Http404
    scenarios = list(queries.scenarios(request.user))
    told = whatif.answer(found, facility.type.code, request.GET.getlist("measure"), scenarios)
    return render(request, "upgrades/parts/what_if_answer.html", {"answer": told, "facility": facility})


@require_POST
@page(actions.KEEP)
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a what-if down."""
    _facility(request, pk)
    try:
        actions.keep_what_if(request.user, pk, request.POST.getlist("measure"), request.POST.get("note", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Kept as a note. It decides nothing."))
    return redirect(_tab(pk))


@require_POST
@page(actions.REMOVE_KEPT)
def remove_kept(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        kept = actions.remove_kept(request.user, pk)
    except KeptWhatIf.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Removed."))
    return redirect(_tab(kept.facility_id))


def _facility(request: HttpRequest, pk: int) -> Facility:
    if not can(request.user, "upgrades.view_consequence"):
        raise Http404
    rows = Facility.objects.restrict(request.user, "view").select_related("type", "area").defer("area__boundary")
    return get_object_or_404(rows, pk=pk)


def _tab(pk: int) -> str:
    return f"{reverse('facilities:facility', args=[pk])}?tab=protection"
