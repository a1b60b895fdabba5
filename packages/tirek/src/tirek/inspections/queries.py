"""Reads of rounds, visits and findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from posixpath import commonpath
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from tirek.accounts.access import ScopedQuerySet, can_at
from tirek.accounts.models import Assignment, Person
from tirek.accounts.roles import ROLES
from tirek.facilities.models import Facility
from tirek.inspections import draw
from tirek.inspections.models import Conflict, Finding, Inspection, Photo, Round
from tirek.places.models import Area
from tirek_engines.geo import distances

CARRY = "inspections.carry_inspection"
HALF_YEAR = 182
TO_COME = (Inspection.State.PLANNED, Inspection.State.ASSIGNED)


# --- Rounds -------------------------------------------------------------------------------------------------------


def rounds(user: Any) -> ScopedQuerySet:
    """Rounds with what a list shows of them: how many visits, how many of them handed in."""
    rows = Round.objects.restrict(user, "view").select_related("area", "agency", "made_by").defer("area__boundary")
    state = "inspections__state"
    return rows.annotate(
        visits=Count("inspections", filter=~Q(**{state: Inspection.State.CANCELLED})),
        done=Count("inspections", filter=Q(**{state: Inspection.State.SUBMITTED})),
        under_way=Count("inspections", filter=Q(**{state: Inspection.State.UNDER_WAY})),
        unassigned=Count("inspections", filter=Q(**{state: Inspection.State.PLANNED})),
    )


def to_give_out(user: Any, round_: Round) -> ScopedQuerySet:
    """The visits of a round that have not begun, and that `user` may give to inspectors."""
    return Inspection.objects.restrict(user, "assign").filter(round=round_, state__in=TO_COME)


def area_of_all(ids: Iterable[int]) -> Area | None:
    """The smallest area above settlements that holds all these facilities."""
    paths = list(Facility.objects.filter(pk__in=list(ids)).values_list("area__path", flat=True).distinct())
    common = [int(one) for one in commonpath(paths).split("/") if one] if paths else []
    rows = Area.objects.filter(pk__in=common).exclude(kind=Area.Kind.SETTLEMENT).defer("boundary")
    found: Area | None = rows.order_by("path").last()
    return found


def reached(round_: Round) -> QuerySet[Facility]:
    """The facilities on the register that a round could visit."""
    rows = Facility.objects.filter(state=Facility.State.LISTED, area__path__startswith=round_.area.path)
    if round_.agency_id:
        rows = rows.filter(agency=round_.agency_id)
    if types := round_.options.get("types"):
        rows = rows.filter(type__in=types)
    if categories := round_.options.get("categories"):
        rows = rows.filter(category__in=categories)
    if round_.rule == Round.Rule.CHOSEN:
        rows = rows.filter(pk__in=round_.options.get("facilities", []))
    return rows


def drawn(round_: Round, today: date | None = None) -> list[draw.Drawn]:
    """Who is in, who is not, and why. The same as long as the register and the visits are the same."""
    columns = reached(round_).order_by("code").values_list("pk", "code", "figures__inspected_on", "area__path")
    candidates = [draw.Candidate(*row) for row in columns]
    options = round_.options
    if round_.rule == Round.Rule.DUE:
        days = int(options.get("older_than_days", draw.DUE_DAYS))
        return draw.due(candidates, today or timezone.localdate(), days)
    if round_.rule == Round.Rule.RANDOM:
        return draw.share(candidates, round_.seed, float(options.get("share", 10)))
    if round_.rule == Round.Rule.CHOSEN:
        return draw.chosen(candidates, options.get("facilities", []))
    return draw.everybody(candidates)


# --- Visits -------------------------------------------------------------------------------------------------------


def visits(user: Any) -> ScopedQuerySet:
    """The visits that `user` may see, with what a list shows of them."""
    rows = Inspection.objects.restrict(user, "view")
    related = ("facility__type", "facility__area__parent", "inspector", "round")
    return rows.select_related(*related).defer("facility__area__boundary", "facility__area__parent__boundary")


def open_findings(facility: Facility) -> QuerySet[Finding]:
    """What is unmet at a facility and not yet put right."""
    rows = Finding.objects.filter(facility=facility, state=Finding.State.OPEN)
    return rows.select_related("requirement__edition__standard", "found_by", "inspection").defer(
        "requirement__edition__file"
    )


def finding_list(user: Any) -> ScopedQuerySet:
    """The findings that `user` may see, for a list. Without joins, so that the database walks along the index of the order and
    stops after one page, whatever its planner believes of the other tables; what a row shows is fetched for the page.
    """
    places = Facility.objects.select_related("area").defer("area__boundary")
    rows = _reached(Finding, user)
    return rows.prefetch_related(Prefetch("facility", places), "requirement")


def findings(user: Any) -> ScopedQuerySet:
    rows = Finding.objects.restrict(user, "view")
    related = ("facility__area", "requirement__edition", "found_by", "inspection")
    return rows.select_related(*related).defer("facility__area__boundary", "requirement__edition__file")


def photos_of(finding: Finding) -> QuerySet[Photo]:
    rows = finding.inspection.photos.filter(removed_at=None, requirement=finding.requirement_id)
    return rows.select_related("file", "by")


def able() -> QuerySet[Person]:
    """Who may inspect anywhere."""
    roles = [key for key, role in ROLES.items() if CARRY in role.permissions]
    holders = Assignment.objects.filter(role__in=roles)
    return Person.objects.filter(is_active=True, pk__in=holders.values("person")).order_by("full_name")


def inspectors(facilities: Iterable[Facility] = ()) -> list[Person]:
    """Who may inspect (one of) these facilities; without any, who may inspect at all."""
    people = able()
    places = {(facility.area.path, facility.agency_id) for facility in facilities}
    rows = list(people.prefetch_related("assignments__area"))
    if not places:
        return rows
    return [person for person in rows if any(can_at(person, CARRY, path, agency) for path, agency in places)]


def day(user: Any, inspector: Person, on: date) -> list[Inspection]:
    """The visits of one inspector on one day, in the order of the route."""
    rows = visits(user).filter(inspector=inspector, planned_on=on).exclude(state=Inspection.State.CANCELLED)
    return sorted(rows, key=lambda visit: (visit.planned_order is None, visit.planned_order or 0, visit.pk))


@dataclass(frozen=True, slots=True)
class Counts:
    """What the strip over the list of visits says."""

    today: int
    under_way: int
    to_come: int
    unassigned: int
    late: int
    conflicts: int
    half_year: int


def counts(user: Any) -> Counts:
    today, since = timezone.localdate(), timezone.now() - timedelta(days=HALF_YEAR)
    to_come = Q(state__in=TO_COME)
    handed_in = Q(state=Inspection.State.SUBMITTED, finished_at__gte=since)
    two_answers = Exists(Conflict.objects.filter(inspection=OuterRef("pk"), chosen=""))
    found = (
        _reached(Inspection, user)
        .order_by()
        .annotate(two_answers=two_answers)
        .aggregate(
            today=Count("pk", filter=Q(planned_on=today) & ~Q(state=Inspection.State.CANCELLED)),
            under_way=Count("pk", filter=Q(state=Inspection.State.UNDER_WAY)),
            to_come=Count("pk", filter=to_come),
            unassigned=Count("pk", filter=Q(state=Inspection.State.PLANNED)),
            late=Count("pk", filter=to_come & Q(planned_on__lt=today)),
            conflicts=Count("pk", filter=Q(two_answers=True)),
            half_year=Count("facility", distinct=True, filter=handed_in),
        )
    )
    return Counts(**found)


def count_figures(facility_ids: list[int]) -> dict[int, dict[str, Any]]:
    """The columns of `facilities.Figures` that inspections keep. A re-inspection looks only at what was found before, so it neither
    makes a facility one that was inspected this year nor puts off when it is due.
    """
    rows = Inspection.objects.filter(facility__in=facility_ids, state=Inspection.State.SUBMITTED)
    last = rows.exclude(kind=Inspection.Kind.AGAIN).order_by().values_list("facility").annotate(last=Max("finished_at"))
    return {pk: {"inspected_on": timezone.localdate(at) if at else None} for pk, at in last}


def metres_off(visit: Inspection) -> float | None:
    """How far from the facility the phone was at the hand-in, in metres."""
    if visit.lat is None or visit.lon is None:
        return None
    return float(distances(visit.lat, visit.lon, visit.facility.lat, visit.facility.lon))


def visit_list(user: Any) -> ScopedQuerySet:
    """The visits that `user` may see, for a list; without joins, like `finding_list`."""
    places = Facility.objects.select_related("type", "area").defer("area__boundary")
    return _reached(Inspection, user).prefetch_related(Prefetch("facility", places), "inspector")


def _reached(model: Any, user: Any) -> ScopedQuerySet:
    """What `restrict(user, "view")` gives, for tables whose rows lie where their facility lies: asked of 20,000 facilities, not of
    200,000 rows. A facility's contact, whose rule is finer, goes the common way.
    """
    rows = model.objects.restrict(user, "view")
    grants = user.grants(f"inspections.view_{model._meta.model_name}") if user.is_authenticated else []
    if rows.query.is_empty() or not grants or any(grant.own_only for grant in grants):
        return rows
    condition = Facility.policy.rows(user, grants)
    if not condition:
        return rows
    return model.objects.filter(facility__in=Facility._base_manager.filter(condition).values("pk"))


def listed(rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """Visits with the two numbers that a list shows. Counted apart for each row of a page, not by a join over all."""
    findings = Finding.objects.filter(inspection=OuterRef("pk")).order_by().values("inspection").annotate(n=Count("pk"))
    conflicts = Conflict.objects.filter(inspection=OuterRef("pk"), chosen="")
    return rows.annotate(found=Coalesce(Subquery(findings.values("n")), 0), conflict_count=Exists(conflicts))


def special(rows: QuerySet[Inspection], what: str) -> QuerySet[Inspection]:
    """What the numbers over the list lead to."""
    if what == "conflicts":
        return rows.filter(Exists(Conflict.objects.filter(inspection=OuterRef("pk"), chosen="")))
    if what == "late":
        return rows.filter(state__in=TO_COME, planned_on__lt=timezone.localdate())
    since = timezone.now() - timedelta(days=HALF_YEAR)
    return rows.filter(state=Inspection.State.SUBMITTED, finished_at__gte=since)
