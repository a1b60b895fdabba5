"""The hash-chained log of every act. Rows are only ever added; triggers in the database refuse the rest."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import AreaPolicy, ScopedManager


class Entry(models.Model):
    """One act: who, what, on what, when, why, and what changed. `hash` binds it to the entry before."""

    id = models.BigIntegerField(primary_key=True, help_text="position in the chain, without gaps, from 1")
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=200, help_text="name at that time; a process is 'system:<name>'")
    actor_id = models.BigIntegerField(null=True, db_index=True)
    verb = models.CharField(max_length=80, db_index=True)
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=80)
    object_name = models.CharField(max_length=300)
    why = models.TextField(blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    area_path = models.CharField(max_length=200, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = ScopedManager()
    # An entry is read where its object lies. What lies nowhere (an act on the installation) takes a grant without
    # limits.
    policy = AreaPolicy("area_path")

    class Meta:
        verbose_name = _("entry of the log")
        default_permissions = ()
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_id"])]

    def __str__(self) -> str:
        return f"{self.id} {self.verb}"

    def get_absolute_url(self) -> str:
        return reverse("audit:entry", args=[self.pk])
