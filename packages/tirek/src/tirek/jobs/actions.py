"""Acts on jobs."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django_tasks_db import DatabaseBackend

from tirek.audit.act import act, snapshot
from tirek.jobs import registry
from tirek.jobs.models import Job
from tirek.jobs.queries import jobs_of
from tirek.jobs.running import run_job


def start(
    kind: str, user: Any, title: str, payload: dict[str, Any] | None = None, *, area_path: str = "", url: str = ""
) -> Job:
    """Let the worker do long work. `payload` is plain JSON, given to the work as arguments.

    `url` is the page that the job belongs to: there its person finds out what became of it, however it ended.
    It asks for no permission: the act that calls it does, and the work asks again. Starts when the transaction around it commits.
    """
    registry.kind(kind)
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            title=str(title)[:200],
            person=user,
            payload=payload or {},
            area_path=area_path,
            url=url,
            language=get_language() or "",
        )
        if isinstance(run_job.get_backend(), DatabaseBackend):
            run_job.enqueue(job.pk)  # a row of the same transaction
        else:
            transaction.on_commit(lambda: run_job.enqueue(job.pk))
    return job


def stop_job(user: Any, pk: int) -> Job:
    """Ask a job to stop. One that waits stops at once, one at work at its next step. Raises Job.DoesNotExist."""
    with act("jobs.stop_job", user, own=True) as trace:
        job = jobs_of(user).select_for_update().get(pk=pk)
        before = snapshot(job, without=("payload", "result"))
        if job.is_open:
            job.stop_asked = True
            if job.state == Job.State.WAITING:
                job.state, job.ended_at = Job.State.STOPPED, timezone.now()
            job.save(update_fields=["stop_asked", "state", "ended_at"])
        trace.on(job, before=before, after=snapshot(job, without=("payload", "result")))
    return job
