"""The pages of the log."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from tirek.accounts.guards import page
from tirek.audit import queries
from tirek.audit.filters import EntryFilter
from tirek.audit.models import Entry
from tirek.audit.tables import EntryTable
from tirek.audit.verbs import phrase, who

PER_PAGE = 100


@require_GET
@page("audit.view_entry")
def entries(request: HttpRequest) -> HttpResponse:
    """The log, the newest first."""
    found = EntryFilter(request.GET, queries.entries(request.user))
    rows: QuerySet[Entry] = found.qs
    table = EntryTable(rows)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(request, "audit/entries.html", {"filter": found, "table": table, "total": table.paginator.count})


@require_GET
@page("audit.view_entry")
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One act: who, what, when, why, what changed, and its place in the chain."""
    one = get_object_or_404(queries.entries(request.user), pk=pk)
    context = {
        "entry": one,
        "who": who(one.actor),
        "phrase": phrase(one.verb),
        "kind": queries.object_kind(one.object_type),
        "object_url": queries.object_url(one),
        "changes": queries.changes(one),
    }
    return render(request, "audit/entry.html", context)
