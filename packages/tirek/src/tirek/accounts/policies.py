"""Who sees which people."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from tirek.accounts.access import NOTHING, Grant, Policy, inside


class PeoplePolicy(Policy):
    """A person is seen where their agency lies and where they hold a role; by an agency-bound grant, in that agency.

    What one may do to a person whom one sees is narrower still: `actions.require_reach`.
    """

    def rows(self, user: Any, grants: list[Grant]) -> Q:
        condition = NOTHING
        for grant in grants:
            if grant.own_only:
                condition |= Q(pk=user.pk)
                continue
            reached = Q()
            if grant.agency_id is not None:
                reached &= Q(agency=grant.agency_id) | Q(assignments__agency=grant.agency_id)
            if grant.area_path is not None:
                reached &= inside("agency__area__path", grant.area_path) | inside(
                    "assignments__area__path", grant.area_path
                )
            if not reached:
                return Q()
            condition |= reached
        return condition
