"""The list, the page of a notice, its paper, and one's own inbox."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.inspections.models import Finding
from tirek.notices import actions, queries
from tirek.notices import paper as papers
from tirek.notices.filters import NoticeFilter
from tirek.notices.forms import DecideForm, ReplyForm, ServeForm, TimeForm, WithdrawForm
from tirek.notices.models import Notice
from tirek.notices.registry import sections
from tirek.notices.story import story
from tirek.notices.tables import NoticeTable

VIEW = "notices.view_notice"
PAGE = 50
ACTS = ("draft", "issue", "serve", "answer", "extend", "withdraw")


@require_GET
@page(VIEW)
def notices(request: HttpRequest) -> HttpResponse:
    found = NoticeFilter(request.GET, queryset=queries.listed(request.user), request=request)
    table = NoticeTable(found.qs)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    context = {
        "filter": found,
        "table": table,
        "total": table.page.paginator.count,
        "counts": queries.counts(request.user),
        "unread": queries.unread(request.user),
    }
    return render(request, "notices/notices.html", context)


@require_GET
@page(VIEW)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    actions.read_notice(request.user, pk)
    found = one(request, pk)
    may = {verb: can(request.user, f"notices.{verb}_notice", found) for verb in ACTS}
    wish = found.extensions.filter(granted=None).select_related("asked_by").first()
    context: dict[str, Any] = {
        "notice": found,
        "lines": found.lines.select_related("finding__requirement__edition__standard", "finding__fixed_by"),
        "replies": found.replies.select_related("by", "line").prefetch_related("files"),
        "extensions": found.extensions.select_related("asked_by", "decided_by"),
        "wish": wish,
        "may": may,
        "story": story(found),
        "sections": sections.collect(request, found),
        "serve_form": ServeForm(notice=found) if may["serve"] and found.state == Notice.State.ISSUED else None,
        "reply_form": ReplyForm() if may["answer"] else None,
        "time_form": TimeForm() if may["answer"] and wish is None else None,
        "decide_form": DecideForm(initial={"until": wish.until}) if may["extend"] and wish else None,
        "withdraw_form": WithdrawForm(),
        "recheck": _recheck(request, found),
    }
    return render(request, "notices/notice.html", context)


def _recheck(request: HttpRequest, found: Notice) -> str:
    """Where this person plans the re-inspection of what is still open; "" if there is nothing to see or they may not."""
    if not found.is_open or not found.served_at or not can(request.user, "inspections.plan_inspection", found):
        return ""
    opened = found.lines.filter(finding__state=Finding.State.OPEN).values_list("finding", flat=True)
    query = urlencode([("finding", pk) for pk in opened])
    return f"{reverse('inspections:recheck', args=[found.facility_id])}?{query}" if query else ""


@require_GET
@page(VIEW)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice as PDF."""
    found = one(request, pk)
    content = papers.notice_pdf(found, request.build_absolute_uri(found.get_absolute_url()))
    response = HttpResponse(content, content_type="application/pdf")
    name = f"notice-{found.number or found.pk}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@require_GET
@page(VIEW)
def inbox(request: HttpRequest) -> HttpResponse:
    """What this person was told about notices."""
    rows = queries.inbox(request.user)[:200]
    return render(request, "notices/inbox.html", {"rows": rows, "unread": queries.unread(request.user)})


@require_POST
@page(VIEW)
def read(request: HttpRequest) -> HttpResponse:
    """Everything in the inbox is read."""
    actions.read_reminders(request.user)
    return redirect("notices:inbox")


def one(request: HttpRequest, pk: int) -> Notice:
    """The notice, with what its page shows. 404 for what this person may not see."""
    rows = queries.notices(request.user).select_related(
        "inspection__inspector", "closed_by__inspector", "served_proof", "facility__type", "facility__area"
    )
    found: Notice = get_object_or_404(rows, pk=pk)
    return found


def title_of(found: Notice) -> str:
    return _("Notice %(number)s") % {"number": found.number} if found.number else _("Draft of a notice")
