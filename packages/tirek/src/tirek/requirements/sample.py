"""The sample standards: two editions of one for all facilities, and a short one of a ministry. Each says that it is a sample."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import ProtectedError

from tirek.audit.act import act
from tirek.facilities import figures
from tirek.facilities.models import Facility
from tirek.requirements.actions import enforce_edition, import_edition, refresh_live
from tirek.requirements.models import Edition, FormerStanding, Standard, Standing
from tirek.requirements.packaged import FOLDER

OLDER, NEWER, EDUCATION = "facilities-2023.yaml", "facilities-2025.yaml", "education-2025.yaml"


def load(say: Callable[[str], None]) -> None:
    """Load the sample standards and put them in force. What is there stays."""
    if Standard.objects.filter(is_sample=True).exists():
        return
    old, new, education = (_import(name) for name in (OLDER, NEWER, EDUCATION))
    # The older one was in force before the newer; today nobody could put it in force any more.
    Edition.objects.filter(pk=old.pk).update(
        state=Edition.State.REPLACED, enforced_on=old.valid_from, replaced_on=new.valid_from
    )
    for edition in (new, education):
        enforce_edition(None, edition.pk, system="sample", recount=False)
        Edition.objects.filter(pk=edition.pk).update(enforced_on=edition.valid_from)
    sample = list(Facility.objects.filter(is_sample=True).values_list("pk", flat=True))
    refresh_live(sample, recount=False)
    figures.recount(sample)
    say(f"{new.requirements.count()} + {education.requirements.count()} requirements in force")


def _import(name: str) -> Edition:
    return import_edition(None, (FOLDER / name).read_bytes(), system="sample")


def clear() -> int:
    """Remove the sample standards; one that real rows still cite stays. Returns how many rows went."""
    standards = list(Standard.objects.filter(is_sample=True))
    if not standards:
        return 0
    removed = 0
    with act("requirements.clear_sample", system="sample") as trace:
        trace.on(standards[0])
        touched = set(Standing.objects.filter(standard__in=standards).values_list("facility", flat=True).distinct())
        for standard in standards:
            try:
                removed += Edition.objects.filter(standard=standard).delete()[0]
            except ProtectedError:
                continue
            removed += FormerStanding.objects.filter(standard=standard).delete()[0]
            removed += standard.delete()[0]
    figures.recount(touched)
    return removed
