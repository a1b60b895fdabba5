"""What the acts on notices share."""

from __future__ import annotations

from datetime import date
from typing import Any

from tirek.audit.act import Trace, snapshot
from tirek.facilities import figures
from tirek.inspections.models import Finding
from tirek.notices.models import Notice


def taken(user: Any, verb: str, pk: int) -> Notice:
    """The notice, locked, if `user` may do `verb` to it. Raises Notice.DoesNotExist."""
    rows = Notice.objects.restrict(user, verb).select_for_update(of=("self",))
    found: Notice = rows.select_related("facility__area", "inspection").get(pk=pk)
    return found


def nearest_term(notice: Notice) -> date | None:
    """The nearest term of what is not put right yet."""
    open_lines = notice.lines.filter(finding__state=Finding.State.OPEN)
    return min(open_lines.values_list("due_on", flat=True), default=None)


def leave_trace(trace: Trace, notice: Notice, before: dict[str, Any] | None, why: str | None = None) -> None:
    """Write down the change, count the facility anew and tell open pages."""
    figures.recount([notice.facility_id])
    trace.on(notice, before=before, after=snapshot(notice), why=why)
    trace.event(
        "notice.changed", {"id": notice.pk}, permission="notices.view_notice", area_path=notice.facility.area.path
    )
