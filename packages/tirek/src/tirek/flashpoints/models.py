"""Runs of the computation, what they said of each district, the flash-points that people signed, and what was done there.

No table here holds a person as its subject: a person stands only where somebody signed, objected, answered or took a duty.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.accounts.access import AreaPolicy, ScopedManager, ScopedQuerySet
from tirek.accounts.models import Agency, Person
from tirek.accounts.roles import ROLE_CHOICES
from tirek.flashpoints import months
from tirek.flashpoints.policies import RunPolicy
from tirek.jobs.models import Job
from tirek.places.models import Area


class Run(models.Model):
    """One computation for one province, from what was known on a day. Once done it never changes, and it is never removed."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("run", "waiting")
        DONE = "done", pgettext_lazy("run", "done")
        REFUSED = "refused", pgettext_lazy("run", "not possible")

    class Problem(models.TextChoices):
        NO_INCIDENTS = "no_incidents", _("There are no reported incidents yet, so there is nothing to compute from.")
        NO_AREAS = "no_areas", _("The province has fewer than two districts, so there is nothing to compare.")
        TOO_SHORT = "too_short", _("The register covers less than one complete month.")

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("province"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    problem = models.CharField(max_length=16, choices=Problem.choices, blank=True)
    known_on = models.DateField(_("known until"), help_text=_("only what was known on this day is used"))
    origin = models.PositiveIntegerField(_("first month ahead"), help_text="year * 12 + month - 1")
    months = models.PositiveSmallIntegerField(_("months of history"), default=0)
    incidents = models.PositiveIntegerField(_("reported incidents"), default=0)
    settings = models.JSONField(default=dict, help_text="draws, seed, horizons, places of attention, engine version")
    figures = models.JSONField(default=dict, help_text="weights, skill, contagion (flashpoints.computing)")
    input_sha256 = models.CharField(max_length=64, blank=True, help_text="of everything that it was computed from")
    seconds = models.FloatField(_("time needed, s"), null=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    computed_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = RunPolicy()

    class Meta:
        default_permissions = ()
        ordering = ["-origin", "-pk"]
        verbose_name = pgettext_lazy("forecast", "run")
        indexes = [models.Index(fields=["area", "state", "origin"])]

    def __str__(self) -> str:
        return f"{self.area.name}, {months.in_words(self.origin)}"

    def get_absolute_url(self) -> str:
        return reverse("flashpoints:run", args=[self.pk])

    @property
    def area_path(self) -> str:
        return self.area.path


class Outlook(models.Model):
    """What a run says of one district as a whole."""

    class Attention(models.TextChoices):
        FORECAST = "forecast", pgettext_lazy("attention", "by forecast")
        CHANCE = "chance", pgettext_lazy("attention", "by lot")

    run = models.ForeignKey(Run, models.CASCADE, related_name="outlooks")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    enough = models.BooleanField(help_text="whether anything can be said")
    reasons = models.JSONField(default=list, help_text="why not: keys of the engine's reasons")
    drivers = models.JSONField(default=list, help_text='[{"kind", "value", "low", "high"}, ...]: numbers, no sentences')
    recent = models.JSONField(default=list, help_text="reported incidents of the last 12 months; also the baseline")
    skill = models.JSONField(default=dict, help_text="as for the whole run, where it can be said of one district")
    alarm = models.JSONField(default=dict, help_text="of the last month: count, expected, upper, alarm, enough")
    surge = models.JSONField(
        default=dict, help_text="found by officers and reported: lately and before, and whether it is one"
    )
    past = models.JSONField(default=list, help_text="[[month, mean, low, high, actual], ...] one month ahead, rolling")
    attention = models.CharField(max_length=8, choices=Attention.choices, blank=True)

    objects = ScopedManager()
    policy = AreaPolicy("area__path")

    class Meta:
        default_permissions = ()
        ordering = ["area"]
        constraints = [models.UniqueConstraint(fields=["run", "area"], name="one_outlook_per_run_and_area")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.area_id}"

    @property
    def area_path(self) -> str:
        return self.area.path


class Forecast(models.Model):
    """How many reported incidents a run expects in one district and month, with its spread and the baseline beside it."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="forecasts")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    horizon = models.PositiveSmallIntegerField(help_text="1: the first month ahead")
    enough = models.BooleanField()
    mean = models.FloatField()
    q05 = models.FloatField()
    q25 = models.FloatField()
    q50 = models.FloatField()
    q75 = models.FloatField()
    q95 = models.FloatField()
    draws = models.JSONField(default=list, help_text="the distribution as evenly spaced quantiles, to be scored later")
    baseline_mean = models.FloatField(help_text="of the last 12 months (conflictology)")
    p_top = models.FloatField(
        null=True, help_text="probability of being among the five first; none where too little is known"
    )
    rank = models.PositiveSmallIntegerField(null=True, help_text="1 = first; none where too little is known")
    baseline_rank = models.PositiveSmallIntegerField()
    half = models.JSONField(default=dict, help_text="if only half were reported here: mean, low, high, rank")

    objects = ScopedManager()
    policy = AreaPolicy("area__path")

    class Meta:
        default_permissions = ()
        ordering = ["run", "horizon", F("rank").asc(nulls_last=True), "area"]
        constraints = [
            models.UniqueConstraint(fields=["run", "area", "horizon"], name="one_forecast_per_run_area_and_month"),
            models.CheckConstraint(
                condition=Q(enough=True) | Q(rank=None, p_top=None), name="no_rank_where_too_little_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.area_id} +{self.horizon}"

    @property
    def month(self) -> int:
        return self.run.origin + self.horizon - 1

    @property
    def area_path(self) -> str:
        return self.area.path


class Cluster(models.Model):
    """A group of cells in which more was reported in the last months than the rest of the province lets expect."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="clusters")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", help_text="the district that most of it lies in")
    cells = models.JSONField(help_text="H3 cells of resolution 6")
    first_month = models.PositiveIntegerField()
    last_month = models.PositiveIntegerField()
    observed = models.PositiveIntegerField()
    expected = models.FloatField()
    ratio = models.FloatField()
    p = models.FloatField(help_text="by Monte Carlo, adjusted for looking every month")
    recurrence_months = models.FloatField(help_text="how often chance alone would show such a one")
    lat = models.FloatField()
    lon = models.FloatField()
    radius_km = models.FloatField()

    objects = ScopedManager()
    policy = AreaPolicy("area__path")

    class Meta:
        default_permissions = ()
        ordering = ["run", "p", "-observed"]

    def __str__(self) -> str:
        return f"{self.run_id} {self.area_id} p={self.p}"

    @property
    def area_path(self) -> str:
        return self.area.path


class FlashpointQuerySet(ScopedQuerySet):
    def standing(self, on: date | None = None) -> FlashpointQuerySet:
        """Those that stand on that day (today)."""
        day = on or timezone.localdate()
        return self.filter(starts_on__lte=day, expires_on__gte=day).filter(
            Q(withdrawn_on=None) | Q(withdrawn_on__gt=day)
        )


class Flashpoint(models.Model):
    """A district that a person signed as a flash-point, with reasons. It ends by itself."""

    class State(models.TextChoices):
        STANDING = "standing", pgettext_lazy("flash-point", "stands")
        EXPIRED = "expired", pgettext_lazy("flash-point", "expired")
        WITHDRAWN = "withdrawn", pgettext_lazy("flash-point", "withdrawn")

    area = models.ForeignKey(Area, models.PROTECT, related_name="flashpoints", verbose_name=_("district"))
    run = models.ForeignKey(
        Run, models.PROTECT, related_name="flashpoints", verbose_name=pgettext_lazy("forecast", "run")
    )
    reasons = models.TextField(_("reasons"))
    starts_on = models.DateField(_("from"))
    expires_on = models.DateField(_("ends by itself on"))
    signed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("signed by"))
    signed_as = models.CharField(_("as"), max_length=20, choices=ROLE_CHOICES)
    signed_at = models.DateTimeField(default=timezone.now)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_why = models.TextField(blank=True)
    is_sample = models.BooleanField(default=False)

    objects = models.Manager.from_queryset(FlashpointQuerySet)()
    policy = AreaPolicy("area__path")

    class Meta:
        default_permissions = ()
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("flash-point")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("starts_on")), name="a_flashpoint_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(reasons=""), name="a_flashpoint_has_reasons"),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | ~Q(withdrawn_why=""), name="withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area.name}, {self.starts_on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("flashpoints:flashpoint", args=[self.pk])

    @property
    def area_path(self) -> str:
        return self.area.path

    @property
    def ends_on(self) -> date:
        """The last day on which it stood, or will."""
        return (
            self.expires_on if self.withdrawn_on is None else max(self.withdrawn_on - timedelta(days=1), self.starts_on)
        )

    @property
    def state(self) -> Flashpoint.State:
        today = timezone.localdate()
        if self.withdrawn_on is not None and self.withdrawn_on <= today:
            return self.State.WITHDRAWN
        return self.State.STANDING if self.expires_on >= today else self.State.EXPIRED

    @property
    def is_standing(self) -> bool:
        return self.state == self.State.STANDING

    @property
    def days_left(self) -> int:
        return (self.expires_on - timezone.localdate()).days


class Renewal(models.Model):
    """A flash-point was let stand longer, with a reason."""

    flashpoint = models.ForeignKey(Flashpoint, models.CASCADE, related_name="renewals")
    before = models.DateField(help_text="when it would have ended")
    expires_on = models.DateField()
    reason = models.TextField(_("reason"))
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.flashpoint_id}: {self.expires_on}"


class Objection(models.Model):
    """Somebody who sees a flash-point holds it to be wrong. Another person answers."""

    flashpoint = models.ForeignKey(Flashpoint, models.CASCADE, related_name="objections")
    text = models.TextField(_("objection"))
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(_("answer"), blank=True)
    upheld = models.BooleanField(_("the objection is right"), null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = AreaPolicy("flashpoint__area__path")

    class Meta:
        default_permissions = ()
        ordering = ["made_at", "pk"]
        verbose_name = _("objection")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("made_by")), name="answered_by_another_person"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, upheld=None)
                | (Q(answered_at__isnull=False, upheld__isnull=False) & ~Q(answer="")),
                name="answered_in_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flashpoint}: {self.text[:40]}"

    @property
    def area_path(self) -> str:
        return self.flashpoint.area.path


class Measure(models.Model):
    """Something to protect or to prevent, in a district: with an owner and a day, closed with what was done.

    The kinds are protection and prevention only. There is none for searching, stopping or arresting, and no list of people.
    """

    class Kind(models.TextChoices):
        MEDIATION = "mediation", _("mediation between those in dispute")
        MEETING = "meeting", _("public meeting")
        VICTIMS = "victims", _("help for victims")
        LIGHTING = "lighting", _("lighting and repair of public places")
        TRANSPORT = "transport", _("safe ways: transport, crossings, paths")
        SERVICES = "services", _("services: work, school, health, housing")
        WARNING = "warning", _("loudspeakers and warning")
        FACILITIES = "facilities", _("protection of facilities")
        INFORMATION = "information", _("information and explanation")
        OTHER = "other", _("another measure of protection or prevention")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("measure", "to be done")
        DONE = "done", pgettext_lazy("measure", "done")
        DROPPED = "dropped", pgettext_lazy("measure", "dropped")

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("district"))
    flashpoint = models.ForeignKey(
        Flashpoint, models.SET_NULL, null=True, blank=True, related_name="measures", verbose_name=_("flash-point")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    text = models.TextField(_("what is to be done"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("measure", "owner"))
    due_on = models.DateField(pgettext_lazy("day", "by"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN, db_index=True)
    outcome = models.TextField(_("what was done"), blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = AreaPolicy("area__path")

    class Meta:
        default_permissions = ()
        ordering = ["due_on", "pk"]
        verbose_name = _("measure of prevention")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | (Q(closed_on__isnull=False) & ~Q(outcome="")),
                name="closed_with_what_was_done",
            )
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 80 else f"{self.text[:79]}…"

    def get_absolute_url(self) -> str:
        return reverse("flashpoints:measure", args=[self.pk])

    @property
    def area_path(self) -> str:
        return self.area.path

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()
