"""One district: history, forecast, clusters, what was said before, what stands beside it, and what can be done there today."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tirek.accounts.access import can, can_at
from tirek.accounts.guards import page
from tirek.facilities.models import Facility
from tirek.flashpoints import actions, charts, outcomes, queries, signals, words
from tirek.flashpoints import board as boards
from tirek.flashpoints.models import Flashpoint, Measure, Run
from tirek.flashpoints.series_of import counts_of
from tirek.flashpoints.views.common import VIEW_RUN, cluster_shape, visible_area
from tirek.incidents import series
from tirek.places.models import Area

SHOWN = 12
CLOSED_SHOWN = 5
EARLIER_RUNS = 12


@never_cache
@require_GET
@page(VIEW_RUN)
def area(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_area(request, pk)
    # To see the border is not enough: its numbers are for whoever sees forecasts there, and no grant of an agency reaches them.
    if not can_at(request.user, VIEW_RUN, found.path):
        raise Http404
    run = queries.newest_of(request.user, found)
    line = boards.build(request.user, run).line_of(pk) if run is not None else None
    context: dict[str, Any] = {
        "area": found,
        "run": run,
        "line": line,
        "told": _told(request, found),
        "signals": signals.beside(request.user, found),
        "today": timezone.localdate(),
        **_drawn(request, found, run, line),
        **_beside(request, found),
        **_may(request, found, line.flashpoint if line is not None else None),
    }
    return render(request, "flashpoints/area.html", context)


def _drawn(request: HttpRequest, found: Area, run: Run | None, line: boards.Line | None) -> dict[str, Any]:
    """The chart, and what a run adds to it."""
    last = run.origin - 1 if run is not None else series.month_before()
    counts, silent = counts_of(found, last)
    if run is None or line is None:
        here = queries.there(request.user, [found])[found.pk]
        return {"chart": charts.history(counts, silent, last, [], []), "here": here}
    forecasts = list(queries.forecasts(request.user, run).filter(area=found).order_by("horizon"))
    ahead, past = (forecasts, line.outlook.past) if line.enough else ([], [])
    return {
        "chart": charts.history(counts, silent, last, ahead, past),
        "here": line.there,
        "shape": cluster_shape(line.clusters),
        "skill": words.skill(line.outlook.skill),
        "contagion": words.contagion(run.figures.get("contagion", {})),
    }


def _told(request: HttpRequest, found: Area) -> list[outcomes.Told]:
    """What earlier runs said of this area one month ahead, and what came; the newest first."""
    runs = queries.done(request.user).filter(area__in=queries.above(found))[:EARLIER_RUNS]
    told = [one for run in runs for one in outcomes.kept(request.user, run, [found.pk])]
    return [one for one in told if one.forecast.horizon == 1]


def _beside(request: HttpRequest, found: Area) -> dict[str, Any]:
    """What is there and what is done there."""
    user = request.user
    measures = queries.measures(user).filter(area=found)
    return {
        "facilities": list(_facilities(user, found)[:SHOWN]),
        "rounds": queries.rounds(user, found),
        "measures": list(measures.filter(state=Measure.State.OPEN)[:SHOWN]),
        "closed": list(measures.exclude(state=Measure.State.OPEN).order_by("-closed_on")[:CLOSED_SHOWN]),
        "flags": list(queries.flashpoints(user).filter(area=found)[:SHOWN]),
    }


def _facilities(user: Any, found: Area) -> Any:
    """What most needs a visit comes first: overdue notices, then requirements that are not met, then those long not visited."""
    rows = Facility.objects.restrict(user, "view").filter(
        area__path__startswith=found.path, state=Facility.State.LISTED
    )
    rows = rows.select_related("type", "figures", "area").defer("area__boundary")
    return rows.order_by("-figures__notices_overdue", "-figures__mandatory_unmet", "figures__inspected_on", "pk")


def _may(request: HttpRequest, found: Area, flag: Flashpoint | None) -> dict[str, bool]:
    user = request.user
    return {
        "may_sign": can_at(user, actions.SIGN, found.path),
        "may_measure": can_at(user, actions.ADD_MEASURE, found.path),
        "may_plan": can_at(user, "inspections.plan_round", found.path),
        "may_object": flag is not None and can(user, actions.OBJECT, flag),
    }
