"""Registers of this app."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from tirek.jobs.models import Job
from tirek.ui.tables import AgoColumn, NameColumn
from tirek.ui.templatetags.tirek import progress, tag

TONES = {Job.State.RUNNING: "accent", Job.State.FAILED: "warn"}


class JobTable(tables.Table):
    title = NameColumn(verbose_name=_("Job"))
    state = tables.Column(verbose_name=_("State"))
    done = tables.Column(verbose_name=_("How far"), empty_values=(), orderable=False)
    person = tables.Column(verbose_name=_("Who"), order_by="person__full_name", default="—")
    created_at = AgoColumn(verbose_name=_("Started"))

    class Meta:
        order_by = ("-created_at",)

    def render_state(self, record: Job) -> Any:
        return tag(record.get_state_display(), TONES.get(Job.State(record.state), ""))

    def render_done(self, record: Job) -> Any:
        return progress(min(record.done, record.total), record.total, record.title) if record.total else "—"
