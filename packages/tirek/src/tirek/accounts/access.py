"""Who may do what, where. One policy object per model; row scope lives in the queryset (`restrict`).

A grant is a permission with up to two limits: an area (everything inside it) and an agency (what belongs to it). Both
limits must be met. What the rules cannot decide is refused: a grant whose area has no place in the tree reaches
nothing, and a grant bound to an agency reaches nothing in a table whose rows belong to no agency.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import HttpRequest

from tirek.accounts.roles import ROLES

NOTHING = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission held in a part of the world. None means no limit of that sort; a path ends with "/"."""

    area_path: str | None
    agency_id: int | None
    role: str
    holds_all: bool = False  # every other area lies in its area

    @property
    def own_only(self) -> bool:
        """Whether the role reaches only rows that are the person's own (a facility contact's facility)."""
        return ROLES[self.role].own_only

    @property
    def unlimited(self) -> bool:
        """Whether it reaches everything: bound to no agency, and to no area or to one that holds every other."""
        return not self.own_only and self.agency_id is None and (self.area_path is None or self.holds_all)

    def covers(self, area_path: str | None, agency_id: int | None = None) -> bool:
        """Whether all of this part of the world lies within the grant. `area_path` None or "" is everywhere."""
        if self.own_only:
            return False
        if self.agency_id is not None and self.agency_id != agency_id:
            return False
        return self.area_path is None or is_inside(area_path or "", self.area_path)


def is_inside(path: str, area_path: str) -> bool:
    """Whether an area's path lies in (or is) another: "1/42/" does not lie in "1/4/". An empty path lies nowhere."""
    return bool(area_path) and path.startswith(f"{area_path.rstrip('/')}/")


def inside(lookup: str, area_path: str) -> Q:
    """The condition that the path behind `lookup` (e.g. "area__path") lies in `area_path`."""
    return Q(**{f"{lookup}__startswith": f"{area_path.rstrip('/')}/"}) if area_path else NOTHING


class Policy(ABC):
    """Who reaches which rows of a table."""

    def bearing(self, verb: str, grants: list[Grant]) -> list[Grant]:
        """Those of `grants` that give `verb` in this table at all."""
        return grants

    @abstractmethod
    def rows(self, user: Any, grants: list[Grant]) -> Q:
        """The condition that the rows must meet; called with at least one grant. An empty Q is every row."""


class CommonPolicy(Policy):
    """Rows that belong to no area and no agency and serve everybody: plans of warning, standards, kinds, prices.

    Whoever holds the permission sees every row. What is done to them is felt everywhere, so only a grant without limits lets
    anybody do more than look.
    """

    def bearing(self, verb: str, grants: list[Grant]) -> list[Grant]:
        return grants if verb == "view" else [grant for grant in grants if grant.unlimited]

    def rows(self, user: Any, grants: list[Grant]) -> Q:
        return Q()


class AreaPolicy(Policy):
    """Rows lie in an area, and may belong to an agency; a grant reaches what lies inside both its limits.

    `path` is the lookup from the row to `Area.path`, e.g. "area__path"; `agency` the one to the agency's id, e.g.
    "facility__agency", if there is one. `own` gives the rows that are the user's own: a function from user to Q.
    Roles that are `own_only` reach these rows, wherever they lie, and no others.
    """

    def __init__(self, path: str, own: Callable[[Any], Q] | None = None, agency: str | None = None) -> None:
        self.path = path
        self.own = own
        self.agency = agency

    def rows(self, user: Any, grants: list[Grant]) -> Q:
        condition = NOTHING
        for grant in grants:
            reached = self._reached(user, grant)
            if not reached:
                return Q()
            condition |= reached
        return condition

    def _reached(self, user: Any, grant: Grant) -> Q:
        if grant.own_only:
            return self.own(user) if self.own else NOTHING
        reached = Q()
        if grant.agency_id is not None:
            if self.agency is None:
                return NOTHING
            reached &= Q(**{self.agency: grant.agency_id})
        if grant.area_path is not None:
            reached &= inside(self.path, grant.area_path)
        return reached


@cache
def policy_of(permission: str) -> Policy | None:
    """The policy of the table that a permission names; None for what is no table, such as a password."""
    app, _dot, rest = permission.partition(".")
    try:
        model = apps.get_model(app, rest.partition("_")[2])
    except LookupError:
        return None
    return getattr(model, "policy", None)


def bearing(permission: str, grants: list[Grant]) -> list[Grant]:
    """Those of `grants`, all of roles that hold `permission`, that give it at all."""
    policy = policy_of(permission)
    return policy.bearing(permission.partition(".")[2].partition("_")[0], grants) if policy else grants


class ScopedQuerySet(models.QuerySet):
    """A queryset that knows who is asking."""

    def restrict(self, user: Any, action: str = "view") -> ScopedQuerySet:
        """Only the rows on which `user` may do `action`. Anonymous and closed accounts get none."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        grants = user.grants(f"{self.model._meta.app_label}.{action}_{self.model._meta.model_name}")
        if not grants:
            return self.none()
        condition = self.model.policy.rows(user, grants)
        if not condition:
            return self.all()
        # A subquery, so that a join neither doubles rows nor stands in the way of select_for_update.
        return self.filter(pk__in=self.model._base_manager.filter(condition).values("pk"))


ScopedManager = models.Manager.from_queryset(ScopedQuerySet)


def can(user: Any, permission: str, obj: models.Model | None = None) -> bool:
    """Whether `user` holds `permission`, and holds it on `obj` (a stored row) if one is given."""
    if not user.is_authenticated or not user.is_active:
        return False
    grants = user.grants(permission)
    if not grants or obj is None:
        return bool(grants)
    condition = type(obj).policy.rows(user, grants)
    return type(obj)._base_manager.filter(condition, pk=obj.pk).exists()


def can_at(user: Any, permission: str, area_path: str | None, agency_id: int | None = None) -> bool:
    """Whether `user` holds `permission` over a whole part of the world: for rows that do not exist yet.

    `area_path` None or "" asks for everywhere.
    """
    if not user.is_authenticated or not user.is_active:
        return False
    return any(grant.covers(area_path, agency_id) for grant in user.grants(permission))


def require(user: Any, permission: str, obj: models.Model | None = None) -> None:
    """Raise PermissionDenied unless `can(...)`."""
    if not can(user, permission, obj):
        raise PermissionDenied(permission)


def is_sample_session(request: HttpRequest) -> bool:
    """Whether this session plays a sample person. Whatever it warns of can only be an exercise."""
    return bool(request.session.get("sample")) or bool(getattr(request.user, "is_sample", False))
