"""Pages of this app."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tirek.accounts.guards import page
from tirek.reports import charts, queries

USUAL_DAYS = 182


@require_GET
@page("reports.view_report")
def done(request: HttpRequest) -> HttpResponse:
    """What was done in a period, beside the one before it."""
    chosen = request.GET.get("days", "")
    days = int(chosen) if chosen.isdecimal() and int(chosen) in queries.PERIODS else USUAL_DAYS
    period = queries.Period(days, timezone.localdate())
    now, before = queries.counted(request.user, period), queries.counted(request.user, period.before)
    months = queries.trend(request.user, period.until)
    names = {30: _("30 days"), 91: _("three months"), 182: _("six months"), 365: _("a year")}
    context = {
        "period": period,
        "periods": [
            {"key": str(each), "label": names[each], "url": f"?days={each}", "count": None} for each in queries.PERIODS
        ],
        "figures": queries.figures(now, before, period),
        "tables": queries.tables(request.user, now, period),
        "months": months,
        "chart": charts.bars(months),
    }
    return render(request, "reports/done.html", context)
