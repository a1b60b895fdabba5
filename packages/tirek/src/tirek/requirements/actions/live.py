"""Live facts become standings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from tirek.facilities import figures
from tirek.facilities.models import Facility
from tirek.requirements import queries, registry
from tirek.requirements.actions.recording import Ledger
from tirek.requirements.models import Requirement

# Small enough that other writers hardly wait.
CHUNK = 200
RECOUNT = "requirements.recount"  # the job that does it for a province (tirek.requirements.tasks)


def refresh_live(facility_ids: Iterable[int], *, recount: bool = True) -> None:
    """Ask every live check that the requirements in force name, and let what it says stand beside what people said.

    Parts call it when their data changed, the worker for all facilities now and then. It leaves no entry in the audit log: nobody
    decided anything, and the data that it was read from has its own history.
    """
    ids = sorted(set(facility_ids))
    checked = [one for one in queries.in_force() if one.live_check]
    for start in range(0, len(ids), CHUNK):
        _refresh(checked, ids[start : start + CHUNK], recount=recount)


def refresh_live_all() -> None:
    """The same for every facility on the register."""
    refresh_live(Facility.objects.filter(state=Facility.State.LISTED).values_list("pk", flat=True))


def _refresh(checked: Sequence[Requirement], ids: list[int], *, recount: bool) -> None:
    with transaction.atomic():
        ledger = Ledger.open(ids, (requirement.key for requirement in checked))
        now = timezone.now()
        found, binds = queries.bound(checked, ids)
        facts: dict[str, Mapping[int, registry.LiveFact]] = {}
        for column, requirement in enumerate(checked):
            # The same question is asked once, also when two standards ask it.
            question = json.dumps(requirement.live_check, sort_keys=True)
            if question not in facts:
                facts[question] = registry.ask(requirement.live_check, found)
            for row, pk in enumerate(found):
                place = (pk, requirement.edition.standard_id, requirement.key)
                fact = facts[question].get(pk) if binds[row, column] else None
                if fact is None:
                    ledger.forget_live(place)
                else:
                    ledger.tell(place, fact, now)
        ledger.close()
        if recount:
            figures.recount(found)
