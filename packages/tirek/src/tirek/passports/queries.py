"""Reads of passports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from tirek.accounts.access import ScopedQuerySet
from tirek.facilities.models import Facility
from tirek.facilities.queries import facilities as facilities_of
from tirek.passports.models import Passport

State = Passport.State


def passports(user: Any) -> ScopedQuerySet:
    """The passports that `user` may see, with the people who signed them."""
    rows = Passport.objects.restrict(user, "view").select_related(
        "facility__type", "facility__area", "made_by", "approved_by", "agreed_by", "refused_by"
    )
    return rows.defer("facility__area__boundary")


def versions(user: Any, facility: Facility) -> ScopedQuerySet:
    """All versions of a facility's passport, newest first, without their facts."""
    return passports(user).filter(facility=facility).order_by("-version").defer("facts")


def facilities(user: Any) -> Any:
    """The facilities on the register that `user` may see, with where their passports stand."""
    of_facility = Passport.objects.filter(facility=OuterRef("pk"))
    rows = facilities_of(user).defer("area__boundary", "visitors", "opening", "notes")
    return rows.annotate(
        in_force=Exists(of_facility.filter(state=State.AGREED)),
        stale=Exists(of_facility.filter(state=State.AGREED, stale_since__isnull=False)),
        to_approve=Exists(of_facility.filter(state=State.DRAFT)),
        to_agree=Exists(of_facility.filter(state=State.APPROVED)),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """The versions of one facility that a list shows: the one in force, and the one in work."""

    in_force: Passport | None = None
    in_work: Passport | None = None


def standings(user: Any, facility_ids: Iterable[int]) -> dict[int, Standing]:
    """What a page of the list shows of these facilities, in one query."""
    rows = Passport.objects.restrict(user, "view").filter(facility__in=list(facility_ids)).defer("facts")
    found: dict[int, dict[str, Passport]] = {}
    for row in rows.exclude(state=State.REPLACED).select_related("approved_by", "agreed_by", "made_by"):
        key = "in_force" if row.state == State.AGREED else "in_work"
        found.setdefault(row.facility_id, {})[key] = row
    return {pk: Standing(**kept) for pk, kept in found.items()}


@dataclass(frozen=True, slots=True)
class Counts:
    """What the strip over the list says, of facilities on the register."""

    in_force: int
    stale: int
    to_approve: int
    to_agree: int
    none: int


def counts(user: Any) -> Counts:
    """Counted from living rows."""
    seen = Facility.objects.restrict(user, "view").listed()
    rows = Passport.objects.restrict(user, "view").filter(facility__in=seen).order_by()
    agreed = Q(state=State.AGREED)
    found = rows.aggregate(
        in_force=Count("pk", filter=agreed),
        stale=Count("pk", filter=agreed & Q(stale_since__isnull=False)),
        to_approve=Count("pk", filter=Q(state=State.DRAFT)),
        to_agree=Count("pk", filter=Q(state=State.APPROVED)),
    )
    return Counts(**found, none=seen.count() - found["in_force"])


def figures_of(facility_ids: list[int]) -> Mapping[int, Mapping[str, Any]]:
    """Where the passport of each facility stands, for the register's copy. What is in force counts before what is in work."""
    found: dict[int, dict[str, Any]] = {}
    rows = Passport.objects.filter(facility__in=facility_ids).exclude(state=State.REPLACED).order_by("version")
    for pk, state, stale_since in rows.values_list("facility", "state", "stale_since"):
        if state == State.AGREED:
            found[pk] = {"passport_state": "stale" if stale_since else "in_force"}
        else:
            found.setdefault(pk, {"passport_state": str(state)})
    return found
