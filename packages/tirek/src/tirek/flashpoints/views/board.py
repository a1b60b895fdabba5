"""The board with its map, and the same on paper."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tirek.accounts.access import can, can_at
from tirek.accounts.guards import page
from tirek.flashpoints import actions, charts, paper, queries, words
from tirek.flashpoints import board as boards
from tirek.flashpoints.board import Board, Line
from tirek.flashpoints.filters import BoardForm, fits, narrowed
from tirek.flashpoints.models import Run
from tirek.flashpoints.series_of import counts_of
from tirek.flashpoints.views.common import VIEW_RUN, cluster_shape, computable, newest, number
from tirek.jobs.views import context_of
from tirek.places import maps

UNSAID, HIDDEN = -1, -2  # levels of the map: nothing can be said; left out by the filter


@never_cache
@require_GET
@page(VIEW_RUN, "incidents.view_incident")
def board(request: HttpRequest) -> HttpResponse:
    """Ranked districts beside the map. ?month= months ahead, ?show= which districts, ?area= the one to look at closer.

    It is the part's first page: whoever sees incidents but no forecasts is led to those.
    """
    if not can(request.user, VIEW_RUN):
        return redirect("incidents:incidents")
    run = newest(request)
    context: dict[str, Any] = {}
    if run is None:
        return render(request, "flashpoints/board.html", context | _nothing(request))
    form, found = _asked(request, run)
    lines = narrowed(found, form.shown)
    context |= {
        "run": run,
        "board": found,
        "form": form,
        "lines": lines,
        "skill": words.skill(run.figures.get("skill", {})),
        "provinces": queries.provinces(request.user),
        "query": request.GET.urlencode(),
        "clusters": cluster_shape(cluster for line in found.lines for cluster in line.clusters),
        "may_compute": can_at(request.user, actions.COMPUTE, run.area.path),
        **_waiting(request, run),
    }
    if chosen := _chosen(request, found, lines):
        context |= _closer(request, run, chosen)
    return render(request, "flashpoints/board.html", context)


@never_cache
@require_GET
@page(VIEW_RUN)
def map_json(request: HttpRequest) -> HttpResponse:
    """The districts of the board as GeoJSON: `level` by what is expected, `doubt` by how wide the interval is for it."""
    run = newest(request)
    if run is None:
        return JsonResponse({"type": "FeatureCollection", "features": []})
    form, found = _asked(request, run)
    lines = {line.area.pk: line for line in found.lines}
    features = []
    for feature in maps.collection(request.user, run.area)["features"]:
        if line := lines.get(feature["id"]):
            shown = fits(line, form.shown)
            level = found.level(line) if shown and line.enough else UNSAID if shown else HIDDEN
            told = {"level": level, "doubt": line.doubt, "detail": _label(line)}
            feature["properties"] |= told | {"url": reverse("flashpoints:area", args=[line.area.pk])}
            features.append(feature)
    return JsonResponse({"type": "FeatureCollection", "features": features})


@require_GET
@page(VIEW_RUN)
def brief(request: HttpRequest) -> HttpResponse:
    """The board for print, in the reader's language."""
    run = newest(request)
    if run is None:
        raise Http404
    _form, found = _asked(request, run)
    url = request.build_absolute_uri(run.get_absolute_url())
    name = f"tirek-flashpoints-{found.month // 12}-{found.month % 12 + 1:02}.pdf"
    return HttpResponse(
        paper.brief_pdf(found, url),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _asked(request: HttpRequest, run: Run) -> tuple[BoardForm, Board]:
    form = BoardForm(request.GET, origin=run.origin, horizons=int(run.settings.get("horizons", 1)))
    return form, boards.build(request.user, run, form.horizon)


def _chosen(request: HttpRequest, found: Board, lines: list[Line]) -> Line | None:
    """The district that is looked at closer: the one asked for, else the first of those shown."""
    asked = number(request, "area")
    return (found.line_of(asked) if asked is not None else None) or (lines[0] if lines else None)


def _closer(request: HttpRequest, run: Run, line: Line) -> dict[str, Any]:
    forecasts = list(queries.forecasts(request.user, run).filter(area=line.area).order_by("horizon"))
    counts, silent = counts_of(line.area, run.origin - 1)
    path = line.area.path
    return {
        "chosen": line,
        "chart": charts.history(counts, silent, run.origin - 1, forecasts if line.enough else [], []),
        "may_sign": can_at(request.user, actions.SIGN, path),
        "may_measure": can_at(request.user, actions.ADD_MEASURE, path),
        "may_plan": can_at(request.user, "inspections.plan_round", path),
        "may_object": line.flashpoint is not None and can(request.user, actions.OBJECT, line.flashpoint),
    }


def _label(line: Line) -> str:
    if not line.enough:
        return _("not enough data to say")
    told = {
        "mean": words.amount(line.forecast.mean),
        "interval": words.interval(line.forecast.q05, line.forecast.q95),
    }
    return _("%(mean)s a month, 90 %% interval %(interval)s") % told


def _waiting(request: HttpRequest, run: Run) -> dict[str, Any]:
    """A computation of this province that the person started and that runs now."""
    rows = queries.runs(request.user).filter(area=run.area_id, state=Run.State.WAITING, made_by=request.user)
    found = rows.order_by("-pk").first()
    if found is None or found.job is None or not found.job.is_open:
        return {}
    return {**context_of(found.job), "follow": True}


def _nothing(request: HttpRequest) -> dict[str, Any]:
    """Nothing is computed yet: what could be, and what went wrong the last time."""
    return {
        "latest": queries.runs(request.user).order_by("-pk").first(),
        "regions": computable(request),
        "may_import": can(request.user, "incidents.import_incident"),
    }
