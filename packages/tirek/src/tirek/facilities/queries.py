"""Reads of the register."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Avg, Case, Count, F, Min, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language

from tirek.accounts.models import Assignment, Person
from tirek.accounts.roles import ROLES
from tirek.facilities.models import Document, Facility, FacilityQuerySet, ListDecision, Proposal
from tirek.places.models import LANGUAGES, Area
from tirek.places.shapes import Geometry, from_geojson
from tirek_engines.geo import point_in

HOURS = 24


def facilities(user: Any, *, listed: bool = True) -> FacilityQuerySet:
    """The facilities that `user` may see, with what a list shows of them: those on the register, or of every state."""
    rows: FacilityQuerySet = Facility.objects.restrict(user, "view").select_related("type", "area", "agency")
    rows = rows.defer("area__boundary", "agency__area")
    return rows.listed() if listed else rows


def register(user: Any) -> FacilityQuerySet:
    """The rows of the register, of every state (its filter says which), with the copy of what the parts above know of them."""
    return facilities(user, listed=False).select_related("area__parent", "figures").defer(
        "area__boundary", "area__parent__boundary", "visitors", "opening", "notes", "words"
    )  # fmt: skip


def name_field(prefix: str = "") -> str:
    """The column with the name in the reader's language."""
    language = (get_language() or "ru")[:2]
    return f"{prefix}name_{language if language in LANGUAGES else 'ru'}"


def district_name() -> Case:
    """The name of a facility's district in the reader's language, as an expression to sort by."""
    own, above = F(name_field("area__")), F(name_field("area__parent__"))
    return Case(When(area__kind=Area.Kind.SETTLEMENT, then=Coalesce(above, own)), default=own)


@dataclass(frozen=True, slots=True)
class Head:
    """The figures at the head of the register, over all facilities on it that a person may see."""

    listed: int
    inspected: int
    notices: int
    overdue: int
    overdue_at: int
    protection: float | None
    protection_known: int
    oldest_due: date | None

    @property
    def inspected_share(self) -> int:
        return round(100 * self.inspected / self.listed) if self.listed else 0

    @property
    def oldest_days(self) -> int:
        """How many days the notice with the oldest term is overdue; 0 when none is."""
        return (timezone.localdate() - self.oldest_due).days if self.oldest_due else 0


def head(user: Any) -> Head:
    """One query over the register of `user`. Protection is the mean of facilities whose requirements were looked at."""
    today = timezone.localdate()
    late = Q(figures__next_due__lt=today)
    found = Facility.objects.restrict(user, "view").listed().aggregate(
        listed=Count("pk"),
        inspected=Count("pk", filter=Q(figures__inspected_on__gte=today.replace(month=1, day=1))),
        notices=Coalesce(Sum("figures__notices_open"), 0),
        overdue=Coalesce(Sum("figures__notices_overdue"), 0),
        overdue_at=Count("pk", filter=late),
        protection=Avg("figures__protection"),
        protection_known=Count("figures__protection"),
        oldest_due=Min("figures__next_due", filter=late),
    )  # fmt: skip
    return Head(**found)


def proposals(user: Any) -> Any:
    """Proposals that `user` may see, the newest first."""
    rows = Proposal.objects.restrict(user, "view")
    return rows.select_related(
        "facility__type", "facility__area__parent", "proposed_by", "reviewed_by", "decision"
    ).defer("facility__area__boundary", "facility__area__parent__boundary")  # fmt: skip


def ready(user: Any) -> Any:
    """Reviewed proposals that `user` may decide, the oldest first."""
    allowed = Proposal.objects.restrict(user, "decide").filter(state=Proposal.State.REVIEWED)
    return proposals(user).filter(pk__in=allowed.values("pk")).order_by("act", "proposed_at", "pk")


def decisions(user: Any) -> Any:
    """Decisions on the list that `user` may see, the newest first, with what they did."""
    accepted = Q(proposals__state=Proposal.State.ACCEPTED)
    return ListDecision.objects.restrict(user, "view").annotate(
        added=Count("proposals", filter=accepted & Q(proposals__act=Proposal.Act.ADD)),
        removed=Count("proposals", filter=accepted & Q(proposals__act=Proposal.Act.REMOVE)),
        refused=Count("proposals", filter=Q(proposals__state=Proposal.State.DECLINED)),
    ).order_by("-dated", "-pk")  # fmt: skip


def newest_decision(user: Any) -> tuple[Any, int]:
    """The newest decision on the list, and how many proposals wait for one: one query for both."""
    open_ones = Proposal.objects.restrict(user, "view").filter(state__in=Proposal.OPEN).order_by()
    count = open_ones.annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    newest = decisions(user).annotate(waiting=Coalesce(Subquery(count), 0)).first()
    return (newest, newest.waiting) if newest else (None, waiting(user))


NEAR_M = 300


def near(user: Any, facility: Facility) -> list[Facility]:
    """What stands within 300 m already: perhaps the same place under another name."""
    half_lat = NEAR_M / 111_320
    half_lon = half_lat / max(0.1, math.cos(math.radians(facility.lat)))
    rows = facilities(user, listed=False).exclude(pk=facility.pk).filter(
        lat__range=(facility.lat - half_lat, facility.lat + half_lat),
        lon__range=(facility.lon - half_lon, facility.lon + half_lon),
    )  # fmt: skip
    return list(rows[:5])


def free_code() -> str:
    """A code for a facility that has none of its own yet: F-00001 and on."""
    used = Facility.objects.filter(code__startswith="F-").values_list("code", flat=True)
    numbers = [int(code[2:]) for code in used if code[2:].isdigit()]
    return f"F-{max(numbers, default=0) + 1:05d}"


def open_proposal(facility: Facility) -> Proposal | None:
    """The proposal on this facility that waits for a review or a decision."""
    rows = facility.proposals.filter(state__in=Proposal.OPEN).select_related("proposed_by", "reviewed_by")
    found: Proposal | None = rows.first()
    return found


def documents(facility: Facility) -> list[Paper]:
    """The papers that count now, by kind, each with the versions before it."""
    rows = list(facility.documents.select_related("file", "building", "added_by").order_by("kind", "-added_at", "-pk"))
    before: dict[int, list[Document]] = {}
    for row in rows:
        if row.replaced_by_id:
            before.setdefault(row.replaced_by_id, []).append(row)
    order = list(Document.Kind.values)
    current = sorted((row for row in rows if not row.replaced_by_id), key=lambda row: order.index(row.kind))
    return [Paper(row, list(_line_before(row, before))) for row in current]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as it counts now, and what it replaced, the newest first."""

    document: Document
    older: list[Document]


def _line_before(row: Document, before: dict[int, list[Document]]) -> Iterator[Document]:
    for older in before.get(row.pk, []):
        yield older
        yield from _line_before(older, before)


def waiting(user: Any) -> int:
    """How many proposals wait for a review or a decision."""
    return int(Proposal.objects.restrict(user, "view").filter(state__in=Proposal.OPEN).count())


def facilities_in(geometry: Geometry, user: Any | None = None) -> list[Facility]:
    """The facilities inside a shape (GeoJSON), those on its edge too; of all, or of those that `user` may see."""
    shape = from_geojson(geometry)
    west, south, east, north = shape.bounds
    everybody = Facility.objects.listed().select_related("type", "area").defer("area__boundary")
    rows = everybody if user is None else facilities(user)
    near = list(rows.filter(Q(lat__range=(south, north)) & Q(lon__range=(west, east))))
    inside = point_in(shape, [f.lat for f in near], [f.lon for f in near])
    return [facility for facility, kept in zip(near, inside.tolist(), strict=True) if kept]


def contact_accounts() -> QuerySet[Person]:
    """The accounts that may be tied to a facility: people at work with the role of a contact."""
    roles = [key for key, role in ROLES.items() if role.own_only]
    held = Assignment.objects.filter(role__in=roles).filter(Q(until=None) | Q(until__gt=timezone.now()))
    found: QuerySet[Person] = Person.objects.filter(is_active=True, pk__in=held.values("person"))
    return found


def people_now(facility: Facility, at: datetime | None = None) -> int | None:
    """How many people are expected in the facility at a moment (now), by its hourly figures.

    None where there are no figures: unknown is not nobody.
    """
    hour = timezone.localtime(at).hour
    return int(facility.visitors[hour]) if len(facility.visitors) == HOURS else None


def peak(facility: Facility) -> int:
    """The most people expected at any hour."""
    return max(facility.visitors, default=0)


@dataclass(frozen=True, slots=True)
class Hour:
    """One bar of the day: people expected, the bar's height in percent of the busiest hour."""

    hour: int
    people: int
    height: float
    is_now: bool

    @property
    def y(self) -> float:
        return 100 - self.height

    @property
    def x(self) -> int:
        return self.hour * 10


def hours(facility: Facility, at: datetime | None = None) -> list[Hour]:
    """The day of a facility hour by hour; empty where nothing is known."""
    busiest = peak(facility)
    now = timezone.localtime(at).hour
    if len(facility.visitors) != HOURS or not busiest:
        return []
    return [
        Hour(hour, int(people), round(100 * people / busiest, 1), hour == now)
        for hour, people in enumerate(facility.visitors)
    ]


def light_points(rows: Any) -> dict[str, Any]:
    """Points of a map in few bytes: `{"types": [name, ...], "rows": [[id, lat, lon, type, name, overdue], ...]}`.

    Twenty thousand facilities fit in a megabyte and a tenth of a second; no row becomes an object.
    """
    today = timezone.localdate()
    own = name_field()
    others = [f"name_{language}" for language in LANGUAGES if f"name_{language}" != own]
    columns = ("pk", "lat", "lon", f"type__{own}", "figures__next_due", own, *others)
    found = rows.order_by().select_related(None).values_list(*columns)
    types: dict[str, int] = {}
    return {
        "rows": [
            [
                pk,
                lat,
                lon,
                types.setdefault(kind, len(types)),
                next(filter(None, names), ""),
                int(bool(due and due < today)),
            ]
            for pk, lat, lon, kind, due, *names in found
        ],
        "types": list(types),
    }
