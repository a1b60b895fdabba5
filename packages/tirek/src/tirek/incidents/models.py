"""The register of incidents: reported acts of violence and threats, at a place and a time. Never a person.

There is no field for a name, a suspect, a victim, an arrest or a stop, and there will be none: a test walks over these tables.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.accounts.access import AreaPolicy, CommonPolicy, ScopedManager
from tirek.accounts.models import Person
from tirek.facilities.models import Facility
from tirek.places.models import Area, Named

LONGEST_TEXT = 600
SEVERITIES = [
    (1, _("1, nobody was in danger")),
    (2, _("2, damage, or people were frightened")),
    (3, _("3, somebody was hurt or could have been")),
    (4, _("4, somebody was badly hurt, or a weapon was used")),
    (5, _("5, people died, or many could have")),
]


class Kind(Named):
    """A kind of incident. Kinds are data, but only of two sorts: violence, and threats of it."""

    class Group(models.TextChoices):
        VIOLENCE = "violence", _("violence")
        THREAT = "threat", _("threat")

    code = models.CharField(_("code"), max_length=30, unique=True)
    group = models.CharField(_("group"), max_length=8, choices=Group.choices)
    icon = models.CharField(_("icon"), max_length=40, default="alert-triangle")
    severity = models.PositiveSmallIntegerField(_("usual severity"), choices=SEVERITIES, default=3)
    order = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ScopedManager()
    policy = CommonPolicy()

    class Meta:
        default_permissions = ()
        ordering = ["order", "code"]
        verbose_name = _("kind of incident")


class Facts(models.Model):
    """What is held to be true of an incident. A revision keeps the same columns as they were held before."""

    class When(models.TextChoices):
        HOUR = "hour", _("to the hour")
        DAY = "day", _("the day")
        WEEK = "week", _("about a week")
        MONTH = "month", _("the month only")
        YEAR = "year", _("the year only")

    class Where(models.TextChoices):
        POINT = "point", _("the very place")
        SETTLEMENT = "settlement", _("street or settlement")
        DISTRICT = "district", _("district only")
        REGION = "region", _("region only")

    class Source(models.TextChoices):
        CALL = "call", _("residents' call")
        AGENCY = "agency", _("report of an agency")
        MEDIA = "media", _("media")
        FACILITY = "facility", pgettext_lazy("source", "facility")
        ALARM = "alarm", pgettext_lazy("source", "alarm")
        OTHER = "other", pgettext_lazy("source", "other")

    class Mode(models.TextChoices):
        REPORTED = "reported", _("reported by residents")
        FOUND = "found", _("found by officers")
        THIRD = "third", _("told by a third party")

    class Verification(models.TextChoices):
        UNVERIFIED = "unverified", _("not verified")
        VERIFIED = "verified", _("verified")
        REFUTED = "refuted", _("refuted")

    kind = models.ForeignKey(Kind, models.PROTECT, related_name="+", verbose_name=_("kind"))
    severity = models.PositiveSmallIntegerField(_("severity"), choices=SEVERITIES)
    when_precision = models.CharField(_("how exactly the time is known"), max_length=5, choices=When.choices)
    first_day = models.DateField(_("first day"), help_text=_("it happened on this day at the earliest"))
    last_day = models.DateField(_("last day"), help_text=_("and on this day at the latest"))
    at = models.DateTimeField(_("when"), null=True, blank=True, help_text="known to the hour; None otherwise")
    month = models.IntegerField(
        null=True, editable=False, help_text="year * 12 + month - 1 that it counts in; None where the days do not say"
    )
    where_precision = models.CharField(_("how exactly the place is known"), max_length=10, choices=Where.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    place = models.CharField(
        _("where, in words"), max_length=200, blank=True, help_text=_("a street, a market, a road")
    )
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    cell = models.CharField(max_length=16, blank=True, editable=False, help_text="H3, resolution 10")
    uncertainty_m = models.PositiveIntegerField(_("uncertainty of the place, m"), null=True, blank=True)
    facility = models.ForeignKey(
        Facility, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("facility")
    )
    source_kind = models.CharField(_("source"), max_length=8, choices=Source.choices, default=Source.AGENCY)
    source_ref = models.CharField(_("number or address at the source"), max_length=300, blank=True)
    discovery_mode = models.CharField(_("how it came to light"), max_length=8, choices=Mode.choices)
    verification = models.CharField(
        _("verification"), max_length=10, choices=Verification.choices, default=Verification.UNVERIFIED
    )
    dead = models.PositiveIntegerField(_("dead"), null=True, blank=True, help_text=_("empty: not known"))
    injured = models.PositiveIntegerField(_("injured"), null=True, blank=True, help_text=_("empty: not known"))
    description = models.CharField(
        _("what happened"),
        max_length=LONGEST_TEXT,
        blank=True,
        help_text=_("Facts only, briefly. No names, numbers of documents, phones or other data of people."),
    )
    duplicate_of = models.ForeignKey(
        "incidents.Incident", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def area_path(self) -> str:
        return self.area.path

    @property
    def is_counted(self) -> bool:
        """Whether it is counted: neither refuted nor a duplicate of another."""
        return self.verification != self.Verification.REFUTED and self.duplicate_of_id is None

    @property
    def has_point(self) -> bool:
        return self.lat is not None and self.lon is not None


class Incident(Facts):
    """A reported act of violence or a threat, as it is held now. What was held before stands in its revisions."""

    code = models.CharField(_("number"), max_length=60, unique=True)
    alarm_id = models.BigIntegerField(
        null=True, editable=False, db_index=True, help_text="the alarm it was written down from, if any"
    )
    known_at = models.DateTimeField(
        _("known to the register since"), default=timezone.now, help_text="when its first revision became known"
    )
    verified_by = models.ForeignKey(Person, models.PROTECT, null=True, editable=False, related_name="+")
    verified_at = models.DateTimeField(null=True, editable=False)
    verified_why = models.CharField(_("what that rests on"), max_length=300, blank=True, editable=False)
    words = models.TextField(editable=False, default="", help_text="what the search looks in, without capitals")
    is_compared = models.BooleanField(
        default=False, editable=False, help_text="whether it was looked at for possible duplicates since it changed"
    )
    is_sample = models.BooleanField(default=False, editable=False)

    objects = ScopedManager()
    policy = AreaPolicy("area__path")

    class Meta:
        default_permissions = ()
        ordering = ["-first_day", "-pk"]
        verbose_name = _("incident")
        indexes = [
            models.Index(fields=["-first_day", "-id"], name="incidents_newest"),
            models.Index(fields=["month", "area"], name="incidents_month_area"),
            models.Index(fields=["is_compared"], name="incidents_uncompared", condition=Q(is_compared=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="incident_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(severity__gte=1, severity__lte=5), name="incident_severity_1_to_5"),
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="incident_lies_on_earth",
            ),
            models.CheckConstraint(
                condition=~Q(where_precision="point") | Q(lat__isnull=False), name="incident_at_a_point_has_one"
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("id")), name="incident_is_no_duplicate_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.kind.name}"

    def get_absolute_url(self) -> str:
        return reverse("incidents:incident", args=[self.pk])


class Revision(Facts):
    """The facts of an incident as they were held from `known_at` until `known_until` (None: to this day)."""

    class Act(models.TextChoices):
        ADDED = "added", pgettext_lazy("revision", "written down")
        CORRECTED = "corrected", pgettext_lazy("revision", "corrected")
        VERIFIED = "verified", pgettext_lazy("revision", "verified")
        REFUTED = "refuted", pgettext_lazy("revision", "refuted")
        REOPENED = "reopened", pgettext_lazy("revision", "verification taken back")
        MERGED = "merged", pgettext_lazy("revision", "merged into another")
        PARTED = "parted", pgettext_lazy("revision", "merging undone")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField(default=1)
    act = models.CharField(max_length=9, choices=Act.choices)
    known_at = models.DateTimeField(help_text="from this moment on the register held this to be true")
    known_until = models.DateTimeField(null=True, help_text="until the next revision; None for the newest")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["incident", "number"]
        indexes = [models.Index(fields=["known_at", "known_until"], name="incidents_known")]
        constraints = [models.UniqueConstraint(fields=["incident", "number"], name="one_revision_per_number")]

    def __str__(self) -> str:
        return f"{self.incident_id}/{self.number}"


class Pair(models.Model):
    """Two incidents that may be one and the same; only a person decides."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("pair", "to be looked at")
        MERGED = "merged", pgettext_lazy("pair", "merged")
        APART = "apart", pgettext_lazy("pair", "two different incidents")

    first = models.ForeignKey(Incident, models.CASCADE, related_name="pairs_first", help_text="the smaller id")
    second = models.ForeignKey(Incident, models.CASCADE, related_name="pairs_second")
    likeness = models.FloatField(help_text="0 to 1; the product of the parts")
    parts = models.JSONField(default=dict, help_text="likeness by time, place, kind; days and metres between them")
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    objects = ScopedManager()
    policy = AreaPolicy("first__area__path")

    class Meta:
        default_permissions = ()
        ordering = ["-likeness", "-pk"]
        verbose_name = _("possible duplicates")
        indexes = [models.Index(fields=["state", "-likeness"], name="incidents_pairs_open")]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_pair_of_incidents"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}~{self.second_id}"

    @property
    def area_path(self) -> str:
        return self.first.area.path

    @property
    def sides(self) -> tuple[Incident, Incident]:
        return self.first, self.second

    @property
    def percent(self) -> int:
        return round(100 * self.likeness)


class Silence(models.Model):
    """Months in which nothing of an area reached the register. A person says so; no reports are not no incidents."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="+", verbose_name=_("area"))
    first_month = models.IntegerField(_("first month"), help_text="year * 12 + month - 1")
    last_month = models.IntegerField(_("last month"), null=True, blank=True, help_text="None: goes on")
    why = models.CharField(_("why"), max_length=300)
    declared_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    declared_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = AreaPolicy("area__path")

    class Meta:
        default_permissions = ()
        ordering = ["-first_month", "-pk"]
        verbose_name = _("time without reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_month=None) | Q(last_month__gte=F("first_month")), name="silence_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return str(self.area)

    @property
    def area_path(self) -> str:
        return self.area.path


class Signal(models.Model):
    """One figure that stands beside the incidents: an estimate for an area and a month, with its uncertainty."""

    class Uncertainty(models.TextChoices):
        NONE = "none", pgettext_lazy("uncertainty", "counted, without error")
        INTERVAL90 = "interval90", _("90 % interval")
        INTERVAL95 = "interval95", _("95 % interval")
        RANGE = "range", _("least and most possible")
        UNKNOWN = "unknown", pgettext_lazy("uncertainty", "not known")

    area = models.ForeignKey(Area, models.CASCADE, related_name="+", verbose_name=_("area"))
    month = models.IntegerField(_("month"), help_text="year * 12 + month - 1")
    name = models.CharField(_("name of the signal"), max_length=80)
    source = models.CharField(_("source"), max_length=200, blank=True)
    value = models.FloatField(_("value"))
    low = models.FloatField(pgettext_lazy("interval", "from"), null=True, blank=True)
    high = models.FloatField(pgettext_lazy("interval", "to"), null=True, blank=True)
    uncertainty = models.CharField(
        _("kind of uncertainty"), max_length=10, choices=Uncertainty.choices, default=Uncertainty.UNKNOWN
    )
    known_at = models.DateTimeField(default=timezone.now, help_text="when the register was told this value")
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = AreaPolicy("area__path")

    class Meta:
        default_permissions = ()
        ordering = ["name", "-month", "area"]
        verbose_name = _("signal")
        constraints = [
            models.UniqueConstraint(fields=["name", "month", "area"], name="one_signal_per_area_and_month"),
            models.CheckConstraint(
                condition=Q(low=None) | Q(high=None) | Q(low__lte=F("high")), name="signal_from_before_to"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def area_path(self) -> str:
        return self.area.path
