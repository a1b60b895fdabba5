"""What is installed to protect a facility: cameras, buttons, panels, loudspeakers.

Panels and endpoints that Tirek talks to are items too: their tables point here.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.accounts.access import CommonPolicy, ScopedManager
from tirek.accounts.models import Person
from tirek.facilities.models import Building, Facility
from tirek.facilities.policies import of_facility
from tirek.places.models import Named


class Kind(Named):
    """A kind of equipment. Kinds are data."""

    class Group(models.TextChoices):
        VIDEO = "video", _("video surveillance")
        ALARM = "alarm", _("alarm")
        SOUND = "sound", _("warning by sound")
        ACCESS = "access", _("access control")
        BARRIER = "barrier", _("barriers and fences")
        POWER = "power", _("power supply")
        LIGHT = "light", _("lighting")
        DETECTION = "detection", _("detection")
        FIRE = "fire", _("fire protection")
        OTHER = "other", pgettext_lazy("equipment", "other")

    code = models.CharField(_("code"), max_length=30, unique=True)
    icon = models.CharField(_("icon"), max_length=40, default="device-desktop")
    group = models.CharField(_("group"), max_length=12, choices=Group.choices, default=Group.OTHER)
    test_every_days = models.PositiveSmallIntegerField(
        _("to be tested every, days"), null=True, blank=True, help_text=_("empty: no tests are due")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ScopedManager()
    policy = CommonPolicy()

    class Meta:
        default_permissions = ()
        ordering = ["code"]
        verbose_name = _("kind of equipment")


class Item(models.Model):
    """One device, or a set that is looked after as one."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("equipment", "planned")
        WORKS = "works", pgettext_lazy("equipment", "works")
        FAULT = "fault", pgettext_lazy("equipment", "faulty")
        REPAIR = "repair", pgettext_lazy("equipment", "in repair")
        MISSING = "missing", pgettext_lazy("equipment", "missing")
        RETIRED = "retired", pgettext_lazy("equipment", "taken out")

    tag = models.CharField(_("inventory number"), max_length=40, unique=True, help_text=_("stands on its label"))
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="items", verbose_name=_("kind"))
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="equipment", verbose_name=_("facility"))
    building = models.ForeignKey(Building, models.SET_NULL, null=True, blank=True, verbose_name=_("building"))
    place = models.CharField(_("place in the building"), max_length=160, blank=True)
    maker = models.CharField(_("maker"), max_length=80, blank=True)
    model = models.CharField(_("model"), max_length=80, blank=True)
    serial = models.CharField(_("serial number"), max_length=80, blank=True, db_index=True)
    quantity = models.PositiveSmallIntegerField(_("quantity"), default=1)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WORKS)
    installed_on = models.DateField(_("installed"), null=True, blank=True)
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    last_test_on = models.DateField(_("last test"), null=True, blank=True)
    last_test_passed = models.BooleanField(_("test passed"), null=True, blank=True)
    next_test_on = models.DateField(_("next test"), null=True, blank=True, db_index=True)
    retention_days = models.PositiveSmallIntegerField(
        _("recordings kept, days"), null=True, blank=True, help_text=_("for video recorders and cameras")
    )
    zone = models.CharField(
        _("zone on the alarm panel"),
        max_length=30,
        blank=True,
        help_text=_("for buttons and detectors: the panel's number of it; with several panels account/number"),
    )
    state_note = models.CharField(_("why it is in this state"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = of_facility()

    class Meta:
        default_permissions = ()
        ordering = ["facility", "kind", "tag"]
        verbose_name = _("piece of equipment")
        indexes = [models.Index(fields=["facility", "kind"])]
        constraints = [models.CheckConstraint(condition=Q(quantity__gte=1), name="a_set_has_at_least_one")]

    def __str__(self) -> str:
        return f"{self.kind.name} {self.tag}"

    def get_absolute_url(self) -> str:
        return reverse("equipment:item", args=[self.pk])

    @property
    def area_path(self) -> str:
        return self.facility.area.path


class ItemTest(models.Model):
    """One test of a device: by a person, or by a signal that came in."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="tests")
    at = models.DateTimeField(_("when"))
    passed = models.BooleanField(_("passed"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=12, default="person", help_text="person, panel, endpoint")
    source_id = models.BigIntegerField(null=True, help_text="the alarm or the delivery that proved it")
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "source", "source_id"],
                condition=Q(source_id__isnull=False),
                name="one_test_per_item_and_proof",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.at:%Y-%m-%d}"


class Stocktake(models.Model):
    """Counting what is there, room by room: each label is scanned once."""

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="stocktakes", verbose_name=_("facility"))
    started_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    expected = models.JSONField(default=list, help_text="ids of the items that were on the list at the start")
    result = models.JSONField(default=dict, help_text="what it found, counted when it was closed")
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = of_facility()

    class Meta:
        default_permissions = ()
        ordering = ["-started_at"]
        verbose_name = _("stocktake")
        constraints = [
            models.UniqueConstraint(
                fields=["facility"], condition=Q(closed_at=None), name="one_open_stocktake_per_facility"
            )
        ]

    def __str__(self) -> str:
        return f"{self.facility} {timezone.localtime(self.started_at):%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("equipment:stocktake", args=[self.pk])

    @property
    def area_path(self) -> str:
        return self.facility.area.path


class Scan(models.Model):
    """One label that was scanned. Unknown ones are kept too."""

    stocktake = models.ForeignKey(Stocktake, models.CASCADE, related_name="scans")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="scans")
    text = models.CharField(max_length=200, help_text="what the label said")
    building = models.ForeignKey(Building, models.SET_NULL, null=True, blank=True)
    place = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    client_id = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["stocktake", "item"], condition=Q(item__isnull=False), name="one_scan_per_item"
            ),
            models.UniqueConstraint(
                fields=["stocktake", "text"], condition=Q(item__isnull=True), name="one_scan_per_unknown_label"
            ),
        ]

    def __str__(self) -> str:
        return self.text
