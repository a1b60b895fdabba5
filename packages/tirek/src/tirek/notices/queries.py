"""Reads of notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from tirek.accounts.access import ScopedQuerySet
from tirek.inspections.models import Finding, Inspection
from tirek.notices.models import Extension, Line, Notice, Reminder

HALF_YEAR_DAYS = 182


def notices(user: Any) -> ScopedQuerySet:
    """The notices that `user` may see, with what a list shows. A facility's contact does not see drafts, nor what is not served."""
    rows = Notice.objects.restrict(user, "view")
    if not user.grants("notices.draft_notice") and user.grants("notices.answer_notice"):
        rows = rows.exclude(state=Notice.State.DRAFT).exclude(state=Notice.State.ISSUED, served_method="")
    return rows.select_related("facility__type", "facility__area", "facility__agency", "made_by", "issued_by").defer(
        "facility__area__boundary"
    )


def listed(user: Any) -> ScopedQuerySet:
    """The same with the number of demands and of those put right, and whether a wish for time waits."""
    waiting = Extension.objects.filter(notice=OuterRef("pk"), granted=None)
    return notices(user).annotate(
        demands=Count("lines", distinct=True),
        done=Count("lines", filter=Q(lines__finding__state=Finding.State.FIXED), distinct=True),
        asks_for_time=Exists(waiting),
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """What the strip over the list says."""

    open: int
    overdue: int
    oldest_days: int
    this_week: int
    issued: int
    closed: int
    waiting: int


def counts(user: Any) -> Counts:
    """Counted from living rows: open, overdue, due within a week; issued and closed in the last half year."""
    today = timezone.localdate()
    since = timezone.now() - timedelta(days=HALF_YEAR_DAYS)
    is_open = Q(state__in=Notice.OPEN)
    found = notices(user).aggregate(
        open=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & Q(due_on__lt=today)),
        oldest=Min("due_on", filter=is_open & Q(due_on__lt=today)),
        this_week=Count("pk", filter=is_open & Q(due_on__range=(today, today + timedelta(days=7)))),
        issued=Count("pk", filter=Q(issued_at__gte=since)),
        closed=Count("pk", filter=Q(closed_at__gte=since)),
    )
    oldest = found.pop("oldest")
    waiting = Extension.objects.filter(granted=None, notice__in=Notice.objects.restrict(user, "view")).count()
    return Counts(**found, oldest_days=(today - oldest).days if oldest else 0, waiting=waiting)


def free(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Those that stand in no notice, but for notices that were withdrawn."""
    return findings.exclude(Exists(Line.objects.filter(finding=OuterRef("pk"), stands=True)))


def free_findings(inspection: Inspection) -> Iterable[Finding]:
    """Open findings of a visit that stand in no notice yet."""
    rows = free(inspection.findings.filter(state=Finding.State.OPEN))
    return rows.select_related("requirement__edition").order_by("requirement__order")


def inbox(user: Any) -> Any:
    """Lines of one's own inbox, newest first."""
    rows = Reminder.objects.filter(person=user).select_related("notice__facility__area")
    return rows.defer("notice__facility__area__boundary")


def unread(user: Any) -> int:
    return Reminder.objects.filter(person=user, read_at=None).count() if user.is_authenticated else 0


def figures_of(facility_ids: list[int]) -> Mapping[int, Mapping[str, Any]]:
    """Open and overdue notices and the nearest term, for the register's copy."""
    today = timezone.localdate()
    rows = (
        Notice.objects.filter(facility__in=facility_ids, state__in=Notice.OPEN)
        .order_by()
        .values("facility")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)), due=Min("due_on"))
    )
    return {
        row["facility"]: {"notices_open": row["n"], "notices_overdue": row["late"], "next_due": row["due"]}
        for row in rows
    }
