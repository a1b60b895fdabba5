"""Long work on requirements."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tirek.facilities import figures
from tirek.facilities.models import Facility
from tirek.requirements.actions.live import CHUNK, refresh_live


def recount(handle: Any) -> dict[str, Any]:
    """Ask the live checks and count the figures of every facility anew, in short transactions. Running it again does no harm."""
    ids = list(Facility.objects.order_by("pk").values_list("pk", flat=True))
    listed = set(Facility.objects.filter(state=Facility.State.LISTED).values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        handle.progress(start, len(ids))
        part = ids[start : start + CHUNK]
        refresh_live(listed.intersection(part), recount=False)
        figures.recount(part)
    return {"text": _("Every facility is counted by the edition that is in force now."), "url": handle.job.url}
