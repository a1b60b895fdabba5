"""What this app puts on pages of others."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import can
from tirek.facilities.models import Facility
from tirek.files.models import StoredFile
from tirek.passports import content, queries
from tirek.passports.actions.drafting import may_draw_up
from tirek.passports.compare import differences
from tirek.passports.models import Passport
from tirek.ui.sections import Tab


def passport_of_facility(request: HttpRequest, facility: Facility) -> Tab | None:
    """The passport in force, what has changed since, the version in work, and all versions."""
    if not can(request.user, "passports.view_passport"):
        return None

    def context() -> dict[str, Any]:
        rows = list(queries.versions(request.user, facility))
        in_force = next((row for row in rows if row.state == Passport.State.AGREED), None)
        in_work = next((row for row in rows if row.is_open), None)
        changed = []
        if in_force is not None:
            changed = differences(in_force.facts, content.facts_of([facility.pk], day=False)[facility.pk])
        listed = facility.state == Facility.State.LISTED
        return {
            "facility": facility,
            "versions": rows,
            "in_force": in_force,
            "in_work": in_work,
            "differences": changed,
            "may_draft": listed and may_draw_up(request.user, facility),
        }

    return Tab("passport", _("Passport"), "passports/parts/of_facility.html", context, order=50)


def holds_file(user: Any, stored: StoredFile) -> bool:
    """Whether a passport that `user` may see holds a file (`files.registry.holder`)."""
    return bool(Passport.objects.restrict(user, "view").filter(plans=stored).exists())
