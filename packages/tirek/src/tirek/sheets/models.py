"""Imports of tables: what was brought, what each row would do, what was done; and what was taken."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.files.models import StoredFile
from tirek.jobs.models import Job
from tirek.sheets.registry import Deed


class Import(models.Model):
    """One file on its way into a register."""

    class State(models.TextChoices):
        CHECKING = "checking", _("is being read")
        UNCLEAR = "unclear", _("needs its columns")
        READY = "ready", _("can be written")
        WRITING = "writing", _("is being written")
        WRITTEN = "written", _("is written")
        FAILED = "failed", _("could not be read")
        BROKEN = "broken", _("was written in part")

    sheet = models.CharField(max_length=60)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    headings = models.JSONField(default=list)
    columns = models.JSONField(null=True, help_text="{column: position in the file}; null: guess")
    counts = models.JSONField(default=dict, help_text="{deed: rows}")
    problems = models.JSONField(default=list, help_text="[[column, sentence, rows], ...], most first")
    done = models.JSONField(default=dict, help_text="{deed: rows} of what was written")
    problem = models.TextField(blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("import")
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file.name

    def get_absolute_url(self) -> str:
        return reverse("sheets:import", args=[self.pk])

    def count(self, deed: str) -> int:
        return int(self.counts.get(deed, 0))


class ImportRow(models.Model):
    """One row of an import: its cells as text, and what would become of it."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="in the file, headings included")
    deed = models.CharField(max_length=8, choices=Deed.choices)
    cells = models.JSONField()
    errors = models.JSONField(default=list, help_text="[[column, sentence], ...]")
    changes = models.JSONField(default=list, help_text="[[column, before, after], ...] in words")

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        indexes = [models.Index(fields=["of", "deed", "number"])]
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="sheets_one_row_per_number")]

    def __str__(self) -> str:
        return str(self.number)

    def cell(self, position: int | None) -> Any:
        return self.cells[position] if position is not None and position < len(self.cells) else ""


class Export(models.Model):
    """That somebody took a table with them: what, how much, by which filters."""

    sheet = models.CharField(max_length=60)
    format = models.CharField(max_length=8)
    query = models.TextField(blank=True)
    rows = models.PositiveIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("export")
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.sheet}.{self.format}"
