"""Long work: started, shown, stopped, refused, broken, lost with its worker, and run anew."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings as installation
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.jobs import actions, running, workers
from tirek.jobs.models import Job
from tirek.jobs.queries import progress_of, prune
from tirek.jobs.running import rescue, run_job, run_waiting

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def inspector(person):
    return person("inspector")


def test_from_the_start_to_the_result(inspector, kind, monkeypatch):
    monkeypatch.setattr(running, "WRITE_EVERY_S", 0)
    seen = []

    def work(handle, size):
        assert handle.user == inspector
        for i in range(size):
            handle.progress(i, size, f"row {i}")
            seen.append(Job.objects.values_list("done", "total", "note").get())
        return {"text": "All read.", "url": "/facilities/"}

    job = actions.start(kind(work), inspector, "Import", {"size": 3})
    assert (job.state, run_waiting()) == (State.WAITING, 1)
    job.refresh_from_db()
    assert seen == [(0, 3, "row 0"), (1, 3, "row 1"), (2, 3, "row 2")]
    assert (job.state, job.done, job.total, job.attempts) == (State.DONE, 3, 3, 1)
    assert job.result["text"] == "All read."
    assert job.ended_at >= job.started_at
    run_job.call(job.pk)  # the task comes twice: nothing happens
    assert len(seen) == 3


def test_progress_is_written_twice_a_second_at_most(inspector, kind, django_assert_max_num_queries):
    def work(handle):
        with django_assert_max_num_queries(2):
            for i in range(10_000):
                handle.progress(i, 10_000)

    actions.start(kind(work), inspector, "Import")
    run_waiting()
    assert Job.objects.get().state == State.DONE


def test_a_task_is_kept_only_if_its_transaction_is(inspector, kind):
    with transaction.atomic():
        actions.start(kind(lambda handle: None), inspector, "Import")
        assert DBTaskResult.objects.count() == 1
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_a_kind_that_nobody_registered(inspector):
    with pytest.raises(KeyError):
        actions.start("nothing", inspector, "Import")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(Refused("The file is empty."), "The file is empty."), (PermissionDenied("x"), "not allowed"), (ValueError("x"), "mistake")],
)  # fmt: skip
def test_work_that_does_not_succeed_says_why(inspector, kind, error, sentence):
    def work(handle):
        raise error

    actions.start(kind(work), inspector, "Import")
    run_waiting()
    job = Job.objects.get()
    assert job.state == State.FAILED
    assert sentence in job.error


def test_sentences_are_in_the_language_of_the_person(inspector, kind):
    def work(handle):
        raise Refused(_("The file is empty."))

    with translation.override("kk"):
        actions.start(kind(work), inspector, "Import")
    run_waiting()
    assert Job.objects.get().error == "Файл бос."


def test_stopping_at_work_rolls_back_the_open_batch_only(inspector, kind, person, monkeypatch):
    monkeypatch.setattr(running, "WRITE_EVERY_S", 0)

    def work(handle):
        for batch in range(10):
            with transaction.atomic():
                person("analyst", username=f"batch-{batch}")
                if batch == 2:
                    actions.stop_job(inspector, handle.job.pk)
            handle.progress(batch, 10)

    job = actions.start(kind(work), inspector, "Import")
    run_waiting()
    job.refresh_from_db()
    assert (job.state, job.done) == (State.STOPPED, 2)
    assert type(inspector).objects.filter(username__startswith="batch-").count() == 3
    assert Entry.objects.filter(verb="jobs.stop_job").count() == 1


def test_stopping_what_waits_stops_it_at_once(inspector, kind):
    job = actions.start(kind(lambda handle: pytest.fail("it ran")), inspector, "Import")
    assert actions.stop_job(inspector, job.pk).state == State.STOPPED
    run_job.call(job.pk)
    assert Job.objects.get().state == State.STOPPED


def test_somebody_elses_job_is_neither_seen_nor_stopped(inspector, person, client_for, kind):
    job = actions.start(kind(lambda handle: None), inspector, "Import of secrets")
    stranger, admin = person("inspector"), person("administrator")
    with pytest.raises(Job.DoesNotExist):
        actions.stop_job(stranger, job.pk)
    for name in ("jobs:job", "jobs:progress"):
        assert client_for(stranger).get(reverse(name, args=[job.pk])).status_code == 404
        assert client_for(admin).get(reverse(name, args=[job.pk])).status_code == 200
    assert "secrets" not in client_for(stranger).get(reverse("jobs:jobs")).content.decode()
    assert client_for(stranger).post(reverse("jobs:stop", args=[job.pk])).status_code == 404
    assert client_for(inspector).post(reverse("jobs:stop", args=[job.pk])).status_code == 302
    assert Job.objects.get().stop_asked


def test_the_part_asks_on_while_the_job_is_open_and_goes_to_the_result(inspector, client_for, kind):
    job = actions.start(kind(lambda handle: {"url": "/facilities/"}), inspector, "Import")
    client, url = client_for(inspector), reverse("jobs:progress", args=[job.pk])
    assert "every 1s" in client.get(url).content.decode()
    run_waiting()
    part = client.get(url).content.decode()
    assert "every 1s" not in part
    assert 'href="/facilities/"' in part
    assert client.get(url, {"follow": "1"})["HX-Redirect"] == "/facilities/"


def test_a_job_that_failed_leads_back_to_its_page(inspector, client_for, kind):
    def work(handle):
        raise Refused("No.")

    job = actions.start(kind(work), inspector, "Import", url="/people/")
    run_waiting()
    client = client_for(inspector)
    assert client.get(reverse("jobs:progress", args=[job.pk]), {"follow": "1"})["HX-Redirect"] == "/people/"
    assert 'href="/people/"' in client.get(job.get_absolute_url()).content.decode()


def test_rate_and_time_left(inspector, client_for):
    started = timezone.now() - timedelta(seconds=10)
    job = Job.objects.create(
        kind="x", title="x", person=inspector, state=State.RUNNING, started_at=started, done=500, total=2000
    )
    progress = progress_of(job)
    assert progress.percent == 25
    assert progress.rate == pytest.approx(50, rel=0.1)
    assert progress.left == pytest.approx(30, abs=3)
    page = client_for(inspector).get(job.get_absolute_url()).content.decode()
    assert "500 of 2,000" in page
    assert "a second" in page


def test_the_immediate_backend_does_it_in_the_request(inspector, kind, settings, django_capture_on_commit_callbacks):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    with django_capture_on_commit_callbacks(execute=True):
        job = actions.start(kind(lambda handle: {"text": "ok"}), inspector, "Import")
    job.refresh_from_db()
    assert job.state == State.DONE


def lost(inspector, kind_key, **fields):
    fields = {"worker": workers.me().rpartition("/")[0] + "/0123456789abcdef", "attempts": 1} | fields
    return Job.objects.create(kind=kind_key, title="x", person=inspector, state=State.RUNNING, **fields)


def test_a_killed_worker_is_found(inspector, kind):
    job = lost(inspector, kind(lambda handle: None))
    assert rescue() == 1
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "stopped in the middle" in job.error


def test_what_may_be_run_anew_is_but_not_for_ever(inspector, kind):
    job = lost(inspector, kind(lambda handle: {"text": "ok"}, restartable=True))
    rescue()
    assert DBTaskResult.objects.count() == 1
    run_waiting()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 2)
    tired = lost(inspector, "test", attempts=3)
    asked = lost(inspector, "test", stop_asked=True)
    rescue()
    tired.refresh_from_db()
    asked.refresh_from_db()
    assert (tired.state, asked.state, asked.error) == (State.FAILED, State.STOPPED, "")


def test_a_living_worker_is_left_alone(inspector, kind):
    lost(inspector, kind(lambda handle: None), worker=workers.me())
    lost(inspector, "test", worker="elsewhere/1", beat_at=timezone.now())
    assert rescue() == 0
    Job.objects.filter(worker="elsewhere/1").update(beat_at=timezone.now() - timedelta(minutes=10))
    assert rescue() == 1


HOLDS = """
import sys, time, django
django.setup()
from tirek.jobs import workers
print(workers.me(), flush=True)
time.sleep(60)
"""


def test_the_lock_falls_with_the_process(inspector, kind):
    # Its home is named: another test may have left another one in the environment.
    env = {**os.environ, "TIREK_HOME": str(installation.HOME.root)}
    process = subprocess.Popen([sys.executable, "-c", HOLDS], stdout=subprocess.PIPE, text=True, env=env)
    job = lost(inspector, kind(lambda handle: None), worker=process.stdout.readline().strip())
    assert rescue() == 0
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 5
    while workers.lives(job) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert rescue() == 1


def test_old_jobs_are_forgotten(inspector):
    ended = timezone.now() - timedelta(days=91)
    Job.objects.create(kind="x", title="old", person=inspector, state=State.DONE, ended_at=ended)
    Job.objects.create(kind="x", title="young", person=inspector, state=State.DONE, ended_at=timezone.now())
    Job.objects.create(kind="x", title="open", person=inspector)
    assert prune() == 1
    assert set(Job.objects.values_list("title", flat=True)) == {"young", "open"}
