"""Alerts: the list, and the page of one, from draft to its end."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
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
from tirek.warning import actions, board, queries, registry, rules, sound
from tirek.warning.actions.deciding import fingerprint
from tirek.warning.filters import AlertFilter, DeliveryFilter
from tirek.warning.models import Alert
from tirek.warning.tables import AlertTable, DeliveryTable
from tirek.warning.views.common import acted, presence, refused

PER_PAGE = 50
ACTS = ("confirm", "reject", "override", "end", "silence", "correct", "compose", "send")


def _alert(request: HttpRequest, pk: int) -> Alert:
    return get_object_or_404(queries.alerts(request.user).select_related("follows", "ended_by"), pk=pk)


@never_cache
@require_GET
@page("warning.view_alert")
def alerts(request: HttpRequest) -> HttpResponse:
    """All warnings, those that sound or wait on top."""
    found = AlertFilter(request.GET, queries.listed(request.user))
    table = AlertTable(found.qs)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    outstanding = list(queries.outstanding(request.user))
    context = {
        "filter": found,
        "table": table,
        "total": found.qs.count(),
        "waiting": queries.waiting(request.user),
        "sounding": [alert for alert in outstanding if alert.state == Alert.State.ISSUED],
        "left_open": [alert for alert in outstanding if alert.state == Alert.State.ENDED],
        "may": {verb: can(request.user, f"warning.{verb}_alert") for verb in ("compose", "silence")},
    }
    return render(request, "warning/alerts.html", context)


@never_cache
@require_GET
@page("warning.view_alert")
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """One alert: to decide while it waits, live while it sounds, in the end its result."""
    found = _alert(request, pk)
    may = {verb: can(request.user, f"warning.{verb}_alert", found) for verb in ACTS}
    context: dict[str, Any] = {
        "alert": found,
        "may": may,
        "mine": found.author_id == request.user.pk,
        "alarm_url": registry.url_of_alarm(found.alarm_id),
        "parts": board.spoken_parts(found),
        "repeats_per_hour": sound.repeats_of(found),
    }
    if found.state in (Alert.State.ISSUED, Alert.State.ENDED):
        return render(request, "warning/live.html", context | board.context(request.user, found))
    context |= {
        "seen": fingerprint(found),
        "reach": board.reach_of(found),
        "problems": sound.problems_of(found),
        "confirm_minutes": int(rules.CONFIRM_WITHIN.total_seconds() // 60),
    }
    return render(request, "warning/decide.html", context)


@never_cache
@require_GET
@page("warning.view_alert")
def live_board(request: HttpRequest, pk: int) -> HttpResponse:
    """The right side of the live page, fetched anew when something changed."""
    found = _alert(request, pk)
    if found.state not in (Alert.State.ISSUED, Alert.State.ENDED):
        raise Http404
    return render(
        request,
        "warning/parts/board.html",
        {"alert": found, "parts": board.spoken_parts(found)} | board.context(request.user, found),
    )


@never_cache
@require_GET
@page("warning.view_alert")
def points(request: HttpRequest, pk: int) -> HttpResponse:
    """The alert's endpoints for the map; before issue, those that would sound."""
    found = _alert(request, pk)
    if found.state in (Alert.State.ISSUED, Alert.State.ENDED):
        return JsonResponse({"points": queries.points(request.user, found)})
    return JsonResponse({"points": board.points_to_be(found)})


@never_cache
@require_GET
@page("warning.view_alert")
def deliveries(request: HttpRequest, pk: int) -> HttpResponse:
    """Every endpoint of an alert and its proof."""
    found = _alert(request, pk)
    chosen = DeliveryFilter(request.GET, queries.deliveries(request.user, found))
    table = DeliveryTable(chosen.qs)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {
        "alert": found,
        "filter": chosen,
        "table": table,
        "total": chosen.qs.count(),
        "tally": queries.tally(found),
    }
    return render(request, "warning/deliveries.html", context)


@never_cache
@require_GET
@page("warning.view_alert")
def delivery(request: HttpRequest, pk: int, delivery_pk: int) -> HttpResponse:
    """One endpoint of an alert: every try and every answer."""
    found = _alert(request, pk)
    row = get_object_or_404(queries.deliveries(request.user, found), pk=delivery_pk)
    return render(request, "warning/delivery.html", {"alert": found, "delivery": row, "log": row.attempt_log.all()})


@never_cache
@require_GET
@page("warning.view_alert")
def now(request: HttpRequest) -> HttpResponse:
    """What every page has to know: who waits for this person, and what was issued by one person alone."""
    return JsonResponse(board.now(request.user))


# Acts. Each goes back to the page that it was pressed on, with the result or the refusal; an alert that the person may not
# see is not found.


@require_POST
@page("warning.send_alert")
def send(request: HttpRequest, pk: int) -> HttpResponseBase:
    _alert(request, pk)
    return acted(
        request,
        lambda: actions.send_for_confirmation(request.user, pk, presence(request)),
        _page_of(pk),
        _("Sent. Another person must confirm it now."),
    )


@require_POST
@page("warning.confirm_alert")
def confirm(request: HttpRequest, pk: int) -> HttpResponseBase:
    _alert(request, pk)
    seen = request.POST.get("seen", "")
    return acted(request, lambda: actions.confirm_alert(request.user, pk, presence(request), seen=seen), _page_of(pk))


@require_POST
@page("warning.reject_alert")
def reject(request: HttpRequest, pk: int) -> HttpResponseBase:
    _alert(request, pk)
    why = request.POST.get("why", "")
    return acted(request, lambda: actions.reject_alert(request.user, pk, why), _page_of(pk), _("Rejected."))


@require_POST
@page("warning.override_alert")
def override(request: HttpRequest, pk: int) -> HttpResponseBase:
    _alert(request, pk)
    why = request.POST.get("why", "")
    return acted(request, lambda: actions.override_alert(request.user, pk, why, presence(request)), _page_of(pk))


@require_POST
@page("warning.acknowledge_alert")
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """For the band that stands on every page: it goes when its chief has seen it, also when another page was faster."""
    _alert(request, pk)
    try:
        actions.acknowledge_override(request.user, pk)
    except actions.AlreadyDone:
        pass
    except Refused as refusal:
        return refused(refusal)
    return HttpResponse(status=204)


@require_POST
@page("warning.compose_alert")
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    _alert(request, pk)
    return acted(request, lambda: actions.withdraw_alert(request.user, pk), _page_of(pk))


@require_POST
@page("warning.compose_alert")
def discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    _alert(request, pk)
    return acted(
        request, lambda: actions.discard_alert(request.user, pk), reverse("warning:alerts"), _("The draft is gone.")
    )


@require_POST
@page("warning.correct_alert")
def correct(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Open the prepared correction."""
    _alert(request, pk)
    made: list[Alert] = []
    answer = acted(request, lambda: made.append(actions.correct_alert(request.user, pk)), _page_of(pk))
    return redirect("warning:edit", made[0].pk) if made else answer


@require_POST
@page("warning.end_alert")
def all_clear(request: HttpRequest, pk: int) -> HttpResponseBase:
    _alert(request, pk)
    note = request.POST.get("note", "")
    act = actions.cancel_alert if request.POST.get("how") == "cancel" else actions.all_clear_alert
    made: list[Alert] = []
    answer = acted(request, lambda: made.append(act(request.user, pk, presence(request), note=note)), _page_of(pk))
    return redirect("warning:alert", made[0].pk) if made else answer


@require_POST
@page("warning.silence_alert")
def silence(request: HttpRequest, pk: int) -> HttpResponseBase:
    _alert(request, pk)
    return acted(
        request,
        lambda: actions.silence_alert(request.user, pk),
        _page_of(pk),
        _("Silence was ordered. The alert stays valid."),
    )


@require_POST
@page("warning.silence_alert")
def silence_all(request: HttpRequest) -> HttpResponseBase:
    back = request.POST.get("back", "")
    return acted(
        request,
        lambda: actions.silence_all(request.user, presence(request)),
        _page_of(int(back)) if back.isdigit() else reverse("warning:alerts"),
        _("Silence was ordered everywhere."),
    )


def _page_of(pk: int) -> str:
    return reverse("warning:alert", args=[pk])
