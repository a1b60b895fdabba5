"""The form: writing an incident down, and putting it right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.facilities.models import Facility
from tirek.facilities.words import search_condition
from tirek.incidents import actions, queries
from tirek.incidents.forms import IncidentForm
from tirek.incidents.models import Facts, Incident, Kind
from tirek.incidents.registry import AlarmFacts, alarm_of


@require_http_methods(["GET", "POST"])
@page(actions.ADD)
def new(request: HttpRequest) -> HttpResponse:
    """Write one down. `?alarm=` begins with an alarm, `?facility=` (a code) with a facility."""
    given = request.POST if request.method == "POST" else request.GET
    alarm_id = int(text) if (text := given.get("alarm", "")).isascii() and text.isdigit() else None
    alarm = alarm_of(request.user, alarm_id)
    form = IncidentForm(_exchanged(request), user=request.user, initial=_initial(request, alarm))
    if _is_sent(request) and form.is_valid():
        try:
            made = actions.add_incident(request.user, form.facts, alarm_id=alarm_id if alarm else None)
        except PermissionDenied:
            form.add_error(None, _("This area lies outside what you may add to."))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Written down as %(code)s.") % {"code": made.code})
            return redirect(made)
    context = {"alarm": alarm, "alarm_id": alarm_id if alarm else "", "back": reverse("incidents:incidents")}
    return _page(request, form, context)


@require_http_methods(["GET", "POST"])
@page(actions.CORRECT)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        found = queries.incident(request.user, pk, "correct")
    except Incident.DoesNotExist:
        raise Http404 from None
    form = IncidentForm(_exchanged(request), user=request.user, incident=found)
    if _is_sent(request) and form.is_valid():
        try:
            actions.correct_incident(request.user, pk, form.facts, form.cleaned_data["why"])
        except PermissionDenied:
            form.add_error(None, _("This area lies outside what you may change."))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Corrected. What was held before stays in the history."))
            return redirect(found)
    return _page(request, form, {"incident": found, "back": found.get_absolute_url()})


@require_GET
@page(actions.ADD, actions.CORRECT)
def where_json(request: HttpRequest) -> HttpResponse:
    """Settlements, districts and facilities for the search box."""
    text = request.GET.get("q", "")[:100].strip()
    found = queries.places_named(request.user, text)
    if len(text) >= 2:
        found += queries.facilities_named(request.user, search_condition(text))
    return JsonResponse({"found": found})


def _page(request: HttpRequest, form: IncidentForm, context: dict[str, Any]) -> HttpResponse:
    severities = {kind.pk: kind.severity for kind in Kind.objects.all()}
    whole = {"form": form, "severities": severities, "today": timezone.localdate(), **context}
    return render(request, "incidents/incident_form.html", whole)


def _is_sent(request: HttpRequest) -> bool:
    return request.method == "POST" and "exchange" not in request.POST


def _exchanged(request: HttpRequest) -> Any:
    """What was sent; with latitude and longitude the other way round if the person asked for that."""
    if request.method != "POST":
        return None
    if "exchange" not in request.POST:
        return request.POST
    given = request.POST.copy()
    given["lat"], given["lon"] = given.get("lon", ""), given.get("lat", "")
    return given


def _initial(request: HttpRequest, alarm: AlarmFacts | None) -> dict[str, Any]:
    """Now, here, as far as anything is known before a person has said a word."""
    code = request.GET.get("facility", "")
    rows = Facility.objects.restrict(request.user, "view")
    facility = (
        rows.filter(pk=alarm.facility_id).first() if alarm else rows.filter(code__iexact=code).first() if code else None
    )
    now = timezone.localtime(alarm.at if alarm else None)
    initial: dict[str, Any] = {
        "day": now.date(),
        "hour": now.time().replace(second=0, microsecond=0) if alarm else None,
    }
    if facility is not None:
        initial |= {
            "facility": facility.code,
            "lat": facility.lat,
            "lon": facility.lon,
            "place": facility.address[:200],
            "source_kind": Facts.Source.ALARM if alarm else Facts.Source.FACILITY,
        }
    return initial
