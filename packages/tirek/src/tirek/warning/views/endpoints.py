"""The register of sirens and loudspeakers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.warning import actions, queries
from tirek.warning.filters import EndpointFilter
from tirek.warning.forms import EndpointForm
from tirek.warning.models import Endpoint
from tirek.warning.tables import EndpointTable, endpoint_pill
from tirek.warning.views.common import acted

PER_PAGE = 50
HISTORY = 60
DELIVERIES = 30


@never_cache
@require_GET
@page("warning.view_endpoint")
def endpoints(request: HttpRequest) -> HttpResponse:
    """All of them, with the map beside."""
    found = EndpointFilter(request.GET, queries.endpoints(request.user), request=request)
    table = EndpointTable(found.qs)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    everything = queries.endpoints(request.user)
    counts = {state: everything.filter(state=state).count() for state in Endpoint.State.values}
    context = {
        "filter": found,
        "table": table,
        "total": found.qs.count(),
        "counts": counts,
        "all": sum(counts.values()),
    }
    return render(request, "warning/endpoints.html", context | {"may_add": can(request.user, "warning.add_endpoint")})


@never_cache
@require_GET
@page("warning.view_endpoint")
def points(request: HttpRequest) -> HttpResponse:
    """Endpoints for a map; the list's filters apply."""
    found = EndpointFilter(request.GET, queries.endpoints(request.user), request=request)
    return JsonResponse({"points": queries.endpoint_points(found.qs)})


@never_cache
@require_GET
@page("warning.view_endpoint")
def endpoint(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: state, history, what it has sounded."""
    found = get_object_or_404(queries.endpoints(request.user), pk=pk)
    context = {
        "endpoint": found,
        "pill": endpoint_pill(found),
        "history": found.history.all()[:HISTORY],
        "deliveries": found.deliveries.select_related("alert", "alert__plan").order_by("-pk")[:DELIVERIES],
        "point": queries.endpoint_points(Endpoint.objects.filter(pk=pk)),
        "may": {verb: can(request.user, f"warning.{verb}_endpoint", found) for verb in ("change", "enrol", "test")},
    }
    return render(request, "warning/endpoint.html", context)


@never_cache
@page("warning.add_endpoint")
def add(request: HttpRequest) -> HttpResponseBase:
    """Put one on the register."""
    form = EndpointForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_endpoint(request.user, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("warning:endpoint", made.pk)
    return render(request, "warning/endpoint_form.html", {"form": form, "endpoint": None})


@never_cache
@page("warning.change_endpoint")
def change(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change what the register says of one."""
    found = get_object_or_404(queries.endpoints(request.user), pk=pk)
    form = EndpointForm(request.POST or None, user=request.user, endpoint=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_endpoint(request.user, pk, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("warning:endpoint", pk)
    return render(request, "warning/endpoint_form.html", {"form": form, "endpoint": found})


@never_cache
@require_POST
@page("warning.enrol_endpoint")
def invite(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make a one-time code and show it, once."""
    get_object_or_404(queries.endpoints(request.user), pk=pk)
    try:
        found, code = actions.invite_endpoint(request.user, pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("warning:endpoint", pk)
    context = {"endpoint": found, "code": code, "address": request.build_absolute_uri("/").rstrip("/")}
    return render(request, "warning/endpoint_code.html", context)


@require_POST
@page("warning.test_endpoint")
def silent_test(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask one to check itself, without a sound."""
    get_object_or_404(queries.endpoints(request.user), pk=pk)
    done = _("Asked. The answer appears in the history within seconds.")
    return acted(request, lambda: actions.test_endpoint(request.user, pk), reverse("warning:endpoint", args=[pk]), done)


@require_POST
@page("warning.change_endpoint")
def switch(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take one out of use, or back."""
    get_object_or_404(queries.endpoints(request.user), pk=pk)
    on, why = request.POST.get("on") == "1", request.POST.get("why", "")
    return acted(
        request,
        lambda: actions.switch_endpoint(request.user, pk, on=on, why=why),
        reverse("warning:endpoint", args=[pk]),
    )
