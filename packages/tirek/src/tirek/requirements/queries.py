"""Reads: what is in force, what binds whom, where a facility stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from tirek.facilities.models import Entrance, Facility
from tirek.requirements.applicability import Bools, Facts, FactTable, binds, matrix
from tirek.requirements.models import Edition, FormerStanding, Point, Requirement, Standard, Standing


# --- what is in force ----------------------------------------------------------------------------------------------------
def editions_in_force(on: date | None = None) -> QuerySet[Edition]:
    """The edition of each standard that binds on a day (today). One whose time has run out binds nobody."""
    today = timezone.localdate()
    day = on or today
    lasting = Q(valid_to=None) | Q(valid_to__gte=day)
    if day >= today:
        return Edition.objects.filter(lasting, state=Edition.State.IN_FORCE)
    was = Q(replaced_on=None) | Q(replaced_on__gt=day)
    return Edition.objects.filter(lasting, was, enforced_on__lte=day).exclude(state=Edition.State.DRAFT)


def in_force(on: date | None = None) -> list[Requirement]:
    """All requirements that bind somebody on a day (today), standard by standard, in their order."""
    editions = {row.pk: row for row in editions_in_force(on).select_related("standard").defer("file")}
    rows = Requirement.objects.filter(edition__in=list(editions)).order_by("order")
    # Few editions, many rows: sharing the editions costs half of what joining them to every row does.
    found = list(rows)
    for row in found:
        row.edition = editions[row.edition_id]
    return sorted(found, key=lambda row: row.edition.standard.code)


def checklist(facility: Facility, on: date | None = None) -> list[Requirement]:
    """The requirements that bind a facility on a day (today), in the order in which they are checked."""
    ways = Entrance.objects.filter(facility=facility).order_by().values_list("kind", flat=True).distinct()
    facts = _facts(
        facility.type.code, facility.category, facility.capacity, facility.visitors, facility.floor_area_m2, set(ways)
    )
    return [requirement for requirement in in_force(on) if binds(requirement.applies, facts)]


# --- what binds whom -----------------------------------------------------------------------------------------------------
def facts_of(facility_ids: Sequence[int] | None = None) -> dict[int, Facts]:
    """What applicability asks, of these facilities (None: of all on the register). Nothing counted is not known."""
    rows = Facility.objects.order_by("pk")
    ways = Entrance.objects.order_by()
    if facility_ids is None:
        rows = rows.filter(state=Facility.State.LISTED)
    else:
        rows = rows.filter(pk__in=facility_ids)
        ways = ways.filter(facility__in=facility_ids)
    kinds: dict[int, set[str]] = {}
    for pk, kind in ways.values_list("facility", "kind").distinct():
        kinds.setdefault(pk, set()).add(kind)
    columns = rows.values_list("pk", "type__code", "category", "capacity", "visitors", "floor_area_m2")
    return {pk: _facts(*row, kinds.get(pk, set())) for pk, *row in columns.iterator(chunk_size=5000)}


def _facts(
    kind: str, category: int, capacity: int, visitors: list[int], floor_area: int | None, ways: set[str]
) -> Facts:
    vehicles = Entrance.Kind.VEHICLE in ways if ways else None
    return Facts(kind, category, max(capacity, *visitors, 0) or None, floor_area, vehicles)


def bound(requirements: Sequence[Requirement], facility_ids: Sequence[int] | None = None) -> tuple[list[int], Bools]:
    """Which of these requirements bind which facilities: ids, and a matrix of shape (facilities, requirements)."""
    facts = facts_of(facility_ids)
    return list(facts), matrix([one.applies for one in requirements], FactTable.of(list(facts.values())))


def binding(requirements: Sequence[Requirement], user: Any) -> tuple[list[int], Bools]:
    """`bound`, of the facilities on the register that `user` may see."""
    ids, found = bound(requirements)
    seen = set(visible(user).values_list("pk", flat=True))
    rows = np.array([pk in seen for pk in ids], dtype=np.bool_)
    return [pk for pk in ids if pk in seen], found[rows]


def visible(user: Any) -> QuerySet[Facility]:
    return Facility.objects.restrict(user, "view").filter(state=Facility.State.LISTED)


# --- where facilities stand ----------------------------------------------------------------------------------------------
def standings(facility: Facility) -> dict[tuple[int, str], Standing]:
    """What is known of a facility: {(standard id, key): standing}. What is not in it is not known."""
    return {(row.standard_id, row.key): row for row in Standing.objects.filter(facility=facility)}


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement and where the facility stands on it; no standing: not known."""

    requirement: Requirement
    standing: Standing | None

    @property
    def state(self) -> str:
        return self.standing.state if self.standing else Standing.State.UNKNOWN


@dataclass(frozen=True, slots=True)
class PointLines:
    """The requirements of one point of protection."""

    point: Point
    lines: list[Line]

    def count(self, state: str) -> int:
        return sum(line.state == state for line in self.lines)

    @property
    def met(self) -> int:
        return self.count(Standing.State.MET)

    @property
    def unmet(self) -> int:
        return self.count(Standing.State.UNMET)

    @property
    def unknown(self) -> int:
        return self.count(Standing.State.UNKNOWN)

    @property
    def counted(self) -> int:
        """Requirements that apply, whatever is known of them."""
        return sum(line.state != Standing.State.NA for line in self.lines)


def where_it_stands(facility: Facility) -> list[PointLines]:
    """A facility's requirements by point, each with its standing. Points without requirements are left out."""
    known = standings(facility)
    by_point: dict[str, list[Line]] = {}
    for requirement in checklist(facility):
        standing = known.get((requirement.edition.standard_id, requirement.key))
        by_point.setdefault(requirement.point, []).append(Line(requirement, standing))
    return [PointLines(point, by_point[point]) for point in Point if point in by_point]


def former(facility: Facility, standard_id: int, key: str) -> QuerySet[FormerStanding]:
    return FormerStanding.objects.filter(facility=facility, standard=standard_id, key=key)


def counts_of_states(requirements: Iterable[Requirement], user: Any) -> dict[tuple[int, str], dict[str, int]]:
    """How many facilities that `user` may see stand how: {(standard id, key): {state: count}}; the unknown are not in it."""
    standards = {one.edition.standard_id for one in requirements}
    rows = Standing.objects.filter(standard__in=standards, facility__in=visible(user))
    found: dict[tuple[int, str], dict[str, int]] = {}
    for standard, key, state, n in rows.order_by().values_list("standard", "key", "state").annotate(n=Count("pk")):
        found.setdefault((standard, key), {})[state] = n
    return found


# --- standards -----------------------------------------------------------------------------------------------------------
def standards(user: Any) -> QuerySet[Standard]:
    return Standard.objects.restrict(user, "view")


@dataclass(frozen=True, slots=True)
class StandardLine:
    """A standard on the list: its editions with their numbers of requirements, and how many facilities it binds."""

    standard: Standard
    editions: list[Edition]
    bound: int


def with_editions(user: Any) -> list[StandardLine]:
    """Every standard with its editions, those in force first."""
    rows = editions(user).annotate(
        n=Count("requirements"), hard=Count("requirements", filter=Q(requirements__mandatory=True))
    )
    rows = rows.order_by("standard", "-valid_from", "-pk")  # counting drops the table's own order
    by_standard: dict[int, list[Edition]] = {}
    for row in rows:
        by_standard.setdefault(row.standard_id, []).append(row)
    now = in_force()
    _ids, binds = binding(now, user)
    lines = []
    for one in standards(user):
        columns = [n for n, row in enumerate(now) if row.edition.standard_id == one.pk]
        lines.append(StandardLine(one, by_standard.get(one.pk, []), int(binds[:, columns].any(axis=1).sum())))
    return sorted(
        lines,
        key=lambda line: (not any(row.state == Edition.State.IN_FORCE for row in line.editions), line.standard.code),
    )


def editions(user: Any) -> QuerySet[Edition]:
    return Edition.objects.restrict(user, "view").select_related("standard").defer("file")


def requirements_of(edition: Edition) -> list[Requirement]:
    rows = list(edition.requirements.order_by("order"))
    for row in rows:
        row.edition = edition
    return rows


def over_editions(requirement: Requirement) -> list[Requirement]:
    """The same requirement in all editions of its standard, newest first."""
    rows = Requirement.objects.filter(edition__standard=requirement.edition.standard_id, key=requirement.key)
    return list(
        rows.select_related("edition__standard").defer("edition__file").order_by("-edition__valid_from", "-edition")
    )
