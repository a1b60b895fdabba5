"""What this app puts on pages of others."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import can
from tirek.facilities.models import Facility
from tirek.ui.sections import Tab
from tirek.upgrades import basis as source
from tirek.upgrades import consequence, queries, whatif
from tirek.upgrades.actions import CHANGE_CONSEQUENCE, KEEP


def protection_of_facility(request: HttpRequest, facility: Facility) -> Tab | None:
    """Tier, gap, flags, scenarios and the what-if."""
    if not can(request.user, "upgrades.view_consequence"):
        return None

    def context() -> dict[str, Any]:
        scenarios = list(queries.scenarios(request.user))
        found = whatif.read(facility)
        now = whatif.protection(found, facility.type.code, scenarios)
        return {
            "facility": facility,
            "judgement": consequence.judgement(facility, scenarios),
            "bands": consequence.bands(),
            "protection": now,
            "offers": source.offers(found, 0) if now else [],
            "requirements": found.requirements,
            "answer": whatif.answer(found, facility.type.code, [], scenarios) if now else None,
            "kept": list(queries.kept(request.user, facility)[:10]),
            "may_change": can(request.user, CHANGE_CONSEQUENCE),
            "may_keep": can(request.user, KEEP),
        }

    return Tab("protection", _("Protection"), "upgrades/parts/protection.html", context, order=10)
