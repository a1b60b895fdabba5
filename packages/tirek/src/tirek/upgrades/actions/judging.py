"""Judging the consequence of a facility, and keeping a what-if."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import require
from tirek.accounts.models import Person
from tirek.audit.act import Refused, act, snapshot
from tirek.facilities import figures
from tirek.facilities.models import Facility
from tirek.upgrades import whatif
from tirek.upgrades.basis import as_lines
from tirek.upgrades.models import Consequence, KeptWhatIf
from tirek.upgrades.quantities import tenge

CHANGE_CONSEQUENCE = "upgrades.change_consequence"
KEEP = "upgrades.add_keptwhatif"
REMOVE_KEPT = "upgrades.remove_keptwhatif"


def change_consequence(user: Person, facility_pk: int, fields: dict[str, Any]) -> Consequence:
    """Judge the factors that the register does not know, and move the tier by one for a reason. Raises Facility.DoesNotExist."""
    with act(CHANGE_CONSEQUENCE, user, why=str(fields.get("adjustment_why", ""))) as trace:
        facility = Facility.objects.restrict(user, "view").select_for_update().get(pk=facility_pk)
        row = Consequence.objects.filter(pk=facility.pk).first()
        before = snapshot(row) if row else None
        row = row or Consequence(facility=facility)
        for name, value in fields.items():
            setattr(row, name, value)
        if not row.adjustment:
            row.adjustment_why = ""
        elif not row.adjustment_why.strip():
            raise Refused(_("Say why the tier is moved."))
        row.judged_by, row.judged_at = user, timezone.now()
        row.save()
        require(user, CHANGE_CONSEQUENCE, row)
        figures.recount([facility.pk])
        trace.on(row, before=before, after=snapshot(row))
    return row


def keep_what_if(user: Person, facility_pk: int, codes: Iterable[str], note: str) -> KeptWhatIf:
    """Write a what-if down, counted anew. It decides nothing and buys nothing."""
    with act(KEEP, user) as trace:
        facility = Facility.objects.restrict(user, "view").select_related("type").get(pk=facility_pk)
        found = whatif.read(facility)
        if found.standard is None or not note.strip():
            raise Refused(_("Tick measures and write a few words: what is it for?"))
        told = whatif.answer(found, facility.type.code, codes, [])
        if not told.ticked:
            raise Refused(_("Tick measures and write a few words: what is it for?"))
        kept = KeptWhatIf.objects.create(
            facility=facility,
            measures=as_lines(told.ticked, found),
            cost=tenge(told.cost),
            gap_before=[told.before.low, told.before.high],
            gap_after=[told.after.low, told.after.high],
            mandatory_before=len(told.cleared) + len(told.remaining),
            mandatory_after=len(told.remaining),
            note=note.strip()[:300],
            made_by=user,
            is_sample=user.is_sample and facility.is_sample,
        )
        require(user, KEEP, kept)
        trace.on(kept, after=snapshot(kept))
    return kept


def remove_kept(user: Person, pk: int) -> KeptWhatIf:
    """Throw a kept what-if away. Raises KeptWhatIf.DoesNotExist."""
    with act(REMOVE_KEPT, user) as trace:
        kept = KeptWhatIf.objects.restrict(user, "remove").select_for_update().select_related("facility").get(pk=pk)
        trace.on(kept, before=snapshot(kept))
        KeptWhatIf.objects.filter(pk=pk).delete()
    return kept
