"""Long work that a person started: how far it is, and how it ended."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of long work. The worker runs it; the page of it shows how far it is, and stops it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for its turn")
        RUNNING = "running", _("at work")
        DONE = "done", _("done")
        FAILED = "failed", _("did not succeed")
        STOPPED = "stopped", _("stopped")

    OPEN = (State.WAITING, State.RUNNING)

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    area_path = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=200, blank=True, help_text="the page that it was started from and belongs to")
    payload = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0, help_text="0: not known yet")
    note = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict, blank=True, help_text='{"text": ..., "url": ...} and what the kind adds')
    error = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True, help_text="in which its sentences are written")
    stop_asked = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True, help_text="when the worker last said that it lives")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("job")
        default_permissions = ()
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person", "-id"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
