"""The catalogue of measures, and scenarios."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_tables2 import RequestConfig

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.facilities.models import FacilityType
from tirek.requirements.models import Point
from tirek.requirements.queries import in_force
from tirek.upgrades import actions, queries
from tirek.upgrades.basis import met_by
from tirek.upgrades.filters import MeasureFilter
from tirek.upgrades.forms import MeasureForm, ScenarioForm
from tirek.upgrades.models import Measure, Scenario
from tirek.upgrades.tables import MeasureTable

PAGE = 50


@require_GET
@page("upgrades.view_measure")
def measures(request: HttpRequest) -> HttpResponse:
    rows = queries.measures(request.user)
    found = MeasureFilter(request.GET, queryset=rows, request=request)
    requirements = in_force()
    meets = {row.pk: [requirements[n] for n in sorted(met_by(row, requirements))] for row in found.qs}
    table = MeasureTable(found.qs, meets=meets)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    context = {
        "filter": found,
        "table": table,
        "total": table.page.paginator.count,
        "any": rows.exists(),
        "may_change": can(request.user, actions.CHANGE_MEASURE),
        "nothing_meets": _without_measure(rows, requirements),
    }
    return render(request, "upgrades/measures.html", context)


def _without_measure(rows: Any, requirements: list[Any]) -> list[Any]:
    """Mandatory requirements that no measure in use meets: plans cannot help there."""
    met = set().union(*(met_by(row, requirements) for row in rows if row.is_active), set())
    return [one for n, one in enumerate(requirements) if one.mandatory and n not in met]


@require_http_methods(["GET", "POST"])
@page(actions.CHANGE_MEASURE)
def measure_new(request: HttpRequest) -> HttpResponse:
    return _measure(request, None)


@require_http_methods(["GET", "POST"])
@page("upgrades.view_measure")
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """One measure; for whom may change it, with a form."""
    return _measure(request, get_object_or_404(queries.measures(request.user), pk=pk))


def _measure(request: HttpRequest, found: Measure | None) -> HttpResponse:
    may_change = can(request.user, actions.CHANGE_MEASURE)
    form = MeasureForm(request.POST or None, instance=found)
    if request.method == "POST":
        if not may_change:
            return redirect("upgrades:measures")
        if form.is_valid():
            actions.save_measure(request.user, form.cleaned_data, found.pk if found else None)
            messages.success(request, _("Saved. Plans that were computed keep their prices."))
            return redirect("upgrades:measures")
    requirements = in_force()
    meets = [requirements[n] for n in sorted(met_by(found, requirements))] if found else []
    context = {"measure": found, "form": form, "may_change": may_change, "meets": meets}
    return render(request, "upgrades/measure.html", context)


@require_GET
@page("upgrades.view_scenario")
def scenarios(request: HttpRequest) -> HttpResponse:
    types = {row.code: row.name for row in FacilityType.objects.all()}
    rows = [
        {
            "scenario": row,
            "points": [
                (Point(name), weight)
                for name, weight in sorted(row.points.items(), key=lambda pair: -pair[1])
                if name in Point.values
            ],
            "types": [types.get(code, code) for code in row.types],
        }
        for row in queries.scenarios(request.user)
    ]
    context = {"rows": rows, "may_change": can(request.user, actions.CHANGE_SCENARIO)}
    return render(request, "upgrades/scenarios.html", context)


@require_http_methods(["GET", "POST"])
@page(actions.CHANGE_SCENARIO)
def scenario_new(request: HttpRequest) -> HttpResponse:
    return _scenario(request, None)


@require_http_methods(["GET", "POST"])
@page(actions.CHANGE_SCENARIO)
def scenario(request: HttpRequest, pk: int) -> HttpResponse:
    return _scenario(request, get_object_or_404(queries.scenarios(request.user), pk=pk))


def _scenario(request: HttpRequest, found: Scenario | None) -> HttpResponse:
    form = ScenarioForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        actions.save_scenario(request.user, form.values, found.pk if found else None)
        messages.success(request, _("Saved."))
        return redirect("upgrades:scenarios")
    return render(request, "upgrades/scenario.html", {"scenario": found, "form": form})
