"""Reads of the register. Each begins with what the person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language

from tirek.accounts.access import ScopedQuerySet
from tirek.facilities.models import Facility
from tirek.incidents.models import Facts, Incident, Pair, Signal, Silence
from tirek.incidents.words import when_short
from tirek.places.models import LANGUAGES, Area
from tirek.places.queries import areas

Mode, Where, Verification = Facts.Mode, Facts.Where, Facts.Verification
AREAS = ("area__boundary", "area__parent__boundary")
FACILITY = ("facility__visitors", "facility__opening", "facility__notes", "facility__words")
MOST_POINTS = 5000
# How strongly a place is drawn: the vaguer it is known, the fainter.
OPACITY = {Where.POINT: 1.0, Where.SETTLEMENT: 0.6, Where.DISTRICT: 0.4}


def incidents(user: Any) -> ScopedQuerySet:
    """The incidents that `user` may see, with what a list shows of them."""
    rows: ScopedQuerySet = Incident.objects.restrict(user, "view").select_related("kind", "area__parent")
    return rows.defer(*AREAS, "words")


def incident(user: Any, pk: int, action: str = "view") -> Incident:
    """One incident with what its page shows. Raises Incident.DoesNotExist."""
    rows = Incident.objects.restrict(user, action).select_related(
        "kind", "area__parent", "facility__area", "verified_by", "duplicate_of__kind", "duplicate_of__area"
    )
    found: Incident = rows.defer(
        *AREAS, *FACILITY, "facility__area__boundary", "duplicate_of__area__boundary", "words"
    ).get(pk=pk)
    return found


def counted(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """Those that count: neither refuted nor merged into another."""
    return rows.filter(duplicate_of=None).exclude(verification=Verification.REFUTED)


@dataclass(frozen=True, slots=True)
class Head:
    """The figures at the head of the register, over all incidents that a person may see and that count."""

    month: int
    month_before: int
    year: int
    year_before: int
    unverified: int
    found: int
    all: int


def head(user: Any) -> Head:
    """One query. `month` is the last 30 days, `year` the last 365; `found` those of the year that officers found."""
    today = timezone.localdate()
    since = {days: today - timedelta(days=days) for days in (30, 60, 365, 730)}
    reported = Q(discovery_mode=Mode.REPORTED)
    year = Q(first_day__gt=since[365])
    rows = counted(Incident.objects.restrict(user, "view"))
    return Head(
        **rows.aggregate(
            month=Count("pk", filter=reported & Q(first_day__gt=since[30])),
            month_before=Count("pk", filter=reported & Q(first_day__gt=since[60], first_day__lte=since[30])),
            year=Count("pk", filter=reported & year),
            year_before=Count("pk", filter=reported & Q(first_day__gt=since[730], first_day__lte=since[365])),
            unverified=Count("pk", filter=year & Q(verification=Verification.UNVERIFIED)),
            found=Count("pk", filter=year & Q(discovery_mode=Mode.FOUND)),
            all=Count("pk"),
        )
    )


def months(rows: QuerySet[Incident], first: int, last: int) -> list[dict[str, int]]:
    """How many of `rows` count in each month from `first` to `last`, by how they came to light."""
    found = counted(rows).filter(month__gte=first, month__lte=last).order_by()
    table = [{"month": month, **dict.fromkeys(Mode.values, 0)} for month in range(first, last + 1)]
    for month, mode, n in found.values_list("month", "discovery_mode").annotate(n=Count("pk")):
        table[month - first][mode] = n
    return table


def points(rows: QuerySet[Incident]) -> dict[str, Any]:
    """Points of a map in few bytes, the newest 5,000: see `LightPoints` in the map. A district stands at its centre, faintly."""
    own = _own_name()
    names = [f"kind__{own}", *(f"kind__name_{language}" for language in LANGUAGES)]
    found = (
        rows.exclude(where_precision=Where.REGION)
        .annotate(at_lat=Coalesce("lat", "area__lat"), at_lon=Coalesce("lon", "area__lon"))
        .exclude(at_lat=None)
        .select_related(None)
        .order_by("-first_day", "-pk")
    )
    kept = found.values_list("pk", "at_lat", "at_lon", "where_precision", "verification", "first_day", *names)
    types: dict[str, int] = {}
    lines = []
    for pk, lat, lon, where, verification, day, *kinds in kept[:MOST_POINTS]:
        kind = next(filter(None, kinds), "")
        state = "place" if where == Where.POINT else "around"
        fade = OPACITY[where] * (0.35 if verification == Verification.REFUTED else 1.0)
        lines.append([pk, lat, lon, types.setdefault(kind, len(types)), f"{day:%d.%m.%Y}", state, round(fade, 2)])
    return {"types": list(types), "faded": lines}


def pairs(user: Any) -> QuerySet[Pair]:
    """Pairs that wait for somebody's decision, of which `user` may see both sides, the most alike first."""
    seen = Incident.objects.restrict(user, "view").values("pk")
    rows = Pair.objects.restrict(user, "view").filter(state=Pair.State.OPEN, second__in=seen)
    rows = rows.filter(first__duplicate_of=None, second__duplicate_of=None)
    refuted = Q(first__verification=Verification.REFUTED) | Q(second__verification=Verification.REFUTED)
    sides = [f"{side}__{part}" for side in ("first", "second") for part in ("kind", "area__parent", "facility")]
    bulky = [f"{side}__{part}" for side in ("first", "second") for part in (*AREAS, *FACILITY, "words")]
    found: QuerySet[Pair] = rows.exclude(refuted).select_related(*sides).defer(*bulky).order_by("-likeness", "-pk")
    return found


def waiting_pairs(user: Any) -> int:
    return pairs(user).count()


def pairs_of(user: Any, one: Incident) -> list[Pair]:
    """The open pairs that an incident stands in."""
    return list(pairs(user).filter(Q(first=one) | Q(second=one))[:10])


def merged_into(user: Any, one: Incident) -> list[Incident]:
    """What was merged into an incident, as far as `user` may see it: its other sources."""
    return list(incidents(user).filter(duplicate_of=one).order_by("known_at", "pk"))


def near(user: Any, one: Incident, limit: int = 8) -> list[Incident]:
    """What else happened in the same settlement or district, the newest first."""
    rows = counted(incidents(user)).filter(area=one.area_id).exclude(pk=one.pk)
    return list(rows.order_by("-first_day", "-pk")[:limit])


def of_area(user: Any, area: Area) -> QuerySet[Incident]:
    rows: QuerySet[Incident] = counted(incidents(user)).filter(area__path__startswith=area.path)
    return rows


def of_facility(user: Any, facility: Facility) -> QuerySet[Incident]:
    rows: QuerySet[Incident] = counted(incidents(user)).filter(facility=facility)
    return rows


def of_alarm(user: Any, alarm_id: int) -> list[Incident]:
    """What was written down from an alarm."""
    return list(incidents(user).filter(alarm_id=alarm_id).order_by("pk"))


def silences(user: Any) -> QuerySet[Silence]:
    """Times without reports that somebody declared, those that stand first."""
    rows = Silence.objects.restrict(user, "view").select_related("area", "declared_by", "withdrawn_by")
    found: QuerySet[Silence] = rows.defer("area__boundary").order_by("withdrawn_at", "-first_month", "-pk")
    return found


def signals(user: Any) -> QuerySet[Signal]:
    rows = Signal.objects.restrict(user, "view").select_related("area").defer("area__boundary")
    found: QuerySet[Signal] = rows.order_by("-month", "name", "area__path")
    return found


MOST_FOUND = 8


def places_named(user: Any, text: str) -> list[dict[str, Any]]:
    """Settlements, districts and facilities whose name begins a word of the text's: for the search box of the form."""
    words = text.split()
    if not words or len(text) < 2:
        return []
    named = Q()
    for word in words:
        either = Q()
        for language in LANGUAGES:
            for form in {word, word.capitalize(), word.casefold()}:
                either |= Q(**{f"name_{language}__icontains": form})
        named &= either
    rank = {Area.Kind.SETTLEMENT: 0, Area.Kind.DISTRICT: 1, Area.Kind.REGION: 2, Area.Kind.COUNTRY: 3}
    found = sorted(
        areas(user).filter(named).select_related("parent").defer("boundary", "parent__boundary")[:60],
        key=lambda area: (rank[Area.Kind(area.kind)], -(area.population or 0)),
    )[:MOST_FOUND]
    return [
        {
            "area": area.pk,
            "name": area.name,
            "detail": area.parent.name if area.parent is not None else area.get_kind_display(),
            "lat": area.lat,
            "lon": area.lon,
            "precise": area.kind == Area.Kind.SETTLEMENT,
        }
        for area in found
    ]


def facilities_named(user: Any, condition: Q) -> list[dict[str, Any]]:
    """Facilities for the same box."""
    rows = Facility.objects.restrict(user, "view").listed().filter(condition).select_related("area", "type")
    return [
        {
            "facility": row.code,
            "name": row.name,
            "detail": row.area.name,
            "lat": row.lat,
            "lon": row.lon,
            "precise": True,
        }
        for row in rows.defer("area__boundary", "visitors", "opening").order_by("category", "code")[:MOST_FOUND]
    ]


def labels(rows: Sequence[Incident]) -> dict[int, str]:
    """ "25.11.2026 Brawl, Kandyagash" for each."""
    return {row.pk: f"{when_short(row)} {row.kind.name}, {row.area.name}" for row in rows}


def _own_name() -> str:
    language = (get_language() or "ru")[:2]
    return f"name_{language if language in LANGUAGES else 'ru'}"
