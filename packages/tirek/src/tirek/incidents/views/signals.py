"""Signals beside the incidents: the imported figures, and which are computed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from tirek.accounts.guards import page
from tirek.incidents import queries
from tirek.incidents.filters import SignalFilter
from tirek.incidents.registry import signal_sources
from tirek.incidents.tables import SignalTable

PAGE = 50


@require_GET
@page("incidents.view_signal")
def signals(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    found = SignalFilter(request.GET, queryset=queries.signals(user), request=request)
    table = SignalTable(found.qs)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    total = table.page.paginator.count
    context = {
        "filter": found,
        "table": table,
        "total": total,
        "any": bool(total) or queries.signals(user).exists(),
        "computed": signal_sources(),
    }
    return render(request, "incidents/signals.html", context)
