"""The register: figures, months, filters, saved views, table and map."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from tirek.accounts import saved_views
from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.facilities.filters import read_box, without
from tirek.facilities.models import Facility
from tirek.incidents import actions, charts, queries
from tirek.incidents.filters import RARE, IncidentFilter, start_of
from tirek.incidents.models import Incident
from tirek.incidents.months import month_of
from tirek.incidents.sheet import IMPORT
from tirek.incidents.tables import IncidentTable
from tirek.incidents.views.bulk import deeds_for
from tirek.ui.tables import page_size, page_sizes

REGISTER = "incidents:incidents"
MONTHS = 36
TIMES = ("period", "since", "until")


def filtered(request: HttpRequest, query: Any = None) -> IncidentFilter:
    """The register's filter over what the person may see, by the address or by another query."""
    given = request.GET if query is None else query
    return IncidentFilter(given, queryset=queries.incidents(request.user), request=request)


@require_GET
@page("incidents.view_incident")
def register(request: HttpRequest) -> HttpResponse:
    if away := saved_views.opening(request, REGISTER):
        return redirect(away)
    found = filtered(request)
    rows: QuerySet[Incident] = found.qs
    deeds = deeds_for(request.user)
    table = IncidentTable(rows)
    RequestConfig(request, paginate={"per_page": page_size(request)}).configure(table)
    head = queries.head(request.user)
    total = table.page.paginator.count
    context = {
        "filter": found,
        "rare": RARE,
        "table": table,
        "total": total,
        "head": head,
        "figures": _figures(request, head),
        "chart": charts.bars(_months(found, rows)),
        "any": bool(total or head.all or request.GET),
        "query": request.GET.urlencode(),
        "within": _within(request),
        "facility": _facility(request),
        "without_facility": without(request.GET, "facility"),
        "without_box": without(request.GET, "box") if read_box(request.GET.get("box", "")) else "",
        "sizes": page_sizes(request),
        "acts": deeds,
        "may_add": can(request.user, actions.ADD),
        "may_import": can(request.user, IMPORT),
        "most_points": queries.MOST_POINTS,
    }
    return render(request, "incidents/incidents.html", context)


@require_GET
@page("incidents.view_incident")
def map_json(request: HttpRequest) -> HttpResponse:
    """The newest incidents of the register as points; the same filters as the register."""
    answer = JsonResponse(
        queries.points(filtered(request).qs), json_dumps_params={"separators": (",", ":"), "ensure_ascii": False}
    )
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _months(found: IncidentFilter, rows: QuerySet[Incident]) -> list[dict[str, int]]:
    """The months of the chart: those of the filter's dates, three years at the most, up to this month."""
    data = found.form.cleaned_data if found.form.is_valid() else {}
    now = month_of(timezone.localdate())
    last = min(now, month_of(data["until"])) if data.get("until") else now
    since = data.get("since") or (start_of(data["period"]) if data.get("period") else None)
    first = max(last - MONTHS + 1, month_of(since)) if since else last - MONTHS + 1
    return queries.months(rows, min(first, last), last)


def _within(request: HttpRequest) -> str:
    """The other filters of the address, for links to one month: "&area=3&kind=2"."""
    query = request.GET.copy()
    for name in (*TIMES, "page", "view"):
        query.pop(name, None)
    return f"&{query.urlencode()}" if query else ""


def _facility(request: HttpRequest) -> Facility | None:
    """The facility whose incidents are shown, if the address names one."""
    code = request.GET.get("facility", "")
    return Facility.objects.restrict(request.user, "view").filter(code__iexact=code).first() if code else None


def _figures(request: HttpRequest, head: queries.Head) -> list[dict[str, Any]]:
    """The figures of the head. Each leads to its rows."""
    url = reverse(REGISTER)
    pairs = queries.waiting_pairs(request.user)
    before = ngettext("%(n)d in the 30 days before", "%(n)d in the 30 days before", head.month_before)
    year = ngettext("%(n)d in the year before", "%(n)d in the year before", head.year_before)
    return [
        {
            "value": head.month,
            "label": _("reported in 30 days"),
            "note": before % {"n": head.month_before},
            "url": f"{url}?period=30&mode=reported",
        },
        {
            "value": head.year,
            "label": _("reported in 12 months"),
            "note": year % {"n": head.year_before},
            "url": f"{url}?period=365&mode=reported",
        },
        {
            "value": head.found,
            "label": _("found by officers in 12 months"),
            "note": _("not counted by forecasts"),
            "url": f"{url}?period=365&mode=found",
        },
        {
            "value": head.unverified,
            "label": _("not verified, 12 months"),
            "note": "",
            "url": f"{url}?period=365&verification=unverified",
        },
        {
            "value": pairs,
            "label": ngettext("possible duplicate", "possible duplicates", pairs),
            "note": "",
            "url": reverse("incidents:pairs"),
            "tone": "warn" if pairs else "",
        },
    ]
