"""A page for each facility, and the forms that change it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.facilities import actions, queries
from tirek.facilities.forms import FacilityForm
from tirek.facilities.hours import is_open, on_duty, show
from tirek.facilities.models import Facility
from tirek.facilities.registry import sections, tabs
from tirek.facilities.tables import figures_of


@require_GET
@page("facilities.view_facility")
def facility(request: HttpRequest, pk: int) -> HttpResponse:
    found = _facility(request, pk)
    others = tabs.collect(request, found)
    shown = [("overview", _("Overview"), None)]
    shown += [(tab.key, tab.title, tab.count) for tab in others]
    shown += [("map", _("Map"), None), ("history", _("History"), None)]
    wanted = request.GET.get("tab", "overview")
    tab = wanted if any(wanted == key for key, _title, _count in shown) else "overview"
    context = {
        "facility": found,
        "tab": tab,
        "tabs": [{"key": key, "label": title, "url": f"?tab={key}", "count": count} for key, title, count in shown],
        "other": next((tab for tab in others if tab.key == wanted), None),
        "may_change": can(request.user, actions.CHANGE, found),
        "may_propose": can(request.user, actions.PROPOSE),
        "proposal": queries.open_proposal(found) if can(request.user, "facilities.view_proposal") else None,
        "figures": figures_of(found),
    }
    if tab == "overview":
        context |= _overview(request, found)
    return render(request, "facilities/facility.html", context)


def _overview(request: HttpRequest, found: Facility) -> dict[str, Any]:
    hours = queries.hours(found)
    return {
        "now": queries.people_now(found),
        "peak": queries.peak(found),
        "hours": hours,
        "busiest": max(hours, key=lambda hour: hour.people, default=None),
        "contacts": [(contact, on_duty(contact.hours)) for contact in found.contacts.select_related("person")],
        "buildings": list(found.buildings.all()),
        "entrances": list(found.entrance_rows.select_related("building")),
        "opening": show(found.opening),
        "is_open": is_open(found.opening),
        "sections": sections.collect(request, found),
    }


@require_http_methods(["GET", "POST"])
@page("facilities.add_facility")
def new(request: HttpRequest) -> HttpResponse:
    form = FacilityForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_facility(request.user, form.cleaned_data)
        except PermissionDenied:
            form.add_error(None, _("This area or agency lies outside what you may add to."))
        else:
            messages.success(request, _("The facility stands on the register."))
            return redirect(made)
    return render(request, "facilities/facility_form.html", {"form": form, "back": reverse("facilities:register")})


@require_http_methods(["GET", "POST"])
@page("facilities.change_facility")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _facility(request, pk, "change")
    form = FacilityForm(request.POST or None, instance=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_facility(request.user, pk, form.cleaned_data)
        except PermissionDenied:
            form.add_error(None, _("This area or agency lies outside what you may change."))
        else:
            messages.success(request, _("Saved."))
            return redirect("facilities:facility", pk=pk)
    context: dict[str, Any] = {"form": form, "facility": found, "back": found.get_absolute_url()}
    return render(request, "facilities/facility_form.html", context)


def _facility(request: HttpRequest, pk: int, action: str = "view") -> Facility:
    rows = Facility.objects.restrict(request.user, action).select_related("type", "area__parent", "agency", "figures")
    found = rows.defer("area__boundary", "area__parent__boundary").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
