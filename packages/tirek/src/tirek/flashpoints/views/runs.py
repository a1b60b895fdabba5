"""Computations: the list, one of them with everything that it rests on, and "compute now"."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.flashpoints import actions, queries, words
from tirek.flashpoints import board as boards
from tirek.flashpoints.models import Run
from tirek.flashpoints.tables import RunTable
from tirek.flashpoints.views.common import VIEW_RUN, computable, whole
from tirek.jobs.views import context_of
from tirek.places.models import Area

PAGE = 25


@require_GET
@page(VIEW_RUN)
def runs(request: HttpRequest) -> HttpResponse:
    table = RunTable(queries.runs(request.user).defer("area__boundary", "figures", "settings"))
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    context = {
        "table": table,
        "total": table.page.paginator.count,
        "regions": computable(request),
    }
    return render(request, "flashpoints/runs.html", context)


@never_cache
@require_GET
@page(VIEW_RUN)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """A computation: while it is computed its progress, then what it rests on and what it said."""
    found = get_object_or_404(queries.runs(request.user), pk=pk)
    context: dict[str, Any] = {"run": found}
    if found.state == Run.State.DONE:
        context |= {
            "board": boards.build(request.user, found),
            "skill": words.skill(found.figures.get("skill", {})),
            "contagion": words.contagion(found.figures.get("contagion", {})),
            "weights": sorted(found.figures.get("weights", {}).items(), key=lambda item: -item[1]),
        }
    elif found.job is not None and found.state == Run.State.WAITING:
        context |= {**context_of(found.job), "follow": True, "own_job": found.job.person_id == request.user.pk}
    return render(request, "flashpoints/run.html", context)


@require_POST
@page(actions.COMPUTE)
def compute(request: HttpRequest) -> HttpResponse:
    """Let the worker compute a province now."""
    asked = whole(request.POST.get("area", ""))
    try:
        job = actions.start_computing(request.user, asked or 0)
    except Area.DoesNotExist as error:
        raise Http404 from error
    except PermissionDenied:
        messages.error(request, _("This lies outside of what you may do."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        return redirect(job.url)
    return redirect("flashpoints:runs")
