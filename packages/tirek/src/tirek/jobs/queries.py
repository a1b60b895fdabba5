"""Reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from tirek.accounts.access import can
from tirek.jobs.models import Job

VIEW = "jobs.view_job"
KEPT = timedelta(days=90)
TRUSTED_AFTER_S = 2.0


def jobs_of(user: Any) -> QuerySet[Job]:
    """One's own jobs; administrators see everybody's."""
    if not user.is_authenticated or not user.is_active:
        return Job.objects.none()
    return Job.objects.all() if can(user, VIEW) else Job.objects.filter(person=user)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. `rate`: pieces a second; `left`: seconds, None while nobody can say."""

    percent: int | None
    rate: float | None
    left: int | None


def progress_of(job: Job) -> Progress:
    percent = min(100, int(100 * job.done / job.total)) if job.total else None
    if job.state != Job.State.RUNNING or job.started_at is None:
        return Progress(percent, None, None)
    ran = (timezone.now() - job.started_at).total_seconds()
    if not job.done or ran < TRUSTED_AFTER_S:
        return Progress(percent, None, None)
    rate = job.done / ran
    return Progress(percent, rate, round((job.total - job.done) / rate) if job.total >= job.done else None)


def prune() -> int:
    """Forget jobs that ended long ago. What they did stands in the audit log."""
    return Job.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()[0]
