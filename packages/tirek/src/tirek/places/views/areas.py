"""The tree of areas, a page for each, and the map."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_GET, require_http_methods
from django_tables2 import RequestConfig

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.places import actions, maps, queries
from tirek.places.filters import AreaFilter
from tirek.places.forms import AreaForm
from tirek.places.models import Area
from tirek.places.registry import sections
from tirek.places.shapes import from_geojson
from tirek.places.tables import AreaTable
from tirek_engines.geo import area_km2

PAGE = 50


@require_GET
@page("places.view_area")
def areas(request: HttpRequest) -> HttpResponse:
    """The tree; with a filter or an order, a list."""
    found = AreaFilter(request.GET, queryset=queries.areas(request.user).select_related("parent"), request=request)
    context: dict[str, Any] = {
        "filter": found,
        "total": queries.areas(request.user).count(),
        "may_import": can(request.user, "places.import_area"),
    }
    if any(request.GET.values()):
        table = AreaTable(found.qs.defer("boundary", "parent__boundary"))
        RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
        context |= {"table": table, "total": table.page.paginator.count}
    else:
        context["tree"] = queries.tree(request.user)
    return render(request, "places/areas.html", context)


@require_GET
@page("places.view_area")
def area(request: HttpRequest, pk: int) -> HttpResponse:
    found = _area(request, pk)
    children = queries.areas(request.user).filter(parent=found).select_related("parent").defer("parent__boundary")
    table = AreaTable(children, exclude=("parent", "code"))
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    context = {
        "area": found,
        "above": queries.areas(request.user).filter(pk__in=found.path.split("/")[:-2]).order_by("path"),
        "size_km2": area_km2(from_geojson(found.boundary)) if found.boundary else None,
        "placed": queries.people_placed(found),
        "table": table,
        "children": table.page.paginator.count,
        "sections": sections.collect(request, found),
        "may_change": can(request.user, "places.change_area", found),
    }
    return render(request, "places/area.html", context)


@require_http_methods(["GET", "POST"])
@page("places.change_area")
def area_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _area(request, pk, "change")
    form = AreaForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        actions.change_area(request.user, pk, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("places:area", pk=pk)
    return render(request, "places/area_form.html", {"form": form, "area": found})


def _within(request: HttpRequest) -> Area | None:
    """The area that ?within= narrows the map to. Raises Http404 for one that the person may not see."""
    text = request.GET.get("within", "")
    return _area(request, int(text)) if text.isascii() and text.isdigit() else None


def _etag(request: HttpRequest) -> str:
    return f'"{maps.version(request.user, _within(request))}"'


@require_GET
@page("places.view_area")
@condition(etag_func=_etag)
def map_json(request: HttpRequest) -> HttpResponse:
    """Areas as GeoJSON, ?within=<id> for one area and what lies in it."""
    response = JsonResponse(
        maps.collection(request.user, _within(request)), json_dumps_params={"separators": (",", ":")}
    )
    response["Cache-Control"] = "private, no-cache"
    return response


def _area(request: HttpRequest, pk: int, action: str = "view") -> Area:
    found = Area.objects.restrict(request.user, action).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
