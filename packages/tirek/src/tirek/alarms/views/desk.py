"""The duty desk: the list, one alarm, the map; and what is behind it, the history."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.alarms.forms import HistoryFilter, PeriodFilter
from tirek.alarms.models import Alarm
from tirek.alarms.queries.desk import alarm_detail, board, day_figures
from tirek.alarms.queries.history import past_alarms
from tirek.alarms.tables import HistoryTable
from tirek.facilities.models import Facility

PAGE = 50


def rights(user: Any) -> dict[str, bool]:
    """What the person may do at the desk at all; whether on this alarm is asked again by each act."""
    acts = ("acknowledge", "take", "close", "reopen", "note")
    may = {name: can(user, f"alarms.{name}_alarm") for name in acts}
    return {
        **may,
        "step": can(user, "alarms.check_step"),
        "warn": can(user, "warning.compose_alert"),
        "endpoints": can(user, "warning.view_endpoint"),
        "panels": can(user, "alarms.view_panel"),
    }


def detail_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Raises Http404 when the alarm does not exist for this person."""
    try:
        detail = alarm_detail(request.user, pk)
    except Alarm.DoesNotExist:
        raise Http404 from None
    taken = detail.alarm.taken_by_id
    return {"detail": detail, "may": rights(request.user), "mine": taken is not None and taken == request.user.pk}


@require_GET
@page("alarms.view_alarm")
def desk(request: HttpRequest) -> HttpResponse:
    """The desk with no alarm chosen: the page's script chooses the most urgent new one."""
    context = {"board": board(request.user), "may": rights(request.user), "view": "list"}
    return render(request, "alarms/desk.html", context)


@require_GET
@page("alarms.view_alarm")
def desk_list(request: HttpRequest) -> HttpResponse:
    """The left side alone."""
    return render(request, "alarms/parts/list.html", {"board": board(request.user), "may": rights(request.user)})


@require_GET
@page("alarms.view_alarm")
def alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """One alarm: the middle of the desk alone (htmx), or the desk with this alarm chosen."""
    context = detail_context(request, pk)
    if getattr(request, "htmx", False):
        return render(request, "alarms/parts/detail.html", context)
    context |= {"board": board(request.user), "view": "detail"}
    return render(request, "alarms/desk.html", context)


@require_GET
@page("alarms.view_alarm")
def map_json(request: HttpRequest) -> JsonResponse:
    """Points of the desk's map: facilities with an open alarm."""
    still_open = Alarm.objects.restrict(request.user, "view").exclude(state=Alarm.State.CLOSED)
    facilities = Facility.objects.filter(pk__in=still_open.values("facility"))
    points = [{"id": f"f{f.pk}", "lat": f.lat, "lon": f.lon, "state": "facility", "name": f.name} for f in facilities]
    return JsonResponse({"points": points})


@require_GET
@page("alarms.view_alarm")
def history(request: HttpRequest) -> HttpResponse:
    """All alarms, filtered by the address."""
    form, period = HistoryFilter(request.GET or None), PeriodFilter(request.GET or None)
    days = period.chosen()
    table = HistoryTable(past_alarms(request.user, form.chosen() | days))
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    kept = [(k, v) for k, values in request.GET.lists() if k not in period.fields and k != "page" for v in values]
    context = {
        "form": form,
        "period": period,
        "days": days,
        "kept": kept,
        "table": table,
        "day": day_figures(request.user),
    }
    return render(request, "alarms/history.html", context)
