"""Bringing editions in, putting them in force, taking drafts away."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.audit.act import Refused, act, snapshot
from tirek.facilities import figures
from tirek.facilities.models import FacilityType
from tirek.jobs.actions import start
from tirek.jobs.models import Job
from tirek.requirements import standardfile
from tirek.requirements.actions.live import RECOUNT, refresh_live_all
from tirek.requirements.models import Edition, FormerStanding, Requirement, Standard, Standing
from tirek.requirements.rows import requirement_row
from tirek.requirements.standardfile import StandardData

IMPORT, ENFORCE, REMOVE = (
    "requirements.import_edition",
    "requirements.enforce_edition",
    "requirements.remove_edition",
)


def read_file(content: bytes) -> StandardData:
    """Read a file against the types of facilities that there are. Raises BadFile with every problem."""
    return standardfile.read(content, types=FacilityType.objects.order_by("code").values_list("code", flat=True))


def import_edition(user: Any, content: bytes, *, system: str = "") -> Edition:
    """Take in a file as a draft. The same file again changes nothing; another one under the label of a draft takes its place.

    Raises BadFile, and Refused where the label is that of an edition that was once in force.
    """
    data = read_file(content)
    sha256 = hashlib.sha256(content).hexdigest()
    same = Edition.objects.filter(standard__code=data.code, label=data.label, sha256=sha256).first()
    if same is not None and (user is None or user.grants(IMPORT)):
        return same
    with act(IMPORT, user, system=system) as trace:
        standard, before = _standard(data), None
        edition = Edition.objects.select_for_update().filter(standard=standard, label=data.label).first()
        if edition is None:
            edition = Edition(standard=standard, label=data.label)
        elif edition.state != Edition.State.DRAFT:
            raise Refused(
                _("The edition “%(label)s” was put in force already and is not changed. Give the file a new label.")
                % {"label": data.label}
            )
        else:
            before = snapshot(edition)
            edition.requirements.all().delete()
        for code in ("kk", "ru", "en"):
            setattr(edition, f"instrument_{code}", getattr(data.instrument, code))
        edition.source_url = data.source
        edition.valid_from, edition.valid_to = data.valid_from, data.valid_to
        edition.is_sample = data.sample
        edition.sha256, edition.file = sha256, content.decode("utf-8-sig")
        edition.imported_at, edition.imported_by = timezone.now(), user
        edition.save()
        Requirement.objects.bulk_create(
            requirement_row(edition, row, order) for order, row in enumerate(data.requirements, start=1)
        )
        trace.on(edition, before=before, after={**snapshot(edition), "requirements": len(data.requirements)})
    return edition


def _standard(data: StandardData) -> Standard:
    standard = Standard.objects.select_for_update().filter(code=data.code).first()
    if standard is None:
        standard = Standard(code=data.code, is_sample=data.sample)
    elif standard.is_sample != data.sample:
        raise Refused(
            _("A sample and a real standard cannot share the code “%(code)s”. Give the file another code.")
            % {"code": data.code}
        )
    for code in ("kk", "ru", "en"):
        setattr(standard, f"name_{code}", getattr(data.name, code))
    standard.save()
    return standard


def enforce_edition(user: Any, pk: int, *, system: str = "", recount: bool = True) -> Edition:
    """Put an edition in force. It takes the place of the former one: what is known of requirements that still exist stays, of those
    that were dropped it goes to the history. Raises Edition.DoesNotExist, and Refused where its time has not come or has passed.
    """
    with act(ENFORCE, user, system=system) as trace:
        rows = Edition.objects.all() if user is None else Edition.objects.restrict(user, "enforce")
        edition = rows.select_for_update().get(pk=pk)
        today = timezone.localdate()
        _may_be_enforced(edition, today)
        before = snapshot(edition)
        former = Edition.objects.select_for_update().filter(standard=edition.standard_id, state=Edition.State.IN_FORCE)
        former.update(state=Edition.State.REPLACED, replaced_on=today)
        edition.state = Edition.State.IN_FORCE
        edition.enforced_on, edition.enforced_by, edition.replaced_on = today, user, None
        edition.save(update_fields=["state", "enforced_on", "enforced_by", "replaced_on"])
        dropped = _drop(edition)
        trace.on(edition, before=before, after={**snapshot(edition), "dropped": dropped})
    if recount:
        # After the act, in transactions of their own: others need not wait until a province is counted.
        refresh_live_all()
        figures.recount_all()
    return edition


def enforce_and_count(user: Any, pk: int, url: str) -> Job:
    """Put an edition in force and let the worker count the province by it. `url` is where its person comes back to.

    Both or neither: an edition in force by which nothing was counted would show old figures. Raises as `enforce_edition`.
    """
    with transaction.atomic():
        edition = enforce_edition(user, pk, recount=False)
        title = _("Count the facilities by edition %(label)s") % {"label": edition.label}
        return start(RECOUNT, user, title, url=url)


def _may_be_enforced(edition: Edition, today: Any) -> None:
    if edition.state == Edition.State.IN_FORCE:
        raise Refused(_("This edition is in force already."))
    if edition.state == Edition.State.REPLACED:
        raise Refused(
            _("This edition was replaced by a newer one. Import it under a new label to put it in force again.")
        )
    if edition.valid_from and edition.valid_from > today:
        said = {"day": f"{edition.valid_from:%d.%m.%Y}"}
        raise Refused(_("This edition is valid from %(day)s. Put it in force on that day.") % said)
    if edition.valid_to and edition.valid_to < today:
        raise Refused(_("This edition was valid until %(day)s.") % {"day": f"{edition.valid_to:%d.%m.%Y}"})


def _drop(edition: Edition) -> int:
    """Move what is known of requirements that are no longer there to the history. Returns how many keys went."""
    kept = set(edition.requirements.values_list("key", flat=True))
    gone = Standing.objects.filter(standard=edition.standard_id).exclude(key__in=kept)
    keys = gone.order_by().values("key").distinct().count()
    now = timezone.now()
    FormerStanding.objects.bulk_create(
        (
            FormerStanding(
                facility_id=row.facility_id,
                standard_id=row.standard_id,
                key=row.key,
                state=row.state,
                since=row.since,
                until=max(now, row.since),
                why=FormerStanding.Why.DROPPED,
                source=row.source,
                source_id=row.source_id,
                note=row.note,
            )
            for row in gone.exclude(state=Standing.State.UNKNOWN).iterator(chunk_size=2000)
        ),
        batch_size=1000,
    )
    gone.delete()
    return keys


def remove_edition(user: Any, pk: int) -> Standard | None:
    """Take a draft away. Returns its standard, or None when that went too because nothing else was in it. Raises
    Edition.DoesNotExist, and Refused for one that was once in force.
    """
    with act(REMOVE, user) as trace:
        edition = Edition.objects.restrict(user, "remove").select_for_update().get(pk=pk)
        if edition.state != Edition.State.DRAFT:
            raise Refused(_("Only a draft can be removed: visits and notices cite the others."))
        standard = edition.standard
        trace.on(edition, before=snapshot(edition), after={})
        edition.delete()
        if not standard.editions.exists() and not Standing.objects.filter(standard=standard).exists():
            standard.delete()
            return None
    return standard
