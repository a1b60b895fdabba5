"""The page of an incident, and the acts on it that need a reason only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shapely
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.incidents import actions, queries
from tirek.incidents.forms import MergeForm, WhyForm
from tirek.incidents.history import steps
from tirek.incidents.models import Facts, Incident
from tirek.incidents.registry import alarm_of, sections, tabs
from tirek.places.models import Area
from tirek.places.queries import circle
from tirek.places.shapes import from_geojson, to_geojson

Where, Verification = Facts.Where, Facts.Verification
COARSE = 0.01  # degrees by which a border may be moved on this small map
TELLING_M = 15  # a circle smaller than this says nothing


@require_GET
@page("incidents.view_incident")
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    found = _incident(request, pk)
    user: Any = request.user
    others = tabs.collect(request, found)
    merged = queries.merged_into(user, found)
    pairs = queries.pairs_of(user, found)
    shown = [("overview", _("Overview"), None), ("sources", _("Sources"), 1 + len(merged))]
    shown += [("duplicates", _("Possible duplicates"), len(pairs))] if pairs else []
    shown += [(tab.key, tab.title, tab.count) for tab in others] + [("history", _("History"), None)]
    wanted = request.GET.get("tab", "overview")
    tab = wanted if any(wanted == key for key, _title, _count in shown) else "overview"
    context: dict[str, Any] = {
        "incident": found,
        "tab": tab,
        "tabs": [{"key": key, "label": title, "url": f"?tab={key}", "count": count} for key, title, count in shown],
        "other": next((one for one in others if one.key == wanted), None),
        "merged": merged,
        "pairs": pairs,
        "may": _may(user, found),
        "alarm": alarm_of(user, found.alarm_id),
    }
    if tab == "overview":
        context |= {
            "place": _place(found),
            "near": queries.near(user, found),
            "sections": sections.collect(request, found),
        }
    if tab == "history":
        context["steps"] = steps(found)
    return render(request, "incidents/incident.html", context)


def _may(user: Any, found: Incident) -> dict[str, bool]:
    """Which acts are offered: those that the person may do and that make sense now."""
    alone, state = found.duplicate_of_id is None, found.verification
    return {
        "correct": alone and can(user, actions.CORRECT, found),
        "verify": alone and state != Verification.VERIFIED and can(user, actions.VERIFY, found),
        "refute": alone and state != Verification.REFUTED and can(user, actions.REFUTE, found),
        "reopen": state != Verification.UNVERIFIED and can(user, actions.REOPEN, found),
        "merge": alone and can(user, actions.MERGE, found),
        "part": not alone and can(user, actions.PART, found),
        "decide": can(user, actions.DECIDE),
    }


def _place(found: Incident) -> dict[str, Any]:
    """What the map draws: the point, and the circle or the area that says how exactly it is known."""
    shape = None
    if found.lat is not None and found.lon is not None:
        if (found.uncertainty_m or 0) > TELLING_M:
            shape = circle(found.lat, found.lon, float(found.uncertainty_m or 0))
        elif found.where_precision == Where.SETTLEMENT:
            shape = _boundary(found.area)
    else:
        shape = _boundary(found.area)
    point = None
    if found.lat is not None:
        state = "place" if found.where_precision == Where.POINT else "around"
        point = {"id": found.pk, "lat": found.lat, "lon": found.lon, "state": state, "name": found.kind.name}
    return {"point": point, "shape": shape, "is_exact": found.where_precision == Where.POINT}


def _boundary(area: Area) -> Any:
    geometry = Area.objects.values_list("boundary", flat=True).get(pk=area.pk)
    return to_geojson(shapely.simplify(from_geojson(geometry), COARSE)) if geometry else None


@require_http_methods(["GET", "POST"])
@page(actions.VERIFY)
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    words = {"heading": _("Verify the incident"), "act": _("Verify"), "act_icon": "circle-check",
             "note": _("Say what it rests on: a visit to the place, a report, a camera.")}  # fmt: skip
    return _act(request, pk, "verify", actions.verify_incident, words, _("Verified."))


@require_http_methods(["GET", "POST"])
@page(actions.REFUTE)
def refute(request: HttpRequest, pk: int) -> HttpResponse:
    words = {"heading": _("Refute the incident"), "act": _("Refute"), "act_icon": "circle-x",
             "note": _("It stays on the register and is counted no more. What was known before stays known.")}  # fmt: skip
    return _act(request, pk, "refute", actions.refute_incident, words, _("Refuted. It is counted no more."))


@require_http_methods(["GET", "POST"])
@page(actions.REOPEN)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    words = {"heading": _("Take the verification back"), "act": _("Take back"), "act_icon": "rotate",
             "note": _("The incident is then neither verified nor refuted, and counts.")}  # fmt: skip
    return _act(request, pk, "reopen", actions.reopen_incident, words, _("Taken back."))


@require_http_methods(["GET", "POST"])
@page(actions.PART)
def part(request: HttpRequest, pk: int) -> HttpResponse:
    words = {"heading": _("Undo the merging"), "act": _("Undo"), "act_icon": "arrows-split",
             "note": _("The incident is then counted by itself again.")}  # fmt: skip
    return _act(request, pk, "part", actions.part_incident, words, _("The merging is undone."))


@require_http_methods(["GET", "POST"])
@page(actions.MERGE)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge into another that the person names: for two that nobody proposed as a pair."""
    found = _incident(request, pk, "merge")
    form = MergeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        try:
            actions.merge_incident(request.user, pk, into.pk, form.cleaned_data["why"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Merged into %(code)s.") % {"code": into.code})
            return redirect(into)
    context = {
        "form": form, "incident": found, "heading": _("Merge into another"), "act": _("Merge"), "act_icon": "arrows-join",
        "note": _("This one is then no longer counted; it stays readable as a source of the other. It can be undone."),
    }  # fmt: skip
    return render(request, "incidents/act_form.html", context)


def _act(
    request: HttpRequest,
    pk: int,
    action: str,
    deed: Callable[[Any, int, str], object],
    words: dict[str, str],
    done: str,
) -> HttpResponse:
    found = _incident(request, pk, action)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            deed(request.user, pk, form.cleaned_data["why"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(found)
    return render(request, "incidents/act_form.html", {"form": form, "incident": found, **words})


def _incident(request: HttpRequest, pk: int, action: str = "view") -> Incident:
    try:
        return queries.incident(request.user, pk, action)
    except Incident.DoesNotExist:
        raise Http404 from None
