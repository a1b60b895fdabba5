"""Reads. Each starts from what the person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from tirek.facilities.models import Facility
from tirek.flashpoints.models import Cluster, Flashpoint, Forecast, Measure, Objection, Outlook, Run
from tirek.inspections.models import Round
from tirek.notices.models import Notice
from tirek.places.models import Area
from tirek.ui.alphabet import alphabetical
from tirek.warning.models import Endpoint

SILENT_STATES = (Endpoint.State.LOST, Endpoint.State.FAULT, Endpoint.State.OFF)


def runs(user: Any) -> QuerySet[Run]:
    rows = Run.objects.restrict(user, "view").select_related("area", "made_by", "job")
    return rows.defer("area__boundary")


def done(user: Any) -> QuerySet[Run]:
    """Runs that have something to say, the newest first."""
    return runs(user).filter(state=Run.State.DONE).order_by("-origin", "-pk")


def before(run: Run) -> Run | None:
    """The newest run of the same province for an earlier month."""
    rows = Run.objects.filter(area=run.area_id, state=Run.State.DONE, origin__lt=run.origin)
    return rows.order_by("-origin", "-pk").first()


def above(area: Area) -> list[int]:
    """The ids of an area and of those that it lies in."""
    return [int(part) for part in area.path.split("/") if part]


def newest_of(user: Any, area: Area) -> Run | None:
    """The newest run that looks at an area."""
    return done(user).filter(area__in=above(area), outlooks__area=area).first()


def provinces(user: Any) -> list[Area]:
    """Provinces of which there is anything computed, by name."""
    rows = Area.objects.filter(pk__in=runs(user).order_by().values("area")).defer("boundary")
    return sorted(rows, key=lambda area: alphabetical(area.name))


def outlooks(user: Any, run: Run) -> QuerySet[Outlook]:
    return Outlook.objects.restrict(user, "view").filter(run=run).select_related("area").defer("area__boundary")


def forecasts(user: Any, run: Run) -> QuerySet[Forecast]:
    """Without the thinned draws: they are long, and only scores read them."""
    rows = Forecast.objects.restrict(user, "view").filter(run=run).select_related("area")
    return rows.defer("area__boundary", "draws")


def clusters(user: Any, run: Run) -> QuerySet[Cluster]:
    return Cluster.objects.restrict(user, "view").filter(run=run).select_related("area").defer("area__boundary")


def flashpoints(user: Any) -> QuerySet[Flashpoint]:
    rows = Flashpoint.objects.restrict(user, "view").select_related("area", "run__area", "signed_by")
    rows = rows.defer("area__boundary", "run__area__boundary", "run__figures")
    return rows.annotate(
        open_objections=Count("objections", filter=Q(objections__answered_at=None), distinct=True),
        all_objections=Count("objections", distinct=True),
    )


def objections(user: Any, flashpoint: Flashpoint) -> QuerySet[Objection]:
    rows = Objection.objects.restrict(user, "view").filter(flashpoint=flashpoint)
    return rows.select_related("made_by", "answered_by")


def measures(user: Any) -> QuerySet[Measure]:
    rows = Measure.objects.restrict(user, "view").select_related(
        "area", "agency", "flashpoint__area", "closed_by", "made_by"
    )
    return rows.defer("area__boundary", "flashpoint__area__boundary")


def rounds(user: Any, area: Area) -> list[Round]:
    """Rounds of facility visits that were planned for this very area."""
    rows = Round.objects.restrict(user, "view").filter(area=area)
    return list(rows.order_by("-starts_on", "-pk")[:5])


# --- What is there ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class There:
    """What stands in a district, counted from the registers: of it the reader sees what they may see elsewhere too."""

    people: int | None = None
    facilities: int = 0
    gaps: int = 0  # facilities with mandatory requirements that are not met
    overdue: int = 0  # notices whose term is over
    open_notices: int = 0
    endpoints: int = 0
    silent: int = 0
    measures: int = 0


def there(user: Any, areas: Sequence[Area]) -> dict[int, There]:
    """By area id; one query for each register, whatever the number of areas."""
    found = {area.pk: There(people=area.population) for area in areas}
    tops = [(area.path, found[area.pk]) for area in areas]

    def add(rows: Any, path: str, **counts: Any) -> None:
        for place, *values in (
            rows.order_by().values_list(path).annotate(**{f"n_{name}": count for name, count in counts.items()})
        ):
            for top, here in tops:
                if place.startswith(top):
                    for name, value in zip(counts, values, strict=True):
                        setattr(here, name, getattr(here, name) + (value or 0))

    facilities = Facility.objects.restrict(user, "view").filter(state=Facility.State.LISTED)
    add(facilities, "area__path", facilities=Count("pk"), gaps=Count("pk", filter=Q(figures__mandatory_unmet__gt=0)))
    notices = Notice.objects.restrict(user, "view").filter(state__in=Notice.OPEN)
    late = Q(due_on__lt=timezone.localdate())
    add(notices, "facility__area__path", open_notices=Count("pk"), overdue=Count("pk", filter=late))
    endpoints = Endpoint.objects.restrict(user, "view")
    add(endpoints, "area__path", endpoints=Count("pk"), silent=Count("pk", filter=Q(state__in=SILENT_STATES)))
    add(Measure.objects.restrict(user, "view").filter(state=Measure.State.OPEN), "area__path", measures=Count("pk"))
    return found
