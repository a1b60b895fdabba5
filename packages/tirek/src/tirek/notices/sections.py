"""What this app puts on pages of others."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import can
from tirek.facilities.models import Facility
from tirek.inspections.models import Inspection
from tirek.notices import queries
from tirek.notices.models import Notice
from tirek.ui.registry import StatusItem
from tirek.ui.sections import Section, Tab


def notices_of_facility(request: HttpRequest, facility: Facility) -> Tab | None:
    """All notices to a facility."""
    if not can(request.user, "notices.view_notice"):
        return None
    rows = queries.listed(request.user).filter(facility=facility)

    def context() -> dict[str, Any]:
        return {"notices": rows.order_by("closed_at", "due_on")}

    return Tab(
        "notices",
        _("Notices"),
        "notices/parts/of_facility.html",
        context,
        rows.filter(state__in=Notice.OPEN).count(),
        order=40,
    )


def notices_of_visit(request: HttpRequest, inspection: Inspection) -> Section | None:
    """The notices that a visit led to, and the way to write one."""
    if not can(request.user, "notices.view_notice"):
        return None
    rows = list(queries.listed(request.user).filter(inspection=inspection))
    free = list(queries.free_findings(inspection)) if inspection.state == Inspection.State.SUBMITTED else []
    may_draft = bool(free) and can(request.user, "notices.draft_notice")
    if not rows and not may_draft:
        return None
    context = {
        "notices": rows,
        "free": len(free),
        "draft_url": reverse("notices:draft", args=[inspection.pk]) if may_draft else "",
    }
    return Section("notices", _("Notices"), "notices/parts/of_visit.html", context, len(rows), order=10)


def inbox_pill(request: HttpRequest) -> StatusItem | None:
    """How many lines wait in the person's inbox."""
    if not getattr(request.user, "is_authenticated", False) or not can(request.user, "notices.view_notice"):
        return None
    waiting = queries.unread(request.user)
    if not waiting:
        return None
    return StatusItem(
        "notices", str(waiting), "warn", reverse("notices:inbox"), "mail", _("Told to you about notices, not read yet")
    )
