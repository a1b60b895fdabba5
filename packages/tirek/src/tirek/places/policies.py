"""Who sees which areas."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from tirek.accounts.access import NOTHING, Grant, Policy, inside


class TreePolicy(Policy):
    """An area is seen by whoever holds the permission there or above it.

    Borders and names belong to no agency and are no secret of a facility, so those limits of a grant do not narrow them.
    Whether somebody may write in a part of the tree is asked with `accounts.access.can_at`, which does keep all limits.
    """

    def rows(self, user: Any, grants: list[Grant]) -> Q:
        if any(grant.area_path is None for grant in grants):
            return Q()
        condition = NOTHING
        for grant in grants:
            condition |= inside("path", grant.area_path or "")
        return condition
