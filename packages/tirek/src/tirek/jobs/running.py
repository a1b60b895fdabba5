"""Running a job: in the worker, with progress, until it is done, refused, stopped or lost."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from tirek.audit.act import Refused
from tirek.jobs import registry, workers
from tirek.jobs.models import Job

WRITE_EVERY_S = 0.5
BEAT_EVERY_S = 20
MOST_ATTEMPTS = 3
State = Job.State
log = logging.getLogger(__name__)


class Stopped(Exception):
    """The person asked to stop. Let it pass: what was written in whole batches stays, an open transaction is rolled back."""


class Handle:
    """What the work holds of its job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.user = job.person
        self._written = 0.0

    def progress(self, done: int, total: int | None = None, note: str | None = None) -> None:
        """Say how far it is; call it as often as you like, it is written twice a second. Raises `Stopped`."""
        job = self.job
        news = note is not None and note != job.note
        job.done = done
        job.total = job.total if total is None else total
        job.note = job.note if note is None else note[:200]
        if not news and time.monotonic() - self._written < WRITE_EVERY_S:
            return
        self._written = time.monotonic()
        fields = {"done": job.done, "total": job.total, "note": job.note, "beat_at": timezone.now()}
        Job.objects.filter(pk=job.pk).update(**fields)
        self.check()

    def check(self) -> None:
        """Raise `Stopped` if the person asked for it."""
        if Job.objects.filter(pk=self.job.pk, stop_asked=True).exists():
            raise Stopped


@task()
def run_job(pk: int) -> None:
    """Run one waiting job to its end. Of two workers that try, one does; a job that does not wait is left alone."""
    now = timezone.now()
    taken = Job.objects.filter(pk=pk, state=State.WAITING).update(
        state=State.RUNNING, started_at=now, beat_at=now, worker=workers.me(), attempts=F("attempts") + 1, done=0
    )
    if not taken:
        return
    job = Job.objects.select_related("person").get(pk=pk)
    over = threading.Event()
    beats = threading.Thread(target=_beat, args=(pk, over), name=f"beat of job {pk}", daemon=True)
    beats.start()
    try:
        with translation.override(job.language or translation.get_language()):
            _end(job, *_outcome(job))
    finally:
        over.set()
        beats.join()


def run_waiting(most: int = 100) -> int:
    """Run what waits, here and now: for tests and scripts. Returns how many jobs ran."""
    ran = 0
    while ran < most and (
        pk := Job.objects.filter(state=State.WAITING).order_by("pk").values_list("pk", flat=True).first()
    ):
        run_job.call(pk)
        ran += 1
    return ran


def rescue() -> int:
    """Find jobs whose worker was killed: run those anew that may be, and end the others with a sentence. Returns how many."""
    found = 0
    for job in Job.objects.filter(state=State.RUNNING):
        if workers.lives(job):
            continue
        found += 1
        again = _is_restartable(job) and job.attempts < MOST_ATTEMPTS and not job.stop_asked
        mine = Job.objects.filter(pk=job.pk, state=State.RUNNING, worker=job.worker)
        if again and mine.update(state=State.WAITING, worker=""):
            log.warning("job %d (%s): its worker was killed, it runs anew", job.pk, job.kind)
            run_job.enqueue(job.pk)
        elif not again:
            with translation.override(job.language or translation.get_language()):
                ended = State.STOPPED if job.stop_asked else State.FAILED
                mine.update(state=ended, error="" if job.stop_asked else _lost(), ended_at=timezone.now())
            log.warning("job %d (%s): its worker was killed, it %s", job.pk, job.kind, ended)
    workers.forget_dead()
    return found


def _outcome(job: Job) -> tuple[str, dict[str, Any], str]:
    try:
        result = registry.kind(job.kind).fn(Handle(job), **job.payload)
    except Stopped:
        return State.STOPPED, {}, ""
    except Refused as refusal:
        return State.FAILED, {}, str(refusal)
    except PermissionDenied:
        return State.FAILED, {}, _("You are not allowed to do this (any more).")
    except Exception:
        log.exception("job %d (%s)", job.pk, job.kind)
        return State.FAILED, {}, _broken()
    return State.DONE, result or {}, ""


def _end(job: Job, state: str, result: dict[str, Any], error: str) -> None:
    fields = {"state": state, "result": result, "error": error, "done": job.done, "total": job.total, "note": job.note}
    if state == State.DONE and job.total:
        fields["done"] = job.total
    Job.objects.filter(pk=job.pk, state=State.RUNNING).update(**fields, ended_at=timezone.now())


def _beat(pk: int, over: threading.Event) -> None:
    """Say that the worker lives while the work says nothing."""
    try:
        while not over.wait(BEAT_EVERY_S):
            try:
                Job.objects.filter(pk=pk).update(beat_at=timezone.now())
            except DatabaseError:
                log.info("job %d: the database was busy at its beat", pk)
    finally:
        connection.close()


def _is_restartable(job: Job) -> bool:
    try:
        return registry.kind(job.kind).restartable
    except KeyError:
        return False


def _lost() -> str:
    return _("The server was stopped in the middle of this work. What was finished before stands. Start it again.")


def _broken() -> str:
    return _("Tirek made a mistake in this work. It is written in the server's log; what was finished before stands.")
