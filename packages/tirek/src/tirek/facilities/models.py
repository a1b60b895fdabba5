"""The register of places to protect."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import CommonPolicy, ScopedManager, ScopedQuerySet
from tirek.accounts.models import Agency, Person
from tirek.facilities.policies import of_facility
from tirek.files.models import StoredFile
from tirek.places.models import Area, Named


class FacilityType(Named):
    """A type of facility. Types are data."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    icon = models.CharField(_("icon"), max_length=40, default="building")

    class Meta:
        default_permissions = ()
        ordering = ["code"]


class FacilityQuerySet(ScopedQuerySet):
    """Facilities. Whoever lets people choose one offers `listed()` only; what already belongs to one asks for all."""

    def listed(self) -> FacilityQuerySet:
        """Only those on the register: no candidates, none that was taken off."""
        return self.filter(state=Facility.State.LISTED)


class Facility(Named):
    """A place on the register, or one that was proposed for it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("facility", "proposed")
        LISTED = "listed", pgettext_lazy("facility", "on the register")
        REMOVED = "removed", pgettext_lazy("facility", "taken off")
        DECLINED = "declined", pgettext_lazy("facility", "not taken up")

    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.LISTED, db_index=True)
    code = models.CharField(_("code"), max_length=30, unique=True)
    type = models.ForeignKey(FacilityType, models.PROTECT, verbose_name=_("type"))
    category = models.PositiveSmallIntegerField(_("category"), choices=[(1, "1"), (2, "2"), (3, "3")], default=2)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("area"), related_name="facilities")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, verbose_name=_("agency in charge"))
    address_kk = models.CharField(_("address in Kazakh"), max_length=240, blank=True)
    address_ru = models.CharField(_("address in Russian"), max_length=240, blank=True)
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    cell = models.CharField(max_length=16, db_index=True, editable=False, help_text="H3, resolution 10")
    capacity = models.PositiveIntegerField(_("capacity, people"), default=0)
    visitors = models.JSONField(
        _("people by hour"), default=list, blank=True, help_text=_("24 numbers, midnight first, local time")
    )
    entrances = models.PositiveSmallIntegerField(_("entrances"), default=1)
    opening = models.JSONField(
        _("opening hours"),
        default=list,
        blank=True,
        help_text=_("seven days, Monday first: null, or opening and closing in turn, in minutes from midnight"),
    )
    owner = models.CharField(_("owner"), max_length=200, blank=True)
    head = models.CharField(_("head"), max_length=160, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    staff = models.PositiveIntegerField(_("staff"), null=True, blank=True)
    floor_area_m2 = models.PositiveIntegerField(_("floor area, m²"), null=True, blank=True)
    site_area_m2 = models.PositiveIntegerField(_("area of the site, m²"), null=True, blank=True)
    perimeter_m = models.PositiveIntegerField(_("perimeter, m"), null=True, blank=True)
    guards = models.CharField(_("who guards it"), max_length=200, blank=True)
    notes = models.TextField(_("what officers should know"), blank=True)
    words = models.TextField(editable=False, default="", help_text="what the search looks in, without capitals")
    is_sample = models.BooleanField(default=False)

    objects = models.Manager.from_queryset(FacilityQuerySet)()
    policy = of_facility("")

    class Meta:
        default_permissions = ()
        ordering = ["code"]
        verbose_name = _("facility")

    def get_absolute_url(self) -> str:
        return reverse("facilities:facility", args=[self.pk])

    @property
    def area_path(self) -> str:
        return self.area.path

    @property
    def address(self) -> str:
        """The address in the reader's language, or the one that is filled in."""
        kk, ru = self.address_kk, self.address_ru
        return (kk or ru) if (get_language() or "ru").startswith("kk") else (ru or kk)


class Contact(models.Model):
    """Somebody to ring at a facility."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="contacts")
    person = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contact_of",
        verbose_name=_("account in Tirek"),
    )
    full_name = models.CharField(pgettext_lazy("person", "name"), max_length=160)
    position = models.CharField(_("position"), max_length=160, blank=True)
    phone = models.CharField(_("phone"), max_length=40)
    hours = models.CharField(_("hours"), max_length=80, blank=True)
    order = models.PositiveSmallIntegerField(_("order of ringing"), default=1)

    class Meta:
        default_permissions = ()
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.full_name} {self.phone}"


class Building(models.Model):
    """One building of a facility."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="buildings", verbose_name=_("facility"))
    name = models.CharField(_("building"), max_length=120)
    use = models.CharField(_("used for"), max_length=160, blank=True)
    floors = models.PositiveSmallIntegerField(_("floors"), null=True, blank=True)
    area_m2 = models.PositiveIntegerField(_("floor area, m²"), null=True, blank=True)
    built = models.PositiveSmallIntegerField(_("year built"), null=True, blank=True)
    people = models.PositiveIntegerField(_("people at most"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        default_permissions = ()
        ordering = ["order", "pk"]
        verbose_name = _("building")

    def __str__(self) -> str:
        return self.name


class Entrance(models.Model):
    """A way in."""

    class Kind(models.TextChoices):
        MAIN = "main", pgettext_lazy("entrance", "main")
        STAFF = "staff", pgettext_lazy("entrance", "for staff")
        VEHICLE = "vehicle", pgettext_lazy("entrance", "for vehicles")
        EMERGENCY = "emergency", pgettext_lazy("entrance", "emergency exit")
        OTHER = "other", pgettext_lazy("entrance", "other")

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="entrance_rows", verbose_name=_("facility"))
    building = models.ForeignKey(Building, models.SET_NULL, null=True, blank=True, verbose_name=_("building"))
    name = models.CharField(_("entrance"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.MAIN)
    control = models.CharField(_("how it is controlled"), max_length=160, blank=True)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        default_permissions = ()
        ordering = ["order", "pk"]
        verbose_name = _("entrance")

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """A file that belongs to a facility. A newer one replaces an older; both stay."""

    class Kind(models.TextChoices):
        SITE_PLAN = "site_plan", _("site plan")
        FLOOR_PLAN = "floor_plan", _("floor plan")
        UTILITIES = "utilities", _("scheme of utilities")
        PHOTO = "photo", _("photo")
        PERMIT = "permit", _("order or permit")
        OTHER = "other", pgettext_lazy("document", "other")

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="documents", verbose_name=_("facility"))
    building = models.ForeignKey(Building, models.SET_NULL, null=True, blank=True, verbose_name=_("building"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.OTHER)
    title = models.CharField(_("title"), max_length=160)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    dated = models.DateField(_("date of the document"), null=True, blank=True)
    replaced_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replaces")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["kind", "-added_at"]
        verbose_name = _("document")

    def __str__(self) -> str:
        return self.title


class ListDecision(models.Model):
    """The paper by which facilities are put on the list or taken off it."""

    number = models.CharField(_("number"), max_length=60)
    dated = models.DateField(_("date"))
    title = models.CharField(_("title"), max_length=300, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file of the decision")
    )
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = CommonPolicy()

    class Meta:
        default_permissions = ()
        ordering = ["-dated", "-pk"]
        verbose_name = _("decision on the list")
        constraints = [models.UniqueConstraint(fields=["number", "dated"], name="one_list_decision_per_number")]

    def __str__(self) -> str:
        return f"№ {self.number}, {self.dated:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("facilities:decision", args=[self.pk])

    @property
    def files(self) -> list[StoredFile]:
        """The file of the decision as a list, for the part of a page that shows files."""
        return [self.file] if self.file else []


class Proposal(models.Model):
    """Somebody's proposal to add a facility to the list or to take it off, and what became of it."""

    class Act(models.TextChoices):
        ADD = "add", pgettext_lazy("proposal", "add to the list")
        REMOVE = "remove", pgettext_lazy("proposal", "take off the list")

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("proposal", "proposed")
        REVIEWED = "reviewed", pgettext_lazy("proposal", "reviewed, waits for the decision")
        ACCEPTED = "accepted", pgettext_lazy("proposal", "accepted")
        DECLINED = "declined", pgettext_lazy("proposal", "declined")

    OPEN = ("proposed", "reviewed")

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="proposals", verbose_name=_("facility"))
    act = models.CharField(max_length=6, choices=Act.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PROPOSED)
    reason = models.TextField(_("reason"))
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review = models.TextField(_("opinion of the reviewer"), blank=True)
    supported = models.BooleanField(_("the reviewer is for it"), null=True, blank=True)
    decision = models.ForeignKey(ListDecision, models.PROTECT, null=True, blank=True, related_name="proposals")
    decided_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = of_facility()

    class Meta:
        default_permissions = ()
        ordering = ["-proposed_at"]
        verbose_name = _("proposal")
        constraints = [
            models.UniqueConstraint(
                fields=["facility"],
                condition=Q(state__in=["proposed", "reviewed"]),
                name="one_open_proposal_per_facility",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=models.F("proposed_by")),
                name="nobody_reviews_an_own_proposal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.facility}"

    def get_absolute_url(self) -> str:
        return reverse("facilities:proposal", args=[self.pk])

    @property
    def area_path(self) -> str:
        return self.facility.area.path


class Figures(models.Model):
    """What the parts above know of a facility, kept here so that the register can be sorted and filtered by it in one query.

    A copy, never the source: each part writes its own columns when its rows change (`facilities.figures`), and
    `tirek manage count_figures` counts all of them anew and says what was wrong.
    """

    facility = models.OneToOneField(Facility, models.CASCADE, primary_key=True, related_name="figures")
    protection = models.FloatField(null=True, help_text="weighted share of requirements met, percent")
    gap_low = models.FloatField(null=True, help_text="gap at the weakest point, percent, if all unknown is met")
    gap_high = models.FloatField(null=True, help_text="the same, if all unknown is unmet")
    weakest_point = models.CharField(max_length=12, blank=True)
    mandatory_unmet = models.PositiveSmallIntegerField(default=0)
    tier = models.PositiveSmallIntegerField(null=True, help_text="consequence tier, 1 to 4")
    inspected_on = models.DateField(null=True, db_index=True, help_text="last inspection that was handed in")
    notices_open = models.PositiveSmallIntegerField(default=0)
    notices_overdue = models.PositiveSmallIntegerField(default=0)
    next_due = models.DateField(null=True, db_index=True, help_text="nearest term of an open notice")
    equipment_faulty = models.PositiveSmallIntegerField(default=0)
    passport_state = models.CharField(max_length=12, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.facility_id)
