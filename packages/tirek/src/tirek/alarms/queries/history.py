"""Past alarms."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from tirek.alarms.models import Alarm

#: Filter of the address bar -> condition. Dates are whole days, local time, both ends included.
FILTERS = {
    "kind": "kind__in",
    "outcome": "outcome__in",
    "state": "state__in",
    "facility": "facility",
    "since": "opened_at__date__gte",
    "until": "opened_at__date__lte",
}


def past_alarms(user: Any, chosen: dict[str, Any]) -> QuerySet[Alarm]:
    """Alarms that the person may see, newest first; `chosen` holds some of FILTERS and `q`, part of a facility's name.

    Each has `waited`: how long it took until somebody accepted it.
    """
    rows: QuerySet[Alarm] = (
        Alarm.objects.restrict(user, "view")
        .select_related("facility__area", "closed_by")
        .defer("facility__area__boundary")
    )
    rows = rows.filter(**{FILTERS[name]: value for name, value in chosen.items() if name in FILTERS})
    if text := chosen.get("q"):
        names = ("facility__name_kk", "facility__name_ru", "facility__name_en", "facility__code")
        matching = Alarm.objects.none()
        for name in names:
            matching |= Alarm.objects.filter(**{f"{name}__icontains": text})
        rows = rows.filter(pk__in=matching.values("pk"))
    return rows.annotate(waited=F("acknowledged_at") - F("opened_at")).order_by("-opened_at")
