"""Who sees which computations."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from tirek.accounts.access import NOTHING, Grant, Policy, inside


class RunPolicy(Policy):
    """A run is seen by whoever is responsible for its area, for an area above it, or for a part of it.

    A person of one district needs the run of the province: theirs is one line of it. What it says of the other districts lies
    in rows of their own, which `AreaPolicy` guards.
    """

    def rows(self, user: Any, grants: list[Grant]) -> Q:
        condition = NOTHING
        for grant in grants:
            if grant.own_only or grant.agency_id is not None:
                continue
            if grant.area_path is None:
                return Q()
            above = [int(part) for part in grant.area_path.split("/") if part]
            condition |= inside("area__path", grant.area_path) | Q(area__in=above)
        return condition
