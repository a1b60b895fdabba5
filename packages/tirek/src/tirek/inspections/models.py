"""Rounds of inspection, the visits, what was answered, and what was found."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import AreaPolicy, ScopedManager
from tirek.accounts.models import Agency, Person
from tirek.facilities.models import Building, Facility
from tirek.facilities.policies import of_facility
from tirek.files.models import StoredFile
from tirek.places.models import Area
from tirek.requirements.models import Edition, Requirement


class Round(models.Model):
    """A round: which facilities are to be visited in which time, by which rule."""

    class Rule(models.TextChoices):
        ALL = "all", _("every facility once")
        DUE = "due", _("those not visited for a year")
        RANDOM = "random", _("a random share, unannounced")
        CHOSEN = "chosen", _("chosen by hand")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("round", "draft")
        RUNNING = "running", pgettext_lazy("round", "running")
        CLOSED = "closed", pgettext_lazy("round", "closed")

    name = models.CharField(_("name"), max_length=160)
    rule = models.CharField(_("rule"), max_length=8, choices=Rule.choices, default=Rule.DUE)
    options = models.JSONField(
        default=dict, help_text='{"types": [...], "categories": [...], "share": percent, "older_than_days": n}'
    )
    seed = models.PositiveBigIntegerField(default=0, help_text="of the random choice, so that anyone can repeat it")
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("area"), related_name="+")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agency")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    announced = models.BooleanField(_("announced to the facilities"), default=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = AreaPolicy("area__path", agency="agency")

    class Meta:
        default_permissions = ()
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("round of inspections")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="a_round_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("inspections:round", args=[self.pk])

    @property
    def area_path(self) -> str:
        return self.area.path


def _of_contact(user: Any) -> Q:
    """A facility's contact sees its visits, but an unannounced one only once it has begun."""
    to_come = Q(kind="unannounced", state__in=["planned", "assigned"])
    return Q(facility__contacts__person=user) & ~to_come


class Inspection(models.Model):
    """One visit to one facility by an inspector, from the plan to what was handed in."""

    class Kind(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("inspection", "planned")
        UNANNOUNCED = "unannounced", pgettext_lazy("inspection", "unannounced")
        AGAIN = "again", pgettext_lazy("inspection", "re-inspection")
        CAUSE = "cause", pgettext_lazy("inspection", "for a cause")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("inspection state", "planned")
        ASSIGNED = "assigned", pgettext_lazy("inspection state", "assigned")
        UNDER_WAY = "under_way", pgettext_lazy("inspection state", "under way")
        SUBMITTED = "submitted", pgettext_lazy("inspection state", "handed in")
        CANCELLED = "cancelled", pgettext_lazy("inspection state", "cancelled")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="its name on devices")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="inspections", verbose_name=_("facility"))
    round = models.ForeignKey(
        Round, models.PROTECT, null=True, blank=True, related_name="inspections", verbose_name=_("round")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.PLANNED)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED, db_index=True)
    inspector = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="inspections", verbose_name=_("inspector")
    )
    companions = models.ManyToManyField(
        Person, blank=True, related_name="accompanied_inspections", verbose_name=_("accompanied by")
    )
    editions = models.ManyToManyField(Edition, related_name="+", verbose_name=_("standards"))
    checklist = models.JSONField(
        default=list, help_text="ids of the requirements that the visit began with; empty before"
    )
    verifies = models.ManyToManyField(
        "Finding", blank=True, related_name="rechecks", help_text="what a re-inspection is to look at"
    )
    reason = models.CharField(_("why"), max_length=300, blank=True)
    planned_on = models.DateField(_("day"), null=True, blank=True, db_index=True)
    planned_order = models.PositiveSmallIntegerField(null=True, blank=True, help_text="place in the day's route")
    planned_at = models.TimeField(null=True, blank=True, help_text="arrival by the route")
    made_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True, help_text="when the inspector finished, on the device")
    submitted_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text="when the server had all of it")
    clock_offset_s = models.IntegerField(null=True, blank=True, help_text="device clock minus ours, at the hand-in")
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    accuracy_m = models.FloatField(null=True, blank=True)
    representative = models.CharField(_("representative of the facility"), max_length=160, blank=True)
    representative_position = models.CharField(_("position"), max_length=160, blank=True)
    signature = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    signature_refused = models.CharField(_("why there is no signature"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)
    cancelled_why = models.CharField(max_length=300, blank=True)
    fields = models.JSONField(default=dict, help_text="version, author and device of each field that devices change")
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=0, help_text="counts every change that the server took in")
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = AreaPolicy("facility__area__path", own=_of_contact, agency="facility__agency")

    class Meta:
        default_permissions = ()
        ordering = ["-planned_on", "-pk"]
        verbose_name = _("inspection")
        indexes = [
            models.Index(fields=["facility", "state"]),
            models.Index(fields=["inspector", "state", "planned_on"]),
        ]

    def __str__(self) -> str:
        day = timezone.localdate(self.finished_at) if self.finished_at else self.planned_on
        return f"{self.facility}, {day:%d.%m.%Y}" if day else str(self.facility)

    def get_absolute_url(self) -> str:
        return reverse("inspections:inspection", args=[self.pk])

    @property
    def area_path(self) -> str:
        return self.facility.area.path


class Answer(models.Model):
    """One requirement answered on one visit. `version` grows with each change; a device says which one it changed."""

    class State(models.TextChoices):
        MET = "met", pgettext_lazy("standing", "met")
        UNMET = "unmet", pgettext_lazy("standing", "not met")
        NA = "na", pgettext_lazy("standing", "does not apply")
        UNKNOWN = "unknown", pgettext_lazy("standing", "not verified")

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="answers")
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="answers")
    state = models.CharField(max_length=8, choices=State.choices)
    severity = models.CharField(max_length=8, choices=Requirement.Severity.choices, blank=True)
    note = models.TextField(blank=True)
    place = models.CharField(max_length=160, blank=True)
    building = models.ForeignKey(Building, models.SET_NULL, null=True, blank=True)
    answered_at = models.DateTimeField(help_text="evidence date, by the device's clock put right by the offset")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    device = models.CharField(max_length=64, blank=True, help_text="that it came from; empty: a page at the desk")
    doubtful = models.BooleanField(default=False, help_text="the device's date cannot be right")
    old_edition = models.BooleanField(default=False, help_text="of an edition that is not among those of the visit")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        ordering = ["requirement__edition", "requirement__order"]
        constraints = [models.UniqueConstraint(fields=["inspection", "requirement"], name="one_answer_per_requirement")]

    def __str__(self) -> str:
        return f"{self.inspection_id}/{self.requirement_id} {self.state}"


class Photo(models.Model):
    """A photo taken on a visit, of one requirement or of the whole.

    One that was taken back stays as a row without a file, so that a belated copy of the request does not bring it back.
    """

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="photos")
    requirement = models.ForeignKey(Requirement, models.PROTECT, null=True, blank=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    client_id = models.CharField(max_length=64)
    removed_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField()
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    accuracy_m = models.FloatField(null=True, blank=True)
    caption = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    doubtful = models.BooleanField(default=False, help_text="the device's date cannot be right")
    late = models.BooleanField(default=False, help_text="came after the hand-in")

    class Meta:
        default_permissions = ()
        ordering = ["taken_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["inspection", "client_id"], name="one_photo_per_client_id")]

    def __str__(self) -> str:
        return self.caption or str(self.taken_at)


class Conflict(models.Model):
    """Two people answered the same thing differently. Both answers stay until a person chooses."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="conflicts")
    requirement = models.ForeignKey(Requirement, models.PROTECT, null=True, related_name="+")
    field = models.CharField(max_length=40, blank=True, help_text="a field of the inspection, where it is no answer")
    ours = models.JSONField(help_text="what the server had")
    theirs = models.JSONField(help_text="what the device sent later")
    sent_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    device = models.CharField(max_length=64, blank=True, help_text="that `theirs` came from")
    sent_at = models.DateTimeField(default=timezone.now)
    late = models.BooleanField(default=False, help_text="came after the hand-in")
    chosen = models.CharField(
        max_length=6, blank=True, help_text="ours, theirs; same: both came to the same; new: answered anew"
    )
    resolved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["sent_at", "pk"]

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.requirement_id or self.field}"


class Change(models.Model):
    """One change that a device sent and the server took in or put aside: sent again, it gets the same answer."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="changes")
    client_id = models.CharField(max_length=64)
    device = models.CharField(max_length=64, blank=True)
    seq = models.BigIntegerField(default=0, help_text="the device's own count of its changes")
    target = models.CharField(max_length=60, blank=True, help_text="answer:311 or field:note")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, help_text="applied, same, older, conflict, refused")
    detail = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["inspection", "client_id"], name="one_change_per_client_id")]
        indexes = [models.Index(fields=["inspection", "device", "target", "seq"])]

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.client_id} {self.outcome}"


class Finding(models.Model):
    """One unmet requirement found on one visit, with its evidence."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("finding", "open")
        FIXED = "fixed", pgettext_lazy("finding", "put right")
        WITHDRAWN = "withdrawn", pgettext_lazy("finding", "withdrawn")

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="findings", verbose_name=_("facility"))
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings", verbose_name=_("inspection"))
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="findings", verbose_name=_("requirement"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN, db_index=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Requirement.Severity.choices)
    text = models.TextField(_("what was found"), blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    building = models.ForeignKey(Building, models.SET_NULL, null=True, blank=True)
    found_on = models.DateField(_("found"), help_text="evidence date", db_index=True)
    found_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    fixed_on = models.DateField(null=True, blank=True)
    fixed_by = models.ForeignKey(
        Inspection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="fixed",
        help_text="the re-inspection that saw it",
    )
    withdrawn_why = models.CharField(max_length=300, blank=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = of_facility()

    class Meta:
        default_permissions = ()
        ordering = ["-found_on", "-pk"]
        verbose_name = _("finding")
        indexes = [
            models.Index(fields=["facility", "state"]),
            models.Index(fields=["-found_on", "-id"]),
            models.Index(fields=["state", "-found_on", "-id"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "requirement"], name="one_finding_per_requirement"),
            models.CheckConstraint(
                condition=~Q(state="fixed") | Q(fixed_by__isnull=False), name="fixed_only_by_a_re_inspection"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement.paragraph} · {self.facility}"

    @property
    def unmet(self) -> str:
        """The requirement by its number, as what it is here: not met. Its own text says what ought to be."""
        return gettext("Requirement %(paragraph)s is not met") % {"paragraph": self.requirement.paragraph}

    @property
    def title(self) -> str:
        """What the inspector saw, in their words; of many, the beginning."""
        said = self.text.strip()
        return Truncator(said.splitlines()[0]).chars(140) if said else self.unmet

    def get_absolute_url(self) -> str:
        return reverse("inspections:finding", args=[self.pk])

    @property
    def area_path(self) -> str:
        return self.facility.area.path
