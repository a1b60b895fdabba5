"""Computing: by hand, and by the worker when a month has begun. What was computed before stays."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import can_at
from tirek.accounts.models import Person
from tirek.audit.act import Refused, act
from tirek.flashpoints import gathering
from tirek.flashpoints.actions.signing import rests_until
from tirek.flashpoints.gathering import Impossible
from tirek.flashpoints.models import Cluster, Forecast, Outlook, Run
from tirek.jobs import actions as jobs
from tirek.jobs.models import Job
from tirek.jobs.running import Handle
from tirek.places.models import Area

COMPUTE = "flashpoints.compute_run"
JOB = "flashpoints.compute_run"
State = Run.State
log = logging.getLogger(__name__)


def start_computing(user: Person, area_pk: int) -> Job:
    """Let the worker compute a province anew from what is known today. Raises Area.DoesNotExist, PermissionDenied, Refused."""
    with act(COMPUTE, user) as trace:
        area = Area.objects.select_for_update().defer("boundary").get(pk=area_pk, kind=Area.Kind.REGION)
        if not can_at(user, COMPUTE, area.path):
            raise PermissionDenied(COMPUTE)
        open_ones = Run.objects.filter(area=area, state=State.WAITING, job__state__in=Job.OPEN)
        if open_ones.exists():
            raise Refused(_("This province is being computed already."))
        today = timezone.localdate()
        run = Run.objects.create(
            area=area,
            known_on=today,
            origin=gathering.last_whole_month(today) + 1,
            made_by=user,
            is_sample=user.is_sample,
        )
        title = _("Compute forecasts: %(area)s") % {"area": area.name}
        run.job = jobs.start(JOB, user, title, {"run": run.pk}, area_path=area.path, url=run.get_absolute_url())
        run.save(update_fields=["job"])
        trace.on(run, after={"known_on": run.known_on, "job": run.job_id})
    return run.job


def compute_run(handle: Handle, run: int) -> dict[str, Any]:
    """The job. Everything is counted first and written in one go at the end: a run is never half computed."""
    row = Run.objects.restrict(handle.user, "compute").select_related("area").get(pk=run)
    if row.state != State.WAITING:
        raise Refused(_("This run is computed."))
    handle.progress(0, 100)
    done = carry_out(row, handle.user, watch=lambda percent: handle.progress(percent, 100))
    return {"text": str(done), "url": done.get_absolute_url()}


def compute_due(today: date | None = None) -> list[Run]:
    """What the worker does when a month has begun: one run for each province with incidents that has none for this month."""
    day = today or timezone.localdate()
    origin = gathering.last_whole_month(day) + 1
    made = []
    for region in Area.objects.filter(kind=Area.Kind.REGION).defer("boundary"):
        ended = Run.objects.filter(area=region).exclude(state=State.WAITING)
        if ended.filter(origin__gte=origin).exists() or not (ended.exists() or gathering.has_incidents(region)):
            continue
        try:
            run = carry_out(
                Run(area=region, known_on=day, origin=origin, is_sample=region.is_sample), None, system="worker"
            )
        except (ValueError, ArithmeticError):
            # One province that cannot be computed must not keep the worker from the others, and from keeping house.
            log.exception("forecasts of %s for month %d", region.code, origin)
            continue
        log.info("forecasts of %s for month %d in %.1f s", region.code, origin, run.seconds or 0)
        made.append(run)
    return made


def carry_out(
    run: Run,
    user: Person | None,
    *,
    system: str = "",
    watch: Callable[[int], None] = lambda _percent: None,
    **effort: int,
) -> Run:
    """Compute a run that waits, or one that is not stored yet, and store it. `effort` overrides settings (replicates, draws)."""
    region = Area.objects.get(pk=run.area_id)
    try:
        known = gathering.gather(region, run.known_on)
    except Impossible as reason:
        return _store_refusal(run, user, system, reason.problem)
    # The engines take seconds and 200 MB to import: only who computes pays for them, not every process when it starts.
    from tirek.flashpoints import computing  # noqa: PLC0415

    settings = computing.settings_of(known, **effort)
    rested = np.array([rests_until(area, run.known_on) is not None for area in known.areas])
    found = computing.compute(known, settings, rested, watch)
    with act(COMPUTE, user, system=system) as trace:
        row = _taken(run)
        row.state, row.computed_at, row.seconds = State.DONE, timezone.now(), round(found.seconds, 3)
        row.origin, row.months, row.incidents = known.origin, len(known.counts), int(known.counts.sum())
        row.settings, row.figures, row.input_sha256 = settings, found.figures, known.digest(settings)
        row.save()
        rows: tuple[tuple[type[models.Model], list[Any]], ...] = (
            (Outlook, found.outlooks),
            (Forecast, found.forecasts),
            (Cluster, found.clusters),
        )
        for table, made in rows:
            for one in made:
                one.run = row
            table._default_manager.bulk_create(made, batch_size=200)
        kept = ("known_on", "months", "incidents", "input_sha256", "seconds")
        trace.on(row, after={name: getattr(row, name) for name in kept} | {"clusters": len(found.clusters)})
    return row


def _store_refusal(run: Run, user: Person | None, system: str, problem: Run.Problem) -> Run:
    with act(COMPUTE, user, system=system) as trace:
        row = _taken(run)
        row.state, row.problem, row.computed_at = State.REFUSED, problem, timezone.now()
        row.save()
        trace.on(row, after={"state": row.state, "problem": row.problem})
    return row


def _taken(run: Run) -> Run:
    """The run to be filled in: locked, if it is stored and nobody else has filled it in."""
    if run.pk is None:
        return run
    row = Run.objects.select_for_update().get(pk=run.pk)
    if row.state != State.WAITING:
        raise Refused(_("This run is computed."))
    return row
