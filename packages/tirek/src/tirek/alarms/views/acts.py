"""Acts at the desk. Each answers with the alarm as it is now (htmx), or sends the browser back to its page."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tirek.accounts.guards import page
from tirek.alarms import actions
from tirek.alarms.models import Alarm
from tirek.alarms.views.desk import detail_context
from tirek.audit.act import Refused

Act = Callable[..., Any]


def answers_with_alarm(view: Act) -> Act:
    """Run the act; then show the alarm. What was refused comes back as a sentence: 409 to htmx, a message on the page."""

    @wraps(view)
    def run(request: HttpRequest, pk: int, **more: Any) -> HttpResponse:
        htmx = bool(getattr(request, "htmx", False))
        try:
            view(request, pk, **more)
        except Alarm.DoesNotExist:
            raise Http404 from None
        except Refused as refusal:
            if htmx:
                return HttpResponse(str(refusal), status=409, content_type="text/plain; charset=utf-8")
            messages.error(request, str(refusal))
            return redirect("alarms:alarm", pk=pk)
        if not htmx:
            return redirect("alarms:alarm", pk=pk)
        response = render(request, "alarms/parts/detail.html", detail_context(request, pk))
        response["HX-Trigger-After-Settle"] = json.dumps({"desk:acted": {"id": pk}})
        return response

    return run


@require_POST
@page("alarms.acknowledge_alarm")
@answers_with_alarm
def acknowledge(request: HttpRequest, pk: int) -> None:
    actions.acknowledge_alarm(request.user, pk)


@require_POST
@page("alarms.take_alarm")
@answers_with_alarm
def take(request: HttpRequest, pk: int) -> None:
    actions.take_alarm(request.user, pk)


@require_POST
@page("alarms.close_alarm")
@answers_with_alarm
def close(request: HttpRequest, pk: int) -> None:
    actions.close_alarm(request.user, pk, request.POST.get("outcome", ""), request.POST.get("note", ""))


@require_POST
@page("alarms.reopen_alarm")
@answers_with_alarm
def reopen(request: HttpRequest, pk: int) -> None:
    actions.reopen_alarm(request.user, pk, request.POST.get("why", ""))


@require_POST
@page("alarms.note_alarm")
@answers_with_alarm
def note(request: HttpRequest, pk: int) -> None:
    actions.note_alarm(request.user, pk, request.POST.get("text", ""))


@require_POST
@page("alarms.check_step")
@answers_with_alarm
def step(request: HttpRequest, pk: int, step: int) -> None:
    actions.check_step(request.user, pk, step, done=request.POST.get("done") == "on")


@require_POST
@page("alarms.acknowledge_alarm")
def shown(request: HttpRequest) -> HttpResponse:
    """The page's script says which new alarms stand on the screen now."""
    ids = [int(word) for word in request.POST.get("ids", "").split() if word.isascii() and word.isdigit()][:200]
    actions.mark_shown(request.user, ids)
    return HttpResponse(status=204)
