"""The register: figures, filters, saved views, table and map."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from tirek.accounts import saved_views
from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.facilities import actions, queries
from tirek.facilities.filters import RARE, FacilityFilter, read_box, without
from tirek.facilities.models import Facility
from tirek.facilities.registry import bulk_acts_for
from tirek.facilities.tables import FacilityTable
from tirek.ui.tables import page_size, page_sizes

REGISTER = "facilities:register"


def filtered(request: HttpRequest, query: Any = None) -> FacilityFilter:
    """The register's filter over what the person may see, by the address or by another query."""
    given = request.GET if query is None else query
    return FacilityFilter(given, queryset=queries.register(request.user), request=request)


@require_GET
@page("facilities.view_facility")
def register(request: HttpRequest) -> HttpResponse:
    if away := saved_views.opening(request, REGISTER):
        return redirect(away)
    found = filtered(request)
    acts = bulk_acts_for(request.user)
    may_export = can(request.user, "facilities.export_facility")
    table = FacilityTable(_rows(found), exclude=() if acts else ("chosen",))
    RequestConfig(request, paginate={"per_page": page_size(request)}).configure(table)
    head = queries.head(request.user)
    decision, waiting = queries.newest_decision(request.user)
    total = table.page.paginator.count
    context = {
        "filter": found,
        "rare": RARE,
        "table": table,
        "total": total,
        "head": head,
        "figures": _figures(head, decision),
        "any": bool(total or head.listed or request.GET),
        "query": request.GET.urlencode(),
        "without_box": without(request.GET, "box") if read_box(request.GET.get("box", "")) else "",
        "sizes": page_sizes(request),
        "acts": acts,
        "may_add": can(request.user, actions.ADD),
        "may_propose": can(request.user, actions.PROPOSE),
        "may_import": can(request.user, "facilities.import_facility"),
        "may_export": may_export,
        "waiting": waiting if can(request.user, "facilities.view_proposal") else None,
        "now": timezone.localtime(),
    }
    return render(request, "facilities/register.html", context)


@require_GET
@page("facilities.view_facility")
def map_json(request: HttpRequest) -> HttpResponse:
    """The facilities of the register as points; the same filters as the register."""
    answer = JsonResponse(
        queries.light_points(_rows(filtered(request))),
        json_dumps_params={"separators": (",", ":"), "ensure_ascii": False},
    )
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _rows(found: FacilityFilter) -> QuerySet[Facility]:
    rows: QuerySet[Facility] = found.qs
    return rows


def _figures(head: queries.Head, decision: Any) -> list[dict[str, Any]]:
    """The five figures of the head. Each leads to its rows."""
    url = reverse(REGISTER)
    overdue_note = ""
    if head.oldest_days:
        days = ngettext("the oldest for %(n)d day", "the oldest for %(n)d days", head.oldest_days)
        overdue_note = days % {"n": head.oldest_days}
    known = ngettext("looked at in %(n)d facility", "looked at in %(n)d facilities", head.protection_known)
    share = _("%(share)d %% of the register") % {"share": head.inspected_share}
    protection = "—" if head.protection is None else f"{head.protection:.0f}\u00a0%"
    return [
        {
            "value": head.listed,
            "label": _("on the register"),
            "note": _of_decision(decision),
            "url": f"{url}?all=1",
        },
        {
            "value": head.inspected,
            "label": _("inspected since the start of the year"),
            "note": share,
            "url": f"{url}?inspected=this_year",
        },
        {
            "value": head.notices,
            "label": ngettext("notice open", "notices open", head.notices),
            "note": "",
            "url": f"{url}?notices=open",
        },
        {
            "value": head.overdue,
            "label": _("notices overdue"),
            "note": overdue_note,
            "url": f"{url}?notices=overdue",
            "tone": "warn" if head.overdue else "",
        },
        {
            "value": protection,
            "label": _("requirements met"),
            "note": known % {"n": head.protection_known},
            "url": f"{url}?protection=90&sort=protection",
        },
    ]  # fmt: skip


def _of_decision(decision: Any) -> str:
    """What the newest decision on the list did: "+6 by the decision of 2 November"."""
    if decision is None:
        return ""
    change = " ".join(
        part
        for part in (f"+{decision.added}" if decision.added else "", f"−{decision.removed}" if decision.removed else "")
        if part
    )
    day = formats.date_format(decision.dated, "DATE_FORMAT")
    return _("%(change)s by the decision of %(day)s") % {"change": change or "0", "day": day}
