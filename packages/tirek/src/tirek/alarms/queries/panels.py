"""Panels, what they sent, and accounts that nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.query import QuerySet
from django.utils import timezone

from tirek.alarms.models import Alarm, Panel, Problem, Signal, UnknownAccount
from tirek.alarms.queries.lines import signal_name
from tirek.facilities.models import Facility


@dataclass(frozen=True, slots=True)
class SignalLine:
    """A stored frame as a technician reads it."""

    signal: Signal
    name: str
    frame: str


def places_for_panels(user: Any, action: str) -> QuerySet[Facility]:
    """The facilities at which the person may `action` ("add", "change") panels, among those that they see."""
    grants = user.grants(f"alarms.{action}_panel")
    reached = Facility.objects.filter(Facility.policy.rows(user, grants)) if grants else Facility.objects.none()
    places: QuerySet[Facility] = Facility.objects.restrict(user, "view").filter(pk__in=reached.values("pk"))
    return places.filter(is_sample=True) if user.is_sample else places


def panels(user: Any) -> QuerySet[Panel]:
    """Panels that the person may see, with `open_alarms`."""
    rows: QuerySet[Panel] = (
        Panel.objects.restrict(user, "view")
        .select_related("facility__area", "facility__type")
        .defer("facility__area__boundary")
    )
    still_open = Alarm.objects.filter(facility=OuterRef("facility")).exclude(state=Alarm.State.CLOSED)
    return rows.annotate(has_alarm=Exists(still_open))


def panel(user: Any, panel_id: int) -> Panel:
    """Raises Panel.DoesNotExist when the person may not see it."""
    found: Panel = panels(user).prefetch_related("zones").get(pk=panel_id)
    return found


def signal_lines(rows: list[Signal]) -> list[SignalLine]:
    return [SignalLine(row, _name(row), readable(bytes(row.raw))) for row in rows]


def _name(row: Signal) -> str:
    if not row.code and not row.problem:
        return row.token
    data = {"system": row.system, "code": row.code, "qualifier": row.qualifier, "problem": row.problem}
    return signal_name(data)


def readable(raw: bytes) -> str:
    """A frame as text: what is not printable stands as \\xNN, so that a technician sees every byte."""
    return "".join(
        c if c.isprintable() else "".join(f"\\x{b:02x}" for b in c.encode("utf-8", "surrogateescape"))
        for c in raw.decode("utf-8", "surrogateescape")
    )


def panel_counts(user: Any) -> dict[str, int]:
    """Numbers above the list of panels."""
    rows = Panel.objects.restrict(user, "view")
    found: dict[str, int] = Panel.objects.filter(pk__in=rows.values("pk")).aggregate(
        total=Count("pk"),
        silent=Count("pk", filter=Q(silent_since__isnull=False)),
        never=Count("pk", filter=Q(last_seen=None)),
        plain=Count("pk", filter=Q(key=None)),
        testing=Count("pk", filter=Q(test_until__gt=timezone.now())),
    )
    return found


def facility_panels(user: Any, facility: Facility) -> QuerySet[Panel]:
    """The panels of one facility, for its page."""
    return panels(user).filter(facility=facility).prefetch_related("zones")


def unknown_accounts(user: Any) -> QuerySet[UnknownAccount]:
    """Accounts that called and stand on no panel, the newest first."""
    rows: QuerySet[UnknownAccount] = UnknownAccount.objects.restrict(user, "view").order_by("-last_seen")
    return rows


def unknown_text(row: UnknownAccount) -> str:
    """What an unknown account last sent, in words: `last_text` holds codes, or the name of a problem."""
    if row.last_text in Problem.values:
        return str(Problem(row.last_text).label)
    words = row.last_text.split()
    if len(words) >= 2 and words[0] in ("SIA", "CID"):
        name = signal_name({"system": words[0], "code": words[1]})
        return f"{name} ({' '.join(words[1:])})"
    return row.last_text
