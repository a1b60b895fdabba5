"""Measures of prevention."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_tables2 import RequestConfig

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.flashpoints import actions, queries
from tirek.flashpoints.filters import MeasureFilter
from tirek.flashpoints.forms import CloseForm, MeasureForm
from tirek.flashpoints.models import Flashpoint, Measure
from tirek.flashpoints.tables import MeasureTable
from tirek.flashpoints.views.common import VIEW_MEASURE, done, number, visible_area

PAGE = 25


@require_GET
@page(VIEW_MEASURE)
def measures(request: HttpRequest) -> HttpResponse:
    rows = queries.measures(request.user)
    found = MeasureFilter(request.GET, queryset=rows, request=request)
    table = MeasureTable(found.qs)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    total = table.page.paginator.count
    context = {"filter": found, "table": table, "total": total, "any": total or rows.exists()}
    return render(request, "flashpoints/measures.html", context)


@require_GET
@page(VIEW_MEASURE)
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.measures(request.user), pk=pk)
    context = {
        "measure": found,
        "may_change": found.is_open and can(request.user, actions.CHANGE_MEASURE, found),
        "may_close": found.is_open and can(request.user, actions.CLOSE_MEASURE, found),
    }
    return render(request, "flashpoints/measure.html", context)


@require_http_methods(["GET", "POST"])
@page(actions.ADD_MEASURE)
def measure_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A measure in a district; ?flashpoint= the one that it belongs to, ?kind= what is meant."""
    area = visible_area(request, pk)
    flags = Flashpoint.objects.restrict(request.user, "view").filter(area=area)
    asked = number(request, "flashpoint")
    flag = flags.filter(pk=asked).first() if asked is not None else flags.standing().first()
    kind = request.GET.get("kind", "")
    initial = {"kind": kind} if kind in Measure.Kind.values else {}
    form = MeasureForm(request.POST or None, area=area, flashpoint=flag, initial=initial)
    made: list[Measure] = []

    def deed(_data: dict[str, Any]) -> None:
        made.append(actions.add_measure(request.user, form.values))

    if done(request, form, deed):
        messages.success(request, _("Written down."))
        return redirect(made[0])
    back = reverse("flashpoints:area", args=[pk])
    context = {"area": area, "flashpoint": flag, "form": form, "back": back}
    return render(request, "flashpoints/measure_form.html", context)


@require_http_methods(["GET", "POST"])
@page(actions.CHANGE_MEASURE)
def measure_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _open(request, pk, "change")
    form = MeasureForm(request.POST or None, area=found.area, flashpoint=found.flashpoint, instance=found)
    if done(request, form, lambda _data: actions.change_measure(request.user, pk, form.values)):
        return redirect("flashpoints:measure", pk)
    back = reverse("flashpoints:measure", args=[pk])
    context = {"measure": found, "area": found.area, "form": form, "back": back}
    return render(request, "flashpoints/measure_form.html", context)


@require_http_methods(["GET", "POST"])
@page(actions.CLOSE_MEASURE)
def measure_close(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _open(request, pk, "close"), CloseForm(request.POST or None)
    if done(request, form, lambda data: actions.close_measure(request.user, pk, data["outcome"], done=data["done"])):
        return redirect(found)
    return render(request, "flashpoints/measure_close.html", {"measure": found, "form": form})


def _open(request: HttpRequest, pk: int, action: str) -> Measure:
    rows = Measure.objects.restrict(request.user, action).filter(state=Measure.State.OPEN)
    return get_object_or_404(rows.select_related("area", "agency", "flashpoint"), pk=pk)
