"""Passports: the six parts of what must be known of a facility, as they were on a day, approved and agreed by named persons."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.accounts.access import ScopedManager
from tirek.accounts.models import Person
from tirek.facilities.models import Facility
from tirek.facilities.policies import of_facility
from tirek.files.models import StoredFile


class Passport(models.Model):
    """One version. Its facts are a copy; approval and agreement name the hash of that copy."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("passport", "draft")
        APPROVED = "approved", pgettext_lazy("passport", "approved, to be agreed")
        AGREED = "agreed", pgettext_lazy("passport", "in force")
        REPLACED = "replaced", pgettext_lazy("passport", "replaced")

    OPEN = (State.DRAFT, State.APPROVED)

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="passports", verbose_name=_("facility"))
    version = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    facts = models.JSONField(help_text="the six parts as plain data")
    sha256 = models.CharField(max_length=64, help_text="of the canonical JSON of the facts")
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_sha256 = models.CharField(max_length=64, blank=True)
    agreed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_sha256 = models.CharField(max_length=64, blank=True)
    refused_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_why = models.TextField(_("why it is not agreed"), blank=True)
    plans = models.ManyToManyField(
        StoredFile, blank=True, related_name="passports", help_text="the files that the facts name"
    )
    stale_since = models.DateTimeField(null=True, blank=True, help_text="when a fact was first seen to differ")
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = of_facility()

    class Meta:
        default_permissions = ()
        ordering = ["facility", "-version"]
        verbose_name = _("passport")
        constraints = [
            models.UniqueConstraint(fields=["facility", "version"], name="one_passport_per_version"),
            models.UniqueConstraint(
                fields=["facility"], condition=Q(state="agreed"), name="one_passport_in_force_per_facility"
            ),
            models.UniqueConstraint(
                fields=["facility"],
                condition=Q(state__in=["draft", "approved"]),
                name="one_passport_in_work_per_facility",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_by__isnull=False), name="approved_by_a_person"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "replaced"])
                | Q(approved_by__isnull=False, agreed_by__isnull=False, agreed_at__isnull=False),
                name="in_force_only_approved_and_agreed",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(approved_sha256=models.F("sha256")), name="approved_what_stands_there"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | Q(agreed_sha256=models.F("sha256")), name="agreed_what_stands_there"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=models.F("approved_by")),
                name="agreed_by_another_than_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility}, {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("passports:passport", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to approve or to agree to it."""
        return self.state in self.OPEN

    @property
    def is_stale(self) -> bool:
        return self.state == self.State.AGREED and self.stale_since is not None

    @property
    def area_path(self) -> str:
        return self.facility.area.path
