"""The button of a simulated facility, for who wants to live the story from its beginning."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tirek.accounts.guards import page
from tirek.alarms.press import press
from tirek.alarms.queries.press import buttons
from tirek.audit.act import Refused


@require_http_methods(["GET", "POST"])
@page("alarms.view_alarm")
def press_button(request: HttpRequest) -> HttpResponse:
    """Only while sample data is loaded. A press goes out as a real DC-09 frame, from the facility's sample panel."""
    rows = buttons(request.user)
    if not rows:
        raise Http404
    chosen = next(
        (row for row in rows if row.code == request.POST.get("facility", request.GET.get("facility"))), rows[0]
    )
    context = {"buttons": rows, "chosen": chosen, "answer": None, "refused": ""}
    if request.method == "POST":
        try:
            context["answer"] = press(chosen.code, request.POST.get("zone") or None)
        except Refused as refusal:
            context["refused"] = str(refusal)
    template = "alarms/parts/press.html" if getattr(request, "htmx", False) else "alarms/press.html"
    return render(request, template, context)
